"""Points in time as CloudTrail, rules and options write them; always aware and in UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]"
    r"(?P<clock>(?:[01][0-9]|2[0-3]):[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_LEAP_SECOND = "60"


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time: `2024-12-16T00:00:00Z`, or with a fraction, or with an offset.

    A leap second is the last microsecond before it ends, so it stays on its own day. Fractions
    are cut to microseconds.

    Raises:
        ValueError: The text is no such time, or its zone is missing.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("expected a time like 2024-12-16T08:00:00Z")
    if found["zone"] is None:
        raise ValueError("the time has no zone: write Z for UTC, or an offset like +01:00")
    return _read(found)


def parse_naive_time(text: str) -> datetime:
    """Read a time that names no zone, `2024-12-16T00:00:00`, as UTC.

    Raises:
        ValueError: The text is no such time.
    """
    found = _TIME.fullmatch(text)
    if found is None or found["zone"] is not None:
        raise ValueError("expected a time like 2024-12-16T08:00:00")
    return _read(found)


def parse_instant(text: str) -> datetime:
    """Read the boundary of a period: a date, which is its first second in UTC, or a time.

    Raises:
        ValueError: The text is neither, or is a time without a zone.
    """
    if _DATE.fullmatch(text):
        return _on_calendar(text)
    return parse_time(text)


def format_time(time: datetime) -> str:
    """Write an aware time as `2024-12-16T00:00:00Z`, with microseconds if it has any."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def format_known(time: datetime | None) -> str | None:
    """Write an aware time likewise, and None for none."""
    return None if time is None else format_time(time)


def format_second(time: datetime) -> str:
    """Write a time in UTC as `2024-12-16T00:00:00Z`, without what is less than a second."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def to_micros(time: datetime) -> int:
    """Give an aware time in microseconds since 1970."""
    return (time - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """Give the time, in UTC, that is so many microseconds after 1970."""
    return EPOCH + micros * MICROSECOND


def _read(found: re.Match[str]) -> datetime:
    leap = found["second"] == _LEAP_SECOND
    second = "59" if leap else found["second"]
    local = _on_calendar(f"{found['date']}T{found['clock']}:{second}")
    micros = 999_999 if leap else int((found["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        time = local.replace(tzinfo=_zone(found["zone"]), microsecond=micros).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time lies outside of the years 0001 to 9999") from error
    if leap and (time.hour, time.minute) != (23, 59):
        raise ValueError("second 60 exists only at 23:59 UTC")
    return time


def _on_calendar(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"no such date or time: {error}") from error


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - hours and minutes
        raise ValueError(f"no such offset: {text}")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
