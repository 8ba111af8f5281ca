"""What the pictures of a report are drawn from: the data of a few SVG paths, and words for axes.

All of it is made of numbers and of words of ours: no text from a log gets in here.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, get_args

from msgspec import Struct

from checker.report.coverage_model import AccountCoverage, Gap, RegionCoverage
from checker.report.hour_ranges import Range, ranges, shares, united
from checker.report.model import Report, SeverityName
from checker.report.timeline import WAIVED, Bar, Timeline, instant_of, timeline_of

COLUMNS: Final = 240
"""Most columns of a strip; an hour has one of its own in periods that are not longer."""
LEVELS: Final = 4
"""Shades of a column, by the share of its hours that have an event."""
TICKS: Final = 5
"""Words along a time axis."""
HEIGHT: Final = 100
SMALLEST: Final = 3
"""Least height of a bar: one violation must be seen beside a thousand."""

SERIES: tuple[str, ...] = (*reversed(get_args(SeverityName)), WAIVED)
"""From the foot of a bar to its top."""

_HOUR: Final = timedelta(hours=1)
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)


class Path(Struct, frozen=True):
    """Shapes that look alike: a class for the style sheet, and the `d` of an SVG path."""

    name: str
    data: str


class TimelinePicture(Struct, frozen=True):
    """Violations over the period as bars of equal width 1 and at most `HEIGHT` high.

    `logs` is a strip of the same columns: those in which there are events at all.
    """

    timeline: Timeline
    series: list[str]
    paths: list[Path]
    logs: list[Path]
    ticks: list[str]


class HoursPicture(Struct, frozen=True):
    """Strips 1 high, of `width` columns from the first to the last hour of the period."""

    start: datetime
    hours: int

    @property
    def edges(self) -> list[int]:
        """The first hours of the columns, and the end of the last."""
        columns = min(self.hours, COLUMNS)
        return [number * self.hours // columns for number in range(columns + 1)]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return min(self.hours, COLUMNS)

    @property
    def ticks(self) -> list[str]:
        """Words along the time axis."""
        steps = [
            self.start + number * (self.hours / (TICKS - 1)) * _HOUR for number in range(TICKS)
        ]
        length = 16 if self.hours <= COLUMNS else 10
        return [each.isoformat(timespec="minutes")[:length].replace("T", " ") for each in steps]

    def of_region(self, region: RegionCoverage) -> list[Path]:
        """Draw the hours of one region."""
        return self._strip(ranges(region.observed_runs), ranges(region.declared_runs))

    def of_account(self, account: AccountCoverage) -> list[Path]:
        """Draw the hours of an account, in any region, and over them the time that is not covered."""
        observed = united(ranges(each.observed_runs) for each in account.regions)
        declared = united(ranges(each.declared_runs) for each in account.regions)
        return [*self._strip(observed, declared), *self._gaps(account.gaps)]

    def _strip(self, observed: Sequence[Range], declared: Sequence[Range]) -> list[Path]:
        edges = self.edges
        seen, stated = shares(observed, edges), shares(declared, edges)
        return columns(_shade(*each) for each in zip(seen, stated, strict=True))

    def _gaps(self, gaps: Iterable[Gap]) -> Iterator[Path]:
        shapes = [self._gap(each) for each in gaps]
        if shapes:
            yield Path("gap", "".join(shapes))

    def _gap(self, gap: Gap) -> str:
        per_hour = self.width / self.hours
        start, until = instant_of(gap.start), instant_of(gap.until)
        left = 0.0 if start is None else max(0.0, (start - self.start) / _HOUR * per_hour)
        right = self.width if until is None else (until - self.start) / _HOUR * per_hour
        # However short it is, it must be seen.
        width = max(min(right, self.width) - left, self.width / COLUMNS)
        return _box(left, 0, width, 1)


def timeline_picture(report: Report) -> TimelinePicture | None:
    """Give the picture of violations over time; None where there is nothing to draw."""
    timeline = timeline_of(report)
    if timeline is None or not timeline.placed:
        return None
    series = [each for each in SERIES if timeline.sums[each]]
    return TimelinePicture(
        timeline=timeline,
        series=series,
        paths=_bars(timeline, series),
        logs=_logs(report, timeline),
        ticks=_spread([bar.label for bar in timeline.bars]),
    )


def hours_picture(report: Report) -> HoursPicture | None:
    """Give what draws the hours that the logs cover; None for a period that is not known."""
    first = instant_of(report.period.first)
    hours = report.coverage.hours
    if first is None or hours < 1 or hours > (_END_OF_TIME - first) / _HOUR:
        return None
    return HoursPicture(first.replace(minute=0, second=0, microsecond=0), hours)


def columns(names: Iterable[str]) -> list[Path]:
    """Draw columns 1 wide and 1 high, one path for each name; those without a name stay empty."""
    shapes: dict[str, str] = {}
    at = 0
    for name, run in groupby(names):
        width = len(list(run))
        if name:
            shapes[name] = shapes.get(name, "") + _box(at, 0, width, 1)
        at += width
    return [Path(name, shapes[name]) for name in sorted(shapes)]


def _shade(observed: float, declared: float) -> str:
    if observed:
        return f"level-{min(LEVELS, 1 + int(observed * LEVELS))}"
    return "declared" if declared else ""


def _bars(timeline: Timeline, series: Sequence[str]) -> list[Path]:
    shapes: dict[str, list[str]] = {each: [] for each in series}
    scale = HEIGHT / timeline.highest.total
    for number, bar in enumerate(timeline.bars):
        foot = float(HEIGHT)
        for name, height in _heights(bar, series, scale):
            foot -= height
            shapes[name].append(_box(number + 0.1, foot, 0.8, height))
    return [Path(name, "".join(shapes[name])) for name in series]


def _heights(bar: Bar, series: Sequence[str], scale: float) -> Iterator[tuple[str, float]]:
    """Give the heights of the parts of a bar; the small ones take from the largest."""
    heights = {name: max(SMALLEST, bar.counts[name] * scale) for name in series if bar.counts[name]}
    over = sum(heights.values()) - HEIGHT
    if over > 0:
        largest = max(heights, key=lambda name: heights[name])
        heights[largest] -= over
    yield from heights.items()


def _logs(report: Report, timeline: Timeline) -> list[Path]:
    picture = hours_picture(report)
    if picture is None:
        return []
    observed = united(
        ranges(region.observed_runs)
        for account in report.coverage.accounts
        for region in account.regions
    )
    edges = [(each - picture.start) / _HOUR for each in timeline.bins.edges]
    return columns("level-4" if share else "" for share in shares(observed, edges))


def _spread(labels: Sequence[str]) -> list[str]:
    """Give labels for the ends and between them, as many as there is room for."""
    if len(labels) <= TICKS:
        return list(labels)
    last = len(labels) - 1
    return [labels[number * last // (TICKS - 1)] for number in range(TICKS)]


def _box(left: float, top: float, width: float, height: float) -> str:
    sizes = (left, top, width, height, width)
    x, y, right, down, back = (f"{each:.2f}".rstrip("0").rstrip(".") for each in sizes)
    return f"M{x} {y}h{right}v{down}h-{back}z"
