"""Periods as options and configurations write them; all in UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from checker.aws.time import format_time, parse_instant

PERIOD_HINT: Final = (
    "write a date, a time like 2024-12-16T08:00:00Z, 2026-Q3, 2026-07, 2026, or 30d"
)

_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[0-9]{4}")
_AGO = re.compile(r"([1-9][0-9]{0,4})([hdw])")
_UNITS: Final[dict[str, Callable[[int], timedelta]]] = {
    "h": lambda count: timedelta(hours=count),
    "d": lambda count: timedelta(days=count),
    "w": lambda count: timedelta(weeks=count),
}
_MONTHS_OF_A_QUARTER: Final = 3
_MONTHS_OF_A_YEAR: Final = 12


class Period(Struct, frozen=True):
    """A period that is answered for: start <= time < stop, each open when None."""

    start: datetime | None = None
    stop: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether every time lies in it."""
        return self.start is None and self.stop is None

    def holds_at(self, time: datetime) -> bool:
        """Whether a time lies in it."""
        return (self.start is None or self.start <= time) and (
            self.stop is None or time < self.stop
        )

    @property
    def texts(self) -> tuple[str, str]:
        """Its bounds as CloudTrail writes times: first <= text < last is true of those in it."""
        start = _second(self.start) if self.start else ""
        return start, _second(self.stop) if self.stop else "~"


EVER: Final = Period()


def parse_since(text: str, now: datetime) -> datetime:
    """Read where a period begins: the first instant of what is named.

    Args:
        text: A date or time; a quarter, month or year; so many hours, days or weeks before now.
        now: The evaluation instant.

    Raises:
        ValueError: It is none of these.
    """
    named = _named(text)
    return named[0] if named else _instant(text, now)


def parse_until(text: str, now: datetime) -> datetime:
    """Read where a period ends: the first instant after a quarter, month or year, else as above.

    Raises:
        ValueError: It is none of these.
    """
    named = _named(text)
    return named[1] if named else _instant(text, now)


def _second(time: datetime) -> str:
    """Write the first whole second that is not before a time."""
    whole = time.replace(microsecond=0)
    return format_time(whole + timedelta(seconds=whole < time))


def _instant(text: str, now: datetime) -> datetime:
    ago = _AGO.fullmatch(text)
    if ago is None:
        return parse_instant(text)
    try:
        return now - _UNITS[ago[2]](int(ago[1]))
    except OverflowError as error:
        raise ValueError("that is before the year 1") from error


def _named(text: str) -> tuple[datetime, datetime] | None:
    """Give the first instant of a quarter, month or year, and the first one after it."""
    quarter, month = _QUARTER.fullmatch(text), _MONTH.fullmatch(text)
    if quarter:
        first = (int(quarter[2]) - 1) * _MONTHS_OF_A_QUARTER
        return _months(int(quarter[1]), first, _MONTHS_OF_A_QUARTER)
    if month:
        return _months(int(month[1]), int(month[2]) - 1, 1)
    if _YEAR.fullmatch(text):
        return _months(int(text), 0, _MONTHS_OF_A_YEAR)
    return None


def _months(year: int, first: int, count: int) -> tuple[datetime, datetime]:
    years, after = divmod(first + count, _MONTHS_OF_A_YEAR)
    return datetime(year, first + 1, 1, tzinfo=UTC), datetime(
        year + years, after + 1, 1, tzinfo=UTC
    )
