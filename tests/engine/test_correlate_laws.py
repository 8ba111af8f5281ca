from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.engine.correlate import Occurrence, Window, windows
from checker.policy.rule import Correlation, CorrelationType, Step

SECOND = 1_000_000


# The definitions, in the words of the documentation and without regard to cost.

Steps: TypeAlias = Sequence[Sequence[Occurrence]]
Anchors: TypeAlias = dict[tuple[int, bool], set[Occurrence]]
"""The members of the window of each anchor, by its time and whether it is certain."""


def union(steps: Iterable[Sequence[Occurrence]]) -> set[Occurrence]:
    return {event for step in steps for event in step}


def count_by_definition(rule: Correlation, steps: Steps) -> Anchors:
    found: Anchors = {}
    events = union(steps)
    for anchor in events:
        earliest = anchor.time - rule.timespan * SECOND
        inside = {event for event in events if earliest <= event.time <= anchor.time}
        if rule.type is CorrelationType.EVENT_COUNT:
            violates = len(inside) >= rule.at_least
        elif rule.type is CorrelationType.VALUE_COUNT:
            violates = len({event.value for event in inside} - {b""}) >= rule.at_least
        else:
            violates = all(inside & set(step) for step in steps)
        if violates:
            found[anchor.time, True] = inside
    return found


def is_free(negated: Iterable[Occurrence], first: int, last: int) -> bool:
    return not any(first <= event.time <= last for event in negated)


def order_by_definition(rule: Correlation, steps: Steps, logs: tuple[int, int]) -> Anchors:
    span = rule.timespan * SECOND
    places = [n for n, step in enumerate(rule.steps) if not step.negated]
    positive = union(steps[n] for n in places)
    before = union(steps[: places[0]])
    after = union(steps[places[-1] + 1 :])
    chains: dict[int, list[tuple[int, bool]]] = {}
    for chain in product(*(set(steps[n]) for n in places)):
        times = [event.time for event in chain]
        between = [
            (union(steps[place + 1 : following]), first, last)
            for (place, following), (first, last) in zip(
                pairwise(places), pairwise(times), strict=True
            )
        ]
        start, end = times[0], times[-1]
        if (
            times == sorted(times)
            and end - start <= span
            and is_free(before, start - span, start)
            and is_free(after, end, end + span)
            and all(is_free(*each) for each in between)
        ):
            certain = not (
                (rule.steps[0].negated and start - span < logs[0])
                or (rule.steps[-1].negated and end + span > logs[1])
            )
            chains.setdefault(end, []).append((start, certain))
    found: Anchors = {}
    for end, beginnings in chains.items():
        latest = max(start for start, _ in beginnings)
        certain = any(certain for _, certain in beginnings)
        found[end, certain] = {event for event in positive if latest <= event.time <= end}
    return found


def joined(anchors: Anchors, span: int) -> list[set[tuple[int, bool]]]:
    """Put together windows that share an instant until no two are left that do."""
    heaps = [{anchor} for anchor in anchors]
    for one, other in product(anchors, repeat=2):
        if one[1] == other[1] and abs(one[0] - other[0]) <= span:
            united = [heap for heap in heaps if one in heap or other in heap]
            heaps = [heap for heap in heaps if heap not in united]
            heaps.append(set().union(*united))
    return heaps


def by_definition(rule: Correlation, steps: Steps, logs: tuple[int, int]) -> list[Window]:
    ordered = rule.type is CorrelationType.TEMPORAL_ORDERED
    anchors = (
        order_by_definition(rule, steps, logs) if ordered else count_by_definition(rule, steps)
    )
    span = rule.timespan * SECOND
    found = []
    for heap in joined(anchors, span):
        members = sorted(set().union(*(anchors[anchor] for anchor in heap)))
        last = members[-1].time
        found.append(
            Window(
                first=members[0].time,
                last=last,
                members=tuple(event.identity for event in members),
                certain=next(certain for _, certain in heap),
                cut_off=last + span > logs[1],
            )
        )
    return sorted(found, key=lambda each: (each.first, each.last))


# Half seconds in a few seconds: equal times, and spans met exactly and missed by little, abound.
halves = st.integers(0, 20)
spans = st.integers(1, 4)
layouts = st.lists(st.booleans(), min_size=1, max_size=5).filter(
    lambda negated: 1 <= negated.count(False) <= 3
)

Case: TypeAlias = tuple[Correlation, list[list[Occurrence]], tuple[int, int]]
"""A rule, the events of its steps, and what the logs cover."""


@st.composite
def rules_of(draw: st.DrawFn, type_: CorrelationType) -> Correlation:
    """Draw a rule; negated steps may stand anywhere, and beside one another."""
    span = draw(spans)
    if type_.is_count:
        return Correlation(type=type_, timespan=span, at_least=draw(st.integers(1, 4)))
    negated = draw(layouts)
    if type_ is CorrelationType.TEMPORAL:
        negated = [False] * min(len(negated), 3)
    steps = tuple(Step(match=(), negated=each) for each in negated)
    return Correlation(type=type_, timespan=span, steps=steps)


@st.composite
def cases_of(draw: st.DrawFn, type_: CorrelationType) -> Case:
    """Draw a case; an event may be of several steps, and be delivered twice."""
    rule = draw(rules_of(type_))
    steps: list[list[Occurrence]] = [[] for _ in rule.steps or "-"]
    places = st.lists(st.sampled_from(range(len(steps))), min_size=1, max_size=2)
    for identity in draw(st.permutations(range(draw(st.integers(0, 14))))):
        value = draw(st.sampled_from([b"", b"a", b"b", b"c", b"d"]))
        event = Occurrence(draw(halves) * SECOND // 2, bytes([identity]), value)
        for place in draw(places):
            steps[place].append(event)
    times = [event.time for event in union(steps)] or [0]
    margins = st.integers(0, 3).map(lambda half: half * SECOND // 2)
    return rule, steps, (min(times) - draw(margins), max(times) + draw(margins))


cases = st.sampled_from(CorrelationType).flatmap(cases_of)


@pytest.mark.parametrize("type_", CorrelationType)
@settings(max_examples=250)
@given(st.data())
def test_violations_are_those_of_the_definition(
    type_: CorrelationType, data: st.DataObject
) -> None:
    rule, steps, logs = data.draw(cases_of(type_))

    assert windows(rule, steps, logs) == by_definition(rule, steps, logs)


@given(cases, st.randoms())
def test_neither_order_nor_duplicates_change_the_answer(case: Case, random: Random) -> None:
    rule, steps, logs = case
    mixed = [[*step, *random.choices(step, k=3)] if step else [] for step in steps]
    for step in mixed:
        random.shuffle(step)

    assert windows(rule, mixed, logs) == windows(rule, steps, logs)


@given(cases)
def test_logs_that_reach_far_enough_leave_nothing_uncertain(case: Case) -> None:
    rule, steps, logs = case
    margin = rule.timespan * SECOND

    near = windows(rule, steps, logs)
    wide = windows(rule, steps, (logs[0] - margin, logs[1] + margin))

    assert all(each.certain and not each.cut_off for each in wide)
    # What is known of them changes; the events behind them do not.
    assert {member for each in wide for member in each.members} == {
        member for each in near for member in each.members
    }
