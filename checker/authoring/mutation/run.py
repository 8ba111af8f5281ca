"""Mutation of all rules of a run, spread over processes: what survived, and where it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from checker.authoring.mutation.killing import Score, Trial, score_defaults, score_rule
from checker.authoring.mutation.mutant import Change
from checker.authoring.mutation.places import Diff, diff_of
from checker.engine.spread import spread
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.policy.nodes import Node
from checker.policy.packs import PACK_FILE, Pack, file_of, pack_folder
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from checker.policy.yaml_source import load_file


class Survivor(Struct, frozen=True, kw_only=True):
    """A mutant that no test noticed.

    Attributes:
        key: Which part of the rule was changed, such as `match.eventName`.
    """

    key: str
    what: str
    hint: str
    diff: Diff


class MutationResult(Struct, frozen=True, kw_only=True):
    """What became of the mutants of a rule, or of the defaults that a pack's rules share.

    Attributes:
        rule: The rule's id; empty for the shared defaults of a pack.
        unfit: Why there were no mutants; empty where that is as it should be.
    """

    rule: str
    pack: str
    path: str
    mutants: int
    survivors: tuple[Survivor, ...]
    unfit: str = ""

    @property
    def killed(self) -> int:
        """How many mutants a test noticed."""
        return self.mutants - len(self.survivors)


class PackScore(Struct, frozen=True, kw_only=True):
    """The mutants of all rules of a pack; rules of no pack count as one, without a name."""

    pack: str
    percent: float
    mutants: int
    killed: int


class _Task(Struct, frozen=True, kw_only=True):
    """Rules to mutate one by one, and the pack whose shared defaults they are tried on."""

    rules: tuple[Rule, ...]
    shared: tuple[tuple[str, ...], ...]
    pack: Pack | None


def mutate(
    book: RuleBook, settings: Settings, limits: Limits = DEFAULT, jobs: int = 1
) -> list[MutationResult]:
    """Mutate rules and run their tests on each mutant.

    Args:
        book: The rules, as read.
        settings: Values given from outside, under each case's own.
        limits: What one evaluation may cost.
        jobs: How many processes may work at once.

    Returns:
        One result for each rule, and one for each pack that has shared defaults; sorted.
    """
    work = partial(_results, settings=settings, limits=limits)
    found = spread(work, list(_tasks(book)), jobs)
    return sorted(
        (each for results in found for each in results), key=lambda each: (each.pack, each.rule)
    )


def percent(results: Iterable[MutationResult]) -> float:
    """Give how many mutants of a hundred were noticed; 100 where there were none."""
    counted = [(each.killed, each.mutants) for each in results]
    mutants = sum(count for _, count in counted)
    return 100.0 * sum(killed for killed, _ in counted) / mutants if mutants else 100.0


def pack_scores(results: Sequence[MutationResult]) -> tuple[PackScore, ...]:
    """Add the mutants up for each pack."""
    packs = sorted({each.pack for each in results})
    of_packs = [(pack, [each for each in results if each.pack == pack]) for pack in packs]
    return tuple(
        PackScore(
            pack=pack,
            percent=percent(some),
            mutants=sum(each.mutants for each in some),
            killed=sum(each.killed for each in some),
        )
        for pack, some in of_packs
    )


def _tasks(book: RuleBook) -> Iterator[_Task]:
    """Give each rule as a task of its own, and the shared defaults of each pack as one."""
    packs = {pack.id: pack for pack in book.packs}
    of_pack: dict[str, list[Rule]] = defaultdict(list)
    for rule in book.rules:
        pack = packs.get(rule.origin.pack)
        shared = _shared(rule, pack) if pack else ()
        if shared:
            of_pack[rule.origin.pack].append(rule)
        yield _Task(rules=(rule,), shared=(shared,), pack=None)
    for name, rules in of_pack.items():
        names = tuple(_shared(rule, packs[name]) for rule in rules)
        yield _Task(rules=tuple(rules), shared=names, pack=packs[name])


def _shared(rule: Rule, pack: Pack) -> tuple[str, ...]:
    """Name the parameters whose declaration is the pack's."""
    own = rule.params
    return tuple(sorted(name for name in pack.params if own.get(name) is pack.params[name]))


def _results(task: _Task, settings: Settings, limits: Limits) -> list[MutationResult]:
    trials = [Trial(rule, settings, limits) for rule in task.rules]
    if task.pack is None:
        scored = zip(task.rules, trials, task.shared, strict=True)
        return [_of_rule(rule, score_rule(trial, shared)) for rule, trial, shared in scored]
    pairs = zip(trials, task.shared, strict=True)
    score = score_defaults([(trial, shared) for trial, shared in pairs if not trial.unfit])
    return [_of_pack(task.pack, task.rules[0], score)] if score.mutants else []


def _of_rule(rule: Rule, score: Score) -> MutationResult:
    root, lines = _document(str(file_of(rule.origin)), rule.origin.path)
    return MutationResult(
        rule=rule.id,
        pack=rule.origin.pack,
        path=rule.origin.path,
        mutants=score.mutants,
        survivors=tuple(_survivor(root, lines, change) for change in score.survivors),
        unfit=score.unfit,
    )


def _of_pack(pack: Pack, rule: Rule, score: Score) -> MutationResult:
    folder = pack_folder(file_of(rule.origin).parent)
    shown = pack.file.path if pack.file else PACK_FILE
    root, lines = _document(str(folder / PACK_FILE) if folder else shown, shown)
    return MutationResult(
        rule="",
        pack=pack.id,
        path=shown,
        mutants=score.mutants,
        survivors=tuple(_survivor(root, lines, change) for change in score.survivors),
    )


def _document(path: str, shown_as: str) -> tuple[Node, tuple[str, ...]]:
    file = Path(path)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return load_file(file, shown_as).root, tuple(lines)


def _survivor(root: Node, lines: tuple[str, ...], change: Change) -> Survivor:
    keys = [each for each in change.path if isinstance(each, str)]
    return Survivor(
        key=".".join(keys), what=change.what, hint=change.hint, diff=diff_of(root, lines, change)
    )
