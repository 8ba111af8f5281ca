"""Reading one trail log: bytes in, records and problems out; bad input is never an exception."""

import json
from hashlib import sha256
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from checker.aws import Json
from checker.aws.time import parse_naive_time
from checker.errors import Level, Place, Problem
from checker.limits import DEFAULT, Limits
from checker.trail.container import (
    Container,
    container_of,
    has_more_pages,
    why_refused,
)
from checker.trail.decode import BROKEN_JSON, documents
from checker.trail.defect import Defect, too_much
from checker.trail.event import canonical_event, event_time
from checker.trail.load import load
from checker.trail.look_alike import is_digest
from checker.trail.record import JSON_LINES, ONE_EVENT, Record, TrailLog
from checker.trail.source import Source, is_log_name
from checker.trail.text import SHAPES_HINT, may_hold_events, text_of


def open_trail(source: Source, stdin: BinaryIO, limits: Limits = DEFAULT) -> TrailLog:
    """Read a source whole; what is wrong with it is in the log's problems.

    Args:
        source: What to read.
        stdin: Where the source for standard input reads from.
        limits: What is too much to read.
    """
    return read_loaded(source, load(source, stdin, limits), limits)


def read_loaded(source: Source, content: bytes | Defect, limits: Limits = DEFAULT) -> TrailLog:
    """Read what `load` gave of a source, as `open_trail` does."""
    if isinstance(content, Defect):
        return TrailLog(source=source, problems=(_problem(content, Place(path=source.path)),))
    return read_trail(source, content, limits)


def read_trail(source: Source, content: bytes, limits: Limits = DEFAULT) -> TrailLog:
    """Read the bytes of a source.

    Every piece that cannot be read is refused and named in a problem, one for each cause; what
    stands before and behind it is read.
    """
    digest = sha256(content).hexdigest()
    log = TrailLog(source=source, size=len(content), sha256=digest)
    if not (source.explicit or is_log_name(source.path) or may_hold_events(content)):
        return replace(log, set_aside="neither JSON nor gzip, and not named like a log")
    text, defects = text_of(content, limits)
    found = list(documents(text))
    if not source.explicit and not defects and len(found) == 1 and is_digest(found[0][1]):
        return replace(log, set_aside="a CloudTrail digest file, which holds no events")
    reading = _Reading(source.path, text, limits)
    for defect in defects:
        reading.note(defect)
    for offset, document in found:
        reading.take(document, offset)
    return replace(
        log,
        container=", ".join(reading.containers),
        records=tuple(reading.records),
        refused=reading.refused,
        problems=reading.problems(),
    )


class _Reading(Struct):
    """The state of reading one source."""

    path: str
    text: str
    limits: Limits
    containers: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    refused: int = 0
    _found: dict[tuple[str, str], tuple[Problem, int]] = field(default_factory=dict)

    def take(self, document: Json, offset: int) -> None:
        """Take the records out of the document that stands at an offset of the text."""
        container = container_of(document)
        if isinstance(container, Defect):
            is_no_json = container.code == BROKEN_JSON and not self._index
            self._refuse(replace(container, hint=SHAPES_HINT) if is_no_json else container, offset)
            return
        self._name(container)
        if has_more_pages(document):
            self.note(_MORE_PAGES)
        for record in container.records(document):
            defect = why_refused(record, self.limits) or self._why_too_large(record)
            where = offset if container.holds_one else None
            if defect:
                self._refuse(defect, where)
            else:
                self._accept(record, where)

    def note(self, defect: Defect) -> None:
        """Note a problem, once for each cause, at its first place."""
        key = (defect.code, defect.cause)
        known = self._found.get(key)
        if known:
            self._found[key] = (known[0], known[1] + 1)
            return
        place = _place(self.path, self.text, defect.offset)
        self._found[key] = (_problem(defect, place), 1)

    def problems(self) -> tuple[Problem, ...]:
        """Give one problem for each cause, in the order of their first places."""
        told = [
            problem if count == 1 else replace(problem, cause=f"{problem.cause} ({count:,} times)")
            for problem, count in self._found.values()
        ]
        return tuple(sorted(told, key=lambda problem: problem.sort_key))

    @property
    def _index(self) -> int:
        return len(self.records) + self.refused

    def _name(self, container: Container) -> None:
        """Note the shape of a document; the second event of a file makes it JSON Lines."""
        name = container.name
        if name == ONE_EVENT and self._index:
            name = JSON_LINES
            self.containers = [
                JSON_LINES if known == ONE_EVENT else known for known in self.containers
            ]
        if name not in self.containers:
            self.containers.append(name)

    def _why_too_large(self, record: Json) -> Defect | None:
        if len(self.text) <= self.limits.record_bytes:
            return None
        size = len(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        if size <= self.limits.record_bytes:
            return None
        cause = f"a record was refused: it holds more than {self.limits.record_bytes:,} characters"
        return too_much("record-too-large", cause, "record_bytes")

    def _accept(self, original: dict[str, Json], offset: int | None) -> None:
        event = canonical_event(original)
        time = event_time(event)
        if time is None:
            self.note(self._placed(_UNREADABLE_TIME, offset))
        elif _has_no_zone(original):
            self.note(self._placed(_NO_ZONE, offset))
        self.records.append(Record(index=self._index, original=original, event=event, time=time))

    def _refuse(self, defect: Defect, offset: int | None) -> None:
        self.note(self._placed(defect, offset))
        self.refused += 1

    def _placed(self, defect: Defect, offset: int | None) -> Defect:
        """Give a defect of the record that is being read its place, or the record's number."""
        if defect.offset is not None:
            return defect
        if offset is not None:
            return replace(defect, offset=offset)
        first = f"the first is record {self._index}, counted from 0"
        return replace(defect, hint=f"{first}; {defect.hint}" if defect.hint else first)


_MORE_PAGES = Defect(
    code="more-pages",
    cause="the output is one page of several: its next token says that more events follow",
    hint="let AWS CLI fetch all pages, without --max-items or --no-paginate",
)
_UNREADABLE_TIME = Defect(
    code="unreadable-time",
    cause="an eventTime cannot be read",
    hint="CloudTrail writes 2024-12-16T08:00:00Z",
    level=Level.WARNING,
)
_NO_ZONE = Defect(
    code="time-without-zone",
    cause="an eventTime has no zone, UTC is assumed",
    hint="CloudTrail writes 2024-12-16T08:00:00Z",
    level=Level.WARNING,
)


def _has_no_zone(original: dict[str, Json]) -> bool:
    text = original.get("eventTime", original.get("EventTime"))
    try:
        return isinstance(text, str) and parse_naive_time(text) is not None
    except ValueError:
        return False


def _problem(defect: Defect, place: Place) -> Problem:
    return Problem(
        code=defect.code, cause=defect.cause, place=place, hint=defect.hint, level=defect.level
    )


def _place(path: str, text: str, offset: int | None) -> Place:
    if offset is None:
        return Place(path=path)
    line = text.count("\n", 0, offset) + 1
    return Place(path=path, line=line, column=offset - text.rfind("\n", 0, offset))
