import json
from pathlib import Path
from typing import Any

import jmespath
import pytest
from hypothesis import assume, given
from jmespath.exceptions import JMESPathError

from checker.authoring.trial import Trial, values_of
from checker.aws import Json
from checker.errors import Place, UsageError
from checker.expression.trace import State
from checker.policy.parameters import settings_from_options
from tests.expression.strategies import events, expressions

OURS = ("as_list(", "outcome(", "get(", "$event")
"""What the standard does not have."""

RAISED = object()


def ours(text: str, value: Json) -> Json:
    try:
        part = Trial(text, {})(value)
    except UsageError:
        return RAISED
    return RAISED if part.state is State.RAISED else part.value


def theirs(text: str, value: Json) -> Json:
    try:
        return jmespath.search(text, value)
    except (JMESPathError, TypeError, ValueError):
        return RAISED


def same(one: Json, other: Json) -> bool:
    """Compare as JSON: true is not 1."""
    if one is RAISED or other is RAISED:
        return one is other
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(expressions, events)
def test_the_standard_functions_give_what_jmespath_py_gives(
    text: str, value: dict[str, Any]
) -> None:
    assume(not any(each in text for each in OURS))

    assert same(ours(text, value), theirs(text, value))


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of literals without quotes
def test_the_compliance_suite_gives_what_jmespath_py_gives(shared: Path) -> None:
    differing = []
    count = 0
    for path in sorted((shared / "jmespath-compliance").glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            for case in group["cases"]:
                count += 1
                text, value = case["expression"], group["given"]
                if not same(ours(text, value), theirs(text, value)):
                    differing.append(text)

    assert count == 908
    assert differing == []


def test_where_it_raised_is_under_the_carets() -> None:
    trial = Trial("a == 'x' || length(b) > `1`", {})
    problem = trial.fault(trial({"b": None}), Place(path="log.json#0"))

    assert str(problem) == (
        "log.json#0: length(b): expected a string or an array or an object, found null "
        "[expression-raises]\n"
        "    a == 'x' || length(b) > `1`\n"
        "                ^^^^^^^^^"
    )


def test_an_expression_over_several_lines_shows_the_one_that_is_wrong() -> None:
    with pytest.raises(UsageError) as raised:
        Trial("a ==\n  lenght(b)", {})

    assert "did you mean 'length'?" in str(raised.value)
    assert "\n      lenght(b)\n      ^^^^^^" in str(raised.value)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("x=5", 5),
        ("x='5'", "5"),
        ('x="5"', "5"),
        ("x=true", True),
        ("x=null", None),
        ("x=arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x"),
        ("x=[a, 1, '1']", ["a", 1, "1"]),
    ],
)
def test_a_value_is_read_as_json_spells_it_else_as_text(option: str, value: Json) -> None:
    assert values_of(settings_from_options((option,))) == {"x": value}


def test_a_parameter_without_a_value_and_a_value_without_a_parameter_are_refused() -> None:
    with pytest.raises(UsageError, match=r"the parameter '\$x' has no value"):
        Trial("$x", {})
    with pytest.raises(UsageError, match="the expression reads no parameter 'y'"):
        Trial("$x", {"x": 1, "y": 2})
