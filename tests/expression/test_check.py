import sys

import pytest

from checker.expression.expression import ExpressionError, parse_expression


def fault(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as raised:
        parse_expression(text)
    return raised.value


def test_an_unknown_function_is_met_with_the_nearest() -> None:
    found = fault("a && lenght(b)")

    assert found.cause == "there is no function 'lenght'"
    assert (found.start, found.end) == (5, 11)
    assert found.hint == "did you mean 'length'?"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("abs()", "abs() takes 1 argument, 0 given"),
        ("contains(a)", "contains() takes 2 arguments, 1 given"),
        ("glob(a, b, c)", "glob() takes 2 arguments, 3 given"),
        ("not_null()", "not_null() takes at least 1 argument, 0 given"),
    ],
)
def test_the_number_of_arguments_is_checked(text: str, cause: str) -> None:
    assert fault(text).cause == cause


@pytest.mark.parametrize(
    "text",
    ["&a", "[&a]", "{a: &b}", "a == &b", "a[?&b]", "abs(&a)", "to_string(&a)", "map(& &a, b)"],
)
def test_an_expression_argument_has_its_place(text: str) -> None:
    assert fault(text).cause == "an '&' has no place here"


@pytest.mark.parametrize("text", ["map(a, b)", "sort_by(a, b)", "max_by(a, 'b')"])
def test_an_expression_argument_is_not_forgotten(text: str) -> None:
    assert fault(text).cause == "expected an expression that begins with '&'"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("glob(a, `1`)", "expected a string or an array of strings as patterns, found a number"),
        ("glob(a, `null`)", "expected a string or an array of strings as patterns, found null"),
        ("regex(a, '(?=x)')", "not an RE2 pattern: invalid perl operator: (?="),
        ("ip_in(a, ['::/0', '10.0.0.0/33'])", "not a network like 10.0.0.0/8: '10.0.0.0/33'"),
        ("hour(a, 'Mars')", "no time zone 'Mars': take an IANA name like Europe/Berlin"),
        ("time_before(a, '2024-13-01')", "no such date or time: month must be in 1..12"),
    ],
)
def test_a_constant_that_can_never_work_is_refused_before_any_event(text: str, cause: str) -> None:
    assert fault(text).cause == cause


def test_a_null_constant_is_fine_where_null_has_an_answer() -> None:
    parse_expression("time_before(a, `null`)")


def test_a_function_whose_extra_is_missing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)

    found = fault("regex(a, 'b')")

    assert found.cause == "the function 'regex' needs the extra 'regex'"
    assert found.hint == "install trailcheck[regex]"
