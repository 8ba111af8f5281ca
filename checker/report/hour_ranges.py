"""Hours of a period as ranges, and how much of a part of the period they fill."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

Range = tuple[float, float]
"""From and to, in hours from the beginning of the first hour of the period."""


def ranges(lengths: Iterable[int]) -> list[Range]:
    """Give ranges from lengths of runs, as `RegionCoverage` has them."""
    found: list[Range] = []
    at = 0
    for number, length in enumerate(lengths):
        if number % 2:
            found.append((at, at + length))
        at += length
    return found


def united(parts: Iterable[Sequence[Range]]) -> list[Range]:
    """Give what is in any of the parts: sorted ranges, none overlapping."""
    found: list[Range] = []
    for start, stop in sorted(each for part in parts for each in part):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def shares(parts: Sequence[Range], edges: Sequence[float]) -> list[float]:
    """Give how much of each column is in the ranges, from 0 to 1.

    Args:
        parts: Sorted, none overlapping.
        edges: The beginnings of the columns, and the end of the last.
    """
    stops = [stop for _, stop in parts]
    return [_within(parts, stops, start, stop) / (stop - start) for start, stop in pairwise(edges)]


def _within(parts: Sequence[Range], stops: Sequence[float], start: float, stop: float) -> float:
    """Give the hours of one column that are in the ranges."""
    filled = 0.0
    for number in range(bisect_left(stops, start), len(parts)):
        begin, end = parts[number]
        if begin >= stop:
            break
        filled += max(0.0, min(end, stop) - max(begin, start))
    return filled
