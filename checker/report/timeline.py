"""When violations happened, as far as a report holds their times: numbers for a picture and a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from checker.aws.time import parse_time
from checker.report.calendar_bins import Bins, bins_between
from checker.report.exceptions_model import ViolationGroup
from checker.report.model import Report, RuleResult

WAIVED = "waived"


class Between(Struct, frozen=True, order=True):
    """Violations of which a report holds no times, but those of the first and last of their kind."""

    first: str
    last: str
    count: int


class Bar(Struct, frozen=True):
    """Violations of one part of the period, by severity; those that are waived stand apart."""

    number: int
    label: str
    counts: Counter[str]

    @property
    def total(self) -> int:
        """How many they are."""
        return self.counts.total()


class Timeline(Struct, frozen=True):
    """Violations by part of the period.

    Of `total` violations `placed` are in the bars, and those of `between` lie between two times; of
    the rest, `untimed`, the report holds no time within the period.
    """

    bins: Bins
    bars: list[Bar]
    between: list[Between]
    placed: int
    untimed: int
    total: int

    @property
    def highest(self) -> Bar:
        """The first of the highest bars."""
        return max(self.bars, key=lambda bar: bar.total)

    @property
    def sums(self) -> Counter[str]:
        """What is in all bars together."""
        return sum((bar.counts for bar in self.bars), Counter())


class _Mark(Struct, frozen=True):
    """Violations at an instant, or near it within one part of the period."""

    instant: datetime
    series: str
    count: int


class _Shown(Struct, frozen=True):
    """A violation that is shown one by one."""

    fingerprint: str
    time: str
    is_waived: bool


def timeline_of(report: Report) -> Timeline | None:
    """Give the timeline; None without a violation, or without a time that can be read."""
    total = sum(rule.counts.violations for rule in report.rules)
    bins = _bins(report)
    if not total or bins is None:
        return None
    counts = [Counter[str]() for _ in bins.starts]
    between: list[Between] = []
    for rule in report.rules:
        for spot in _spots(rule, bins):
            if isinstance(spot, Between):
                between.append(spot)
                continue
            position = bins.position(spot.instant)
            if position is not None:
                counts[position][spot.series] += spot.count
    placed = sum(each.total() for each in counts)
    return Timeline(
        bins=bins,
        bars=[Bar(number, bins.label(number), each) for number, each in enumerate(counts)],
        between=sorted(between),
        placed=placed,
        untimed=max(0, total - placed - sum(each.count for each in between)),
        total=total,
    )


def instant_of(time: str | None) -> datetime | None:
    """Read an RFC 3339 time; None for any other text."""
    try:
        return parse_time(time or "")
    except ValueError:
        return None


def _bins(report: Report) -> Bins | None:
    first, last = instant_of(report.period.first), instant_of(report.period.last)
    if first is None or last is None or last < first:
        return None
    return bins_between(first, last)


def _spots(rule: RuleResult, bins: Bins) -> Iterator[_Mark | Between]:
    shown = list(_shown(rule))
    for each in shown:
        instant = instant_of(each.time)
        if instant:
            yield _Mark(instant, WAIVED if each.is_waived else rule.severity, 1)
    for group in rule.groups.shown:
        of_group = [each for each in shown if each.fingerprint == group.fingerprint]
        yield from _rest(group, of_group, rule.severity, bins)


def _shown(rule: RuleResult) -> Iterator[_Shown]:
    for each in rule.violations.shown:
        yield _Shown(each.fingerprint, each.time or "", bool(each.waiver))
    for episode in rule.episodes.shown:
        # An interval became an exception when it had lasted too long, which is before its end.
        time = episode.last if rule.kind == "cadence" else episode.first
        if episode.certain:
            yield _Shown(episode.fingerprint, time, bool(episode.waiver))


def _rest(
    group: ViolationGroup, shown: Sequence[_Shown], severity: str, bins: Bins
) -> Iterator[_Mark | Between]:
    """Give those of a group that are not shown one by one."""
    count = group.count - len(shown)
    waived = max(0, group.waived - sum(each.is_waived for each in shown))
    first, last = instant_of(group.first), instant_of(group.last)
    if count <= 0 or first is None or last is None:
        return
    if bins.position(first) == bins.position(last):
        yield _Mark(first, WAIVED, min(waived, count))
        yield _Mark(first, severity, count - min(waived, count))
        return
    # Where some are waived and some are not, it is not known which ones are at the ends.
    ends = (first, last) if waived in {0, count} else ()
    times = {instant_of(each.time) for each in shown}
    for instant in [each for each in ends if each not in times][:count]:
        yield _Mark(instant, WAIVED if waived else severity, 1)
        count -= 1
    if count:
        yield Between(group.first or "", group.last or "", count)
