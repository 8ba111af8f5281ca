"""What one event comes to under one rule."""

from enum import IntEnum, auto
from typing import Final

from msgspec import Struct


class Finding(IntEnum):
    """The outcome of one event under one rule that is about it.

    Integers, because facts are hashed by them for every event in scope.
    """

    CONFORMING = auto()
    VIOLATION = auto()
    UNDETERMINED = auto()
    ERROR = auto()
    OTHER_SUCCESS = auto()
    OTHER_DENIED = auto()
    OTHER_FAILED = auto()


class Judged(Struct, frozen=True):
    """A finding, and for one that could not be judged, why."""

    finding: Finding
    reason: str = ""


CONFORMING: Final = Judged(Finding.CONFORMING)
VIOLATION: Final = Judged(Finding.VIOLATION)

EXHIBITED: Final = frozenset({Finding.VIOLATION, Finding.UNDETERMINED, Finding.ERROR})
"""Findings of which events are kept as evidence."""
