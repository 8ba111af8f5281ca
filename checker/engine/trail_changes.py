"""Calls that start, stop or narrow what a trail records: after them the logs may say less."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.outcome import outcome
from checker.trail.census import place_of

SOURCE: Final = "cloudtrail.amazonaws.com"
_TRAIL_KEYS: Final = {
    "CreateTrail": "name",
    "DeleteTrail": "name",
    "PutEventSelectors": "trailName",
    "StartLogging": "name",
    "StopLogging": "name",
    "UpdateTrail": "name",
}
"""Where each call names the trail, by name or ARN (AWS CloudTrail API reference)."""


class TrailChange(Struct, frozen=True, order=True):
    """One such call that succeeded.

    Attributes:
        name: The eventName.
        trail: The trail, by name or ARN as written; empty where it is not said.
    """

    time: datetime
    account: str
    region: str
    name: str
    trail: str


def may_change_trails(source: Json, name: Json) -> bool:
    """Tell whether an event of this source and name is such a call."""
    return source == SOURCE and name in _TRAIL_KEYS


def trail_change(event: dict[str, Json], time: datetime | None) -> TrailChange | None:
    """Give the change that a canonical event made; None for a call that failed."""
    name = event["eventName"]
    if time is None or outcome(event) != "success":
        return None
    parameters = event.get("requestParameters")
    given = parameters.get(_TRAIL_KEYS[name]) if isinstance(parameters, Mapping) else None
    return TrailChange(time, *place_of(event), name, given if isinstance(given, str) else "")
