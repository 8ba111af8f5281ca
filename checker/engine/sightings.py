"""Sightings: what rules over many events keep of the events in their scopes, packed.

A row is the group, the time, and enough of the event to count it once and to find it again. Pages
are one shard's, sorted; they are united by standing side by side, and what stands in several is
counted once when a group is looked at.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct, field

from checker.engine.finding import Sighting
from checker.engine.grouping import GROUP_WIDTH, VALUE_WIDTH
from checker.engine.rows import between, ranges

Stream: TypeAlias = tuple[int, int]
"""A rule's number, and its step's."""

SEEN_WIDTH: Final = 20
"""Bytes by which an event is known here: those of its eventID, and some of its content."""

_ORIGIN: Final = 1 << 63
_SOURCE: Final = 3
_ACCOUNT: Final = 5
_NO_ACCOUNT: Final = b"\xff" * _ACCOUNT
_ACCOUNT_DIGITS: Final = 12

_MOST_ABOUT: Final = 1 << 16

# Group, time, identity, counted value, account, number of the file, index, number of the set of
# waivers; in the order of bytes.
_PACKED: Final = struct.Struct(
    f">{GROUP_WIDTH}sQ{SEEN_WIDTH}s{VALUE_WIDTH}s{_ACCOUNT}s{_SOURCE}sIH"
)
_ROW: Final = _PACKED.size


class Place(Struct, frozen=True, order=True):
    """Where a record stands."""

    path: str
    index: int


class Seen(NamedTuple):
    """What is kept of a few events of a group, so that they can be shown.

    Attributes:
        identity: The first bytes of the event's identity.
    """

    identity: bytes
    place: Place


class SightingPage(Struct, frozen=True):
    """The sightings of one shard in one stream.

    Attributes:
        paths: Files, by the numbers that rows have for them.
        before: How many records stand in the file before the part that was read.
        about: Sets of waivers in whose scope events are, by the numbers that rows have for them.
    """

    paths: tuple[str, ...]
    rows: bytes
    before: int = 0
    about: tuple[tuple[int, ...], ...] = ((),)

    def sight(self, row: bytes) -> "Sight":
        """Unpack a row."""
        _, time, identity, value, account, source, index, about = _PACKED.unpack(row)
        value = value.rstrip(b"\0")
        return Sight(
            time - _ORIGIN, identity, value, account, source, index, self.about[about], self
        )


class Sight(NamedTuple):
    """One event of a group, the rest of it still packed.

    Attributes:
        time: Microseconds since 1970.
        identity: The first bytes of the event's identity.
        value: Digest of the value that is counted; empty for null.
        about: The numbers of the waivers in whose scope it is.
    """

    time: int
    identity: bytes
    value: bytes
    packed_account: bytes
    source: bytes
    index_in_part: int
    about: tuple[int, ...]
    page: SightingPage

    @property
    def account(self) -> str:
        """The event's account, empty when it names none."""
        if self.packed_account == _NO_ACCOUNT:
            return ""
        return f"{int.from_bytes(self.packed_account):0{_ACCOUNT_DIGITS}}"

    @property
    def place(self) -> Place:
        """Where its record stands."""
        path = self.page.paths[int.from_bytes(self.source)]
        return Place(path, self.index_in_part + self.page.before)


class SightingWriter:
    """Gathers the sightings of one shard."""

    def __init__(self) -> None:
        self._paths: dict[str, bytes] = {}
        self._accounts: dict[str, bytes] = {}
        self._about: dict[tuple[int, ...], int] = {(): 0}
        self._rows: dict[Stream, list[bytes]] = {}

    def add(  # noqa: PLR0913, PLR0917 - what a row is made of
        self,
        stream: Stream,
        sighting: Sighting,
        time: int,
        identity: bytes,
        account: str,
        path: str,
        index: int,
        about: tuple[int, ...] = (),
    ) -> None:
        """Note an event; the time in microseconds since 1970, `about` the waivers in whose scope."""
        source = self._paths.get(path)
        if source is None:
            source = self._paths[path] = len(self._paths).to_bytes(_SOURCE)
        packed_account = self._accounts.get(account)
        if packed_account is None:
            packed_account = int(account).to_bytes(_ACCOUNT) if account else _NO_ACCOUNT
            self._accounts[account] = packed_account
        row = _PACKED.pack(
            sighting.group,
            time + _ORIGIN,
            identity,
            sighting.value,
            packed_account,
            source,
            index,
            self._number_of(about),
        )
        self._rows.setdefault(stream, []).append(row)

    def _number_of(self, about: tuple[int, ...]) -> int:
        # More sets of waivers than there are numbers: what is left over is not waived.
        if about not in self._about and len(self._about) < _MOST_ABOUT:
            self._about[about] = len(self._about)
        return self._about.get(about, 0)

    def pages(self) -> dict[Stream, list[SightingPage]]:
        """Give what was gathered, packed."""
        paths, about = tuple(self._paths), tuple(self._about)
        return {
            stream: [SightingPage(paths, b"".join(sorted(rows)), about=about)]
            for stream, rows in self._rows.items()
        }


class Sightings(Struct):
    """What all rules over many events have seen."""

    pages: dict[Stream, list[SightingPage]] = field(default_factory=dict)

    def absorb(self, other: "Sightings") -> None:
        """Take in what others have seen."""
        for stream, pages in other.pages.items():
            self.pages.setdefault(stream, []).extend(pages)

    def groups(
        self, rule: int, steps: int, worth: Callable[[Sequence[int]], bool]
    ) -> Iterator[tuple[bytes, list[list[Sight]]]]:
        """Give the groups of a rule by their digests, each with what its steps have seen, once.

        Args:
            rule: Its number.
            steps: How many it has.
            worth: Tells from how many events each step has seen, duplicates included, whether to
                look at a group; of any other only the digest is given.

        Yields:
            The digests in order, and what each step has seen in the order of time.
        """
        streams = [self.pages.get((rule, step), []) for step in range(steps)]
        count = sum(len(page.rows) for pages in streams for page in pages) // _ROW
        for first, last in ranges(count):
            for group, found in sorted(_rows_between(streams, first, last).items()):
                if worth([len(rows) for rows in found]):
                    yield group, [_once([page.sight(row) for row, page in rows]) for rows in found]
                else:
                    yield group, []


def _rows_between(
    streams: Sequence[Sequence[SightingPage]], first: bytes, last: bytes | None
) -> dict[bytes, list[list[tuple[bytes, SightingPage]]]]:
    found: dict[bytes, list[list[tuple[bytes, SightingPage]]]] = {}
    for step, pages in enumerate(streams):
        for page in pages:
            for row in between(page.rows, _ROW, first, last):
                group = found.get(row[:GROUP_WIDTH])
                if group is None:
                    group = found[row[:GROUP_WIDTH]] = [[] for _ in streams]
                group[step].append((row, page))
    return found


def _once(seen: Sequence[Sight]) -> list[Sight]:
    """Drop duplicates: of one event, keep where it is found first."""
    kept: dict[bytes, Sight] = {}
    for each in seen:
        known = kept.setdefault(each.identity, each)
        if known is not each and each.place < known.place:
            kept[each.identity] = each
    return sorted(kept.values(), key=itemgetter(0, 1))
