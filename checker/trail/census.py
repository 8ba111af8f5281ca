"""What kinds of events a trail log holds, and in which hours: taken of every record, in scope or not."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, TypeAlias, TypeVar

from checker.aws import Json
from checker.trail.event import event_account, text_in

Place: TypeAlias = tuple[str, str]
"""Account and region of events, each empty where they do not say."""

Spans: TypeAlias = Mapping[Place, tuple[datetime, datetime]]
"""The times of the first and of the last event of each account and region."""

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


def spans_of(times: Iterable[tuple[K, T]]) -> dict[K, tuple[T, T]]:
    """Give the earliest and the latest of the times that each key has."""
    spans: dict[K, tuple[T, T]] = {}
    for key, time in times:
        first, last = spans.get(key, (time, time))
        if time <= first or time >= last:
            spans[key] = (min(first, time), max(last, time))
    return spans


def joined_spans(spans: Iterable[Mapping[K, tuple[T, T]]]) -> dict[K, tuple[T, T]]:
    """Give spans that reach over those of each key in all of some mappings."""
    return spans_of((key, time) for each in spans for key, span in each.items() for time in span)
