"""Hours as ranges and as lengths of runs, which say of long periods shortly which hours are meant.

A range is its first hour and that after its last. Lengths of runs alternate: of hours that are not
meant, of hours that are, and so on from the first hour of the clock; the rest is not meant.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

Hours = tuple[int, int]


def without(ranges: Iterable[Hours], hours: Sequence[int]) -> Iterator[Hours]:
    """Give what the ranges have beside some hours: in order, each hour once.

    Args:
        ranges: Sorted; they may overlap.
        hours: Sorted, each once.
    """
    reached: int | None = None
    for start, stop in ranges:
        begin = start if reached is None else max(start, reached)
        for hour in hours[bisect_left(hours, begin) : bisect_left(hours, stop)]:
            if begin < hour:
                yield begin, hour
            begin = hour + 1
        if begin < stop:
            yield begin, stop
        reached = max(begin, stop)


def runs(ranges: Iterable[Hours], clock: range) -> tuple[int, ...]:
    """Give the lengths of runs of the hours in ranges.

    Args:
        ranges: Sorted, none overlapping.
        clock: The hours of the period; others are left out.
    """
    lengths: list[int] = []
    at = clock.start
    for start, stop in ranges:
        begin, end = max(start, clock.start), min(stop, clock.stop)
        if begin >= end:
            continue
        if lengths and begin == at:
            lengths[-1] += end - begin
        else:
            lengths += (begin - at, end - begin)
        at = end
    return tuple(lengths)
