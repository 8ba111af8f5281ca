from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.expression.expression import parse_expression
from checker.expression.interpreter import interpret_expression
from checker.expression.operands import operands_of, watch_expression
from tests.expression.evaluators import outcome_of
from tests.expression.strategies import expressions, values


def operands(text: str) -> list[str]:
    return [text[slice(*span)] for span in operands_of(parse_expression(text))]


def seen(text: str, event: Json, **parameters: Json) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    evaluate = watch_expression(
        parse_expression(text),
        parameters,
        lambda span, held: found.append((text[slice(*span)], held)),
    )
    evaluate(event)
    return found


def test_operands_are_what_conditions_are_joined_of() -> None:
    assert operands("a && !(b == 'x' || c.d) && f.g") == ["a", "b == 'x'", "c.d", "f.g"]


def test_a_condition_that_joins_nothing_is_its_only_operand() -> None:
    assert operands("contains(a || b, 'x')") == ["contains(a || b, 'x')"]


def test_conditions_of_filters_have_operands_too() -> None:
    assert operands("length(a[?b && c == `1`]) > `0`") == [
        "length(a[?b && c == `1`]) > `0`",
        "b",
        "c == `1`",
    ]


def test_what_is_the_same_always_is_no_operand() -> None:
    assert operands("`true`") == []
    assert operands("a || $b") == ["a"]


def test_only_what_is_evaluated_is_seen() -> None:
    assert seen("a && b", {"a": False, "b": True}) == [("a", False)]
    assert seen("a && b == $c", {"a": 1, "b": 2}, c=2) == [("a", True), ("b == $c", True)]


def test_a_filter_is_seen_for_each_element() -> None:
    assert seen("a[?b]", {"a": [{"b": 1}, {}]})[:2] == [("b", True), ("b", False)]


@given(expressions, st.dictionaries(st.sampled_from("abc"), values))
def test_watching_changes_no_value(text: str, event: Json) -> None:
    expression = parse_expression(text)
    watching = watch_expression(expression, {}, lambda _span, _held: None)
    unwatched = parse_expression(text)

    assert outcome_of(watching, event) == outcome_of(interpret_expression(unwatched, {}), event)
