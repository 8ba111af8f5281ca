from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checker.errors import UsageError
from checker.policy.rule import Case, Expectation
from tests.builders import rule_of, rule_text

COUNT = "{type: event_count, timespan: 10m, condition: {gte: 5}}"


def case_of(folder: Path, keys: str, base: str = "{eventName: A}", expect: str = "pass") -> Case:
    tests = f"{{base: {base}, cases: [{{name: n, {keys}, expect: {expect}}}]}}"
    rule = rule_of(folder, rule_text(require=None, correlation=COUNT, tests=tests))
    (case,) = rule.tests
    return case


def values(case: Case, name: str) -> list[Any]:
    return [event.get(name) for event in case.events]


def test_a_replay_begins_with_may(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "events: [{at: +0s}, {at: +90s}, {at: +3m}, {at: +1h}, {at: +90d}, {at: +1w},"
        " {at: 2024-05-02}, {at: '2024-05-01T10:00:00+02:00'}]",
    )

    assert case.timeline
    assert values(case, "eventTime") == [
        "2024-05-01T00:00:00Z",
        "2024-05-01T00:01:30Z",
        "2024-05-01T00:03:00Z",
        "2024-05-01T01:00:00Z",
        "2024-07-30T00:00:00Z",
        "2024-05-08T00:00:00Z",
        "2024-05-02T00:00:00Z",
        "2024-05-01T08:00:00Z",
    ]


def test_events_are_repeated_at_a_distance_or_at_one_instant(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "events: [{at: +1m, repeat: 3, each: 30s}, {at: +9m, repeat: 2, each: 0s}]",
    )

    assert [time[14:19] for time in values(case, "eventTime")] == [
        *("01:00", "01:30", "02:00"),
        *("09:00", "09:00"),
    ]
    assert values(case, "eventID") == ["event-1", "event-2", "event-3", "event-4", "event-5"]


def test_an_item_changes_the_base_or_stands_in_its_place(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "events: [{at: +0s}, {at: +0s, set: {a.b: 2}, unset: c}, {at: +0s, event: {z: 3}}]",
        base="{a: {b: 1}, c: 1, eventTime: x}",
    )

    assert values(case, "a") == [{"b": 1}, {"b": 2}, None]
    assert values(case, "c") == [1, None, None]
    assert case.events[2] == {"z": 3, "eventID": "event-3", "eventTime": "2024-05-01T00:00:00Z"}


def test_events_share_no_id_because_they_share_a_base(tmp_path: Path) -> None:
    case = case_of(tmp_path, "events: [{at: +0s}, {at: +1s}]", base="{eventID: of-the-base}")

    assert values(case, "eventID") == ["event-1", "event-2"]


def test_an_id_that_an_item_gives_or_takes_away_stays_so(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "events: [{at: +0s, set: {eventID: copy}, repeat: 2, each: 0s},"
        " {at: +1s, event: {eventID: own}}, {at: +2s, unset: eventID}, {at: +3s}]",
        base="{eventID: of-the-base}",
    )

    assert values(case, "eventID") == ["copy", "copy", "own", None, "event-5"]


def test_logs_cover_what_a_case_says(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "events: [{at: +1d}], covers: {from: +0s, until: +100d}, violations: 2",
        expect="fail",
    )

    assert case.start == datetime(2024, 5, 1, tzinfo=UTC)
    assert case.end == datetime(2024, 8, 9, tzinfo=UTC)
    assert case.violations == 2


def test_a_case_that_says_nothing_of_it_leaves_it_to_the_events(tmp_path: Path) -> None:
    case = case_of(tmp_path, "events: [{at: +1d}]")

    assert (case.start, case.end, case.violations) == (None, None, None)


@pytest.mark.parametrize("expect", ["pass", "fail", "no_evidence", "error", "out_of_scope"])
def test_whole_events_are_judged_together_too(tmp_path: Path, expect: str) -> None:
    case = case_of(tmp_path, "events: [{eventName: A}, {eventName: B}]", expect=expect)

    assert not case.timeline
    assert case.events == ({"eventName": "A"}, {"eventName": "B"})
    assert case.expect is Expectation(expect)


def test_every_wrong_case_is_told_at_once(tmp_path: Path) -> None:
    cases = (
        "{name: a, events: [{at: +0s}], covers: {from: +1d}, expect: pass},"
        "{name: b, events: [{at: +0s}], violations: 1, expect: pass}"
    )
    text = rule_text(require=None, correlation=COUNT, tests=f"{{base: {{}}, cases: [{cases}]}}")

    with pytest.raises(UsageError) as caught:
        rule_of(tmp_path, text)

    assert len(caught.value.problems) == 2
