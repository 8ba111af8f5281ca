"""Orders: what a scan is to do beside judging: whom to waive, what to list, what to sample."""

from typing import TypeAlias

from msgspec import Struct

from checker.policy.waiver import Waiver

Known: TypeAlias = frozenset[tuple[str, bytes]]
"""What a baseline has: ids of rules and fingerprints, together, as they are noted together."""


class Sample(Struct, frozen=True):
    """How many conforming events of each rule are kept for re-performance, and by which seed.

    They are those with the smallest SHA-256 of seed and eventID, so a sample merges and repeats.
    """

    size: int
    seed: str


class Orders(Struct, frozen=True, kw_only=True):
    """What every worker is told of a run, as data.

    Attributes:
        waivers: Those that apply; they are known by their places here.
        baseline: Violations that are known already.
        sample: None where none is asked for.
        lists: Whether every event behind an exception is listed, not the earliest only.
        names: Whether every group of events is named by its values, not those of a report only.
    """

    waivers: tuple[Waiver, ...] = ()
    baseline: Known = frozenset()
    sample: Sample | None = None
    lists: bool = False
    names: bool = False


NO_ORDERS = Orders()
