"""Reasons: one sentence on why a verdict holds."""

from checker.policy.rule import Rule
from checker.verdict.counts import Counts


def failed(rule: Rule, counts: Counts) -> str:
    """Say what was found of a rule that failed."""
    noun = "interval without an occurrence" if rule.cadence else "exception"
    plural = "intervals without an occurrence" if rule.cadence else "exceptions"
    left = counts.in_scope - counts.tested
    more = f"; {left} more in scope could not be tested" if left else ""
    return f"{_number(counts.violations, noun, plural)} in {_tested(counts)}{more}"


def waived(counts: Counts) -> str:
    """Say that waivers cover all that was found."""
    return f"every exception in {_tested(counts)} is covered by a waiver"


def passed(rule: Rule, counts: Counts, groups: int | None) -> str:
    """Say how much was tested without an exception.

    Args:
        rule: That passed.
        counts: What it comes to.
        groups: How many groups were seen, when nothing says which ones there must be.
    """
    if groups is not None:
        population = f"population not established, {groups} seen"
        return f"no exception was noted; {population}; coverage not assessed"
    if rule.cadence:
        return f"no interval was too long; {_tested(counts)}; coverage not assessed"
    found = f"no exception was noted in {_tested(counts)}" if counts.in_scope else _NOTHING
    return f"{found}; coverage not assessed"


def not_readable(counts: Counts) -> str:
    """Say what kept a rule from being evaluated."""
    if counts.errors:
        return _untested(f" on {counts.errors} of {_in_scope(counts)}, because the rule raised")
    return _untested(" on all events, because not all of the input could be read")


def no_evidence(rule: Rule, counts: Counts, *, events: bool) -> str:
    """Say what the logs cannot tell."""
    if not events:
        return _untested(", because the input holds no events")
    if counts.undetermined:
        what = "because what the rule reads is not in them"
        return _untested(f" on {counts.undetermined} of {_in_scope(counts)}, {what}")
    if not counts.uncertain:
        return _untested(", because the population is not established, 0 seen")
    if rule.cadence:
        return _untested(", because the logs span less time than the rule asks about")
    groups = _number(counts.uncertain, "group of events", "groups of events")
    return _untested(f" on {groups}, because the logs begin or end within the rule's timespan")


def not_in_effect(rule: Rule) -> str:
    """Say when a rule is in force."""
    effective = rule.effective
    bounds = [
        *([f"from {effective.start:%Y-%m-%dT%H:%M:%SZ}"] if effective.start else []),
        *([f"until {effective.until:%Y-%m-%dT%H:%M:%SZ}"] if effective.until else []),
    ]
    return f"the rule is in force {' '.join(bounds)}; the period of the logs lies outside"


NO_OCCURRENCE = "did not occur; operation could not be tested"
_NOTHING = "no such event was found"


def _untested(why: str) -> str:
    return f"could not be tested{why}; this is not a pass"


def _tested(counts: Counts) -> str:
    return f"{_number(counts.tested, 'event', 'events')} tested"


def _in_scope(counts: Counts) -> str:
    return f"{_number(counts.in_scope, 'event', 'events')} in scope"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
