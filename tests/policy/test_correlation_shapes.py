from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.loader import read_rules
from checker.policy.parameters import settings_from_options
from checker.policy.rule import (
    Cadence,
    Calendar,
    Correlation,
    CorrelationType,
    OutcomeScope,
    Per,
    Rule,
)
from tests.builders import book_of, rule_of, rule_text, write_rules

COUNT = "{type: event_count, timespan: 10m, condition: {gte: 5}}"
KEYS = "{keys: {type: [string]}}"
ORDERED = """
  type: temporal_ordered
  timespan: 1h
  group_by: principal(userIdentity)
  steps:
    - name: stopped
      match: {eventSource: cloudtrail.amazonaws.com, eventName: [StopLogging, DeleteTrail]}
      where: arn_like(userIdentity.arn, $watched)
    - name: written_to
      match: [{readOnly: false}, {readOnly: null}]
      outcome: any
      group_by: get(requestParameters, $key)
    - name: re-started
      match: {eventName: StartLogging}
      negated: true
"""


def counting(folder: Path, correlation: str, **changes: str) -> Correlation:
    rule = rule_of(folder, rule_text(require=None, correlation=correlation, **changes))
    assert rule.correlation is not None
    return rule.correlation


def cadence_of(folder: Path, cadence: str) -> Cadence:
    rule = rule_of(folder, rule_text(require=None, cadence=cadence))
    assert rule.cadence is not None
    return rule.cadence


def ordered(folder: Path) -> Rule:
    params = (
        "{watched: {type: [string], default: ['arn:aws:iam::*:role/*']},"
        " key: {type: string, default: trailName}, unread: {type: string}}"
    )
    return rule_of(folder, rule_text(require=None, match=None, correlation=ORDERED, params=params))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("90s", 90), ("10m", 600), ("2h", 7_200), ("90d", 7_776_000), ("2w", 1_209_600)],
)
def test_a_timespan_is_a_number_of_seconds(tmp_path: Path, text: str, seconds: int) -> None:
    found = counting(tmp_path, f"{{type: event_count, timespan: {text}, condition: {{gte: 5}}}}")

    assert found.timespan == seconds


@pytest.mark.parametrize(("condition", "least"), [("{gte: 5}", 5), ("{gt: 5}", 6), ("{gte: 1}", 1)])
def test_more_than_five_is_at_least_six(tmp_path: Path, condition: str, least: int) -> None:
    found = counting(tmp_path, f"{{type: event_count, timespan: 1m, condition: {condition}}}")

    assert found.at_least == least


def test_a_group_is_one_expression_several_or_none(tmp_path: Path) -> None:
    def groups(text: str) -> list[str]:
        found = counting(
            tmp_path, f"{{type: event_count, timespan: 1m, condition: {{gte: 5}}{text}}}"
        )
        return [each.text for each in found.group_by]

    assert groups("") == []
    assert groups(", group_by: sourceIPAddress") == ["sourceIPAddress"]
    assert groups(", group_by: [principal(userIdentity), awsRegion]") == [
        "principal(userIdentity)",
        "awsRegion",
    ]


def test_a_count_of_values_says_of_what(tmp_path: Path) -> None:
    found = counting(
        tmp_path, "{type: value_count, timespan: 1h, condition: {gte: 3}, field: awsRegion}"
    )

    assert found.type is CorrelationType.VALUE_COUNT
    assert found.field is not None
    assert found.field.text == "awsRegion"
    assert found.steps == ()


def test_steps_keep_their_order_and_have_a_scope_each(tmp_path: Path) -> None:
    rule = ordered(tmp_path)

    assert rule.match == ()
    assert [step.name for step in rule.steps] == ["stopped", "written_to", "re-started"]
    assert [len(step.match) for step in rule.steps] == [1, 2, 1]
    assert [step.outcome for step in rule.steps] == [
        OutcomeScope.SUCCESS,
        OutcomeScope.ANY,
        OutcomeScope.SUCCESS,
    ]
    assert [step.negated for step in rule.steps] == [False, False, True]


def test_a_step_s_own_groups_stand_in_place_of_those_of_all(tmp_path: Path) -> None:
    groups = [[each.text for each in step.group_by] for step in ordered(tmp_path).steps]

    assert groups == [
        ["principal(userIdentity)"],
        ["get(requestParameters, $key)"],
        ["principal(userIdentity)"],
    ]


def test_parameters_in_steps_are_bound_and_others_are_not(tmp_path: Path) -> None:
    assert ordered(tmp_path).values == {"watched": ["arn:aws:iam::*:role/*"], "key": "trailName"}


def test_a_value_that_a_step_s_function_cannot_use_is_refused(tmp_path: Path) -> None:
    text = rule_text(
        require=None,
        match=None,
        correlation=ORDERED,
        params="{watched: {type: [string]}, key: {type: string, default: a}}",
    )

    with pytest.raises(UsageError, match="the value of \\$watched: not an ARN pattern"):
        book_of(tmp_path, text, settings=settings_from_options(("watched=x",)))


@pytest.mark.parametrize("kind", ["temporal", "temporal_ordered"])
def test_steps_need_nothing_to_be_grouped_by(tmp_path: Path, kind: str) -> None:
    correlation = (
        f"{{type: {kind}, timespan: 1h,"
        " steps: [{name: a, match: {eventName: A}}, {name: b, match: {eventName: B}}]}"
    )
    rule = rule_of(tmp_path, rule_text(require=None, match=None, correlation=correlation))

    assert [step.group_by for step in rule.steps] == [(), ()]


def test_a_cadence_is_a_span_or_a_calendar(tmp_path: Path) -> None:
    assert cadence_of(tmp_path, "{every: 90d, per: account}") == Cadence(
        every=90 * 86_400, per=Per.ACCOUNT
    )
    assert cadence_of(tmp_path, "{calendar: half, per: account+region}") == Cadence(
        calendar=Calendar.HALF, per=Per.BOTH
    )


def test_groups_that_must_occur_are_a_parameter_s(tmp_path: Path) -> None:
    cadence = "{every: 365d, group_by: requestParameters.keyId, groups: $keys}"
    text = rule_text(require=None, cadence=cadence, params=KEYS)
    rule = rule_of(tmp_path, text, settings=settings_from_options(("keys=a", "keys=b")))

    assert rule.cadence is not None
    assert rule.cadence.groups == "keys"
    assert rule.values == {"keys": ["a", "b"]}


def test_groups_may_be_a_parameter_of_the_pack(tmp_path: Path) -> None:
    cadence = "{every: 365d, group_by: requestParameters.keyId, groups: $keys}"
    folder = write_rules(tmp_path / "mine", rule_text(require=None, cadence=cadence))
    pack = f"id: mine\ntitle: Mine\nversion: '1'\nparams: {KEYS}\n"
    (tmp_path / "mine" / "pack.yaml").write_text(pack, encoding="utf-8")

    (rule,) = read_rules([folder]).rules

    assert rule.used_parameters == {"keys"}


def test_groups_without_a_value_are_no_groups_to_be_silent_about(tmp_path: Path) -> None:
    cadence = "{every: 365d, group_by: requestParameters.keyId, groups: $keys}"
    text = rule_text(require=None, cadence=cadence, params=KEYS)

    with pytest.raises(UsageError, match="has no value"):
        rule_of(tmp_path, text)
    with pytest.raises(UsageError, match="the list \\$keys is empty, so nothing would be judged"):
        rule_of(tmp_path, text, settings=settings_from_options(("keys=[]",)))
