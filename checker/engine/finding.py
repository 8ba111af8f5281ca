"""What one event comes to under one rule."""

from enum import IntEnum, auto
from typing import Final

from msgspec import Struct


class Finding(IntEnum):
    """The outcome of one event under one rule that is about it.

    Integers, because facts are hashed by them for every event in scope; the least is what matters
    most of an event that several steps of one rule are about. `KNOWN` is a violation that the baseline
    has, `WAIVED` one that a waiver covers, `UPCOMING` what will be one once the rule is in force.
    `COUNTED` is an event that a rule over many events takes into account.
    """

    ERROR = auto()
    UNDETERMINED = auto()
    VIOLATION = auto()
    KNOWN = auto()
    WAIVED = auto()
    COUNTED = auto()
    CONFORMING = auto()
    UPCOMING = auto()
    OTHER_SUCCESS = auto()
    OTHER_DENIED = auto()
    OTHER_FAILED = auto()


class Sighting(Struct, frozen=True):
    """What a rule over many events keeps of one.

    Attributes:
        group: Digest of the values that events are grouped by.
        value: Digest of the value that is counted, empty for null or where none is.
    """

    group: bytes
    value: bytes = b""


class Judged(Struct, frozen=True):
    """A finding, for one that could not be judged why, and what is kept of one that is counted."""

    finding: Finding
    reason: str = ""
    sighting: Sighting | None = None


CONFORMING: Final = Judged(Finding.CONFORMING)
VIOLATION: Final = Judged(Finding.VIOLATION)
UPCOMING: Final = Judged(Finding.UPCOMING)

VIOLATIONS: Final = (Finding.VIOLATION, Finding.KNOWN, Finding.WAIVED)
"""What a violation can come to, what weighs most first."""

EXHIBITED: Final = frozenset({*VIOLATIONS, Finding.UPCOMING, Finding.UNDETERMINED, Finding.ERROR})
"""Findings of which events are kept as evidence."""
