"""The listing: every event behind an exception, by where it stands; packed until it is read again."""

import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct, field

from checker.aws import Json
from checker.engine.compiled_rule import CompiledRule
from checker.engine.evidence import Describer, Evidence
from checker.engine.exceptions import Excepter
from checker.engine.exhibits import exhibit_of
from checker.engine.finding import VIOLATIONS, Finding
from checker.engine.identity import WIDTH, identify
from checker.engine.rows import between, ranges
from checker.errors import OutputError, Place, Problem
from checker.limits import Limits
from checker.policy.rule import Rule
from checker.trail.event import canonical_bytes, canonical_event, event_time

Record: TypeAlias = dict[str, Json]
ReadAgain: TypeAlias = Callable[[str, Sequence[int]], Mapping[int, Record]]
"""Gives records of a file by their positions, as far as they still stand there."""

# Identity, rule, finding, index: in the order of bytes.
_PACKED: Final = struct.Struct(f">{WIDTH}sIBI")
_ROW: Final = _PACKED.size
_KEY: Final = WIDTH + 4


class Entry(NamedTuple):
    """One event behind an exception of one rule."""

    rule: int
    finding: Finding
    evidence: Evidence


class Listing(Struct):
    """Events behind exceptions: packed rows by file, sorted by identity and rule."""

    files: dict[str, bytes] = field(default_factory=dict)

    def absorb(self, other: "Listing") -> None:
        """Take in what another one lists, of other files or other parts of the same ones."""
        for path, rows in other.files.items():
            known = self.files.get(path)
            both = rows if known is None or known == rows else _united(known, rows)
            self.files[path] = both

    def moved(self, by: int) -> "Listing":
        """Give the same, with all positions so many records later."""
        return Listing({path: _moved(rows, by) for path, rows in self.files.items()})

    def entries(
        self,
        rules: Sequence[Rule],
        excepter: Excepter,
        limits: Limits,
        read_again: ReadAgain,
        *,
        timed: bool,
    ) -> Iterator[Entry]:
        """Read every listed event again, and say what happened in it; each once.

        Args:
            rules: In the order in which the rule set numbered them.
            excepter: What becomes of violations.
            limits: What one evaluation may cost.
            read_again: Reads records of a file.
            timed: Whether an event whose time cannot be read is an error in any case.

        Yields:
            By path, position and rule.

        Raises:
            OutputError: An event does not stand where it was judged any more.
        """
        again = self._again()
        reader = _Reader(rules, excepter, limits, timed=timed)
        for path in sorted(self.files):
            skipped: Collection[bytes] = again.get(path, ())
            rows = [row for row in _rows(self.files[path]) if row not in skipped]
            found = sorted(
                (_PACKED.unpack(row) for row in rows), key=lambda each: (each[3], each[1])
            )
            records = read_again(path, sorted({index for *_, index in found}))
            for identity, rule, finding, index in found:
                record = records.get(index)
                entry = record and reader.read(record, path, index, identity, rule, finding)
                if not entry:
                    raise _changed(path)
                yield entry

    def _again(self) -> dict[str, set[bytes]]:
        """Give, by path, the rows of what stands elsewhere before: at a lesser path or position."""
        again: dict[str, set[bytes]] = {}
        paths = sorted(self.files)
        for first, last in ranges(sum(map(len, self.files.values())) // _ROW):
            seen: set[bytes] = set()
            for path in paths:
                for row in between(self.files[path], _ROW, first, last):
                    if row[:_KEY] in seen:
                        again.setdefault(path, set()).add(row)
                    seen.add(row[:_KEY])
        return again


class ListingWriter:
    """Gathers the listing of one shard."""

    def __init__(self) -> None:
        self._rows: dict[str, list[bytes]] = {}

    def add(self, rule: int, finding: Finding, identity: bytes, path: str, index: int) -> None:
        """Note an event behind an exception."""
        row = _PACKED.pack(identity, rule, finding, index)
        self._rows.setdefault(path, []).append(row)

    def listing(self) -> Listing:
        """Give what was gathered, packed."""
        return Listing({path: b"".join(sorted(rows)) for path, rows in self._rows.items()})


class _Reader:
    """Says of a record that was read again what it came to."""

    def __init__(
        self, rules: Sequence[Rule], excepter: Excepter, limits: Limits, *, timed: bool
    ) -> None:
        self._rules = rules
        self._excepter = excepter
        self._limits = limits
        self._timed = timed
        self._describers: dict[int, Describer] = {}
        self._compiled: dict[int, CompiledRule] = {}

    def read(  # noqa: PLR0913, PLR0917 - what a row is made of, and its record
        self, record: Record, path: str, index: int, identity: bytes, rule: int, number: int
    ) -> Entry | None:
        """Give the entry of a row; None if the record is not the one that was judged."""
        event = canonical_event(record)
        whole, _ = identify(event, canonical_bytes(event), path, index)
        if whole != identity:
            return None
        finding = Finding(number)
        exhibit = exhibit_of(record, event, whole, path, index, self._reason(rule, finding, event))
        evidence = self._describer(rule).describe(exhibit, finding)
        return Entry(rule, finding, evidence)

    def _reason(self, rule: int, finding: Finding, event: dict[str, Json]) -> str:
        if finding in VIOLATIONS:
            return ""
        if rule not in self._compiled:
            self._compiled[rule] = CompiledRule(self._rules[rule], self._limits, timed=self._timed)
        judged = self._compiled[rule].judge(event, event_time(event))
        return judged.reason if judged else ""

    def _describer(self, rule: int) -> Describer:
        if rule not in self._describers:
            self._describers[rule] = Describer(
                self._rules[rule], self._limits, self._excepter, rule
            )
        return self._describers[rule]


def _changed(path: str) -> OutputError:
    cause = "it has changed since it was judged: not all exceptions could be read again"
    hint = "check again, over files that nobody writes to"
    place = Place(path=path)
    return OutputError([Problem(code="input-changed", cause=cause, place=place, hint=hint)])


def _rows(rows: bytes) -> Iterator[bytes]:
    return (rows[at : at + _ROW] for at in range(0, len(rows), _ROW))


def _united(one: bytes, other: bytes) -> bytes:
    return b"".join(sorted({*_rows(one), *_rows(other)}))


def _moved(rows: bytes, by: int) -> bytes:
    unpacked = (_PACKED.unpack(row) for row in _rows(rows))
    return b"".join(
        _PACKED.pack(identity, rule, finding, index + by)
        for identity, rule, finding, index in unpacked
    )
