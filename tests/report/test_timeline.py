from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.report.exceptions_model import ViolationGroup, ViolationGroups
from checker.report.model import Evidence, Exhibits, Period, Report, RuleResult
from checker.report.timeline import WAIVED, Between, Timeline, instant_of, timeline_of
from tests.report.sample import sample_report
from tests.report.sample_rules import (
    sample_counts,
    sample_evidence,
    sample_fingerprint,
    sample_group,
    sample_result,
)

SAMPLE = sample_report()
PERIOD = Period(first="2025-01-01T00:00:00Z", last="2025-01-10T00:00:00Z", source="")


def group(first: str, last: str, *, count: int, waived: int = 0, number: int = 0) -> ViolationGroup:
    return replace(sample_group(number, count=count, waived=waived), first=first, last=last)


def shown(time: str, *, waiver: str = "", number: int = 0) -> Evidence:
    evidence = sample_evidence(number)
    return replace(evidence, time=time, waiver=waiver, fingerprint=sample_fingerprint(number))


def rule(
    violations: int, evidence: Sequence[Evidence] = (), groups: Sequence[ViolationGroup] = ()
) -> RuleResult:
    counts = sample_counts(100, violations=violations)
    return replace(
        sample_result("a-rule", "high", "fail", "", counts),
        violations=Exhibits(total=violations, shown=list(evidence)),
        groups=ViolationGroups(total=len(groups), shown=list(groups)),
    )


def drawn(*rules: RuleResult, period: Period = PERIOD) -> Timeline:
    timeline = timeline_of(replace(SAMPLE, rules=list(rules), period=period))
    assert timeline is not None
    return timeline


def bars(timeline: Timeline) -> dict[str, dict[str, int]]:
    return {bar.label: dict(bar.counts) for bar in timeline.bars if bar.total}


def test_violations_that_are_shown_stand_at_their_time_and_waived_ones_apart() -> None:
    timeline = drawn(
        rule(3, [shown("2025-01-02T08:00:00Z"), shown("2025-01-02T09:00:00Z", waiver="w")])
    )

    assert bars(timeline) == {"2025-01-02": {"high": 1, WAIVED: 1}}
    assert (timeline.placed, timeline.untimed, timeline.total) == (2, 1, 3)
    assert timeline.sums == {"high": 1, WAIVED: 1}


def test_the_rest_of_a_group_within_one_day_stands_on_that_day() -> None:
    timeline = drawn(
        rule(
            9,
            [shown("2025-01-02T08:00:00Z")],
            [group("2025-01-02T08:00:00Z", "2025-01-02T09:00:00Z", count=9, waived=2)],
        )
    )

    assert bars(timeline) == {"2025-01-02": {"high": 7, WAIVED: 2}}
    assert timeline.untimed == 0


def test_of_a_longer_group_the_ends_are_known_and_the_rest_lies_between() -> None:
    first, last = "2025-01-02T08:00:00Z", "2025-01-05T08:00:00Z"

    timeline = drawn(rule(9, [shown(first)], [group(first, last, count=9)]))

    assert bars(timeline) == {"2025-01-02": {"high": 1}, "2025-01-05": {"high": 1}}
    assert timeline.between == [Between(first, last, 7)]
    assert timeline.untimed == 0


def test_of_a_group_that_is_waived_in_part_it_is_not_guessed_which_part() -> None:
    first, last = "2025-01-02T08:00:00Z", "2025-01-05T08:00:00Z"

    timeline = drawn(rule(9, [], [group(first, last, count=9, waived=4)]))

    assert bars(timeline) == {}
    assert timeline.between == [Between(first, last, 9)]


def test_a_group_that_is_waived_as_a_whole_is_waived_at_its_ends() -> None:
    first, last = "2025-01-02T08:00:00Z", "2025-01-05T08:00:00Z"

    timeline = drawn(rule(2, [], [group(first, last, count=2, waived=2)]))

    assert bars(timeline) == {"2025-01-02": {WAIVED: 1}, "2025-01-05": {WAIVED: 1}}


@pytest.mark.parametrize("time", ["", "yesterday", "2026-01-01T00:00:00Z"])
def test_what_has_no_time_in_the_period_is_counted_as_such(time: str) -> None:
    timeline = drawn(rule(1, [shown(time)]))

    assert (timeline.placed, timeline.untimed) == (0, 1)


def test_without_a_violation_or_a_period_there_is_no_timeline() -> None:
    report = SAMPLE

    assert timeline_of(replace(report, rules=[rule(0)])) is None
    for first, last in ((None, None), ("soon", "later"), (PERIOD.last, PERIOD.first)):
        period = Period(first=first, last=last, source="")
        assert timeline_of(replace(report, period=period)) is None


def test_groups_of_events_stand_at_their_beginning_and_intervals_at_their_end() -> None:
    timeline = timeline_of(SAMPLE)

    assert timeline is not None
    assert bars(timeline) == {"2025-01-15": {"high": 7, "medium": 1, WAIVED: 3}}
    assert timeline.highest.label == "2025-01-15"


DAYS = st.integers(1, 9).map(lambda day: f"2025-01-{day:02}T08:00:00Z")


@st.composite
def reports(draw: st.DrawFn) -> Report:
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        groups, evidence = [], []
        for number in range(draw(st.integers(0, 3))):
            times = sorted(draw(st.lists(DAYS, min_size=1, max_size=5)))
            waived = draw(st.integers(0, len(times)))
            groups.append(
                group(times[0], times[-1], count=len(times), waived=waived, number=number)
            )
            evidence += [
                shown(time, number=number, waiver="w" if place < waived else "")
                for place, time in enumerate(times[: draw(st.integers(0, len(times)))])
            ]
        unlisted = draw(st.integers(0, 3))
        rules.append(rule(sum(each.count for each in groups) + unlisted, evidence, groups))
    return replace(SAMPLE, rules=rules, period=PERIOD)


@given(reports())
def test_every_violation_is_placed_or_between_or_untimed(report: Report) -> None:
    timeline = timeline_of(report)

    total = sum(each.counts.violations for each in report.rules)
    if timeline is None:
        assert total == 0
        return
    between = sum(each.count for each in timeline.between)
    listed = sum(each.count for one in report.rules for each in one.groups.shown)
    assert timeline.placed + between == listed
    assert timeline.placed + between + timeline.untimed == total


def test_only_whole_times_are_read() -> None:
    assert instant_of("2025-01-02T08:00:00+01:00") == instant_of("2025-01-02T07:00:00Z")
    assert instant_of("2025-01-02") is None
    assert instant_of(None) is None
