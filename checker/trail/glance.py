"""Reading at a glance: of every record the few fields that tell which rules could be about it.

Most records concern no rule, and to make objects of all that is in them costs most of a run. So a
CloudTrail file is read twice over its bytes: once for those few fields, once for the bounds of the
records, and only records that somebody wants are read in full. What reading in full would refuse is
never hidden by that: the syntax of the whole file, its encoding, that `Records` is all there is, and
the types of the fields are checked here, and on any doubt there is no glance, so that the strict
reader tells. Two things are checked in records read in full only: that no key stands twice, and how
deep they nest.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, TypeAlias

import msgspec

from checker.aws import Json
from checker.aws.depth import is_deeper
from checker.aws.time import parse_time
from checker.limits import Limits
from checker.trail.event import account_of, canonical_event, event_time
from checker.trail.inflate import GZIP_MAGIC
from checker.trail.reader import Record

Values: TypeAlias = tuple[str | None, ...]

_ALWAYS: Final = ("eventSource", "eventName", "eventTime", "awsRegion")
_BOOLEANS: Final = frozenset({"readOnly", "managementEvent"})
_SMALL: Final = 64 << 20
_GZIP_ONLY: Final = 31
_OPENING = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"Records"[ \t\r\n]*:')
_TIMES = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)*")
_TIME_LENGTH: Final = 20


class _Identity(msgspec.Struct, gc=False):
    accountId: str | None = None  # noqa: N815 - CloudTrail's name


@dataclass(frozen=True, slots=True)
class Glance:
    """A CloudTrail file, every record of it well-formed, none yet read in full.

    Attributes:
        values: For each record, the fields asked for, in their order.
        population: Records by account and region; an account that is not named is empty.
        first: The earliest eventTime, None without records.
    """

    values: Sequence[Values]
    population: Mapping[tuple[str, str], int]
    first: datetime | None
    last: datetime | None
    _array: memoryview
    _limits: Limits

    def records(self, numbers: Iterable[int]) -> list[Record] | None:
        """Read some records in full; None when one of them must be left to the strict reader."""
        raws = _RAWS.decode(self._array)
        found: list[Record] = []
        for number in numbers:
            record = _record(number, raws[number], self._limits)
            if record is None:
                return None
            found.append(record)
        return found


class Glancer:
    """Reads files at a glance, for rules that turn on certain fields, two at least."""

    def __init__(self, fields: Sequence[str]) -> None:
        others = [name for name in fields if name not in _ALWAYS]
        kind = msgspec.defstruct(
            "Glimpse",
            [
                *((name, str) for name in _ALWAYS),
                ("recipientAccountId", str | None, None),
                ("userIdentity", _Identity | None, None),
                *((name, _type_of(name), None) for name in others if name not in _TAKEN),
            ],
            gc=False,
        )
        self._decoder: msgspec.json.Decoder[list[Json]] = msgspec.json.Decoder(
            list[kind]  # type: ignore[valid-type]
        )
        self._values = attrgetter(*fields)
        self._has_booleans = not _BOOLEANS.isdisjoint(fields)
        self._fits = not _TAKEN & set(fields)

    def glance(self, content: bytes, limits: Limits) -> Glance | None:
        """Read a file's bytes at a glance; None on any doubt about them."""
        text = _inflated(content, limits) if content.startswith(GZIP_MAGIC) else content
        array = _array_in(text) if text and len(text) <= limits.record_bytes else None
        if array is None or not self._fits:
            return None
        try:
            glimpses = self._decoder.decode(array)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        span = _span([glimpse.eventTime for glimpse in glimpses])
        if span is None or any(_is_doubtful(each) for each in set(map(_NAMES, glimpses))):
            return None
        values: list[Values] = list(map(self._values, glimpses))
        if self._has_booleans:
            values = [tuple(map(_text, each)) for each in values]
        return Glance(values, _population(glimpses), *span, array, limits)


_TAKEN: Final = frozenset({"recipientAccountId", "userIdentity"})
_NAMES: Final = attrgetter("eventSource", "eventName")
_PLACES: Final = attrgetter("recipientAccountId", "awsRegion")
_RAWS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_ENCODER: Final = msgspec.json.Encoder()


def _type_of(name: str) -> object:
    return bool | str | None if name in _BOOLEANS else str | None


def _text(value: str | bool | None) -> str | None:  # noqa: FBT001 - a field's value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _inflated(content: bytes, limits: Limits) -> bytes:
    """Inflate a file of one sound member; nothing for any other."""
    most = min(limits.file_bytes, max(_SMALL, limits.inflate_ratio * len(content)))
    member = zlib.decompressobj(_GZIP_ONLY)
    try:
        text = member.decompress(content, most)
    except zlib.error:
        return b""
    return text if member.eof and not member.unused_data else b""


def _array_in(text: bytes) -> memoryview | None:
    """Give the list in `{"Records": […]}`, when there is nothing else in the file."""
    opening = _OPENING.match(text)
    end = len(text.rstrip(b" \t\r\n")) - 1
    if opening is None or text[end : end + 1] != b"}":
        return None
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError:
            return None
    return memoryview(text)[opening.end() : end]


def _span(times: Sequence[str]) -> tuple[datetime | None, datetime | None] | None:
    """Give the earliest and the latest time; None unless all are as CloudTrail writes them."""
    if not times:
        return None, None
    if any(len(time) != _TIME_LENGTH for time in times) or not _TIMES.fullmatch("".join(times)):
        return None
    try:
        for day in {time[:10] for time in times}:
            parse_time(f"{day}T00:00:00Z")
    except ValueError:
        return None
    return parse_time(min(times)), parse_time(max(times))


def _is_doubtful(names: tuple[str, str]) -> bool:
    source, name = names
    return not source or not name or source.startswith("aws:")


def _population(glimpses: Sequence[Json]) -> Mapping[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for (account, region), count in Counter(map(_PLACES, glimpses)).items():
        if account_of(account):
            counts[account, region] += count
    if counts.total() < len(glimpses):
        for glimpse in glimpses:
            if not account_of(glimpse.recipientAccountId):
                caller = glimpse.userIdentity.accountId if glimpse.userIdentity else None
                counts[account_of(caller) or "", glimpse.awsRegion] += 1
    return counts


def _record(number: int, raw: msgspec.Raw, limits: Limits) -> Record | None:
    """Read one record in full; None unless nothing in it is lost or doubtful.

    A key that stands twice, a number out of range or of odd form, and escapes that JSON can do
    without make the text shorter or longer when it is written again: such a record is left alone.
    """
    text = bytes(raw)
    try:
        original = msgspec.json.decode(text)
        if len(_ENCODER.encode(original)) != len(text):
            return None
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError):
        return None
    # As many brackets as levels are needed to nest beyond the limit; few records have them.
    if text.count(b"{") + text.count(b"[") > limits.record_depth and is_deeper(
        original, limits.record_depth
    ):
        return None
    event = canonical_event(original)
    return Record(index=number, original=original, event=event, time=event_time(event))
