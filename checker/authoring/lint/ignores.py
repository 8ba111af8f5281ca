"""What rules ignore of the linter's findings, each with its reason."""

from collections.abc import Iterator, Sequence

from checker.authoring.lint.catalogue import CHECKS_BY_CODE
from checker.authoring.lint.parts import RuleParts, problem
from checker.authoring.lint.texts_rules import IDLE_IGNORE
from checker.errors import Problem, did_you_mean


def without_ignored(parts: RuleParts, problems: Sequence[Problem]) -> Iterator[Problem]:
    """Give the problems of a rule that it does not ignore, and its ignores that ignore nothing."""
    ignored = {each.code for each in parts.rule.ignores}
    found = {each.code for each in problems}
    yield from (each for each in problems if each.code not in ignored)
    for ignore in parts.rule.ignores:
        if ignore.code not in CHECKS_BY_CODE:
            hint = did_you_mean(ignore.code, CHECKS_BY_CODE)
            hint = hint if hint.startswith("did") else "trailcheck lint --codes lists them"
            yield problem(IDLE_IGNORE, ignore.place, f"there is no check {ignore.code}", hint)
        elif ignore.code not in found:
            cause = f"{ignore.code} is not found in this rule"
            yield problem(IDLE_IGNORE, ignore.place, cause, "take the ignore out")
