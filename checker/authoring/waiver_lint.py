"""What is odd about waivers before they are used: ended, self-approved, about what a rule is not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from checker.authoring.lint.conditions import check_condition
from checker.authoring.lint.parts import Part
from checker.aws.glob import glob_matches, is_glob
from checker.aws.time import format_second
from checker.errors import Problem
from checker.expression.expression import Expression
from checker.policy.nodes import Scalar
from checker.policy.rule import MatchEntry, Rule
from checker.policy.waiver import Waiver, WaiverBook
from checker.verdict.waivers import Status, is_own_approval, status_of, waiver_warning

_INDEXED = ("eventSource", "eventName")


def lint_waivers(book: WaiverBook, rules: Mapping[str, Rule], now: datetime) -> tuple[Problem, ...]:
    """Give what is odd about waivers, each at its place.

    Args:
        book: The waivers, of rules that there are.
        rules: The rules that are at hand, by their ids.
        now: What decides whether one has ended.
    """
    found = (problem for each in book.waivers for problem in _of(each, rules.get(each.rule), now))
    return tuple(sorted(found, key=lambda problem: problem.sort_key))


def _of(waiver: Waiver, rule: Rule | None, now: datetime) -> Iterator[Problem]:
    status = status_of(waiver, now)
    if status is Status.EXPIRED:
        hint = "take it out once no period is judged any more in which it was live"
        yield waiver_warning(
            waiver, "waiver-expired", f"expired on {format_second(waiver.expires)}", hint
        )
    elif status is Status.ENDING:
        hint = "renew it by an approval, or mend what it is about"
        yield waiver_warning(
            waiver,
            "waiver-ending",
            f"ends on {format_second(waiver.expires)}, within 30 days",
            hint,
        )
    if waiver.scope.where:
        yield from _of_condition(waiver, waiver.scope.where)
    if is_own_approval(waiver):
        hint = "somebody else should approve it"
        yield waiver_warning(waiver, "waiver-own-approval", "its owner approved it", hint)
    if rule is not None and waiver.scope.match and not _may_meet(waiver, rule):
        hint = "the rule is never about what its match says; see trailcheck rules show"
        yield waiver_warning(waiver, "waiver-scope", "its scope holds no event of the rule", hint)


def _of_condition(waiver: Waiver, where: Expression) -> Iterator[Problem]:
    """Give the traps in a condition: one that is always true waives what nobody approved."""
    # Where it begins in the file is not known: the place is that of the waiver.
    scalar = Scalar(text=where.text, style="literal", place=waiver.place)
    part = Part(what=f"waiver {waiver.id}: where", expression=where, scalar=scalar)
    for problem in check_condition(part):
        yield replace(problem, place=waiver.place)


def _may_meet(waiver: Waiver, rule: Rule) -> bool:
    """Whether some event may be in the scope of both, as far as source and name tell."""
    alternatives = [each for step in rule.steps for each in step.match]
    return rule.cadence is not None or any(
        all(_overlap(key, one, other) for key in _INDEXED)
        for one in waiver.scope.match
        for other in alternatives
    )


def _overlap(key: str, one: Sequence[MatchEntry], other: Sequence[MatchEntry]) -> bool:
    ours, theirs = _patterns(key, one), _patterns(key, other)
    if not ours or not theirs:
        return True
    return any(
        glob_matches(a, b) or glob_matches(b, a) or (is_glob(a) and is_glob(b))
        for a in ours
        for b in theirs
    )


def _patterns(key: str, entries: Sequence[MatchEntry]) -> tuple[str, ...]:
    return tuple(
        pattern for entry in entries if entry.key.text == key for pattern in entry.patterns
    )
