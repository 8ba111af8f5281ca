"""Exhibits: the events behind a verdict that are kept whole, the earliest of each rule and finding."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final, TypeAlias

from msgspec import Struct, field

from checker.aws import Json
from checker.engine.finding import Finding
from checker.limits import DEFAULT
from checker.trail.event import text_in

SortKey: TypeAlias = tuple[str, str, str, bytes, str, int]
Moment: TypeAlias = tuple[str, str, str, bytes]
ExhibitKey: TypeAlias = tuple[int, Finding]

_IDENTITY: Final = 3  # where it stands in a sort key


class Exhibit(Struct, frozen=True, kw_only=True):
    """One event behind a verdict, kept as it was found; what is said of it is said later.

    Attributes:
        identity: What makes it the same event wherever it stands.
        rank: What goes before its time when the first ones are chosen: of a sample, its hash.
        time: eventTime as written, empty when absent.
        reason: Why it could not be judged; empty for a violation.
        record: The record as it was found.
        index: Its 0-based position in the file.
    """

    identity: bytes
    time: str
    event_id: str
    reason: str
    path: str
    index: int
    record: dict[str, Json]
    rank: str = ""

    @property
    def moment(self) -> Moment:
        """The part of its sort key that belongs to the event, wherever it is found."""
        return (self.rank, self.time, self.event_id, self.identity)

    @property
    def sort_key(self) -> SortKey:
        """Earliest first; complete, so that no two differ only in the order they were found."""
        return (*self.moment, self.path, self.index)


def exhibit_of(  # noqa: PLR0913, PLR0917 - what an exhibit is made of
    record: dict[str, Json],
    event: dict[str, Json],
    identity: bytes,
    path: str,
    index: int,
    reason: str = "",
    rank: str = "",
) -> Exhibit:
    """Make an exhibit of a record, and of the canonical event that it is."""
    return Exhibit(
        identity=identity,
        time=text_in(event, "eventTime"),
        event_id=text_in(event, "eventID"),
        reason=reason,
        path=path,
        index=index,
        record=record,
        rank=rank,
    )


class Bars:
    """What a worker has seen so far: an event that so many others precede need not be described."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._moments: dict[ExhibitKey, list[Moment]] = {}

    def pass_by(self, key: ExhibitKey, moment: Moment) -> bool:
        """Note an event of a rule and finding; tell whether it may be among the earliest of all."""
        moments = self._moments.setdefault(key, [])
        if len(moments) == self._most and (not moments or moment > moments[-1]):
            return False
        at = bisect_left(moments, moment)
        if moments[at : at + 1] != [moment]:
            moments.insert(at, moment)
            del moments[self._most :]
        return True


class _Kept(Struct):
    """The exhibits of one rule and finding, by identity, and their sort keys in order."""

    found: dict[bytes, Exhibit] = field(default_factory=dict)
    order: list[SortKey] = field(default_factory=list)


class Exhibits(Struct):
    """The earliest events behind each rule's exceptions, at most so many of each kind."""

    most: int = DEFAULT.exhibits
    kept: dict[ExhibitKey, _Kept] = field(default_factory=dict)

    def add(self, key: ExhibitKey, exhibit: Exhibit) -> None:
        """Keep an event, if it is among the earliest; of one event, where it is found first."""
        kept = self.kept.setdefault(key, _Kept())
        sort_key = exhibit.sort_key
        known = kept.found.get(exhibit.identity)
        if known is not None:
            if known.sort_key <= sort_key:
                return
            kept.order.remove(known.sort_key)
        kept.found[exhibit.identity] = exhibit
        insort(kept.order, sort_key)
        if len(kept.order) > self.most:
            del kept.found[kept.order.pop()[_IDENTITY]]

    def of(self, key: ExhibitKey) -> tuple[Exhibit, ...]:
        """Give what is kept for a rule and finding, the earliest first."""
        kept = self.kept.get(key, _Kept())
        return tuple(kept.found[sort_key[_IDENTITY]] for sort_key in kept.order)

    def __iter__(self) -> Iterator[tuple[ExhibitKey, Exhibit]]:
        """Give all that is kept."""
        for key in sorted(self.kept):
            for exhibit in self.of(key):
                yield key, exhibit
