"""What came nearest to breaking a rule over many events, where nothing broke it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import assert_never

from msgspec import Struct

from checker.aws.time import format_time, from_micros
from checker.policy.rule import Correlation, CorrelationType, Rule
from checker.report.durations import measured, stated

_SECOND = 1_000_000


class Met(Struct, frozen=True, kw_only=True):
    """An event that a rule takes into account, in its group.

    Attributes:
        time: In microseconds since 1970.
        steps: The numbers of the steps that it stands for.
        value: Digest of the value that is counted; empty for null.
    """

    time: int
    steps: tuple[int, ...]
    value: bytes = b""


class _Best(Struct, frozen=True):
    """A group's fullest window: how much of what is asked for it has, between which times."""

    score: int
    first: int
    last: int
    steps: frozenset[int] = frozenset()


def nearest(rule: Rule, groups: Mapping[str, Sequence[Met]]) -> list[str]:
    """Say in a line or two how near the nearest group came.

    Args:
        rule: Over many events; nothing broke it.
        groups: Events by the group that they belong to, in words.
    """
    if rule.correlation:
        best = {
            name: _best(rule.correlation, sorted(met, key=lambda each: each.time))
            for name, met in groups.items()
        }
        found = sorted(best.items(), key=lambda each: (-each[1].score, each[1].first, each[0]))
        return _told(rule.correlation, *found[0]) if found else []
    if rule.cadence and rule.cadence.every:
        return _longest(rule.cadence.every, groups)
    return []


def _best(correlation: Correlation, met: Sequence[Met]) -> _Best:
    span = correlation.timespan * _SECOND
    windows = ([each for each in met if last.time - span <= each.time <= last.time] for last in met)
    scored = (_score(correlation, window) for window in windows)
    return max(scored, key=lambda each: (each.score, -each.first))


def _score(correlation: Correlation, window: Sequence[Met]) -> _Best:
    first, last = window[0].time, window[-1].time
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return _Best(len(window), first, last)
        case CorrelationType.VALUE_COUNT:
            return _Best(len({each.value for each in window if each.value}), first, last)
        case CorrelationType.TEMPORAL:
            seen = frozenset(step for each in window for step in each.steps)
            return _Best(len(seen), first, last, seen)
        case CorrelationType.TEMPORAL_ORDERED:
            seen = _in_order(correlation, window)
            return _Best(len(seen), first, last, seen)
        case _:
            assert_never(correlation.type)


def _in_order(correlation: Correlation, window: Sequence[Met]) -> frozenset[int]:
    """Give the steps that came one after the other, from the first on; negated ones are no part."""
    wanted = [number for number, step in enumerate(correlation.steps) if not step.negated]
    reached = 0
    for each in window:
        while reached < len(wanted) and wanted[reached] in each.steps:
            reached += 1
    return frozenset(wanted[:reached])


def _told(correlation: Correlation, group: str, best: _Best) -> list[str]:
    within = f"within {stated(correlation.timespan)}"
    when = f"from {_time(best.first)} to {_time(best.last)}"
    whose = f" of {group}" if group else ""
    if correlation.type.is_count:
        what = "different values" if correlation.field else "events"
        least = f"{correlation.at_least:,} would be a violation"
        return [f"the most {what} {within}: {best.score:,}{whose}, {when}; {least}"]
    wanted = [n for n, step in enumerate(correlation.steps) if not step.negated]
    missing = [correlation.steps[n].name for n in wanted if n not in best.steps]
    if missing:
        listed = ", ".join(missing)
        how_many = f"{best.score} of {len(wanted)}{whose}, {when}"
        return [f"the most steps {within}: {how_many}; missing there: {listed}"]
    negated = ", ".join(step.name for step in correlation.steps if step.negated)
    return [f"all steps came {within}{whose}, {when}, and so did one that must not: {negated}"]


def _longest(every: int, groups: Mapping[str, Sequence[Met]]) -> list[str]:
    gaps = sorted(
        (earlier - later, earlier, later, name)
        for name, met in groups.items()
        for earlier, later in pairwise(sorted(each.time for each in met))
    )
    if not gaps:
        return []
    _, earlier, later, name = gaps[0]
    length = measured(from_micros(later) - from_micros(earlier))
    whose = f" of {name}" if name else ""
    when = f"from {_time(earlier)} to {_time(later)}"
    most = f"at most {stated(every)} are allowed"
    return [f"the longest time between two occurrences{whose}: {length}, {when}; {most}"]


def _time(micros: int) -> str:
    return format_time(from_micros(micros))
