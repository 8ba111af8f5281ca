"""The results of rule tests, version 1: the JSON shape of `trailcheck test --json`.

Its own shape, not a dump of internals. Lists are sorted as the rules and their cases are, so equal
rules give equal bytes.
"""

import inspect
import json
from collections.abc import Mapping, Sequence

import msgspec

import checker
from checker.authoring.mutation.run import MutationResult, Survivor, pack_scores, percent
from checker.authoring.results_text import rounded
from checker.authoring.rule_tests import CaseResult
from checker.authoring.tested import Tested
from checker.aws import Json
from checker.errors import Place
from checker.policy.shape import DIALECT
from checker.report.shape import Shape

FORMAT = "trailcheck-test"
VERSION = 1


class PlaceEntry(Shape, frozen=True):
    """A spot in a file. `line` and `column` begin at 1; 0 when they are not known."""

    path: str
    line: int
    column: int


class CaseEntry(Shape, frozen=True):
    """One case.

    `found` is null when the case itself is wrong. `reason` is for a case that did not pass.
    `violations` is given for rules over many events.
    """

    name: str
    place: PlaceEntry
    expected: str
    found: str | None
    passed: bool
    reason: str
    violations: int | None


class OperandEntry(Shape, frozen=True):
    """An operand of a condition, or a line of `match`, and what it was over the cases."""

    key: str
    text: str
    was_true: bool
    was_false: bool


class CoverageEntry(Shape, frozen=True):
    """How many of a hundred operands were both true and false, and each of them."""

    percent: float
    operands: tuple[OperandEntry, ...]


class RuleEntry(Shape, frozen=True):
    """One rule. `shortfall` is what is wrong with the number of its cases; empty for nothing."""

    id: str
    pack: str
    path: str
    passed: bool
    shortfall: str
    cases: tuple[CaseEntry, ...]
    coverage: CoverageEntry | None


class SurvivorEntry(Shape, frozen=True):
    """A change that no test noticed: the lines of the file as they are, and with the change."""

    key: str
    what: str
    place: PlaceEntry
    before: tuple[str, ...]
    after: tuple[str, ...]
    hint: str


class MutantsEntry(Shape, frozen=True):
    """The mutants of a rule; of the defaults that a pack's rules share where `rule` is empty.

    `unfit` is why there were none, where the rule's tests are to blame.
    """

    rule: str
    pack: str
    path: str
    percent: float
    mutants: int
    killed: int
    unfit: str
    survivors: tuple[SurvivorEntry, ...]


class PackEntry(Shape, frozen=True):
    """The mutants of all rules of a pack."""

    pack: str
    percent: float
    mutants: int
    killed: int


class MutationEntry(Shape, frozen=True):
    """All mutants. `least` is the percentage that was wanted; null when none was."""

    percent: float
    least: float | None
    mutants: int
    killed: int
    packs: tuple[PackEntry, ...]
    results: tuple[MutantsEntry, ...]


class ToolEntry(Shape, frozen=True):
    """The program that ran the tests."""

    name: str
    version: str


class Results(Shape, frozen=True):
    """What rule tests came to. `passed` is whether the command exits with 0."""

    format: str
    version: int
    tool: ToolEntry
    passed: bool
    tests: int
    failed: int
    rules: tuple[RuleEntry, ...]
    mutation: MutationEntry | None


def results_json(results: Results) -> str:
    """Give the results as JSON text; equal results give equal text."""
    shape = msgspec.to_builtins(results)
    return json.dumps(shape, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def results_schema() -> Mapping[str, Json]:
    """Give the JSON Schema (draft 2020-12) of the results."""
    schema = msgspec.json.schema(Results)
    for shape in schema["$defs"].values():
        # Python dedents docstrings from 3.13 on; the schema is the same on all.
        shape["description"] = inspect.cleandoc(shape["description"])
    return {"$schema": DIALECT, **schema}


def build_results(
    tested: Sequence[Tested],
    mutated: Sequence[MutationResult] | None,
    *,
    passed: bool,
    least: float | None = None,
    only_failures: bool = False,
) -> Results:
    """Give the results of a run.

    Args:
        tested: The rules with what their cases came to.
        mutated: What became of their mutants; None where there were none.
        passed: Whether the command exits with 0.
        least: The percentage of mutants that was wanted to be noticed.
        only_failures: Leave out the cases that passed.
    """
    return Results(
        format=FORMAT,
        version=VERSION,
        tool=ToolEntry(name="trailcheck", version=checker.__version__),
        passed=passed,
        tests=sum(len(each.results) for each in tested),
        failed=sum(len(each.failed) for each in tested),
        rules=tuple(
            _rule(each, each.failed if only_failures else each.results)
            for each in tested
            if not (only_failures and each.passed)
        ),
        mutation=None if mutated is None else _mutation(mutated, least),
    )


def _rule(tested: Tested, cases: Sequence[CaseResult]) -> RuleEntry:
    coverage = tested.coverage
    return RuleEntry(
        id=tested.rule.id,
        pack=tested.rule.origin.pack,
        path=tested.rule.origin.path,
        passed=tested.passed,
        shortfall=tested.shortfall,
        cases=tuple(map(_case, cases)),
        coverage=None
        if coverage is None
        else CoverageEntry(
            percent=rounded(coverage.percent),
            operands=tuple(
                OperandEntry(
                    key=each.key,
                    text=each.text,
                    was_true=each.was_true,
                    was_false=each.was_false,
                )
                for each in coverage.operands
            ),
        ),
    )


def _case(result: CaseResult) -> CaseEntry:
    return CaseEntry(
        name=result.case.name,
        place=_place(result.case.place),
        expected=result.case.expect.value,
        found=result.found.value if result.found else None,
        passed=result.passed,
        reason="" if result.passed else result.reason,
        violations=result.violations if result.rule.spans_events else None,
    )


def _place(place: Place) -> PlaceEntry:
    return PlaceEntry(path=place.path, line=place.line, column=place.column)


def _mutation(mutated: Sequence[MutationResult], least: float | None) -> MutationEntry:
    return MutationEntry(
        percent=rounded(percent(mutated)),
        least=least,
        mutants=sum(each.mutants for each in mutated),
        killed=sum(each.killed for each in mutated),
        packs=tuple(
            PackEntry(
                pack=each.pack,
                percent=rounded(each.percent),
                mutants=each.mutants,
                killed=each.killed,
            )
            for each in pack_scores(mutated)
        ),
        results=tuple(
            MutantsEntry(
                rule=each.rule,
                pack=each.pack,
                path=each.path,
                percent=rounded(percent([each])),
                mutants=each.mutants,
                killed=each.killed,
                unfit=each.unfit,
                survivors=tuple(map(_survivor, each.survivors)),
            )
            for each in mutated
        ),
    )


def _survivor(survivor: Survivor) -> SurvivorEntry:
    return SurvivorEntry(
        key=survivor.key,
        what=survivor.what,
        place=_place(survivor.diff.place),
        before=survivor.diff.before,
        after=survivor.diff.after,
        hint=survivor.hint,
    )
