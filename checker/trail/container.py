"""What trail logs look like: the containers that events come in, and what only looks alike.

Recognition is positive: what is not known to be an event is refused, with the reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from checker.aws import Json
from checker.trail.decode import Defect, is_too_deep
from checker.trail.event import has_colliding_names, is_legacy


@dataclass(frozen=True, slots=True)
class Container:
    """One shape that events are wrapped in.

    Attributes:
        name: As reports show it.
        recognise: Tells whether a JSON document has this shape.
        records: Takes the records out of such a document, in order.
    """

    name: str
    recognise: Callable[[Json], bool]
    records: Callable[[Json], list[Json]]


def why_refused(record: Json) -> str:
    """Say why a value is no event, in words that hold no text of it; empty for an event.

    An event has the texts `eventName` and `eventSource`, by which rules find it, and at least one
    more field of CloudTrail's own. CloudTrail Insights events have neither name nor source.
    """
    if isinstance(record, Defect):
        return record.cause
    if not isinstance(record, dict):
        return "it is not an object"
    if is_too_deep(record):
        return "it is nested too deeply"
    if is_legacy(record):
        return "two of its keys mean the same field" if has_colliding_names(record) else ""
    return "" if _is_insight(record) else _why_no_event(record)


def container_of(document: Json) -> Container | None:
    """Give the container that a JSON document is, if it is one."""
    return next((known for known in CONTAINERS if known.recognise(document)), None)


def resemblance(document: Json) -> str:
    """Say what a document is that is no trail log, as far as it can be told."""
    if not isinstance(document, dict):
        return "a JSON value, neither an object nor a list"
    for key, what in _LOOK_ALIKES:
        if key in document:
            return what
    return f"a JSON object, but no event: {why_refused(document)}"


def _why_no_event(record: dict[str, Json]) -> str:
    for key in ("eventName", "eventSource"):
        value = record.get(key)
        if not isinstance(value, str) or not value:
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
    return isinstance(document, dict) and not is_legacy(document) and not why_refused(document)


def _is_legacy_record(document: Json) -> bool:
    return isinstance(document, dict) and is_legacy(document)


def _is_file(document: Json) -> bool:
    return isinstance(document, dict) and isinstance(document.get("Records"), list)


def _members(document: Json) -> list[Json]:
    records: list[Json] = document["Records"]
    return records


_OWN_FIELDS: Final = frozenset(
    {"eventVersion", "eventID", "eventTime", "eventType", "awsRegion", "userIdentity"}
)

CONTAINERS: Final = (
    Container("CloudTrail file", _is_file, _members),
    Container("list", lambda document: isinstance(document, list), list),
    Container("event", _is_event, lambda document: [document]),
    Container("legacy AWS IoT record", _is_legacy_record, lambda document: [document]),
)
"""Every shape that is read; a shape that is not here is refused."""

_LOOK_ALIKES: Final = (
    ("digestS3Object", "a CloudTrail digest file"),
    ("configurationItems", "an AWS Config snapshot"),
    ("CloudTrailEvent", "an entry of `aws cloudtrail lookup-events`"),
    ("Events", "output of `aws cloudtrail lookup-events`"),
    ("detail-type", "an EventBridge event"),
    ("logEvents", "CloudWatch Logs data"),
    ("eventData", "a CloudTrail Lake event"),
    ("auditEvents", "CloudTrail Lake integration events"),
    ("findings", "a list of findings"),
    ("lockfileVersion", "a package lock file"),
    ("dependencies", "a package file"),
)
