"""What kinds of events a trail log holds, and in which hours: taken of every record, in scope or not."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeAlias, TypeVar

from checker.aws import Json
from checker.trail.event import event_account, text_in

Place: TypeAlias = tuple[str, str]
"""Account and region of events, each empty where they do not say."""

Hour: TypeAlias = tuple[str, str, str]
"""Account, region and hour (`2024-05-01T10`, UTC) of events, likewise."""

HOUR: Final = slice(13)
"""The part of a time, as it is written, that is the hour."""

Kind: TypeAlias = tuple[str, str, str, str | None, str | bool | None]
"""Account, eventSource, eventName, eventCategory and readOnly of events, as written."""

K = TypeVar("K")
T = TypeVar("T", str, datetime)


def place_of(event: dict[str, Json]) -> Place:
    """Give the account and region of a canonical event."""
    return event_account(event) or "", text_in(event, "awsRegion")


def kind_of(event: dict[str, Json]) -> Kind:
    """Give the kind of a canonical event."""
    category, read_only = event.get("eventCategory"), event.get("readOnly")
    return (
        event_account(event) or "",
        text_in(event, "eventSource"),
        text_in(event, "eventName"),
        category if isinstance(category, str) else None,
        read_only if isinstance(read_only, str | bool) else None,
    )


def first_times(times: Iterable[tuple[K, T]]) -> dict[K, T]:
    """Give the earliest of the times that each key has."""
    first: dict[K, T] = {}
    for key, time in times:
        known = first.get(key)
        if known is None or time < known:
            first[key] = time
    return first
