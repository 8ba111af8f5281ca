import jmespath
import pytest
from hypothesis import given, settings
from jmespath.exceptions import JMESPathError

from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import holds
from checker.expression.expression import ExpressionError, parse_expression
from checker.expression.faults import EvaluationError
from checker.expression.interpreter import interpret_expression
from tests.expression.evaluators import both, outcome_of
from tests.expression.strategies import events, expressions


def evaluate(text: str, event: Json, **parameters: Json) -> Json:
    return both(text, parameters)(event)


def cause(text: str, event: Json, **parameters: Json) -> str:
    with pytest.raises(EvaluationError) as raised:
        evaluate(text, event, **parameters)
    return raised.value.cause


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$roles[?@ == 'b']", ["b"]),
        ("a[?@ == $one]", [2]),
        ("a[?@ == $event.b]", [2]),
        ("map(&(@ == $event.b), a)", [False, True]),
        ("contains($roles, 'a')", True),
        ("$map.x.y", 1),
        ("a[*].[$one]", [[2], [2]]),
        ("$event.b", 2),
        ("contains([a, b], `[1, 2]`)", True),
        ("a[?@ == $one][1:] | length(@)", 0),
    ],
)
def test_parameters_and_the_event_are_seen_at_any_depth(text: str, result: Json) -> None:
    parameters = {"roles": ["a", "b"], "one": 2, "map": {"x": {"y": 1}}}

    assert evaluate(text, {"a": [1, 2], "b": 2}, **parameters) == result


def test_a_parameter_without_a_value_is_found_when_the_rule_is_compiled() -> None:
    with pytest.raises(ExpressionError) as raised:
        compile_expression(parse_expression("a == $rols"), {"roles": []})

    assert raised.value.cause == "the parameter '$rols' has no value"
    assert (raised.value.start, raised.value.end) == (5, 10)
    assert raised.value.hint == "did you mean 'roles'?"


@pytest.mark.parametrize(
    ("text", "value"),
    [("ip_in(a, $p)", ["10.0.0.0/33"]), ("glob(a, $p)", 5), ("regex(a, $p)", "(")],
)
def test_a_parameter_that_can_never_work_is_found_when_the_rule_is_compiled(
    text: str, value: Json
) -> None:
    with pytest.raises(ExpressionError) as raised:
        compile_expression(parse_expression(text), {"p": value})

    assert text[raised.value.start : raised.value.end] == "$p"


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("length(a)", {}, "length(a): expected a string or an array or an object, found null"),
        (
            "avg(a)",
            {"a": ["x"]},
            "avg(a): expected an array of numbers, found a string among its elements",
        ),
        ("a < 'x'", {"a": 1}, "a < 'x': cannot tell the order of a number and a string"),
        ("contains('x', a)", {"a": 1}, "contains('x', a): a string contains strings, not a number"),
        (
            "contains('x', a)",
            {"a": []},
            "contains('x', a): a string contains strings, not an array",
        ),
        ("glob(a, 'x')", {"a": 1}, "glob(a, 'x'): expected a string as text, found a number"),
        ("to_number(a)", {"a": "1e999"}, "to_number(a): the result is no finite number"),
        ("arn(a)", {"a": "x"}, "arn(a): not an ARN: 'x'"),
    ],
)
def test_what_raises_says_where_and_why(text: str, event: Json, expected: str) -> None:
    assert cause(text, event) == expected


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("max_by(a, &@)", {"a": [1, "x"]}),
        ("avg(a)", {"a": [10**400, 1]}),
        ("from_json(a)", {"a": "[" * 5_000}),
        ("to_string(a)", {"a": 10**5_000}),
    ],
)
def test_what_the_library_lets_through_is_an_evaluation_error(text: str, event: Json) -> None:
    cause(text, event)


def test_a_value_nested_too_deep_is_an_evaluation_error() -> None:
    value: Json = []
    for _ in range(50_000):
        value = [value]

    assert cause("to_string(@)", value) == "a value is nested too deep"


def test_a_long_call_is_cut_where_it_is_quoted() -> None:
    found = cause(f"length(not_null(a, {', '.join('b' * 100)}))", {})

    assert found.startswith("length(not_null(a, b, b")
    assert "…: expected" in found


DOUBLED = "[@,@]"
TENFOLD = "[@,@,@,@,@,@,@,@,@,@] | [@" + "[]" * 9 + "][]"
BOMBS = {
    "text of a doubled list": " | ".join([DOUBLED] * 24) + " | to_string(@)",
    "a doubled list as the result": " | ".join([DOUBLED] * 24),
    "equality of doubled lists": " | ".join(["[[@,@],[@,@]]"] * 24) + " | [0] == [1]",
    "search in doubled lists": " | ".join(["[[@,@],[@,@]]"] * 24) + " | contains([0], [1])",
    "flatten": " | ".join([TENFOLD] * 6),
    "join": "'ab' | " + " | ".join(["join('', [@,@])"] * 30),
    "join with a long separator": (
        "'ab' | " + " | ".join(["join('', [@,@])"] * 15) + " | join(@, split(@, 'a'))"
    ),
    "policy of a doubled list": (
        " | ".join([DOUBLED] * 24) + ' | policy(merge(`{"Statement": []}`, {x: @}))'
    ),
    "a long list against long lists": "a[?$event.a[?@]]",
    "a long filter on a long list": f"a[?{' || '.join(['@ == `1`'] * 100)}]",
    "a long expression for every element": f"map(&[{','.join(['@'] * 1_000)}], a)",
    "texts against globs": "a[?glob(@, $event.a)]",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_short_expression_cannot_cost_long(bomb: str) -> None:
    event = {"a": [str(number) for number in range(5_000)]}

    with pytest.raises(EvaluationError, match="more than"):
        both(bomb)(event)


def test_an_ordinary_event_is_far_from_the_budget() -> None:
    event = {"a": [{"b": f"i-{number:017x}", "c": "x" * 500} for number in range(500)]}
    globs = [f"{number}*" for number in range(100)]

    assert evaluate("a[?glob(b, $globs)].c | length(@)", event, globs=globs) == 0


def test_the_budget_is_renewed_for_every_event() -> None:
    count = both("length(a[*])")
    event = {"a": [0] * 60_000}

    assert [count(event) for _ in range(3)] == [60_000] * 3


@settings(max_examples=500)
@given(expressions, events)
def test_the_compiled_function_is_the_interpreter(text: str, event: Json) -> None:
    expression = parse_expression(text)
    compiled = compile_expression(expression, {})
    before = repr(event)

    results = [outcome_of(compiled, event) for _ in range(2)]

    assert results == [outcome_of(interpret_expression(expression, {}), event)] * 2
    assert repr(event) == before


@settings(max_examples=500)
@given(expressions, events)
def test_what_the_library_gives_is_given(text: str, event: Json) -> None:
    if "$event" in text or any(f"{name}(" in text for name in ("as_list", "outcome", "get")):
        return
    try:
        expected = ("value", repr(jmespath.search(text, event)))
    except (JMESPathError, TypeError, ValueError):
        expected = ("error", "")

    kind, shown = outcome_of(compile_expression(parse_expression(text), {}), event)

    assert (kind, shown if kind == "value" else "") == expected


NESTED = {
    "filters": "a" + "[?a" * 40 + "]" * 40,
    "projections": "a" + "[*].b" * 40,
    "choices": "(" * 90 + "a" + " || b)" * 90,
    "negations": "!" * 100 + "a",
    "expressions in expressions": "map(&" * 30 + "@" + ", a)" * 30,
}


@pytest.mark.parametrize("name", NESTED)
def test_what_is_nested_too_deeply_to_compile_is_evaluated_all_the_same(name: str) -> None:
    both(NESTED[name])({"a": [{"a": [], "b": [1]}], "b": 0})


@pytest.mark.parametrize("value", [None, False, "", [], {}])
def test_nothing_does_not_hold(value: Json) -> None:
    assert not holds(value)


@pytest.mark.parametrize("value", [0, 0.0, True, "x", [None], {"a": None}])
def test_anything_else_holds_zero_too(value: Json) -> None:
    assert holds(value)
