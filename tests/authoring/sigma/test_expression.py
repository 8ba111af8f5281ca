from typing import Any

import pytest

from checker.authoring.sigma.condition import (
    And,
    Condition,
    Exists,
    Not,
    Null,
    Or,
    Place,
    Refers,
    Texts,
    Wildcard,
)
from checker.authoring.sigma.expression import expression_lines
from checker.aws.hidden import path_is_hidden
from checker.expression.compiler import compile_expression
from checker.expression.expression import Expression, is_boolean_node, parse_expression

MANY = Wildcard.MANY


def written(condition: Condition) -> Expression:
    return parse_expression("\n".join(expression_lines(condition)))


def holds(condition: Condition, event: dict[str, Any]) -> Any:
    return compile_expression(written(condition), {})(event)


def contains(field: str, *texts: str) -> Texts:
    return Texts(field=field, patterns=tuple((MANY, text, MANY) for text in texts))


def test_a_text_field_is_written_plainly() -> None:
    assert expression_lines(Texts(field="userIdentity.type", patterns=(("Root",),))) == [
        "lower(userIdentity.type) == 'root'"
    ]


def test_a_long_condition_is_broken_where_a_person_would_break_it() -> None:
    call = Texts(field="eventName", patterns=tuple((f"DescribeSomething{n}",) for n in range(9)))
    condition = And((call, Or((contains("userAgent", "curl"), Not(Null("errorCode"))))))

    assert expression_lines(condition) == [
        "any_in(lower(eventName), [",
        "  'describesomething0', 'describesomething1', 'describesomething2', 'describesomething3',",
        "  'describesomething4', 'describesomething5', 'describesomething6', 'describesomething7',",
        "  'describesomething8'",
        "])",
        "&& (glob(lower(userAgent), '*curl*') || !(errorCode == `null`))",
    ]


@pytest.mark.parametrize(
    "condition",
    [
        contains("userAgent", "a"),
        contains("readOnly", "u"),
        contains("requestParameters", "x"),
        contains("requestParameters.a.b", "x", "y"),
        contains("requestParameters.a.b.c.d", "x"),
        Exists("requestParameters.a"),
        Null("requestParameters.a"),
        Refers("userAgent", "requestParameters.a", Place.ANYWHERE),
        Refers("userAgent", "errorCode", Place.WHOLE),
    ],
)
def test_a_condition_is_yes_or_no_and_raises_on_no_empty_event(condition: Condition) -> None:
    assert is_boolean_node(written(condition).ast)
    assert holds(condition, {}) is isinstance(condition, Null)
    nothing = {"userAgent": None, "readOnly": None, "requestParameters": {"a": None}}
    assert holds(condition, nothing) is isinstance(condition, Null)


@pytest.mark.parametrize(
    "parameters",
    [
        {"a": {"b": "an x"}},
        {"a": {"b": ["-", "an X"]}},
        {"a": [{"c": 1}, {"b": "an x"}]},
        {"a": [{"b": ["x"]}]},
        {"a": [{"b": None}, {"b": [None, "x"]}]},
    ],
)
def test_a_value_is_found_through_lists_and_in_them(parameters: dict[str, Any]) -> None:
    assert holds(contains("requestParameters.a.b", "X", "none"), {"requestParameters": parameters})


def test_null_in_a_list_is_no_text() -> None:
    event = {"requestParameters": {"a": [None], "b": {"c": None}}}

    assert not holds(contains("requestParameters.a", "null", "nul"), event)
    assert not holds(contains("requestParameters.b.c", "null"), event)


def test_quotes_are_found_in_the_json_of_an_object_and_in_the_texts_in_it() -> None:
    condition = contains("requestParameters", '"Allow"')

    assert holds(condition, {"requestParameters": {"effect": "Allow"}})
    assert holds(condition, {"requestParameters": {"policyDocument": '{"Effect": "Allow"}'}})
    assert not holds(condition, {"requestParameters": {"policyDocument": "Allowed"}})


@pytest.mark.parametrize("name", ["MÜLLER", "müller"])
def test_letters_beyond_ascii_are_found_in_objects_as_they_are_written(name: str) -> None:
    condition = contains("requestParameters", name)

    assert holds(condition, {"requestParameters": {"userName": f"{name} 1"}})


def test_two_fields_that_are_absent_are_not_the_same() -> None:
    assert not holds(Refers("errorCode", "errorMessage", Place.WHOLE), {})
    assert not holds(Refers("requestParameters.a", "requestParameters.b", Place.WHOLE), {})


def test_a_masked_value_is_there() -> None:
    field = "responseElements.pendingModifiedValues.masterUserPassword"
    event = {"responseElements": {"pendingModifiedValues": {"masterUserPassword": "****"}}}
    condition = written(Exists(field))

    assert holds(Exists(field), event)
    assert not any(
        path_is_hidden(event, read.path, presence=read.presence) for read in condition.reads
    )
