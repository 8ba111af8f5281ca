from hypothesis import given
from hypothesis import strategies as st

from checker.authoring.mutation.expressions import variants
from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.expression import Expression, parse_expression
from checker.expression.faults import EvaluationError
from tests.expression.strategies import values

_ATOMS = st.sampled_from(
    [
        *("a", "b.c", "a == 'x'", "b != `null`", "c > `1`", "`1` <= c", "contains(['x', 'a'], b)"),
        *("a[?b == 'x' || c]", "(a || b).c == 'a'", "glob(b, 'x*')", "length(a) < `2`", "a < b"),
        *("to_string(a || b)", "contains(`[1, true]`, c)", "!a", "!b.c", "!(c)", "a | b"),
    ]
)
conditions = st.recursive(
    _ATOMS,
    lambda inner: st.builds(
        lambda shape, one, two: shape.format(one, two),
        st.sampled_from(["{0} && {1}", "{0} || {1}", "({0}) && {1}", "({0} || {1})", "!({0})"]),
        inner,
        inner,
    ),
    max_leaves=5,
)
events = st.dictionaries(st.sampled_from("abc"), values)


def texts(text: str) -> list[str]:
    return [each.expression.text for each in variants(parse_expression(text))]


def outcome(expression: Expression, event: Json) -> str:
    try:
        return repr(compile_expression(expression, {})(event))
    except EvaluationError:
        return "an error"


@given(conditions, events)
def test_the_text_of_a_variant_means_what_its_tree_does(text: str, event: Json) -> None:
    for each in variants(parse_expression(text)):
        read = parse_expression(each.expression.text)

        assert outcome(read, event) == outcome(each.expression, event), each.expression.text
        assert read.reads == each.expression.reads
        assert read.ast["size"] == each.expression.ast["size"]


@given(conditions)
def test_no_variant_is_the_expression_itself_and_none_is_there_twice(text: str) -> None:
    found = texts(text)

    assert text not in found
    assert len(found) == len(set(found))
    assert found == texts(text)


def test_operators_and_operands_of_a_chain() -> None:
    assert texts("a && b == 'x' || !c") == [
        "a && b == 'x' && !c",
        "!c",
        "a && b == 'x'",
        "a || b == 'x' || !c",
        "b == 'x' || !c",
        "a || !c",
        "!a && b == 'x' || !c",
        "a && b != 'x' || !c",
        "a && b == 'x~' || !c",
        "a && b == 'x' || c",
    ]


def test_an_or_that_becomes_an_and_keeps_its_operands_together() -> None:
    assert texts("a || b || c")[:2] == ["(a || b) && c", "b || c"]


def test_an_and_that_becomes_an_or_is_put_in_parentheses_in_another_and() -> None:
    assert "(a || b) && c" in texts("a && b && c")


def test_each_operand_of_a_long_chain_is_left_out_once() -> None:
    found = texts("a && b && c")

    assert [each for each in ("b && c", "a && c", "a && b") if each in found] == [
        "b && c",
        "a && c",
        "a && b",
    ]
    assert "c" not in found


def test_order_is_changed_at_the_boundary_and_turned_round() -> None:
    assert texts("a > `5`") == ["a >= `5`", "a <= `5`", "a > `6`"]
    assert texts("`5` > a") == ["`5` >= a", "`5` <= a", "`4` > a"]


def test_a_list_of_literals_loses_each_member() -> None:
    assert texts("contains(['x', 'y'], a)") == [
        "!contains(['x', 'y'], a)",
        "contains(['y'], a)",
        "contains(['x'], a)",
    ]
    assert "contains(`[1]`, a)" in texts("contains(`[1, 2]`, a)")


def test_times_move_by_a_second_and_a_day() -> None:
    found = texts("time_before(a, '2024-05-01T00:00:00Z')")

    assert "time_before(a, '2024-04-30T23:59:59Z')" in found
    assert "time_before(a, '2024-05-02T00:00:00Z')" in found


def test_patterns_lose_their_stars() -> None:
    found = texts("glob(a, 'x*')")

    assert "glob(a, 'x')" in found
    assert "glob(a, 'x*~')" in found


def test_what_a_policy_is_asked_for_keeps_its_stars() -> None:
    assert texts("policy_allows(a, 'iam:*', '*')") == ["!policy_allows(a, 'iam:*', '*')"]


def test_a_literal_that_its_function_would_refuse_is_no_variant() -> None:
    assert texts("ip_in(a, '192.0.2.0/24')") == ["!ip_in(a, '192.0.2.0/24')"]


def test_conditions_of_filters_are_conditions() -> None:
    assert "a[?!b]" in texts("a[?b]")
    assert "!a[?b]" not in texts("a[?b].c == `[]`")


def test_an_alternative_value_is_left_out_and_its_operator_stays() -> None:
    found = texts("(a || b) == 'x'")

    assert found == ["(a || b) != 'x'", "(b) == 'x'", "(a) == 'x'", "(a || b) == 'x~'"]
