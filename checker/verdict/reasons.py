"""Reasons: one sentence on why a verdict holds."""

from collections.abc import Sequence

from checker.aws.time import format_second
from checker.policy.rule import Rule
from checker.verdict.counts import Counts
from checker.verdict.coverage import AccountCoverage
from checker.verdict.gaps import Gap

_NAMED = 3
_LONGEST = 256  # longer than any ARN of a trail; what a record holds may be longer still


def failed(rule: Rule, counts: Counts) -> str:
    """Say what was found of a rule that failed."""
    noun = "interval without an occurrence" if rule.cadence else "exception"
    plural = "intervals without an occurrence" if rule.cadence else "exceptions"
    left = counts.in_scope - counts.tested
    more = f"; {left} more in scope could not be tested" if left else ""
    waived = f", {counts.waived:,} of them covered by waivers" if counts.waived else ""
    return f"{_number(counts.violations, noun, plural)} in {_tested(counts)}{waived}{more}"


def waived(counts: Counts) -> str:
    """Say that waivers cover all that was found."""
    return f"every exception in {_tested(counts)} is covered by a waiver"


def passed(rule: Rule, counts: Counts, groups: int, covered: str) -> str:
    """Say how much was tested without an exception.

    Args:
        rule: That passed.
        counts: What it comes to.
        groups: How many groups were seen.
        covered: What was assessed of coverage; empty when it was not.
    """
    if rule.cadence and rule.cadence.group_by and not rule.cadence.groups:
        # Nothing says in which groups the duty must be done.
        found = f"no exception was noted; population not established, {groups} seen"
    elif rule.cadence:
        found = f"no interval was too long; {_tested(counts)}"
    elif counts.in_scope:
        found = f"no exception was noted in {_tested(counts)}"
    else:
        found = "no such event was found"
    return f"{found}; {covered}" if covered else found


def not_readable(counts: Counts) -> str:
    """Say what kept a rule from being evaluated."""
    if counts.errors:
        return untested(f" on {counts.errors} of {_in_scope(counts)}, because the rule raised")
    return untested(" on all events, because not all of the input could be read")


def unclear(rule: Rule, counts: Counts, *, gaps: bool) -> str:
    """Say what of the events, groups or intervals the logs cannot tell.

    Args:
        rule: That asks.
        counts: What it comes to.
        gaps: Whether there is time that is not covered.
    """
    if counts.undetermined:
        what = "because what the rule reads is not in them"
        return untested(f" on {counts.undetermined} of {_in_scope(counts)}, {what}")
    if rule.cadence and gaps:
        noun = _number(counts.uncertain, "interval", "intervals")
        return untested(f" on {noun}, because of time that is not covered")
    if rule.cadence:
        return untested(", because the logs span less time than the rule asks about")
    groups = _number(counts.uncertain, "group of events", "groups of events")
    ends = "the logs begin or end within the rule's timespan"
    why = f"{ends}, or do not cover all of it" if gaps else ends
    return untested(f" on {groups}, because {why}")


def untested(why: str) -> str:
    """Say that a rule could not be tested, and why."""
    return f"could not be tested{why}; this is not a pass"


def untested_in(accounts: Sequence[str], of: int, why: str) -> str:
    """Say in which of several accounts a rule could not be tested, and why in the first of them."""
    if of == 1:
        return untested(f", because {why}")
    named = ", ".join(each or "none named" for each in accounts[:_NAMED])
    more = f" and {len(accounts) - _NAMED} more" if len(accounts) > _NAMED else ""
    return untested(f" in {len(accounts)} of {of} accounts ({named}{more}), because {why}")


def uncovered(gaps: Sequence[Gap]) -> str:
    """Say since when and until when not all may have been logged; for the words after "because"."""
    first = gaps[0]
    until = format_second(first.stop) if first.stop else "the end of the period"
    what = f"{first.cause} of the trail {first.trail[:_LONGEST] or '(not named)'}"
    more = f", and of {_number(len(gaps) - 1, 'more such call', 'more such calls')}"
    after = more if gaps[1:] else ""
    return (
        f"the logs may not be whole from {format_second(first.start)} to {until}, "
        f"after {what}{after}"
    )


def covered(accounts: Sequence[AccountCoverage], hours: int) -> str:
    """Say in how many hours of the period there are events."""
    if not accounts:
        return ""
    least = min(each.observed for each in accounts)
    if len(accounts) == 1:
        return f"the logs have events in {least:,} of {_number(hours, 'hour', 'hours')}"
    each = f"in each of {len(accounts)} accounts"
    return f"the logs have events in at least {least:,} of {_number(hours, 'hour', 'hours')} {each}"


def declared(reason: str) -> str:
    """Say that the owner declares a rule not applicable."""
    return f"the owner declares it not applicable: {reason}"


def not_in_effect(rule: Rule) -> str:
    """Say when a rule is in force."""
    effective = rule.effective
    bounds = [
        *([f"from {format_second(effective.start)}"] if effective.start else []),
        *([f"until {format_second(effective.until)}"] if effective.until else []),
    ]
    return f"the rule is in force {' '.join(bounds)}; the period of the logs lies outside"


NO_OCCURRENCE = "did not occur; operation could not be tested"
NO_EVENTS = ", because the input holds no events"
NO_POPULATION = "the population is not established, 0 seen"


def _tested(counts: Counts) -> str:
    return f"{_number(counts.tested, 'event', 'events')} tested"


def _in_scope(counts: Counts) -> str:
    return f"{_number(counts.in_scope, 'event', 'events')} in scope"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
