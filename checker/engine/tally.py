"""Tallies: what scanning found, as facts that can be united in any order.

A tally is a union of facts, each under its own key: an input under its path, a judged event under
its identity. Uniting a tally with itself changes nothing, and numbers are derived only when all
shards are united; so any cut into shards, in any order, gives the same report, and an event
delivered twice counts once.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import TypeAlias

import msgspec

from checker.aws import Json
from checker.engine.ruleset import Finding
from checker.errors import Problem
from checker.limits import DEFAULT, Limits

_HALF = 16
_ENCODER = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes two records the same event.

    Attributes:
        event: Digest of the eventID, or of file and index where there is none.
        content: Digest of the canonical content.
    """

    event: bytes
    content: bytes


def identify(event: Mapping[str, Json], path: str, index: int) -> Identity:
    """Give a record's identity: without an eventID it is only ever itself."""
    event_id = event.get("eventID")
    has_id = isinstance(event_id, str) and event_id != ""
    name = f"id {event_id}" if has_id else f"at {index} {path}"
    return Identity(_digest(name.encode(errors="surrogatepass")), _digest(_canonical(event)))


def _canonical(event: Mapping[str, Json]) -> bytes:
    """Write an event in the one form that does not depend on how its file was laid out."""
    try:
        return _ENCODER.encode(event)
    except (UnicodeEncodeError, OverflowError):
        # Lone surrogates and numbers beyond 64 bits: rare, and only the plain writer takes them.
        return json.dumps(event, sort_keys=True).encode()


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_HALF).digest()


@dataclass(frozen=True, slots=True)
class Fact:
    """What one event came to.

    Attributes:
        event_id: As the record says, empty when it has none.
        account: The event's account, empty when it names none.
        findings: Rule numbers, ascending, with what the event came to under each.
    """

    event_id: str
    account: str
    findings: tuple[tuple[int, Finding], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One event behind a verdict, kept whole.

    Attributes:
        time: eventTime as written, empty when absent.
        reason: Why it could not be judged; empty for a violation.
        record: The record as it was found.
        index: Its 0-based position in the file.
    """

    identity: Identity
    time: str
    account: str
    region: str
    principal: str
    identity_type: str
    source_address: str
    event_source: str
    event_name: str
    event_id: str
    outcome: str
    resources: tuple[str, ...]
    message: str
    reason: str
    evidence: Mapping[str, Json]
    path: str
    index: int
    record: Json

    @property
    def sort_key(self) -> tuple[str, str, bytes, bytes, str, int]:
        """Earliest first; complete, so that no two differ only in the order they were found."""
        identity = self.identity
        return (
            self.time, self.event_id, identity.content, identity.event, self.path, self.index,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFact:
    """What one file or stream gave.

    Attributes:
        sha256: Of the bytes as read.
        records: Records read, refused ones not included.
        in_scope: Records that at least one rule is about, duplicates included.
        first: Earliest readable eventTime.
        population: Records by account and region, either empty where absent.
        set_aside: Why it was not read as a trail log, empty when it was.
    """

    path: str
    container: str = ""
    size: int = 0
    sha256: str = ""
    records: int = 0
    refused: int = 0
    in_scope: int = 0
    first: datetime | None = None
    last: datetime | None = None
    population: Mapping[tuple[str, str], int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    set_aside: str = ""


ExhibitKey: TypeAlias = tuple[int, Finding]


@dataclass(slots=True)
class Tally:
    """The facts of some shards.

    Attributes:
        inputs: By path.
        judged: Events in scope of at least one rule, by identity.
        exhibits: The earliest events behind each rule's exceptions.
        most: How many exhibits are kept for each rule and finding.
    """

    most: int = DEFAULT.exhibits
    inputs: dict[str, InputFact] = field(default_factory=dict)
    judged: dict[Identity, Fact] = field(default_factory=dict)
    exhibits: dict[ExhibitKey, dict[Identity, Exhibit]] = field(default_factory=dict)

    def add_exhibit(self, rule: int, finding: Finding, exhibit: Exhibit) -> None:
        """Keep an event as evidence, if it is among the earliest."""
        kept = self.exhibits.setdefault((rule, finding), {})
        _keep(kept, exhibit)
        if len(kept) > 2 * self.most:
            self.exhibits[rule, finding] = _earliest(kept, self.most)

    def trim(self) -> None:
        """Drop the exhibits beyond the bound."""
        for key, kept in self.exhibits.items():
            self.exhibits[key] = _earliest(kept, self.most)


def _keep(kept: dict[Identity, Exhibit], exhibit: Exhibit) -> None:
    """Keep one exhibit of an event: the one found at the smallest path and index."""
    known = kept.get(exhibit.identity)
    if known is None or exhibit.sort_key < known.sort_key:
        kept[exhibit.identity] = exhibit


def _earliest(kept: Mapping[Identity, Exhibit], most: int) -> dict[Identity, Exhibit]:
    chosen = nsmallest(most, kept.values(), key=lambda exhibit: exhibit.sort_key)
    return {exhibit.identity: exhibit for exhibit in chosen}


def unite(tallies: Iterable[Tally], limits: Limits = DEFAULT) -> Tally:
    """Unite tallies of the same limits; associative, commutative and idempotent."""
    whole = Tally(most=limits.exhibits)
    for tally in tallies:
        whole.inputs |= tally.inputs
        whole.judged |= tally.judged
        for (rule, finding), kept in tally.exhibits.items():
            for exhibit in kept.values():
                whole.add_exhibit(rule, finding, exhibit)
    whole.trim()
    return whole


def conflicting_ids(tally: Tally) -> Counter[str]:
    """Give the eventIDs that stand for more than one content, with how many."""
    contents: Counter[str] = Counter(
        fact.event_id for fact in tally.judged.values() if fact.event_id
    )
    return Counter({event_id: count for event_id, count in contents.items() if count > 1})
