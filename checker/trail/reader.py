"""Reading one trail log: bytes in, records and problems out; bad input is never an exception."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from checker.aws import Json
from checker.aws.time import parse_naive_time
from checker.errors import Level, Place, Problem
from checker.trail.container import Container, container_of, resemblance, why_refused
from checker.trail.decode import Defect, decode_utf8, documents, first_bad_byte
from checker.trail.event import canonical_event, event_time
from checker.trail.inflate import GZIP_MAGIC, inflate
from checker.trail.source import Source, is_log_name

_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"
_WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_LINES: Final = "JSON Lines"

_FOREIGN: Final = (
    (b"PK\x03\x04", "a zip archive", "unpack it first; gzip is read as it is"),
    (b"(\xb5/\xfd", "compressed with zstd", "decompress it first; gzip is read as it is"),
    (b"BZh", "compressed with bzip2", "decompress it first; gzip is read as it is"),
    (b"\xfd7zXZ\0", "compressed with xz", "decompress it first; gzip is read as it is"),
    (b"PAR1", "a Parquet file", "export the events as JSON"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file", "fetch it with `git lfs pull`"),
    (b"<", "XML or HTML, perhaps an error page saved as a log", "fetch the log again"),
)
_SHAPES_HINT: Final = (
    'a trail log is {"Records": [...]}, a list of events, one event, or one event a line'
)
_UTF_8_HINT: Final = "trail logs are UTF-8: convert the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event of a trail log.

    Attributes:
        index: 0-based position among the records of its file, refused ones counted.
        original: The record as it was written: the evidence.
        event: The canonical event: what rules see.
        time: When it happened; None if that cannot be read.
    """

    index: int
    original: dict[str, Json]
    event: dict[str, Json]
    time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLog:
    """What one source held.

    Attributes:
        source: Where it came from.
        container: The name of its shape; empty when none was recognised.
        size: In bytes, as read, before inflating.
        sha256: Of the bytes as read, in hexadecimal.
        records: The events that could be read, in order.
        refused: How many records could not.
        problems: All that was lost or odd.
        set_aside: Why a file found in a folder is no trail log, nor named like one; else empty.
    """

    source: Source
    container: str = ""
    size: int = 0
    sha256: str = ""
    records: tuple[Record, ...] = ()
    refused: int = 0
    problems: tuple[Problem, ...] = ()
    set_aside: str = ""


def open_trail(source: Source, stdin: BinaryIO) -> TrailLog:
    """Read a source whole; what is wrong with it is in the log's problems.

    Args:
        source: What to read.
        stdin: Where the source for standard input reads from.
    """
    try:
        content = load(source, stdin)
    except OSError as error:
        cause = f"cannot be read: {error.strerror or error}"
        problem = Problem(code="unreadable-file", cause=cause, place=Place(path=source.path))
        return TrailLog(source=source, problems=(problem,))
    return read_trail(source, content)


def load(source: Source, stdin: BinaryIO) -> bytes:
    """Give the bytes of a source.

    Raises:
        OSError: They cannot be read.
    """
    return stdin.read() if source.stdin else Path(source.path).read_bytes()


def read_trail(source: Source, content: bytes) -> TrailLog:
    """Read the bytes of a source.

    Every piece that cannot be read is refused and named in a problem, one for each cause; what
    stands before and behind it is read.
    """
    digest = sha256(content).hexdigest()
    log = TrailLog(source=source, size=len(content), sha256=digest)
    set_aside = _why_set_aside(source, content)
    if set_aside:
        return replace(log, set_aside=set_aside)
    reading = _Reading(source.path)
    text = reading.text(content)
    reading.read(text)
    return replace(
        log,
        container=reading.container,
        records=tuple(reading.records),
        refused=reading.refused,
        problems=reading.problems(),
    )


def _why_set_aside(source: Source, content: bytes) -> str:
    opening = content.removeprefix(_BOM).lstrip(_SPACE)
    if source.explicit or is_log_name(source.path) or opening.startswith((b"{", b"[", GZIP_MAGIC)):
        return ""
    return "neither JSON nor gzip, and not named like a log"


@dataclass(slots=True)
class _Reading:
    """The state of reading one source."""

    path: str
    container: str = ""
    records: list[Record] = field(default_factory=list)
    refused: int = 0
    _found: dict[tuple[str, str], tuple[Problem, int]] = field(default_factory=dict)
    _index: int = 0

    def text(self, content: bytes) -> str:
        """Give the text of the bytes, inflated and decoded."""
        if content.startswith(GZIP_MAGIC):
            inflated = inflate(content)
            if inflated.defect:
                self._note("damaged-gzip", f"not read whole: {inflated.defect}")
                if not inflated.content:
                    return ""
            content = inflated.content
        defect = _why_not_json(content)
        if defect:
            self._note(*defect)
            return ""
        text = decode_utf8(content.removeprefix(_BOM))
        bad = first_bad_byte(text)
        if bad is not None:
            place = _place(self.path, text, bad)
            self._note("not-utf-8", "the text is not UTF-8 throughout", place, _UTF_8_HINT)
        return text

    def read(self, text: str) -> None:
        """Take the records out of every document in the text."""
        for number, document in enumerate(documents(text)):
            container = container_of(document)
            if container is None:
                self._refuse_document(document, text)
            else:
                self.container = _LINES if number else container.name
                self._take(container, document, text)

    def problems(self) -> tuple[Problem, ...]:
        """Give one problem for each cause, in the order of their first places."""
        told = [
            replace(problem, cause=f"{problem.cause} ({count} times)") if count > 1 else problem
            for problem, count in self._found.values()
        ]
        return tuple(sorted(told, key=lambda problem: problem.sort_key))

    def _take(self, container: Container, document: Json, text: str) -> None:
        for value in container.records(document):
            why = why_refused(value)
            if why:
                self._refuse(value, why, text)
            else:
                self._accept(value)
            self._index += 1

    def _accept(self, original: dict[str, Json]) -> None:
        event = canonical_event(original)
        time = event_time(event)
        self.records.append(Record(index=self._index, original=original, event=event, time=time))
        first = f"the first is record {self._index}, counted from 0"
        if time is None:
            self._note("unreadable-time", "an eventTime cannot be read", None, first, Level.WARNING)
        elif _has_no_zone(original):
            cause = "an eventTime has no zone, UTC is assumed"
            self._note("time-without-zone", cause, None, first, Level.WARNING)

    def _refuse(self, value: Json, why: str, text: str) -> None:
        self.refused += 1
        hint = f"the first is record {self._index}, counted from 0"
        if isinstance(value, Defect):
            place = _place(self.path, text, value.offset)
            self._note("refused-record", f"not read: {why}", place, hint)
        else:
            self._note("refused-record", f"a record was refused: {why}", None, hint)

    def _refuse_document(self, document: Json, text: str) -> None:
        self.refused += 1
        self._index += 1
        if isinstance(document, Defect):
            place = _place(self.path, text, document.offset)
            self._note("refused-record", f"not read: {document.cause}", place, _SHAPES_HINT)
        else:
            self._note("not-a-trail-log", f"this is {resemblance(document)}", None, _SHAPES_HINT)

    def _note(
        self,
        code: str,
        cause: str,
        place: Place | None = None,
        hint: str = "",
        level: Level = Level.ERROR,
    ) -> None:
        """Note a problem, once for each cause."""
        known = self._found.get((code, cause))
        if known:
            self._found[code, cause] = (known[0], known[1] + 1)
            return
        where = place or Place(path=self.path)
        problem = Problem(code=code, cause=cause, place=where, hint=hint, level=level)
        self._found[code, cause] = (problem, 1)


def _why_not_json(content: bytes) -> tuple[str, str, None, str] | None:
    """Name what bytes are that cannot be JSON in UTF-8: code, cause, no place, hint."""
    if not content.removeprefix(_BOM).strip(_SPACE):
        return "empty-file", "the file is empty", None, _SHAPES_HINT
    if content.startswith(GZIP_MAGIC):
        return "not-a-trail-log", "this is gzip inside gzip", None, "decompress it once"
    for magic, what, hint in _FOREIGN:
        if content.startswith(magic):
            return "not-a-trail-log", f"this is {what}", None, hint
    if content.startswith(_WIDE_BOMS) or b"\0" in content[:4]:
        return "not-utf-8", "the text is not UTF-8, but UTF-16 or UTF-32", None, _UTF_8_HINT
    return None


def _has_no_zone(original: dict[str, Json]) -> bool:
    text = original.get("eventTime", original.get("EventTime"))
    try:
        return isinstance(text, str) and parse_naive_time(text) is not None
    except ValueError:
        return False


def _place(path: str, text: str, offset: int) -> Place:
    line = text.count("\n", 0, offset) + 1
    return Place(path=path, line=line, column=offset - text.rfind("\n", 0, offset))
