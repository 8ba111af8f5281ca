"""A span of time cut into hours, days, weeks, months or years: as few parts as a picture can show."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

UnitName = Literal["hour", "day", "week", "month", "year"]

MOST_BINS: Final = 120
_LABELS: Final[dict[UnitName, int]] = {"hour": 16, "day": 10, "week": 10, "month": 7, "year": 4}
"""How much of `2025-01-31T23:00` names a part."""
_STEPS: Final[dict[UnitName, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_END: Final = datetime.max.replace(tzinfo=UTC)


class Bins(Struct, frozen=True):
    """Equal parts of a span of time: `starts` are their beginnings, `stop` is the end of the last."""

    unit: UnitName
    starts: tuple[datetime, ...]
    stop: datetime

    def position(self, instant: datetime) -> int | None:
        """Give the number of the part that an instant lies in; None outside of all."""
        if not self.starts[0] <= instant < self.stop:
            return None
        return bisect_right(self.starts, instant) - 1

    def label(self, number: int) -> str:
        """Name a part by its beginning, in UTC."""
        text = self.starts[number].isoformat(timespec="minutes")
        return text[: _LABELS[self.unit]].replace("T", " ")

    @property
    def edges(self) -> tuple[datetime, ...]:
        """All beginnings, and the end of the last part."""
        return (*self.starts, self.stop)


def bins_between(first: datetime, last: datetime) -> Bins:
    """Cut the time from the first to the last instant into the smallest parts that are few enough."""
    units: tuple[UnitName, ...] = ("hour", "day", "week", "month")
    for unit in units:
        bins = _cut(unit, first, last)
        if bins:
            return bins
    years = last.year - first.year + 1
    step = -(-years // MOST_BINS)
    starts = tuple(
        datetime(year, 1, 1, tzinfo=UTC) for year in range(first.year, last.year + 1, step)
    )
    return Bins("year", starts, _new_year(starts[-1].year + step))


def _cut(unit: UnitName, first: datetime, last: datetime) -> Bins | None:
    """Cut into parts of one unit, unless they are too many."""
    starts: list[datetime] = []
    for start in _starts(unit, first):
        if start > last:
            return Bins(unit, tuple(starts), start)
        if len(starts) == MOST_BINS:
            return None
        starts.append(start)
    return None


def _starts(unit: UnitName, first: datetime) -> Iterator[datetime]:
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "month":
        for number in range(first.year * 12 + first.month - 1, _END.year * 12 + 12):
            yield datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        return
    if unit == "hour":
        start = day.replace(hour=first.hour)
    else:
        start = day - timedelta(days=day.weekday() if unit == "week" else 0)
    while start <= _END - _STEPS[unit]:
        yield start
        start += _STEPS[unit]


def _new_year(year: int) -> datetime:
    if year > _END.year:
        return _END
    return datetime(year, 1, 1, tzinfo=UTC)
