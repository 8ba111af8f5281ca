import pytest

from checker.expression.faults import ExpressionError
from checker.expression.grammar import MAX_DEPTH
from checker.expression.syntax import parse


def fault(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    return raised.value


@pytest.mark.parametrize(
    "text",
    [
        "f(a b)",
        "f(a,)",
        "f(,a)",
        "{a: b c: d}",
        "{a: b,}",
        "[a, b,]",
        "a[1:2 3]",
        "a[1 2:3]",
        "a[::0]",
        "(f)(x)",
        '"f"(x)',
        "a b",
        "a * b",
        "a[b]",
    ],
)
def test_what_only_the_library_takes_is_refused(text: str) -> None:
    fault(text)


@pytest.mark.parametrize(
    "text", ["a.$x", "{$x: a}", "a[$x]", "a[$x:2]", "a[:$x]", "$x(a)", "a $x", "a$x", "$x.$y"]
)
def test_a_parameter_is_a_value_and_nothing_else(text: str) -> None:
    fault(text)


@pytest.mark.parametrize(
    "text", ["$x", "a == $x", "f($x)", "[$x]", "{a: $x}", "a[?b == $x]", "$x.a", "$x[0]", "!$x"]
)
def test_a_parameter_stands_wherever_a_value_does(text: str) -> None:
    parse(text)


def test_parameters_and_the_event_are_nodes_of_their_own() -> None:
    node = parse("a[?b == $x && c == $event.d]")

    condition = node["children"][2]
    left, right = condition["children"]
    assert left["children"][1]["type"] == "parameter"
    assert left["children"][1]["value"] == "x"
    assert right["children"][1]["children"][0]["type"] == "event"


@pytest.mark.parametrize(
    ("text", "cause", "span"),
    [
        ("a ==", "expected a value, but the expression ends", (4, 4)),
        ("f(a", "expected ',' or ')', but the expression ends", (3, 3)),
        ("(a", "expected ')', but the expression ends", (2, 2)),
        ("a.{x 1}", "expected ':', found '1'", (5, 6)),
        ("{`1`: a}", "expected a key, found a literal", (1, 4)),
        ("a..b", "expected a field, '*', '[' or '{', found '.'", (2, 3)),
        ("a.'b'", "expected a field, '*', '[' or '{', found a literal", (2, 5)),
        ("a[::0]", "the step of a slice cannot be 0", (2, 6)),
        ("@(a)", "expected a function's name before '(', found '@'", (0, 1)),
        (
            'a "b"',
            "expected the end of the expression or an operator, found a name in double quotes",
            (2, 5),
        ),
    ],
)
def test_a_fault_says_what_was_expected_and_what_was_found(
    text: str, cause: str, span: tuple[int, int]
) -> None:
    found = fault(text)

    assert (found.cause, (found.start, found.end)) == (cause, span)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a and b", "'and' is written &&"),
        ("a or b", "'or' is written ||"),
        ("not a", "'not' is written !"),
        ("a & b", "'and' is written &&"),
        ("a in b", "membership is written contains(list, value) or any_in(values, list)"),
        ("a like 'b*'", "a pattern is written glob(text, 'pattern*')"),
        ("a = 'b'", "'==' compares"),
        ("a === b", "'==' compares"),
        ("a <> b", "the comparisons are == != < <= > >="),
        ("a > 5", "a number literal takes backquotes: `5`"),
        ("a > -5", "a number literal takes backquotes: `5`"),
        ("a.0", "an element of a list is written list[0]"),
        ("aws:x", 'a name with a colon takes double quotes: "a:b"'),
        ('"f"(a)', "a function's name takes no quotes"),
        ("a.$x", "a parameter is a value: compare with it, or give it to a function"),
    ],
)
def test_a_known_slip_is_met_with_the_right_way(text: str, hint: str) -> None:
    assert fault(text).hint == hint


@pytest.mark.parametrize(
    "text",
    [
        f"{'(' * MAX_DEPTH}a{')' * MAX_DEPTH}",
        "!" * MAX_DEPTH + "a",
        "[" * 1_000,
        " || ".join("a" * (MAX_DEPTH + 1)),
        "a" + "[?a" * MAX_DEPTH + "]" * MAX_DEPTH,
        "abs(" * 1_000,
    ],
)
def test_nesting_has_an_end(text: str) -> None:
    assert fault(text).cause == f"nested deeper than {MAX_DEPTH}"
