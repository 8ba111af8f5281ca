from pathlib import Path

import pytest

from checker.authoring.mutation.mutants import mutants
from checker.policy.rule import Rule
from tests.builders import rule_of, rule_text

FORBIDDEN = "true"
STEPS = """
  type: temporal_ordered
  timespan: 1h
  group_by: userIdentity.arn
  steps:
    - {name: made, match: {eventName: CreateUser}}
    - {name: seen, match: {eventName: GetUser}, negated: true}
    - {name: used, match: {eventName: DeleteUser}}
"""


def whats(rule: Rule, *keys: str) -> list[str]:
    """Give what the mutants of a rule are, of those that change one of some keys."""
    return [
        each.change.what for each in mutants(rule) if not keys or each.change.path[0] in set(keys)
    ]


def of(tmp_path: Path, *keys: str, **changes: str | None) -> list[str]:
    text = rule_text(**{"require": None, "forbid": FORBIDDEN, **changes})
    return whats(rule_of(tmp_path, text), *keys)


def test_values_and_lines_of_match_are_left_out(tmp_path: Path) -> None:
    match = (
        "\n  eventSource: iot.amazonaws.com\n  eventName: [AttachPolicy, Attach*, 'Detach?', null]"
    )

    assert of(tmp_path, "match", match=match) == [
        "eventSource left out of match",
        "left out of eventName: Attach*",
        "left out of eventName: Detach?",
        "null left out of eventName",
        "Attach* became Attach",
        "eventName left out of match",
    ]


def test_alternatives_of_match_are_left_out(tmp_path: Path) -> None:
    match = "[{eventName: [A, B]}, {eventName: C}]"

    assert of(tmp_path, "match", match=match) == [
        "left out of eventName: A",
        "left out of eventName: B",
        "an alternative of match left out",
        "an alternative of match left out",
    ]


def test_a_source_that_the_names_tell_already_is_not_left_out(tmp_path: Path) -> None:
    match = "{eventSource: secretsmanager.amazonaws.com, eventName: GetSecretValue}"

    assert of(tmp_path, "match", match=match) == ["eventName left out of match"]


@pytest.mark.parametrize("outcome", ["success", "denied", "failed", "any"])
def test_every_other_outcome_is_tried(tmp_path: Path, outcome: str) -> None:
    others = [each for each in ("success", "denied", "failed", "any") if each != outcome]

    assert of(tmp_path, "outcome", outcome=outcome) == [
        f"outcome {outcome} became {other}" for other in others
    ]


def test_where_is_changed_and_left_out(tmp_path: Path) -> None:
    assert of(tmp_path, "where", where="a == 'x'") == [
        "== became !=",
        "'x' became 'x~'",
        "where left out",
    ]


def test_what_it_requires_is_left_out(tmp_path: Path) -> None:
    assert of(tmp_path, "requires", requires="[a, b]") == [
        "left out of requires: a",
        "left out of requires: b",
    ]


def test_bounds_in_time_move(tmp_path: Path) -> None:
    effective = "{from: 2024-01-01, until: 2025-01-01}"
    found = of(tmp_path, "effective", "notice", effective=effective, notice="30d")

    assert len(found) == 9
    assert found[0] == (
        "effective: from moved by a second, from 2024-01-01T00:00:00Z to 2024-01-01T00:00:01Z"
    )
    assert found[-1] == "notice left out"


def test_defaults_that_decide_are_changed(tmp_path: Path) -> None:
    params = """
  roles: {type: [string], default: ['arn:aws:iam::*:role/A*', 'arn:aws:iam::*:role/Ab', 'arn:aws:iam::*:user/x']}
  most: {type: integer, default: 5}
  on: {type: boolean, default: true}
  name: {type: string, default: a*}
  said: {type: string, default: hello}
"""
    condition = "arn_like(a, $roles) && length(b) > $most && c == $on && glob(d, $name)"
    found = of(tmp_path, "params", forbid=f'"{condition}"', params=params, message='"{$said}"')

    assert found == [
        "the default of $most: 5 became 4",
        "the default of $most: 5 became 6",
        "the default of $name: a* became a*~",
        "the default of $name: a* became a",
        "the default of $on: True became false",
        "left out of the default of $roles: arn:aws:iam::*:role/A*",
        "left out of the default of $roles: arn:aws:iam::*:user/x",
        "in the default of $roles, arn:aws:iam::*:role/A* became arn:aws:iam::*:role/A",
    ]


def test_shared_defaults_are_not_the_rule_s(tmp_path: Path) -> None:
    params = "{who: {type: string, default: x}}"
    rule = rule_of(tmp_path, rule_text(require="userIdentity.arn == $who", params=params))

    assert "params" in {each.change.path[0] for each in mutants(rule)}
    assert "params" not in {each.change.path[0] for each in mutants(rule, ["who"])}


def test_counts_change_their_threshold_span_and_groups(tmp_path: Path) -> None:
    correlation = "{type: value_count, timespan: 10m, condition: {gte: 5}, field: awsRegion, group_by: [a, b]}"

    assert of(tmp_path, "correlation", forbid=None, correlation=correlation) == [
        "timespan 10m became 9m",
        "timespan 10m became 11m",
        "condition: 5 or more became 4 or more",
        "condition: 5 or more became 6 or more",
        "type value_count became event_count",
        "left out of group_by: a",
        "left out of group_by: b",
    ]


def test_sequences_change_their_steps(tmp_path: Path) -> None:
    found = of(tmp_path, "correlation", forbid=None, match=None, correlation=STEPS)

    assert [each for each in found if not each.startswith("outcome")] == [
        "timespan 1h became 59m",
        "timespan 1h became 61m",
        "left out of group_by: userIdentity.arn",
        "step made left out",
        "step seen is no longer negated",
        "step seen left out",
        "step used left out",
        "steps made and seen changed places",
        "steps seen and used changed places",
    ]


def test_cadences_change_their_span_and_whose_they_are(tmp_path: Path) -> None:
    cadence = "{every: 90d, per: account}"

    assert of(tmp_path, "cadence", forbid=None, cadence=cadence) == [
        "every 90d became 89d",
        "every 90d became 91d",
        "per account became region",
        "per account became account+region",
    ]
    assert of(tmp_path, "cadence", forbid=None, cadence="{calendar: quarter, per: region}")[:2] == [
        "calendar quarter became month",
        "calendar quarter became half",
    ]


def test_groups_of_a_cadence_are_left_out_and_their_list_is_shortened(tmp_path: Path) -> None:
    cadence = "{every: 1s, group_by: requestParameters.keyId, groups: $keys}"
    params = "{keys: {type: [string], default: [a, a*]}}"
    found = of(tmp_path, "cadence", "params", forbid=None, cadence=cadence, params=params)

    assert found == [
        "left out of the default of $keys: a",
        "left out of the default of $keys: a*",
        "every 1s became 2s",
        "groups left out",
    ]


def test_every_mutant_differs_and_says_which_test_would_notice(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(where="a || b"))
    found = list(mutants(rule))

    assert all(each.rule != rule and each.change.hint for each in found)
    assert [each.change for each in found] == [each.change for each in mutants(rule)]
