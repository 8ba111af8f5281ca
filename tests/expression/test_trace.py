from typing import Any

import pytest
from hypothesis import given

from checker.aws import Json
from checker.expression.expression import parse_expression
from checker.expression.faults import ExpressionError
from checker.expression.interpreter import interpret_expression
from checker.expression.trace import MOST_TIMES, Part, State, deciding, trace_expression
from checker.limits import Limits
from tests.expression.evaluators import outcome_of
from tests.expression.strategies import events, expressions


def traced(text: str, event: Json, **parameters: Json) -> Part:
    return trace_expression(parse_expression(text), parameters)(event)


def lines(part: Part, depth: int = 0) -> list[str]:
    """Give a tree as one can read it."""
    came_to = {
        State.VALUE: f"= {part.value!r}",
        State.RAISED: f"raised {part.cause}".rstrip(),
        State.SKIPPED: "skipped",
    }
    shown = [f"{'  ' * depth}{part.text} {came_to[part.state]}"]
    return shown + [line for each in part.parts for line in lines(each, depth + 1)]


def decided(text: str, event: Json) -> list[str]:
    return [part.text for part in deciding(traced(text, event))]


@given(expressions, events)
def test_a_traced_value_is_the_interpreter_s(text: str, event: dict[str, Any]) -> None:
    try:
        expression = parse_expression(text)
    except ExpressionError:
        return
    part = trace_expression(expression, {})(event)
    kind, value = outcome_of(interpret_expression(expression, {}), event)

    assert (part.state is State.RAISED) is (kind == "error")
    assert value in (causes(part) if kind == "error" else [repr(part.value)])


def causes(part: Part) -> list[str]:
    return [part.cause, *(cause for each in part.parts for cause in causes(each))]


def test_every_part_shows_what_it_came_to() -> None:
    part = traced("a.b == 'x' && length($names) > `1`", {"a": {"b": "x"}}, names=["y"])

    assert lines(part) == [
        "a.b == 'x' && length($names) > `1` = False",
        "  a.b == 'x' = True",
        "    a.b = 'x'",
        "  length($names) > `1` = False",
        "    length($names) = 1",
        "      $names = ['y']",
    ]


def test_what_was_left_out_is_marked_and_what_it_would_have_come_to_is_told() -> None:
    part = traced("a && length(b) > `0`", {"b": "x"})

    left_out = part.parts[1]
    assert left_out.state is State.SKIPPED
    assert left_out.would is not None
    assert left_out.would.is_true


def test_a_part_that_would_have_raised_says_so_without_raising() -> None:
    left_out = traced("a || length(b)", {"a": 1}).parts[1]

    assert left_out.would is not None
    assert left_out.would.state is State.RAISED


def test_the_part_that_raised_has_the_cause_and_those_above_it_have_none() -> None:
    part = traced("a || contains(b.c, 'x')", {})

    assert part.state is State.RAISED
    assert not part.cause
    assert part.parts[1].cause.startswith("contains(b.c, 'x'): ")


def test_each_element_of_a_list_is_shown_up_to_a_number() -> None:
    part = traced("a[?@ > `1`]", {"a": list(range(MOST_TIMES + 5))})

    conditions = [each for each in part.parts if each.kind == "comparator"]
    assert [each.value for each in conditions[:3]] == [False, False, True]
    assert len(conditions) == MOST_TIMES
    assert conditions[-1].unkept == 5


def test_an_expression_in_a_call_is_shown_for_each_element() -> None:
    part = traced("map(&(@ == 'x'), a)", {"a": ["x", "y"]})

    assert [each.value for each in part.parts if each.kind == "comparator"] == [True, False]


def test_a_value_that_costs_too_much_as_a_whole_raises_at_the_top() -> None:
    expression = parse_expression("a[*].[@, @, @]")
    part = trace_expression(expression, {}, Limits(evaluation_steps=20))({"a": [1, 2, 3]})

    assert part.state is State.RAISED
    assert part.cause == "it takes more than 20 steps"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a || b", ["b"]),
        ("b || a", ["b"]),
        ("a && b", ["a"]),
        ("b && a", ["a"]),
        ("a || c", ["a", "c"]),
        ("b && d", ["b", "d"]),
        ("!(b && d) || a", ["b", "d", "a"]),
        ("b == 'x'", ["b == 'x'"]),
        ("a || length(c)", ["length(c)"]),
        ("a || `true`", ["a || `true`"]),
    ],
)
def test_the_sides_that_told_are_named(text: str, told: list[str]) -> None:
    assert decided(text, {"b": 1, "d": 2}) == told


def test_a_part_is_shown_without_the_parentheses_around_it() -> None:
    part = traced("(a == 'x') || ((b) && (c))", {})

    assert [each.text for each in part.parts] == ["a == 'x'", "(b) && (c)"]
