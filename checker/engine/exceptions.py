"""Exceptions: what becomes of a violation once waivers and the baseline have been asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.engine.finding import Finding
from checker.engine.fingerprint import Fingerprinter, Trait
from checker.engine.orders import Orders
from checker.engine.waiving import NO_WAIVING, Mark, cover, waivings
from checker.limits import Limits
from checker.policy.rule import Rule


class Violated(NamedTuple):
    """One violation in the ledger.

    Attributes:
        rule: Its number.
        fingerprint: Empty where a rule has more groups than are kept.
        marks: How it stands to each waiver whose scope it is in.
    """

    rule: int
    fingerprint: bytes
    marks: tuple[Mark, ...]


class Group(Struct, frozen=True):
    """Violations with one fingerprint.

    Attributes:
        first: The earliest readable eventTime; None without one.
        last: The latest.
    """

    trait: Trait
    first: datetime | None
    last: datetime | None

    def joined(self, other: "Group") -> "Group":
        """Give both as one."""
        times = [time for each in (self, other) for time in (each.first, each.last) if time]
        return replace(self, first=min(times, default=None), last=max(times, default=None))


class Excepted(Struct, frozen=True):
    """A violation, and what became of it.

    Attributes:
        finding: A violation, one that the baseline has, or one that a waiver covers.
        waiver: The number of the waiver that covers it; None where none does.
    """

    finding: Finding
    fingerprint: bytes
    trait: Trait
    marks: tuple[Mark, ...]
    waiver: int | None


class Excepter:
    """Asks waivers and the baseline of the violations of some rules, known by their places."""

    def __init__(self, rules: Sequence[Rule], orders: Orders, limits: Limits) -> None:
        self._rules = rules
        self._baseline = orders.baseline
        self._limits = limits
        self._waivings = waivings(orders.waivers, limits)
        self._fingerprinters: dict[int, Fingerprinter] = {}
        self._kept: dict[int, set[bytes]] = {}

    @property
    def waives(self) -> bool:
        """Whether there are waivers."""
        return bool(self._waivings)

    def has_room(self, rule: int, fingerprint: bytes) -> bool:
        """Note a group of a rule; tell whether it is among as many as are kept."""
        kept = self._kept.setdefault(rule, set())
        if fingerprint not in kept and len(kept) > self._limits.groups:
            return False
        kept.add(fingerprint)
        return True

    def is_known(self, rule: int, fingerprint: bytes) -> bool:
        """Tell whether the baseline has what a rule found."""
        return (self._rules[rule].id, fingerprint) in self._baseline

    def of_event(self, rule: int, event: dict[str, Json], time: datetime | None) -> Excepted:
        """Tell what becomes of an event that breaks a rule."""
        fingerprinter = self._fingerprinters.get(rule)
        if fingerprinter is None:
            fingerprinter = Fingerprinter(self._rules[rule], self._limits)
            self._fingerprinters[rule] = fingerprinter
        trait = fingerprinter.trait(event)
        marks: tuple[Mark, ...] = ()
        waiving = self._waivings.get(self._rules[rule].id)
        if waiving is not None and time is not None:
            marks = waiving.marks(waiving.about(event), time, time)
        return self._excepted(rule, fingerprinter.of(trait), trait, marks)

    def about(self, rule: int, event: dict[str, Json]) -> tuple[int, ...]:
        """Give the numbers of the waivers of a rule whose scope an event is in."""
        return self._waivings.get(self._rules[rule].id, NO_WAIVING).about(event)

    def about_place(self, rule: int, place: Mapping[str, Json]) -> tuple[int, ...]:
        """Give the numbers of the waivers of a rule in whose scope all is at a place."""
        return self._waivings.get(self._rules[rule].id, NO_WAIVING).about_place(place)

    def of_span(
        self, rule: int, fingerprint: bytes, about: Sequence[int], first: datetime, last: datetime
    ) -> Excepted:
        """Tell what becomes of what lasted from one instant to another.

        Args:
            rule: Its number.
            fingerprint: Of the group.
            about: The waivers in whose scope all of it is.
            first: Its first instant.
            last: Its last.
        """
        waiving = self._waivings.get(self._rules[rule].id, NO_WAIVING)
        return self._excepted(rule, fingerprint, _NO_TRAIT, waiving.marks(about, first, last))

    def _excepted(
        self, rule: int, fingerprint: bytes, trait: Trait, marks: tuple[Mark, ...]
    ) -> Excepted:
        waiver = cover(marks)
        if waiver is not None:
            finding = Finding.WAIVED
        elif self.is_known(rule, fingerprint):
            finding = Finding.KNOWN
        else:
            finding = Finding.VIOLATION
        return Excepted(finding, fingerprint, trait, marks, waiver)


_NO_TRAIT = Trait("", "", "", "", "", ())
