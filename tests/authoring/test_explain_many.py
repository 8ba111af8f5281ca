import io
from pathlib import Path
from typing import Any

import pytest

from checker.authoring import explain_model as model
from checker.authoring.explain_many import MOST_WINDOWS
from checker.authoring.explain_text import render_explanation
from checker.authoring.explanation import Asking, explain
from checker.policy.loader import RuleBook, load_rules
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from checker.policy.waiver_document import load_waivers
from checker.trail.reader import open_trail
from checker.trail.source import find_sources
from checker.verdict.verdicts import judge
from tests.authoring.test_explain import record_of
from tests.builders import event, found_in, rule_of, rule_text

COUNT = """
  type: event_count
  group_by: sourceIPAddress
  timespan: 10m
  condition: {gte: 3}"""
VALUES = """
  type: value_count
  field: awsRegion
  timespan: 10m
  condition: {gte: 3}"""
STEPS = """
  type: temporal_ordered
  timespan: 10m
  steps:
    - {name: first, match: {eventName: A}}
    - {name: not-between, match: {eventName: N}, negated: true}
    - {name: second, match: {eventName: B}}"""
TOGETHER = """
  type: temporal
  timespan: 10m
  steps:
    - {name: first, match: {eventName: A}}
    - {name: second, match: {eventName: B}}"""


def rule_over_many(tmp_path: Path, correlation: str, **changes: str | None) -> Rule:
    own_match = {} if "steps" not in correlation else {"match": None}
    text = rule_text(require=None, correlation=correlation, **own_match, **changes)
    return rule_of(tmp_path / "rules", text.replace("correlation: \n", "correlation:\n"))


def at(minute: int, **changes: Any) -> dict[str, Any]:
    number = f"5c1f6e0a-2f3f-4a54-9d3f-{minute:012}"
    return event(eventTime=f"2024-05-01T10:{minute:02}:00Z", eventID=number, **changes)


def told(rule: Rule, *originals: dict[str, Any], **asked: Any) -> model.Together:
    located = [("log.json", record_of(each, at)) for at, each in enumerate(originals)]
    together = explain(rule, located, Asking(**asked)).together
    assert together is not None
    return together


def test_a_window_is_told_with_its_group_and_its_members(tmp_path: Path) -> None:
    rule = rule_over_many(tmp_path, COUNT)
    together = told(rule, at(1), at(2), at(3), at(30), at(2, sourceIPAddress="192.0.2.99"))

    assert together.verdict == "fail"
    (window,) = together.windows
    assert window.group == {"sourceIPAddress": "192.0.2.10"}
    assert window.summary.startswith("3 events in 2 min")
    assert [(each.index, each.name) for each in window.members] == [
        (0, "AttachPolicy"),
        (1, "AttachPolicy"),
        (2, "AttachPolicy"),
    ]


def test_what_came_nearest_is_told_where_nothing_broke_the_rule(tmp_path: Path) -> None:
    together = told(rule_over_many(tmp_path, COUNT), at(1), at(2), at(30))

    assert together.verdict == "pass"
    assert together.nearest == [
        (
            "the most events within 10 minutes: 2 of sourceIPAddress 192.0.2.10, from "
            "2024-05-01T10:01:00Z to 2024-05-01T10:02:00Z; 3 would be a violation"
        )
    ]


def test_values_are_counted_and_shown(tmp_path: Path) -> None:
    rule = rule_over_many(tmp_path, VALUES)
    near = told(rule, at(1), at(2, awsRegion="eu-west-3"))
    broken = told(rule, at(1), at(2, awsRegion="eu-west-3"), at(3, awsRegion="us-east-1"))

    assert near.nearest[0].startswith("the most different values within 10 minutes: 2, from")
    assert [each.counted for each in broken.windows[0].members] == [
        "eu-west-1",
        "eu-west-3",
        "us-east-1",
    ]


def test_the_steps_of_each_member_are_named(tmp_path: Path) -> None:
    together = told(rule_over_many(tmp_path, STEPS), at(1, eventName="A"), at(2, eventName="B"))

    assert [each.steps for each in together.windows[0].members] == [["first"], ["second"]]


@pytest.mark.parametrize("correlation", [STEPS, TOGETHER])
def test_a_step_that_is_missing_is_named(tmp_path: Path, correlation: str) -> None:
    together = told(rule_over_many(tmp_path, correlation), at(1, eventName="A"))

    assert together.nearest == [
        (
            "the most steps within 10 minutes: 1 of 2, from 2024-05-01T10:01:00Z to "
            "2024-05-01T10:01:00Z; missing there: second"
        )
    ]


def test_a_negated_step_that_came_between_is_named(tmp_path: Path) -> None:
    rule = rule_over_many(tmp_path, STEPS)
    events = (at(1, eventName="A"), at(2, eventName="N"), at(3, eventName="B"))

    assert told(rule, *events).nearest[0].endswith("and so did one that must not: not-between")


def test_an_interval_without_an_occurrence_is_told_and_else_the_longest(tmp_path: Path) -> None:
    text = rule_text(require=None, cadence="{every: 15m, per: account}")
    rule = rule_of(tmp_path / "rules", text)
    broken = told(rule, at(1), at(10), at(40))
    kept = told(rule, at(1), at(10), at(20))

    assert broken.verdict == "fail"
    assert broken.windows[0].summary == "30 min without an occurrence (at most 15 minutes)"
    assert [each.index for each in broken.windows[0].members] == [1, 2]
    assert kept.nearest[0].startswith(
        "the longest time between two occurrences of account 111122223333: 10 min, from"
    )


def test_an_event_that_was_delivered_twice_is_one_member(tmp_path: Path) -> None:
    together = told(rule_over_many(tmp_path, COUNT), at(1), at(1), at(2), at(3))

    assert [each.index for each in together.windows[0].members] == [0, 2, 3]


def test_the_waiver_of_a_window_is_named(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(
        "waivers: [{id: covers, rule: a-rule, scope: {all: true}, kind: risk_accepted, reason: r,"
        " owner: o, approved_by: a, approved_on: 2024-01-01, expires: 2025-01-01}]",
        encoding="utf-8",
    )
    rule = rule_over_many(tmp_path, COUNT)
    together = told(rule, at(1), at(2), at(3), waivers=load_waivers(file).waivers)

    assert together.verdict == "waived"
    assert together.windows[0].waived_by == "covers"


def test_one_event_alone_shows_its_group_and_steps(tmp_path: Path) -> None:
    rule = rule_over_many(tmp_path, COUNT)
    (only,) = explain(rule, [("log.json", record_of(at(1)))], Asking()).events

    assert only.finding == "counted"
    assert only.steps[0].group == {"sourceIPAddress": "192.0.2.10"}


def test_the_verdict_is_that_of_a_check(shared: Path) -> None:
    book = load_rules(["identity", "logging", "data-protection"], Settings())
    folder = (shared / "trails" / "stratus-red-team").as_posix()
    sources, _ = find_sources([folder])
    logs = [open_trail(source, io.BytesIO()) for source in sources]
    located = [(log.source.path, record) for log in logs for record in log.records]

    for rule in (each for each in book.rules if each.spans_events):
        together = explain(rule, located, Asking()).together
        found = found_in(RuleBook(rules=(rule,), packs=()), folder)
        (result,) = judge((rule,), found, None, whole=True)
        assert together is not None
        assert together.verdict == result.verdict
        assert len(together.windows) == min(len(found.assessed[0].episodes), MOST_WINDOWS)


def test_an_event_out_of_scope_of_every_step_says_so_for_each(tmp_path: Path) -> None:
    rule = rule_over_many(tmp_path, STEPS)
    (only,) = explain(rule, [("log.json", record_of(at(1, eventName="X")))], Asking()).events

    assert only.change is not None
    assert [each.text for each in only.change.need.any] == [
        'step first: `eventName` would have to be A: it is "X"',
        'step not-between: `eventName` would have to be N: it is "X"',
        'step second: `eventName` would have to be B: it is "X"',
    ]


def test_windows_and_what_came_nearest_are_put_in_text(tmp_path: Path) -> None:
    rule = rule_over_many(tmp_path, STEPS)
    broken = [at(1, eventName="A"), at(2, eventName="B")]

    def text(*originals: dict[str, Any]) -> str:
        located = [("log.json", record_of(each, n)) for n, each in enumerate(originals)]
        return render_explanation(explain(rule, located, Asking()))

    assert "All together: fail" in text(*broken)
    assert "    2024-05-01T10:02:00Z  B  log.json#1  step second" in text(*broken)
    assert "nearest: the most steps within 10 minutes: 1 of 2" in text(broken[0], broken[0])
