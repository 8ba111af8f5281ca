from pathlib import Path

import pytest

from checker.authoring.assertions import check_events, rule_at
from checker.errors import UsageError
from tests.builders import APPROVED, event, rule_text, write_rules


@pytest.fixture
def rules(tmp_path: Path) -> str:
    texts = [
        rule_text(
            "one", require="userIdentity.arn == $who", params="{who: {type: string, default: x}}"
        ),
        rule_text(
            "many",
            require=None,
            correlation="{type: event_count, timespan: 10m, condition: {gte: 2}}",
        ),
    ]
    return write_rules(tmp_path, *texts)


def test_an_event_is_judged_by_a_rule(rules: str) -> None:
    rule = rule_at(f"{rules}/one.yaml")

    assert rule.judge(event()).found == "fail"
    assert rule.judge(event(userIdentity={"arn": "x"})).found == "pass"
    assert rule.judge(event(eventName="Other")).reason == 'match: eventName is "Other"'


def test_parameters_are_values_of_python(rules: str) -> None:
    arn = APPROVED["arn"]

    assert rule_at(f"{rules}/one.yaml", who=arn).judge(event(userIdentity=APPROVED)).found == "pass"
    with pytest.raises(UsageError, match="no rule reads a parameter 'whom'"):
        rule_at(f"{rules}/one.yaml", whom=arn)


def test_a_value_of_the_wrong_type_is_told(rules: str) -> None:
    with pytest.raises(UsageError, match="expected a value of type string"):
        rule_at(f"{rules}/one.yaml", who=["x", "y"]).judge(event())


def test_events_of_a_rule_over_many_are_one_log(rules: str) -> None:
    found = check_events(rules, [event(eventID="1"), event(eventID="2")])

    assert {name: each.found for name, each in found.items()} == {"many": "fail", "one": "fail"}
    assert found["many"].violations == 1


def test_an_expectation_that_does_not_hold_says_why(rules: str) -> None:
    rule = rule_at(f"{rules}/one.yaml")

    rule.expect("fail", event())
    with pytest.raises(AssertionError) as caught:
        rule.expect("pass", event())

    assert str(caught.value) == (
        "rule one\n    expected pass, found fail\n    false  require: userIdentity.arn == $who"
    )


def test_one_rule_is_one_file(rules: str) -> None:
    with pytest.raises(UsageError, match="holds 2 rules; one is wanted"):
        rule_at(rules)


def test_no_event_is_not_a_pass(rules: str) -> None:
    with pytest.raises(ValueError, match="no event was given"):
        rule_at(f"{rules}/one.yaml").judge()
