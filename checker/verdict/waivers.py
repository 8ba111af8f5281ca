"""What waivers came to: what each covers, and what of them a reader must know."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from checker.aws.time import format_second
from checker.engine.waiving import Mark, Standing
from checker.errors import Level, Problem
from checker.policy.waiver import Waiver
from checker.verdict.verdicts import RuleResult

_WARNED: Final = timedelta(days=30)


class Status(StrEnum):
    """How a waiver stands at the time of evaluation."""

    PENDING = "pending"
    LIVE = "live"
    ENDING = "ending"
    EXPIRED = "expired"


class WaiverResult(Struct, frozen=True, kw_only=True):
    """One waiver, and how many violations in its scope it covers, or not.

    Attributes:
        rule_judged: Whether its rule was judged in this run.
        covered: Those of before its approval included.
        retroactively: Of the covered ones, those of before its approval.
    """

    waiver: Waiver
    status: Status
    rule_judged: bool
    covered: int
    retroactively: int
    before_approval: int
    after_end: int


def waiver_results(
    waivers: Sequence[Waiver],
    marks: Mapping[Mark, int],
    results: Sequence[RuleResult],
    now: datetime,
) -> tuple[WaiverResult, ...]:
    """Say what each waiver came to, in their order.

    Args:
        waivers: As the run numbers them.
        marks: How many violations of single events stand how to which of them.
        results: Every rule's; those over many events have episodes.
        now: The evaluation instant.
    """
    counts = Counter(marks)
    for result in results:
        for episode in result.episodes:
            counts.update(episode.marks if episode.certain else ())
    judged = {each.rule.id for each in results}
    return tuple(
        _result(waiver, number, counts, judged=waiver.rule in judged, now=now)
        for number, waiver in enumerate(waivers)
    )


def waiver_problems(results: Sequence[WaiverResult]) -> Iterator[Problem]:
    """Warn of what is odd about waivers: ended, about to end, of no use, approved by their owner."""
    for each in results:
        waiver = each.waiver
        if each.status is Status.EXPIRED and each.after_end:
            came = f"{each.after_end} of its violations came back"
            yield _warning(
                waiver, "waiver-expired", f"expired on {format_second(waiver.expires)}; {came}"
            )
        elif each.status is Status.ENDING:
            cause = f"ends on {format_second(waiver.expires)}, within 30 days"
            yield _warning(waiver, "waiver-ending", f"{cause}; owner: {waiver.owner}")
        if each.rule_judged and not (each.covered or each.before_approval or each.after_end):
            yield _warning(waiver, "waiver-unused", "covers nothing that was found")
        if is_own_approval(waiver):
            yield _warning(waiver, "waiver-own-approval", "its owner approved it")


def status_of(waiver: Waiver, now: datetime) -> Status:
    """Tell how a waiver stands at an instant."""
    if now >= waiver.expires:
        return Status.EXPIRED
    if now < waiver.approved_on:
        return Status.PENDING
    return Status.ENDING if now + _WARNED >= waiver.expires else Status.LIVE


def is_own_approval(waiver: Waiver) -> bool:
    """Tell whether the owner of a waiver is who approved it."""
    return waiver.owner.strip().casefold() == waiver.approved_by.strip().casefold()


def _result(
    waiver: Waiver, number: int, counts: Mapping[Mark, int], *, judged: bool, now: datetime
) -> WaiverResult:
    found = {standing: counts.get((number, standing), 0) for standing in Standing}
    return WaiverResult(
        waiver=waiver,
        status=status_of(waiver, now),
        rule_judged=judged,
        covered=found[Standing.COVERED] + found[Standing.COVERED_RETROACTIVELY],
        retroactively=found[Standing.COVERED_RETROACTIVELY],
        before_approval=found[Standing.BEFORE_APPROVAL],
        after_end=found[Standing.AFTER_END],
    )


_HINTS: Final = {
    "waiver-expired": "renew it by an approval, or mend what it was about",
    "waiver-ending": "renew it by an approval, or mend what it is about",
    "waiver-unused": "take it out, or see why nothing is in its scope",
    "waiver-own-approval": "somebody else should approve it",
}


def waiver_warning(waiver: Waiver, code: str, cause: str, hint: str) -> Problem:
    """Make a warning about a waiver, at its place."""
    return Problem(
        code=code,
        cause=f"waiver {waiver.id} of {waiver.rule}: {cause}",
        place=waiver.place,
        hint=hint,
        level=Level.WARNING,
    )


def _warning(waiver: Waiver, code: str, cause: str) -> Problem:
    return waiver_warning(waiver, code, cause, _HINTS[code])
