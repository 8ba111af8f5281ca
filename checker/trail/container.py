"""What trail logs look like: the containers that events come in.

Recognition is positive: what is not known to be an event is refused, with the reason. Each shape is
opened once, so nothing can hide in a wrapper within a wrapper.
"""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.depth import is_deeper
from checker.limits import DEFAULT, Limits
from checker.trail.decode import LIST_KEYS, decode_inner
from checker.trail.defect import Defect, too_much
from checker.trail.event import has_colliding_names, is_legacy
from checker.trail.look_alike import LookAlike, look_alike
from checker.trail.record import CLOUDTRAIL_FILE, ONE_EVENT
from checker.trail.text import SHAPES_HINT


class Container(Struct, frozen=True):
    """One shape that events are wrapped in.

    Attributes:
        name: As reports show it.
        recognise: Tells whether a JSON document has this shape.
        records: Takes the records out of such a document, in order.
        holds_one: Whether that is exactly one record, so that the document's place is its place.
    """

    name: str
    recognise: Callable[[Json], bool]
    records: Callable[[Json], list[Json]]
    holds_one: bool = False


def container_of(document: Json) -> Container | Defect:
    """Give the container that a JSON document is, or why it is none, or not surely one."""
    if isinstance(document, Defect):
        return document
    known = _recognised(document, CONTAINERS)
    if len(known) == 1:
        return known[0]
    if known:
        return _ambiguous(known)
    like = look_alike(document) or _stranger(document)
    return Defect(code="not-a-trail-log", cause=f"this is {like.what}", hint=like.hint)


def why_refused(record: Json, limits: Limits = DEFAULT) -> Defect | None:
    """Say why a value is no event, in words that hold no text of it; None for an event.

    An event has the texts `eventName` and `eventSource`, by which rules find it, and at least one
    more field of CloudTrail's own. CloudTrail Insights events have neither name nor source.
    """
    if isinstance(record, Defect):
        return record
    cause = _why_no_event(record)
    if cause:
        like = _wrapper_within(record) or look_alike(record)
        cause, hint = (f"it is {like.what}", like.hint) if like else (cause, "")
        return Defect(code="refused-record", cause=f"a record was refused: {cause}", hint=hint)
    if is_deeper(record, limits.record_depth):
        cause = f"a record was refused: it nests deeper than {limits.record_depth} levels"
        return too_much("record-too-large", cause, "record_depth")
    return None


def has_more_pages(document: Json) -> bool:
    """Tell whether output of AWS CLI says that it is one page of several."""
    return isinstance(document, dict) and bool(
        document.get("NextToken") or document.get("nextToken")
    )


def _recognised(document: Json, containers: Sequence[Container]) -> list[Container]:
    return [container for container in containers if container.recognise(document)]


def _ambiguous(known: Sequence[Container]) -> Defect:
    names = " and as ".join(container.name for container in known)
    cause = f"this can be read in several ways, as {names}, so it is not read"
    return Defect(code="not-a-trail-log", cause=cause, hint=SHAPES_HINT)


def _wrapper_within(record: Json) -> LookAlike | None:
    known = [container for container in CONTAINERS if container.records is not _itself]
    for container in _recognised(record, known):
        what = f"wrapped once more ({container.name}), and only one wrapper is opened"
        return LookAlike(what, "give what is wrapped as a file of its own")
    return None


def _stranger(document: Json) -> LookAlike:
    if isinstance(document, dict):
        unlisted = next((key for key in LIST_KEYS if key in document), "")
        why = f"its {unlisted} is not a list" if unlisted else _why_no_event(document)
        return LookAlike(f"a JSON object, but no event: {why}", SHAPES_HINT)
    return LookAlike("a JSON value, neither an object nor a list", SHAPES_HINT)


def _unwrap(element: Json) -> Json:
    """Give the event within an element of a list, or the element when it wraps none."""
    known = _recognised(element, _SINGLES)
    if len(known) > 1:
        return _ambiguous(known)
    return known[0].records(element)[0] if known else element


def _why_no_event(record: Json) -> str:
    if not isinstance(record, dict):
        return "it is not an object"
    if is_legacy(record):
        return _why_no_legacy_event(record)
    return "" if _is_insight(record) else _what_is_missing(record)


def _why_no_legacy_event(record: dict[str, Json]) -> str:
    if has_colliding_names(record):
        return "two of its keys mean the same field"
    source = record.get("EventSource")
    return "" if source is None or isinstance(source, str) else "its EventSource is not text"


def _what_is_missing(record: dict[str, Json]) -> str:
    for key in ("eventName", "eventSource"):
        if not isinstance(record.get(key, ""), str):
            return f"its {key} is not text"
        if not record.get(key):
            return f"it has no {key}"
    if record["eventSource"].startswith("aws:"):
        return "it is a notification of another service, not a CloudTrail event"
    if not record.keys() & _OWN_FIELDS:
        return "it has none of eventVersion, eventID, eventTime, eventType, awsRegion, userIdentity"
    return ""


def _is_insight(record: dict[str, Json]) -> bool:
    return record.get("eventType") == "AwsCloudTrailInsight" and isinstance(
        record.get("insightDetails"), dict
    )


def _is_event(document: Json) -> bool:
    return isinstance(document, dict) and not is_legacy(document) and not _why_no_event(document)


def _is_legacy_record(document: Json) -> bool:
    return isinstance(document, dict) and is_legacy(document)


def _is_from_event_bridge(document: Json) -> bool:
    if not isinstance(document, dict) or not isinstance(document.get("detail"), dict):
        return False
    kind = document.get("detail-type")
    return isinstance(kind, str) and (
        kind.endswith("via CloudTrail") or not _why_no_event(document["detail"])
    )


def _is_message(document: Json) -> bool:
    message = document.get("message") if isinstance(document, dict) else None
    return isinstance(message, str) and message.lstrip().startswith("{")


def _wraps(key: str) -> Callable[[Json], bool]:
    """Make the recogniser of an object that holds an event, or its JSON text, under a key."""
    return lambda document: isinstance(document, dict) and isinstance(document.get(key), str | dict)


def _itself(document: Json) -> list[Json]:
    return [document]


def _inner(key: str) -> Callable[[Json], list[Json]]:
    def records(document: Json) -> list[Json]:
        value = document[key]
        return [decode_inner(value) if isinstance(value, str) else value]

    return records


def _lists(key: str) -> Callable[[Json], bool]:
    """Make the recogniser of an object that holds a list under a key."""
    return lambda document: isinstance(document, dict) and isinstance(document.get(key), list)


def _unwrapped(key: str) -> Callable[[Json], list[Json]]:
    return lambda document: [_unwrap(element) for element in document[key]]


def _are_messages(document: Json) -> bool:
    return _lists("events")(document) and (
        not document["events"]
        or any(isinstance(event, dict) and "message" in event for event in document["events"])
    )


def _subscribed(document: Json) -> list[Json]:
    """Take the events out of CloudWatch Logs data; a control message only tells of a delivery."""
    return [
        _unwrap(event)
        for event in document["logEvents"]
        if document.get("messageType") != "CONTROL_MESSAGE" or not _is_control(event)
    ]


def _is_control(event: Json) -> bool:
    message = event.get("message") if isinstance(event, dict) else None
    return isinstance(message, str) and message.startswith("CWL CONTROL MESSAGE")


_OWN_FIELDS: Final = frozenset(
    {"eventVersion", "eventID", "eventTime", "eventType", "awsRegion", "userIdentity"}
)

_SINGLES: Final = tuple(
    Container(name, recognise, records, holds_one=True)
    for name, recognise, records in (
        (ONE_EVENT, _is_event, _itself),
        ("legacy AWS IoT record", _is_legacy_record, _itself),
        ("EventBridge event", _is_from_event_bridge, _inner("detail")),
        ("CloudTrail Lake event", _wraps("eventData"), _inner("eventData")),
        ("lookup-events entry", _wraps("CloudTrailEvent"), _inner("CloudTrailEvent")),
        ("CloudWatch Logs event", _is_message, _inner("message")),
    )
)
"""Shapes of one event, alone, one a line or in lists."""

CONTAINERS: Final = (
    Container(CLOUDTRAIL_FILE, _lists("Records"), lambda document: list(document["Records"])),
    Container(
        "list",
        lambda document: isinstance(document, list),
        lambda document: [_unwrap(element) for element in document],
    ),
    Container("lookup-events output", _lists("Events"), _unwrapped("Events")),
    Container("CloudWatch Logs output", _are_messages, _unwrapped("events")),
    Container("CloudWatch Logs subscription", _lists("logEvents"), _subscribed),
    Container("CloudTrail Lake audit events", _lists("auditEvents"), _unwrapped("auditEvents")),
    *_SINGLES,
)
"""Every shape that is read; a shape that is not here is refused."""
