"""Reading at a glance: of every record the few fields that tell which rules could be about it.

Most records concern no rule, and to make objects of all that is in them costs most of a run. So a
CloudTrail file or JSON Lines is read twice over its bytes: once for those few fields, once for the
bounds of the records, and only records that somebody wants are read in full. What reading in full
would refuse is never hidden by that: the syntax of the whole file, its encoding, that there is
nothing in it but events, and the types of the fields are checked here, and on any doubt there is no
glance, so that the strict reader tells. Three things are checked in records read in full only: that
no key stands twice, that no number is out of range, and how deep they nest.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from checker.aws import Json
from checker.aws.depth import is_deeper
from checker.aws.period import EVER, Period
from checker.limits import Limits
from checker.trail.census import Hour, Kind, Spans, kind_of
from checker.trail.event import account_of, canonical_bytes, canonical_event, has_canonical_accounts
from checker.trail.record import CLOUDTRAIL_FILE, JSON_LINES, ONE_EVENT, Record
from checker.trail.record_class import RecordClass, kinds_of, places_of, span_of
from checker.trail.record_text import Decoder, Text, text_in

Values: TypeAlias = tuple[str | None, ...]
T = TypeVar("T")

_SAFE_SHARE: Final = 8
_MOST_CLASSES: Final = 100_000

_FIELDS: Final[Mapping[str, tuple[object, ...]]] = {
    "eventTime": (str,),
    "eventSource": (str,),
    "eventName": (str,),
    "awsRegion": (str,),
    "readOnly": (bool | str | None, None),
    "recipientAccountId": (str | None, None),
    "eventCategory": (str | None, None),
}
"""Fields that are always looked at, in the order in which CloudTrail writes them."""

# Of these a document of one event has none: with them it might be read in another way.
_NO_EVENT: Final = (
    "Records", "Events", "events", "logEvents", "auditEvents", "detail", "eventData",
    "CloudTrailEvent", "message", "NextToken", "nextToken",
)  # fmt: skip
# What CloudTrail writes into a record that it left out as a whole.
_OMITTED: Final = "omitted"
_SOMETIMES_BOOLEAN: Final = frozenset({"readOnly", "managementEvent"})


class _Identity(Struct, gc=False):
    accountId: str | None = None  # noqa: N815 - CloudTrail's name


class _Caller(Struct, gc=False):
    userIdentity: _Identity | None = None  # noqa: N815 - CloudTrail's name


class Glance(Struct, Generic[T], frozen=True):
    """A trail log, every record of it well-formed, none yet read in full.

    Attributes:
        count: How many records there are.
        outside: How many of them are outside of the period; nothing more is said of those.
        wanted: The numbers of the records that are, each with what it is wanted for.
        hours: Records by account, region and hour.
        spans: The earliest and the latest eventTime of each account and region.
        newest: The latest eventTime of all.
    """

    container: str
    count: int
    outside: int
    wanted: Sequence[tuple[int, T]]
    hours: Mapping[Hour, int]
    spans: Spans
    kinds: frozenset[Kind]
    newest: datetime | None
    _text: "Text"
    _limits: Limits

    def records(self) -> list[tuple[Record, T]] | None:
        """Read the wanted records in full; None when one must be left to the strict reader."""
        if not self.wanted and self._text.size <= self._limits.record_bytes:
            return []
        raws = self._text.raws()
        if len(raws) != self.count or self._has_large(raws):
            return None
        found: list[tuple[Record, T]] = []
        for number, purpose in self.wanted:
            record = _record(number, bytes(raws[number]), self._limits)
            if record is None:
                return None
            found.append((record, purpose))
        return found

    def _has_large(self, raws: Sequence[msgspec.Raw]) -> bool:
        """Tell whether a record may be over the limit once it is written as text."""
        most = self._limits.record_bytes
        return self._text.size > most and any(
            memoryview(raw).nbytes > most // _SAFE_SHARE for raw in raws
        )


_CALLER: Final[Decoder] = msgspec.json.Decoder(_Caller)
_CALLERS: Final[Decoder] = msgspec.json.Decoder(list[_Caller])


class Glancer(Generic[T]):
    """Reads files at a glance, for rules that turn on certain fields."""

    def __init__(self, fields: Sequence[str], purpose_of: Callable[[Values], T | None]) -> None:
        """Make a glancer.

        Args:
            fields: The fields that tell what a record is wanted for.
            purpose_of: Tells that from their values, in their order, numbers and booleans as
                their text; None for a record that nobody wants.
        """
        others = {name: _type_of(name) for name in fields if name not in _FIELDS}
        looked_at = {**_FIELDS, **others, _OMITTED: (None, None)}
        refused = {name: (None, None) for name in _NO_EVENT if name not in fields}
        glimpse, attributes = _struct("Glimpse", looked_at)
        line, _ = _struct("Line", {**looked_at, **refused})
        self._of_list: Decoder = msgspec.json.Decoder(list[glimpse])  # type: ignore[valid-type]
        self._of_lines: Decoder = msgspec.json.Decoder(line)
        self._fits_lines = not set(fields) & set(_NO_EVENT)
        self._names = [name for name in looked_at if name not in {"eventTime", _OMITTED}]
        self._key = attrgetter(*(attributes[name] for name in self._names))
        self._fields = fields
        self._purpose_of = purpose_of
        self._classes: dict[tuple[Json, ...], RecordClass] = {}

    def glance(
        self, content: bytes, limits: Limits, period: Period = EVER, size: int = 0
    ) -> Glance[T] | None:
        """Read a file's bytes at a glance; None on any doubt about them.

        Args:
            content: The bytes.
            limits: What is too much to read.
            period: What is answered for.
            size: Of the whole file, where these are a part of it.
        """
        text = text_in(content, limits, size)
        if text is None or not (text.is_list or self._fits_lines):
            return None
        try:
            glimpses = text.decoded(self._of_list, self._of_lines)
            classes = self._classes_of(glimpses)
            met = set(classes)
            accounts = None if all(each.account for each in met) else _accounts(glimpses, text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        times = [glimpse.eventTime for glimpse in glimpses]
        span = span_of(times)
        if span is None or any(each.is_doubtful for each in met):
            return None
        newest = span[1]
        numbers: Sequence[int] = range(len(times))
        if not period.is_open:
            start, stop = period.texts
            numbers = [number for number in numbers if start <= times[number] < stop]
        if len(numbers) < len(times):
            classes = [classes[number] for number in numbers]
            times = [times[number] for number in numbers]
            accounts = accounts and [accounts[number] for number in numbers]
            met = set(classes)
        return Glance(
            _container(text, len(glimpses)),
            len(glimpses),
            len(glimpses) - len(numbers),
            [
                (number, each.purpose)  # type: ignore[misc]
                for number, each in zip(numbers, classes, strict=True)
                if each.purpose is not None
            ],
            *places_of(classes, met, accounts, times),
            kinds_of(classes, met, accounts),
            newest,
            text,
            limits,
        )

    def _classes_of(self, glimpses: Sequence[Json]) -> Sequence[RecordClass]:
        known = self._classes
        if len(known) > _MOST_CLASSES:
            known.clear()
        keys = list(map(self._key, glimpses))
        try:
            return list(map(known.__getitem__, keys))
        except KeyError:
            for key in set(keys).difference(known):
                known[key] = self._class_of(dict(zip(self._names, key, strict=True)))
            return list(map(known.__getitem__, keys))

    def _class_of(self, record: dict[str, Json]) -> RecordClass:
        values = tuple(_written(record[name]) for name in self._fields)
        return RecordClass(
            account_of(record["recipientAccountId"]) or "",
            record["awsRegion"],
            kind_of(record),
            self._purpose_of(values),
        )


def raw_records(content: bytes, limits: Limits) -> list[msgspec.Raw] | None:
    """Give the bytes of each record of a file that could be read at a glance; None for others."""
    text = text_in(content, limits)
    try:
        if text is None:
            return None
        if not text.is_list:
            # Lines that hold more than one event, or wrap one, are counted otherwise.
            _LINE.decode_lines(text.content)
        return text.raws()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _struct(
    name: str, fields: Mapping[str, tuple[object, ...]]
) -> tuple[type[Struct], Mapping[str, str]]:
    """Make a struct of fields of a record; give with it the attribute that each one is.

    Rules may name any field, and not every name can be that of an attribute.
    """
    attributes = {each: each if each in _FIELDS else f"f{n}" for n, each in enumerate(fields)}
    listed = [(attributes[each], *rest) for each, rest in fields.items()]
    renamed = {attribute: each for each, attribute in attributes.items()}
    kind = msgspec.defstruct(name, listed, gc=False, rename=renamed)  # type: ignore[arg-type]
    return kind, attributes


_LINE: Final[Decoder] = msgspec.json.Decoder(
    _struct("Line", {"eventName": (str,), **dict.fromkeys(_NO_EVENT, (None, None))})[0]
)


def _type_of(name: str) -> tuple[object, None]:
    return (bool | str | None if name in _SOMETIMES_BOOLEAN else str | None), None


def _written(value: str | bool | None) -> str | None:  # noqa: FBT001 - a field's value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _container(text: Text, records: int) -> str:
    if text.is_list:
        return CLOUDTRAIL_FILE
    return ONE_EVENT if records == 1 else JSON_LINES


def _accounts(glimpses: Sequence[Json], text: Text) -> Sequence[str]:
    """Give the account of each record, as `event_account` does, empty where it names none."""
    callers = text.decoded(_CALLERS, _CALLER)
    return [
        account_of(glimpse.recipientAccountId)
        or account_of(caller.userIdentity.accountId if caller.userIdentity else None)
        or ""
        for glimpse, caller in zip(glimpses, callers, strict=True)
    ]


def _float(text: str) -> float:
    """Read a number that is written again in no more characters; raises ValueError on others."""
    value = float(text)
    if not math.isfinite(value) or len(msgspec.json.encode(value)) > len(text):
        raise ValueError("a number of odd form")
    return value


_RECORD: Final[Decoder] = msgspec.json.Decoder(float_hook=_float)


def _record(number: int, raw: bytes, limits: Limits) -> Record | None:
    """Read one record in full; None unless nothing in it is lost or doubtful.

    A key that stands twice, a number of odd form, and escapes that JSON can do without make the
    text shorter when it is written again, and nothing makes it longer: such a record is left alone.
    """
    try:
        original = _RECORD.decode(raw)
        canonical = canonical_bytes(original)
        if len(canonical) != len(raw):
            return None
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        return None
    # As many brackets as levels are needed to nest beyond the limit; few records have them.
    if raw.count(b"{") + raw.count(b"[") > limits.record_depth and is_deeper(
        original, limits.record_depth
    ):
        return None
    # Its time is canonical already: the glance has seen to that.
    event = original if has_canonical_accounts(original) else canonical_event(original)
    return Record(
        index=number,
        original=original,
        event=event,
        time=datetime.fromisoformat(original["eventTime"]),
        canonical=canonical if event is original else canonical_bytes(event),
    )
