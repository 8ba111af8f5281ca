"""Coverage: what the logs themselves show of the times and places that they are about.

An hour with an event is `observed` and one without is `empty`, unless the owner has `declared` it
complete. An empty hour proves no gap, and an observed one not that all of its events are there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field

from checker.aws.period import EVER, Period
from checker.aws.time import EPOCH, MICROSECOND
from checker.engine.found import Found, Span
from checker.policy.audit_scope import UNSTATED, AuditScope, Declared
from checker.trail.census import Kind, joined_spans
from checker.verdict.event_kinds import Recorded, recorded
from checker.verdict.gaps import Gap, gaps_of
from checker.verdict.hours import runs, without

_HOUR: Final = timedelta(hours=1)

_CLAIMS: Final = {
    "lookup-events": "event history: at most the last 90 days, one Region, management events only",
    "EventBridge": "best effort: what its rules chose, and delivery of every event is not promised",
}
"""The most that a container can show, by the beginning of its name.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""


class RegionCoverage(Struct, frozen=True, kw_only=True):
    """What one account's logs of one Region hold; the Region is empty where records name none.

    Attributes:
        expected: Whether the scope of the audit lists it.
        events: Records, duplicates included.
        first: The time of its first event; None without one whose time can be read.
        last: The time of its last event, likewise.
        observed: Hours of the period with an event.
        declared: Hours of the period without one that the owner declares complete.
        observed_runs: Which hours those are, as in `checker.verdict.hours`.
        declared_runs: Likewise.
    """

    region: str
    expected: bool = False
    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    observed: int = 0
    declared: int = 0
    observed_runs: tuple[int, ...] = ()
    declared_runs: tuple[int, ...] = ()

    @property
    def is_covered(self) -> bool:
        """Whether there are logs of it, or a declaration in place of them."""
        return bool(self.events or self.declared)


class AccountCoverage(Struct, frozen=True, kw_only=True):
    """What one account's logs hold; the account is empty where records name none.

    Attributes:
        expected: Whether the scope of the audit lists it.
        regions: By name: those that were seen, and those that are expected or declared.
        span: The part of the period that its logs answer for; None where none is known.
        observed: Hours of the period with an event in any Region.
        gaps: Times that are not covered.
        declared: What the owner declares of it.
    """

    account: str
    expected: bool = False
    regions: Mapping[str, RegionCoverage] = field(default_factory=dict)
    span: Span | None = None
    observed: int = 0
    recorded: Recorded = Recorded()
    gaps: tuple[Gap, ...] = ()
    declared: tuple[Declared, ...] = ()

    @property
    def is_covered(self) -> bool:
        """Whether there are logs of it, or a declaration in place of them."""
        return any(each.is_covered for each in self.regions.values()) or self._is_declared

    def covers(self, region: str) -> bool:
        """Whether there are logs of a Region, or a declaration in place of them."""
        known = self.regions.get(region)
        return known.is_covered if known else self._is_declared

    @property
    def _is_declared(self) -> bool:
        return any(each.is_of_hours and not each.regions for each in self.declared)


class Bound(Struct, frozen=True):
    """How much the logs in one kind of container can show at most, and how many such inputs."""

    container: str
    inputs: int
    claim: str


class Coverage(Struct, frozen=True, kw_only=True):
    """What the logs of a run cover.

    Attributes:
        hours: Of the period, as the clock strikes them.
        accounts: By id: those that were seen, and those that are expected.
        bounds: Of the containers that cannot show everything.
        scope: As it was stated.
    """

    hours: int = 0
    accounts: Mapping[str, AccountCoverage] = field(default_factory=dict)
    bounds: tuple[Bound, ...] = ()
    scope: AuditScope = UNSTATED


class _Seen(Struct):
    """What was counted of one account and Region."""

    events: int = 0
    hours: set[str] = field(default_factory=set)
    span: Span | None = None


def cover(found: Found, scope: AuditScope = UNSTATED, period: Period = EVER) -> Coverage:
    """Derive what the logs cover.

    Args:
        found: What was read.
        scope: Which logs there should be.
        period: What is answered for, as it was asked for.
    """
    span = _judged(found.span, period)
    run = _Run(found, scope, period, span, _clock(span))
    census = _census(found)
    kinds: dict[str, list[Kind]] = {}
    for kind in found.kinds:
        kinds.setdefault(kind[0], []).append(kind)
    accounts = sorted({*census, *kinds, *scope.accounts})
    return Coverage(
        hours=len(run.clock),
        accounts={
            account: _account(account, census.get(account, {}), kinds.get(account, ()), run)
            for account in accounts
        },
        bounds=_bounds(found),
        scope=scope,
    )


class _Run(Struct, frozen=True):
    """What is the same for all accounts.

    Attributes:
        span: The first and the last instant of the period.
        clock: Its hours, numbered from 1970.
    """

    found: Found
    scope: AuditScope
    period: Period
    span: Span | None
    clock: range


def _judged(span: Span | None, period: Period) -> Span | None:
    """Give the last instant itself: the end of a period that was asked for is not in it."""
    if span is None or span[1] != period.stop:
        return span
    return span[0], max(span[0], span[1] - MICROSECOND)


def _clock(span: Span | None) -> range:
    if span is None:
        return range(0)
    first, last = span
    return range((first - EPOCH) // _HOUR, (last - EPOCH) // _HOUR + 1)


def _census(found: Found) -> dict[str, dict[str, _Seen]]:
    census: dict[str, dict[str, _Seen]] = {}
    spans = joined_spans(each.spans for each in found.inputs.values())
    for each in found.inputs.values():
        for (account, region, hour), events in each.hours.items():
            seen = census.setdefault(account, {}).setdefault(region, _Seen())
            seen.events += events
            if hour:
                seen.hours.add(hour)
                seen.span = spans.get((account, region))
    return census


def _account(
    account: str, seen: Mapping[str, _Seen], kinds: Iterable[Kind], run: _Run
) -> AccountCoverage:
    declared = tuple(each for each in run.scope.declared if each.speaks_of(account))
    # Records that name no account are of none that could be expected somewhere.
    expected = run.scope.regions if account else ()
    named = {region for each in declared if each.is_of_hours for region in each.regions}
    hours = frozenset().union(*(each.hours for each in seen.values()))
    return AccountCoverage(
        account=account,
        expected=account in run.scope.accounts,
        regions={
            region: _region(region, seen.get(region, _Seen()), declared, run)
            for region in sorted({*seen, *expected, *named})
        },
        span=_span(seen.values(), run),
        observed=len(hours),
        recorded=recorded(kinds),
        gaps=_within(gaps_of(account, run.found.trail_changes, run.scope), run.span),
        declared=declared,
    )


def _region(region: str, seen: _Seen, declared: Iterable[Declared], run: _Run) -> RegionCoverage:
    observed = sorted((_instant(hour) - EPOCH) // _HOUR for hour in seen.hours)
    parts = sorted(
        _hours_of(each, run.clock)
        for each in declared
        if each.is_of_hours and (not each.regions or region in each.regions)
    )
    free = tuple(without(parts, observed))
    return RegionCoverage(
        region=region,
        expected=region in run.scope.regions,
        events=seen.events,
        first=seen.span[0] if seen.span else None,
        last=seen.span[1] if seen.span else None,
        observed=len(seen.hours),
        declared=sum(stop - start for start, stop in free),
        observed_runs=runs(((hour, hour + 1) for hour in observed), run.clock),
        declared_runs=runs(free, run.clock),
    )


def _hours_of(declared: Declared, clock: range) -> tuple[int, int]:
    """Give the whole hours of the period that are declared: the first, and that after the last."""
    start, until = declared.start, declared.until
    first = -((EPOCH - start) // _HOUR) if start else clock.start
    stop = (until - EPOCH) // _HOUR if until else clock.stop
    return max(first, clock.start), min(stop, clock.stop)


def _span(seen: Iterable[_Seen], run: _Run) -> Span | None:
    """Give the part of the period that an account's logs answer for: an open end is its own."""
    spans = [each.span for each in seen if each.span]
    if run.span is None or not spans:
        return run.span
    first, last = run.span
    if run.period.start is None:
        first = max(first, min(each[0] for each in spans))
    if run.period.stop is None:
        last = min(last, max(each[1] for each in spans))
    return first, last


def _within(gaps: Iterable[Gap], span: Span | None) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if span and gap.meets(*span))


def _instant(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00Z")


def _bounds(found: Found) -> tuple[Bound, ...]:
    containers = Counter(each.container for each in found.inputs.values() if each.records)
    return tuple(
        Bound(container, containers[container], claim)
        for container in sorted(containers)
        for prefix, claim in _CLAIMS.items()
        if container.startswith(prefix)
    )
