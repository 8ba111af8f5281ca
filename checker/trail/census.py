"""What kinds of events a trail log holds, and in which hours: taken of every record, in scope or not."""

from typing import TypeAlias

from checker.aws import Json
from checker.trail.event import event_account

Hour: TypeAlias = tuple[str, str, str]
"""Account, region and hour (`2024-05-01T10`, UTC) of events, each empty where they do not say."""

Kind: TypeAlias = tuple[str, str, str, str | None, str | bool | None]
"""Account, eventSource, eventName, eventCategory and readOnly of events, as written."""


def hour_of(event: dict[str, Json], hour: str) -> Hour:
    """Give the account, region and hour of a canonical event that happened in some hour."""
    return event_account(event) or "", _text(event.get("awsRegion")) or "", hour


def kind_of(event: dict[str, Json]) -> Kind:
    """Give the kind of a canonical event."""
    read_only = event.get("readOnly")
    return (
        event_account(event) or "",
        _text(event.get("eventSource")) or "",
        _text(event.get("eventName")) or "",
        _text(event.get("eventCategory")),
        read_only if isinstance(read_only, str | bool) else None,
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
