"""The tally: what scanning some shards found, as facts that unite in any order.

Numbers are derived from facts only when all of them are together: each event in scope is known by its
identity, so any cut of the input into shards, in any order, gives the same report, and an event
delivered twice counts once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct, field

from checker.engine.exceptions import Group
from checker.engine.exhibits import Exhibits
from checker.engine.ledger import Ledger
from checker.engine.listing import Listing
from checker.engine.sightings import Sightings
from checker.engine.trail_changes import TrailChange
from checker.errors import Problem
from checker.limits import DEFAULT, Limits
from checker.trail.census import Hour, Kind, Spans
from checker.trail.part import Part
from checker.trail.source import Source


class InputFact(Struct, frozen=True, kw_only=True):
    """What one file or stream gave.

    Attributes:
        sha256: Of the bytes as read.
        records: Records read, refused ones not included.
        outside: Those of them that are outside of the period; the rest of this leaves them out.
        in_scope: Records that at least one rule is about, duplicates included.
        newest: The latest readable eventTime, outside of the period too.
        hours: Records by account, region and hour.
        spans: The earliest and the latest readable eventTime of each account and region.
        set_aside: Why it was not read as a trail log, empty when it was.
    """

    path: str
    container: str = ""
    size: int = 0
    sha256: str = ""
    records: int = 0
    refused: int = 0
    outside: int = 0
    in_scope: int = 0
    newest: datetime | None = None
    hours: Mapping[Hour, int] = field(default_factory=dict)
    spans: Spans = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    set_aside: str = ""

    @property
    def first(self) -> datetime | None:
        """The earliest readable eventTime."""
        return min((first for first, _ in self.spans.values()), default=None)

    @property
    def last(self) -> datetime | None:
        """The latest readable eventTime."""
        return max((last for _, last in self.spans.values()), default=None)


class PartOf(Struct, frozen=True):
    """Which part of a file a tally is about.

    Attributes:
        doubtful: It could not be read by itself, so the file is to be read whole.
    """

    source: Source
    part: Part
    doubtful: bool


class Tally(Struct):
    """The facts of some shards.

    Attributes:
        inputs: By path.
        ledger: Every event in scope of at least one rule.
        exhibits: The earliest events behind each rule's exceptions.
        groups: Violations by rule and fingerprint.
        crowded: Rules that have more groups than are kept.
        listing: Every event behind an exception, where that was asked for.
        kinds: The kinds of events that were seen, in scope or not.
        trail_changes: Calls that start, stop or narrow what a trail records.
        sightings: What rules over many events keep of the events in their scopes.
        part: Set until the parts of a file are joined.
    """

    inputs: dict[str, InputFact] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    exhibits: Exhibits = field(default_factory=Exhibits)
    groups: dict[int, dict[bytes, Group]] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)
    listing: Listing = field(default_factory=Listing)
    kinds: set[Kind] = field(default_factory=set)
    sightings: Sightings = field(default_factory=Sightings)
    trail_changes: set[TrailChange] = field(default_factory=set)
    part: PartOf | None = None


def unite(tallies: Iterable[Tally], limits: Limits = DEFAULT) -> Tally:
    """Unite tallies of the same limits; associative, commutative and idempotent in what they say."""
    whole = Tally(exhibits=Exhibits(limits.exhibits))
    for tally in tallies:
        whole.inputs |= tally.inputs
        whole.ledger.absorb(tally.ledger)
        whole.kinds |= tally.kinds
        whole.trail_changes |= tally.trail_changes
        whole.sightings.absorb(tally.sightings)
        whole.listing.absorb(tally.listing)
        for key, exhibit in tally.exhibits:
            whole.exhibits.add(key, exhibit)
        whole.crowded |= tally.crowded
        for rule, groups in tally.groups.items():
            _join_groups(whole, rule, groups, limits.groups)
    return whole


def _join_groups(whole: Tally, rule: int, groups: Mapping[bytes, Group], most: int) -> None:
    known = whole.groups.setdefault(rule, {})
    for fingerprint, group in groups.items():
        known[fingerprint] = known[fingerprint].joined(group) if fingerprint in known else group
    if len(known) > most:
        # Which of them are kept would depend on who came first: none are.
        whole.crowded.add(rule)
    if rule in whole.crowded:
        whole.groups[rule] = {}
