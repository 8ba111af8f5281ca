"""The results of mutation as text: what survived, as diffs of rules, and the scores."""

from collections.abc import Iterator, Sequence

from checker.authoring.mutation.run import MutationResult, Survivor, pack_scores, percent
from checker.authoring.results_text import block, rounded
from checker.report.text_lines import counted
from checker.visible import inert


def mutation_text(mutated: Sequence[MutationResult], *, every_score: bool = False) -> Iterator[str]:
    """Give all survivors, the score of each rule that has some, of each pack, and of all.

    Args:
        mutated: What became of the mutants.
        every_score: Give the scores of the other rules, too.
    """
    for each in mutated:
        yield from map(_survivor, each.survivors)
    for each in mutated:
        if each.unfit:
            yield inert(f"{each.path}: rule {each.rule} was not mutated: {each.unfit}")
        elif each.survivors or every_score:
            name = each.rule or f"defaults of the pack {each.pack}"
            yield inert(f"{_score(percent([each]), each.killed, each.mutants)}  {name}")
    packs = pack_scores(mutated)
    if len(packs) > 1:
        yield from (
            inert(
                f"{_score(each.percent, each.killed, each.mutants)}  pack {each.pack or '(none)'}"
            )
            for each in packs
        )
    killed, mutants = (sum(each.killed for each in mutated), sum(each.mutants for each in mutated))
    yield f"{_score(percent(mutated), killed, mutants)}  all"


def _survivor(survivor: Survivor) -> str:
    """Give a change that no test noticed, as a diff of the rule's file."""
    diff = survivor.diff
    return block(
        [
            f"{diff.place}: {survivor.key}: no test notices: {survivor.what}",
            *(f"- {line}" for line in diff.before),
            *(f"+ {line}" for line in diff.after),
            f"hint: {survivor.hint}",
        ]
    )


def _score(hundredths: float, killed: int, mutants: int) -> str:
    if not mutants:
        return "no mutants"
    return f"{rounded(hundredths):5}%  {killed} of {counted(mutants, 'mutant')} noticed"
