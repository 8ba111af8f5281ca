"""Rows: what a page holds, of one width each, sorted and packed into bytes.

A page is one shard's. Pages of many shards are looked through range by range, so that only what one
range holds has to be in memory unpacked.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

_ROWS_AT_ONCE: Final = 1 << 17
_MOST_RANGES: Final = 256


def between(rows: bytes, width: int, first: bytes, last: bytes | None) -> Iterator[bytes]:
    """Give the rows that begin with some bytes or later, up to, and without, those of `last`."""

    def row(number: int) -> bytes:
        return rows[number * width : (number + 1) * width]

    numbers = range(len(rows) // width)
    start = bisect_left(numbers, first, key=row)
    stop = len(numbers) if last is None else bisect_left(numbers, last, key=row)
    return map(row, range(start, stop))


def ranges(count: int) -> Iterator[tuple[bytes, bytes | None]]:
    """Give ranges of first bytes, each of which holds a part of so many rows that memory takes."""
    parts = min(_MOST_RANGES, 1 + count // _ROWS_AT_ONCE)
    bounds = [bytes([_MOST_RANGES * part // parts]) for part in range(parts)]
    return zip(bounds, [*bounds[1:], None], strict=True)
