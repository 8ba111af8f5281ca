"""Where one group did not do often enough what it must do again and again."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from msgspec import Struct

from checker.aws.time import EPOCH, from_micros
from checker.policy.rule import Cadence

_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_CYCLE: Final = 146_097  # days of 400 years, after which the calendar is the same again


class Interval(Struct, frozen=True):
    """A time without an occurrence.

    Attributes:
        start: In microseconds since 1970; an occurrence, or the start of what is judged, or the
            first instant of a calendar period.
        end: Likewise; of a calendar period the first instant after it.
        certain: Whether it breaks the cadence; else what is judged is too short to tell.
    """

    start: int
    end: int
    certain: bool


def intervals(cadence: Cadence, times: Sequence[int], start: int, end: int) -> list[Interval]:
    """Find where one group breaks a cadence, in order of time; or that it cannot be told.

    What is judged runs from `start` to `end`, both instants included; occurrences before and after
    it are left out, even where one would shorten an interval. An interval exactly as long as
    `every` keeps the cadence. An occurrence at `start` or `end` itself is one. The interval that
    `end` cuts off is judged by what was seen of it.

    A calendar period is judged when all of its instants are: one that ends where `end` stands does,
    whether that is its last microsecond or the first instant after it. Parts of periods at either
    end break nothing. An occurrence in the first instant of a period belongs to that period alone.

    Where nothing could be judged and nothing occurred, one uncertain interval spans it all. That
    goes for an `end` before `start` too, in which nothing can have occurred.

    Args:
        cadence: Of the rule.
        times: Occurrences in microseconds since 1970, in any order, duplicates among them.
        start: The latest of the period's start, the rule's, and the first sight of the group.
        end: The earliest of the period's end and the rule's.
    """
    occurred = sorted(times)
    occurred = occurred[bisect_left(occurred, start) : bisect_right(occurred, end)]
    if cadence.calendar is None:
        every = cadence.every * _SECOND
        missed = [each for each in pairwise([start, *occurred, end]) if each[1] - each[0] > every]
    else:
        periods = _whole_periods(cadence.calendar.months, start, end)
        missed = [each for each in periods if not _occurs(occurred, *each)]
    if not missed and not occurred:
        return [Interval(start, max(start, end), certain=False)]
    return [Interval(*each, certain=True) for each in missed]


def _whole_periods(length: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the periods of so many months of which no instant is outside; each without its end."""
    first = from_micros(start)
    month = (first.year * 12 + first.month - 1) // length * length
    if _month_start(month) < start:
        month += length
    while _month_start(month + length) - 1 <= end:
        yield _month_start(month), _month_start(month + length)
        month += length


def _month_start(month: int) -> int:
    """Give the first instant of a month, numbered from January of the year 0."""
    # Dates end with the year 9999, but its periods end in the next: so ask 400 years' cycle.
    cycle, within = divmod(month, 400 * 12)
    days = date(400 + within // 12, within % 12 + 1, 1).toordinal() + (cycle - 1) * _CYCLE
    return (days - EPOCH.toordinal()) * _DAY


def _occurs(occurred: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(occurred, start) < bisect_left(occurred, end)
