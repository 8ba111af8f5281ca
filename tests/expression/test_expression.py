from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.expression.expression import (
    ExpressionError,
    is_boolean_node,
    is_path,
    parse_expression,
)


def test_parameters_are_named_without_the_event() -> None:
    expression = parse_expression("a[?b == $x].c == $y.z && $event.d == $x")

    assert expression.parameters == {"x", "y"}


def test_expressions_of_the_same_text_are_equal() -> None:
    assert len({parse_expression("a.b"), parse_expression("a.b")}) == 1


@given(st.text())
def test_any_text_parses_or_raises_an_expression_error(text: str) -> None:
    with suppress(ExpressionError):
        parse_expression(text)


@pytest.mark.parametrize(
    "text", ["a", "a.b[0]", "a[*].b", "a[].b", "a[1:2].c", "a.*.b", '"a b".c', "$event.a", "@"]
)
def test_a_walk_into_the_event_is_a_path(text: str) -> None:
    assert is_path(parse_expression(text))


@pytest.mark.parametrize(
    "text", ["a | b", "a[?b]", "a == b", "[a]", "{a: b}", "length(a)", "'a'", "$p", "!a", "a || b"]
)
def test_anything_more_is_no_path(text: str) -> None:
    assert not is_path(parse_expression(text))


@pytest.mark.parametrize(
    "text",
    [
        *("a == b", "a < `1`", "!a", "a == b && !c || (d != e)", "`true`", "contains(a, b)"),
        *("glob(a, 'x')", "ip_in(a, 'x') || is_ip(a)", "a | contains(@, 'b')", "a.contains(@, b)"),
    ],
)
def test_a_yes_or_no_is_seen_by_its_form(text: str) -> None:
    assert is_boolean_node(parse_expression(text.replace("'x'", "$p")).ast)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a && b == c",
        "length(a)",
        "a[?b == c]",
        "`1`",
        "$p",
        "not_null(a)",
        "[a == b]",
        "get(a, b)",
    ],
)
def test_anything_else_is_no_boolean_form(text: str) -> None:
    assert not is_boolean_node(parse_expression(text).ast)
