"""Lengths of time in words: those that a rule states, and those that were measured."""

from datetime import timedelta

_STATED = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_MEASURED = (
    (timedelta(days=1), "day", "days"),
    (timedelta(hours=1), "h", "h"),
    (timedelta(minutes=1), "min", "min"),
)


def stated(seconds: int) -> str:
    """Give a whole number of seconds in the largest unit that it is a multiple of."""
    size, unit = next(each for each in _STATED if seconds % each[0] == 0)
    count = seconds // size
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"


def measured(length: timedelta) -> str:
    """Give a length of time, cut to its two largest units that are not 0: `8 min 12 s`."""
    parts: list[str] = []
    left = length
    for size, one, many in _MEASURED:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,} {one if count == 1 else many}")
    if left or not parts:
        seconds = f"{left.total_seconds():.6f}".rstrip("0").rstrip(".")
        parts.append(f"{seconds} s")
    return " ".join(parts[:2])
