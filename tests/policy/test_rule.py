from pathlib import Path

from checker.policy.rule import CorrelationType, Rule, Step
from tests.builders import rule_of, rule_text

COUNT = "{type: value_count, timespan: 1h, condition: {gte: 3}, field: awsRegion, group_by: [a, b]}"
STEPS = (
    "{type: temporal, timespan: 1h, group_by: g, steps:"
    " [{name: a, match: {x: A}, where: w == 'a'}, {name: b, match: {y: B}, group_by: h}]}"
)


def texts(rule: Rule) -> list[str]:
    return [each.text for each in rule.expressions]


def test_a_rule_of_one_event_is_one_step_without_a_name(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(where="a == 'b'", outcome="any"))

    assert rule.steps == (Step(match=rule.match, where=rule.where, outcome=rule.outcome),)
    assert not rule.spans_events
    assert not rule.reads_time


def test_a_rule_that_counts_is_one_step_in_groups(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(require=None, correlation=COUNT, where="a == 'b'"))

    (step,) = rule.steps
    assert (step.match, step.where) == (rule.match, rule.where)
    assert [each.text for each in step.group_by] == ["a", "b"]
    assert rule.spans_events


def test_a_cadence_is_one_step_in_its_groups(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(require=None, cadence="{every: 1d, group_by: [a, b]}"))

    assert [[each.text for each in step.group_by] for step in rule.steps] == [["a", "b"]]
    assert rule.spans_events
    assert not rule.is_duty


def test_a_rule_over_many_events_reads_time_without_being_bounded_in_it(tmp_path: Path) -> None:
    assert rule_of(tmp_path, rule_text(require=None, correlation=COUNT)).reads_time
    assert rule_of(tmp_path, rule_text(require=None, cadence="{every: 1d, per: region}")).reads_time


def test_what_a_rule_over_many_events_reads_is_among_its_expressions(tmp_path: Path) -> None:
    counts = rule_of(
        tmp_path,
        rule_text(require=None, correlation=COUNT, requires="r", resource="s", message="'{m}'"),
    )
    steps = rule_of(tmp_path, rule_text(require=None, match=None, correlation=STEPS))
    cadence = rule_of(tmp_path, rule_text(require=None, cadence="{every: 1d, group_by: [a, b]}"))

    assert texts(counts) == ["eventSource", "eventName", "a", "b", "awsRegion", "r", "s", "m"]
    assert texts(steps) == ["g", "x", "w == 'a'", "y", "h"]
    assert texts(cadence) == ["eventSource", "eventName", "a", "b"]


def test_two_of_the_types_count() -> None:
    assert [each.value for each in CorrelationType if each.is_count] == [
        "event_count",
        "value_count",
    ]
