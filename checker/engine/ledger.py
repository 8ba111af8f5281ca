"""The ledger: every event in scope of a rule, once, in a few bytes.

A row is an event's identity and the number of what it came to. Few things can be come to (a rule or
two, in one of a few accounts), so these are written out once for each page and rows point at them.
A page is one shard's, sorted and packed; pages are united by standing side by side, and what stands
in several is counted once when the ledger is read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from msgspec import Struct, field

from checker.engine.exceptions import Violated
from checker.engine.finding import Finding
from checker.engine.identity import EVENT_WIDTH, WIDTH, uuid_of
from checker.engine.rows import between, ranges

_NUMBER: Final = 4
_ROW: Final = WIDTH + _NUMBER


Findings: TypeAlias = tuple[tuple[int, Finding], ...]
"""Rule numbers, ascending, with what an event came to under each."""


class Fact(Struct, frozen=True, order=True):
    """What an event came to.

    Attributes:
        account: The event's account, empty when it names none.
        violated: Of the rules that judge it by itself and that it breaks, what that makes of it.
    """

    account: str
    findings: Findings
    violated: tuple[Violated, ...] = ()


class Page(Struct, frozen=True):
    """The events of one shard.

    Attributes:
        facts: What events came to, each once.
        rows: Identity and number of the fact, sorted.
    """

    facts: tuple[Fact, ...]
    rows: bytes

    def between(self, first: bytes, last: bytes | None) -> Iterator[tuple[bytes, Fact]]:
        """Give the events from one identity up to, and without, another."""
        for row in between(self.rows, _ROW, first, last):
            yield row[:WIDTH], self.facts[int.from_bytes(row[WIDTH:])]


class PageWriter:
    """Gathers the events of one shard."""

    def __init__(self) -> None:
        self._numbers: dict[Fact, bytes] = {}
        self._rows: list[bytes] = []
        self.names: dict[bytes, str] = {}

    def add(self, identity: bytes, name: str, fact: Fact) -> None:
        """Note what an event came to.

        Args:
            identity: Of the event.
            name: Its eventID, if that cannot be told from the identity.
            fact: What it came to.
        """
        number = self._numbers.get(fact)
        if number is None:
            number = len(self._numbers).to_bytes(_NUMBER)
            self._numbers[fact] = number
        self._rows.append(identity + number)
        if name:
            self.names[identity[:EVENT_WIDTH]] = name

    def page(self) -> Page:
        """Give what was gathered, packed."""
        return Page(tuple(self._numbers), b"".join(sorted(set(self._rows))))


class Summary(Struct, frozen=True, kw_only=True):
    """The ledger read once.

    Attributes:
        events: How many there are, each counted once.
        facts: How many came to each fact.
        conflicts: eventIDs that stand for more than one content, with how many.
    """

    events: int
    facts: Mapping[Fact, int]
    conflicts: Mapping[str, int]


class Ledger(Struct):
    """Every event in scope of at least one rule.

    Attributes:
        names: The eventIDs that are no UUIDs, by their keys.
    """

    pages: list[Page] = field(default_factory=list)
    names: dict[bytes, str] = field(default_factory=dict)

    def absorb(self, other: "Ledger") -> None:
        """Take in what another one holds."""
        self.pages.extend(other.pages)
        self.names.update(other.names)

    def __iter__(self) -> Iterator[tuple[bytes, Fact]]:
        """Give identity and fact of every event once, sorted."""
        for part in self._parts():
            yield from sorted(part.items())

    def summary(self) -> Summary:
        """Count what is in the ledger."""
        facts: Counter[Fact] = Counter()
        conflicts: dict[str, int] = {}
        events = 0
        for part in self._parts():
            events += len(part)
            facts.update(part.values())
            conflicts |= self._conflicts(part)
        return Summary(events=events, facts=facts, conflicts=conflicts)

    def _parts(self) -> Iterator[dict[bytes, Fact]]:
        """Give the events part by part, each a range of identities that memory has room for."""
        for first, last in ranges(sum(len(page.rows) for page in self.pages) // _ROW):
            part: dict[bytes, Fact] = {}
            for page in self.pages:
                for identity, fact in page.between(first, last):
                    # Equal identities came to equal facts; if ever not, which stays is fixed.
                    part[identity] = min(fact, part.get(identity, fact))
            yield part

    def _conflicts(self, part: Mapping[bytes, Fact]) -> dict[str, int]:
        contents = Counter(identity[:EVENT_WIDTH] for identity in part)
        if len(contents) == len(part):
            return {}
        return {
            self.names.get(key) or uuid_of(key): count
            for key, count in contents.items()
            if count > 1
        }
