"""Groups of violations, counted once every fact is there."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from checker.engine.exceptions import Group, Violated
from checker.engine.fingerprint import Trait
from checker.engine.ledger import Fact
from checker.engine.waiving import Mark, cover

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class CountedGroup(Struct, frozen=True, kw_only=True):
    """Violations of one rule with one fingerprint.

    Attributes:
        waived: How many of them waivers cover.
        waivers: The numbers of those waivers.
        known: Whether the baseline has it.
        first: The earliest readable eventTime; None without one.
        last: The latest.
    """

    fingerprint: bytes
    trait: Trait
    count: int
    waived: int
    waivers: tuple[int, ...]
    known: bool
    first: datetime | None
    last: datetime | None


class _Sum:
    """What is counted of one group."""

    def __init__(self) -> None:
        self.count = 0
        self.waived = 0
        self.waivers: set[int] = set()

    def add(self, violated: Violated, count: int) -> None:
        waiver = cover(violated.marks)
        self.count += count
        if waiver is not None:
            self.waived += count
            self.waivers.add(waiver)


def counted_groups(
    facts: Mapping[Fact, int],
    groups: Mapping[int, Mapping[bytes, Group]],
    known: Callable[[int, bytes], bool],
) -> dict[int, tuple[CountedGroup, ...]]:
    """Count the violations of each group, by rule; earliest first.

    Args:
        facts: How many events came to each fact.
        groups: By rule and fingerprint.
        known: Tells of a rule and a fingerprint whether the baseline has them.
    """
    sums: dict[tuple[int, bytes], _Sum] = {}
    for fact, count in facts.items():
        for each in fact.violated:
            sums.setdefault((each.rule, each.fingerprint), _Sum()).add(each, count)
    return {
        rule: tuple(
            sorted(
                (
                    _counted(
                        fingerprint,
                        group,
                        sums[rule, fingerprint],
                        known=known(rule, fingerprint),
                    )
                    for fingerprint, group in of_rule.items()
                    if (rule, fingerprint) in sums
                ),
                key=lambda each: (each.first or _NEVER, each.fingerprint),
            )
        )
        for rule, of_rule in groups.items()
    }


def counted_marks(facts: Mapping[Fact, int]) -> dict[Mark, int]:
    """Count how many violations stand how to which waiver."""
    marks: Counter[Mark] = Counter()
    for fact, count in facts.items():
        for violated in fact.violated:
            for mark in violated.marks:
                marks[mark] += count
    return dict(marks)


def _counted(fingerprint: bytes, group: Group, found: _Sum, *, known: bool) -> CountedGroup:
    return CountedGroup(
        fingerprint=fingerprint,
        trait=group.trait,
        count=found.count,
        waived=found.waived,
        waivers=tuple(sorted(found.waivers)),
        known=known,
        first=group.first,
        last=group.last,
    )
