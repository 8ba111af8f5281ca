"""The violations that the events of one group make together, within a span of time.

The words are Sigma's (correlation rules, specification version 2). A window is [t - timespan, t],
closed at both ends, and anchored at the time t of an event, so all events of that time are in it;
equal times satisfy any order. Only times, identities and values are read: the order in which events
arrive, and how often one does, make no difference.

Each type is one walk over the sorted events that gives its anchors in order of time. Windows that
share an instant are one violation.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from math import inf
from operator import attrgetter
from typing import Final, NamedTuple, TypeAlias, assert_never

from msgspec import Struct, field

from checker.policy.rule import Correlation, CorrelationType, Step

_SECOND: Final = 1_000_000


class Occurrence(NamedTuple):
    """An event in scope, as far as time is concerned.

    Attributes:
        time: Of the event, in microseconds since 1970.
        identity: Of the event; equal identities are one event, and have one time and one value.
        value: Digest of the value that is counted, empty when it is null or nothing is counted.
    """

    time: int
    identity: bytes
    value: bytes = b""


class Window(Struct, frozen=True, kw_only=True):
    """One violation: overlapping windows of one group.

    Attributes:
        first: Time of the first member, in microseconds since 1970.
        last: Time of the last member.
        members: Identities of the events behind it, each once, in order of time and identity.
        certain: False where the logs end, or begin, too soon to tell that a negated step did not
            occur.
        cut_off: Whether the logs end within a timespan of the last member: more may follow.
    """

    first: int
    last: int
    members: tuple[bytes, ...]
    certain: bool
    cut_off: bool


class _Anchor(NamedTuple):
    """The end of a violating window; its members are the events from `start` to `time`."""

    time: int
    start: int
    certain: bool = True


class _Link(NamedTuple):
    """A positive step and the negated ones that follow it, as bits of their numbers."""

    positive: int
    negated: int


class _Run(Struct):
    """Windows that overlap, gathered in order of their anchors."""

    certain: bool
    anchor: int
    stop: int = 0
    members: list[Occurrence] = field(default_factory=list)


_Steps: TypeAlias = Sequence[Sequence[Occurrence]]


def windows(correlation: Correlation, steps: _Steps, logs: tuple[int, int]) -> list[Window]:
    """Find one group's violations, sorted by time.

    - Counts: a window's members are all events of the group in it. Under `value_count` those
      without a value are members too; they only do not count.
    - `temporal`: all events of all steps in it. One event may stand for several steps.
    - `temporal_ordered`: all events of positive steps from the beginning to the end of the chain
      that ends at the anchor and begins the latest. A window is as long as the timespan all the
      same, so two chains are one violation where the later ends within a timespan of the earlier.
    - A negated step speaks of every event that matches it, those of the chain among them, at the
      very instants of the positive steps around it too.
    - Negated steps beside one another each must not have occurred; in which order does not matter.
    - What is certain and what is not are violations apart, even where their windows overlap.

    Args:
        correlation: Of the rule.
        steps: The events of each step, as many as the rule has steps; for the types that count
            there is one. In any order, duplicates among them.
        logs: First and last instant of the logs.
    """
    ordered = correlation.steps
    needed = [own for n, own in enumerate(steps) if not (ordered and ordered[n].negated)]
    # Most groups of most logs are too small for a violation: they are not even sorted.
    if any(len(each) < correlation.at_least for each in needed):
        return []
    events = _distinct(chain.from_iterable(needed))
    anchors = _anchors(correlation, events, steps, logs)
    return _merged(events, anchors, correlation.timespan * _SECOND, logs[1])


def _distinct(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    same = groupby(sorted(occurrences), key=attrgetter("identity"))
    return [next(each) for _, each in same]


def _anchors(
    correlation: Correlation, events: Sequence[Occurrence], steps: _Steps, logs: tuple[int, int]
) -> Iterator[_Anchor]:
    """Give the anchors of violating windows in order of time."""
    span = correlation.timespan * _SECOND
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return _event_counts(events, correlation.at_least, span)
        case CorrelationType.VALUE_COUNT:
            return _value_counts(events, correlation.at_least, span)
        case CorrelationType.TEMPORAL:
            return _together(steps, span)
        case CorrelationType.TEMPORAL_ORDERED:
            return _in_order(correlation.steps, steps, span, logs)
        case _:
            assert_never(correlation.type)


def _event_counts(events: Sequence[Occurrence], least: int, span: int) -> Iterator[_Anchor]:
    for earliest, event in zip(events, events[least - 1 :], strict=False):
        if event.time - earliest.time <= span:
            yield _Anchor(event.time, event.time - span)


def _value_counts(events: Sequence[Occurrence], least: int, span: int) -> Iterator[_Anchor]:
    valued = [event for event in events if event.value]
    held: Counter[bytes] = Counter()
    oldest = 0
    at = 0
    # An event without a value anchors a window as any other does.
    for event in events:
        while at < len(valued) and valued[at].time <= event.time:
            held[valued[at].value] += 1
            at += 1
        while oldest < at and valued[oldest].time < event.time - span:
            value = valued[oldest].value
            held[value] -= 1
            if not held[value]:
                del held[value]
            oldest += 1
        if len(held) >= least:
            yield _Anchor(event.time, event.time - span)


def _together(steps: _Steps, span: int) -> Iterator[_Anchor]:
    latest: dict[int, int] = {}
    for time, present in _instants(steps):
        for number in range(len(steps)):
            if present >> number & 1:
                latest[number] = time
        if len(latest) == len(steps) and min(latest.values()) >= time - span:
            yield _Anchor(time, time - span)


def _in_order(
    ordered: Sequence[Step], steps: _Steps, span: int, logs: tuple[int, int]
) -> Iterator[_Anchor]:
    links = _links(ordered)
    begins, ends = links[0].negated, links[-1].negated
    after = sorted({each.time for n, own in enumerate(steps) if ends >> n & 1 for each in own})
    for start, time in _chains(links, steps, span):
        following = bisect_left(after, time)
        if following < len(after) and after[following] <= time + span:
            continue
        # Of all chains that end here the one that begins the latest is the likeliest to be
        # certain, so it speaks for the others.
        too_early = begins and start - span < logs[0]
        too_late = ends and time + span > logs[1]
        yield _Anchor(time, start, not (too_early or too_late))


def _links(ordered: Sequence[Step]) -> list[_Link]:
    """Give the positive steps; before them an empty one, which the leading negated ones follow."""
    links = [_Link(0, 0)]
    for number, step in enumerate(ordered):
        bit = 1 << number
        if step.negated:
            links[-1] = _Link(links[-1].positive, links[-1].negated | bit)
        else:
            links.append(_Link(bit, 0))
    return links


def _chains(links: Sequence[_Link], steps: _Steps, span: int) -> Iterator[tuple[int, int]]:
    """Give start and end of chains, for each end the one that begins the latest.

    `latest` holds, for each link, the latest start of a chain that has come so far and may go on.
    It never falls, because chains that a negated step broke off all began before those to come: so
    what comes last is the latest, and a whole history is one number.
    """
    latest: list[int | None] = [None] * len(links)
    barred: float = -inf
    for time, present in _instants(steps):
        if present & links[0].negated:
            barred = time + span
        latest[0] = time if time > barred else None
        for at, link in enumerate(links[1:-1], start=1):
            if present & link.positive and latest[at - 1] is not None:
                latest[at] = latest[at - 1]
            if present & link.negated:
                latest[at] = None
        start = latest[-2]
        if present & links[-1].positive and start is not None and time - start <= span:
            yield start, time


def _instants(steps: _Steps) -> list[tuple[int, int]]:
    """Give the times at which anything occurs, sorted, each with the steps as bits."""
    present: dict[int, int] = {}
    for number, occurrences in enumerate(steps):
        bit = 1 << number
        for each in occurrences:
            present[each.time] = present.get(each.time, 0) | bit
    return sorted(present.items())


def _merged(
    events: Sequence[Occurrence], anchors: Iterable[_Anchor], span: int, end: int
) -> list[Window]:
    times = [event.time for event in events]
    runs: list[_Run] = []
    current: dict[bool, _Run] = {}
    for anchor in anchors:
        run = current.get(anchor.certain)
        if run is None or anchor.time - span > run.anchor:
            run = current[anchor.certain] = _Run(anchor.certain, anchor.time)
            runs.append(run)
        # Neither start nor end of the members ever goes back, so each event is taken once.
        low = bisect_left(times, anchor.start, run.stop)
        run.stop = bisect_right(times, anchor.time, low)
        run.members.extend(events[low : run.stop])
        run.anchor = anchor.time
    found = [
        Window(
            first=run.members[0].time,
            last=run.members[-1].time,
            members=tuple(each.identity for each in run.members),
            certain=run.certain,
            cut_off=run.members[-1].time + span > end,
        )
        for run in runs
    ]
    return sorted(found, key=lambda each: (each.first, each.last))
