"""Times and spans of time in rules, changed a little."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from checker.authoring.mutation.literals import SHIFTS
from checker.authoring.mutation.mutant import Change, Mutant
from checker.aws.time import format_time
from checker.policy.rule import Rule

_UNITS: Final = (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def changed_times(rule: Rule) -> Iterator[Mutant]:
    """Give a rule whose bounds in time are moved, or gone, and one without notice."""
    for key, attribute in (("from", "start"), ("until", "until")):
        instant = getattr(rule.effective, attribute)
        if instant is None:
            continue
        path, old = ("effective", key), format_time(instant)
        for size, by in SHIFTS:
            new = instant + by
            when = format_time(instant if by > timedelta() else new)
            change = Change(
                path=path,
                what=f"effective: {key} moved by {size}, from {old} to {format_time(new)}",
                hint=f"an event at {when}",
                old=old,
                new=format_time(new),
            )
            effective = replace(rule.effective, **{attribute: new})
            yield Mutant(rule=replace(rule, effective=effective), change=change)
    if rule.notice:
        hint = "a case that expects upcoming"
        change = Change(path=("notice",), what="notice left out", hint=hint)
        yield Mutant(rule=replace(rule, notice=0), change=change)


def spans_beside(seconds: int) -> Iterator[int]:
    """Give a span shorter and one longer by one of its unit, or by a smaller one of a single unit.

    `10m` gives 9m and 11m, `1h` 59m and 61m.
    """
    unit = next(size for _, size in _UNITS if seconds % size == 0)
    if unit == seconds and unit > 1:
        unit = next(size for _, size in _UNITS if size < seconds)
    if seconds > unit:
        yield seconds - unit
    yield seconds + unit


def written_span(seconds: int, unit: int = 0) -> str:
    """Write a span as rules do, in the largest unit that it is whole in, or in one of some size."""
    letter, size = next(
        (letter, size) for letter, size in _UNITS if (size == unit if unit else not seconds % size)
    )
    return f"{seconds // size}{letter}"
