"""Extension functions over points in time."""

from datetime import datetime, tzinfo
from functools import lru_cache

from checker.aws.time import parse_instant
from checker.expression.extension import ExtensionFunction, Parameter

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_before(first: str, second: str) -> bool:
    """Tell whether the first time is earlier."""
    return parse_instant(first) < parse_instant(second)


def is_after(first: str, second: str) -> bool:
    """Tell whether the first time is later."""
    return parse_instant(first) > parse_instant(second)


def is_between(time: str, start: str, end: str) -> bool:
    """Tell whether start ≤ time < end."""
    return parse_instant(start) <= parse_instant(time) < parse_instant(end)


def difference(first: str, second: str) -> float:
    """Give the seconds from the first time to the second; negative when that is earlier."""
    seconds = (parse_instant(second) - parse_instant(first)).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def hour(time: str, zone: str) -> int:
    """Give the hour of the day, 0 to 23, on the clocks of a zone."""
    return _local(time, zone).hour


def weekday(time: str, zone: str) -> str:
    """Give the day of the week, `monday` to `sunday`, in a zone."""
    return WEEKDAYS[_local(time, zone).weekday()]


@lru_cache(maxsize=64)
def read_zone(name: str) -> tzinfo:
    """Find a time zone by its IANA name.

    Raises:
        ValueError: There is none of that name.
    """
    # Imported here: most rules ask for the time of no zone, and a check starts faster without it.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"no time zone '{name}': take an IANA name like Europe/Berlin") from error


def _local(time: str, zone: str) -> datetime:
    try:
        return parse_instant(time).astimezone(read_zone(zone))
    except OverflowError as error:
        raise ValueError("the time lies outside of the years 0001 to 9999") from error


def _time(name: str) -> Parameter:
    return Parameter(name=name, types=("string",), subject=True, check=parse_instant)


_ZONE = Parameter(name="zone", types=("string",), check=read_zone)


EXTENSIONS = (
    ExtensionFunction(
        name="time_before",
        parameters=(_time("a"), _time("b")),
        returns=("boolean",),
        when_null=False,
        doc="Whether time a is earlier than b; a date is its first second in UTC.",
        example="time_before('2024-12-15T23:59:59Z', '2024-12-16')",
        gives=True,
        implementation=is_before,
    ),
    ExtensionFunction(
        name="time_after",
        parameters=(_time("a"), _time("b")),
        returns=("boolean",),
        when_null=False,
        doc="Whether time a is later than b.",
        example="time_after('2024-12-16T00:00:00Z', '2024-12-16')",
        gives=False,
        implementation=is_after,
    ),
    ExtensionFunction(
        name="time_between",
        parameters=(_time("time"), _time("start"), _time("end")),
        returns=("boolean",),
        when_null=False,
        doc="Whether start ≤ time < end.",
        example="time_between('2024-12-16T00:00:00Z', '2024-12-16', '2024-12-17')",
        gives=True,
        implementation=is_between,
    ),
    ExtensionFunction(
        name="time_diff",
        parameters=(_time("a"), _time("b")),
        returns=("number", "null"),
        when_null=None,
        doc="The seconds from time a to b; negative when b is earlier.",
        example="time_diff('2024-12-16T00:00:00Z', '2024-12-16T01:00:00Z')",
        gives=3600,
        implementation=difference,
    ),
    ExtensionFunction(
        name="hour",
        parameters=(_time("time"), _ZONE),
        returns=("number", "null"),
        when_null=None,
        doc="The hour, 0 to 23, in a time zone (UTC, Europe/Berlin).",
        example="hour('2024-12-16T23:30:00Z', 'Europe/Berlin')",
        gives=0,
        implementation=hour,
    ),
    ExtensionFunction(
        name="weekday",
        parameters=(_time("time"), _ZONE),
        returns=("string", "null"),
        when_null=None,
        doc="The day of the week, `monday` to `sunday`, in a time zone.",
        example="weekday('2024-12-16T23:30:00Z', 'Europe/Berlin')",
        gives="tuesday",
        implementation=weekday,
    ),
)
