import pytest
from hypothesis import given, settings

from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import holds
from checker.expression.expression import Read, parse_expression
from checker.expression.faults import EvaluationError
from tests.expression.strategies import events, expressions


def reads(text: str) -> list[str]:
    """Show paths with dots, and `?` where only presence is asked."""
    return [
        ".".join("*" if step is None else step for step in read.path) + "?" * read.presence
        for read in parse_expression(text).reads
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b.c == 'x'", ["a.b.c"]),
        ("a.b == a.b.c", ["a.b"]),
        ("a[*].b", ["a.*.b"]),
        ("a[0].b", ["a.*.b"]),
        ("a[1:].b", ["a.*.b"]),
        ("a[].b", ["a.*.*.b", "a.*.b"]),
        ("a.*.b", ["a.*.b"]),
        ("a[*].b[*].c | [0][0].d", ["a.*.b.*.c.d"]),
        ("a[*].b | [0].c", ["a.*.b.c"]),
        ("a[?b == 'x'].c", ["a.*.b", "a.*.c"]),
        ("a[?b == $event.d].c", ["a.*.b", "a.*.c", "d"]),
        ("a[?b].c", ["a.*.b?", "a.*.c"]),
        ("[a.b, c]", ["a.b", "c"]),
        ("a.{x: b, y: c}", ["a.b", "a.c"]),
        ("a.[`1`]", ["a?"]),
        ("a | b", ["a.b"]),
        ("a[*].b | c", []),
        ("a || b.c", ["a", "b.c"]),
        ("length(a.b)", ["a.b"]),
        ("map(&b, a)", ["a"]),
        ("map(&[b, $event.c], a)", ["a", "c"]),
        ("a == $p", ["a"]),
        ("$p.a", []),
        ("'x'", []),
        ("@", [""]),
        ("$event", [""]),
        ("a[*].b.c || [a][0].d", ["a"]),
    ],
)
def test_a_chain_is_followed_to_its_end(text: str, expected: list[str]) -> None:
    assert reads(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b == `null`", ["a.b?"]),
        ("`null` != a.b", ["a.b?"]),
        ("a.b == null", ["a.b", "null"]),
        ("a.b < `null`", ["a.b"]),
        ("a == `null` || a == 'x'", ["a"]),
        ("!a", ["a?"]),
        ("a && a.b == 'x'", ["a.b"]),
        ("a && b == 'x'", ["a?", "b"]),
        ("(a || b) == `null`", ["a?", "b?"]),
        ("a[?b == `null`] | length(@)", ["a.*"]),
    ],
)
def test_asking_whether_something_is_there_is_not_reading_it(
    text: str, expected: list[str]
) -> None:
    assert reads(text) == expected


@pytest.mark.parametrize("argument", ["@", "$event"])
def test_a_function_reads_no_more_than_it_declares(argument: str) -> None:
    assert reads(f"outcome({argument}) == 'denied'") == [
        "errorCode",
        "errorMessage",
        "eventName",
        "responseElements.ConsoleLogin",
    ]


def test_a_declared_read_is_below_the_argument() -> None:
    assert "userIdentity.sessionContext.sessionIssuer.arn" in reads("role_name(userIdentity)")
    assert "userIdentity.userName" not in reads("role_name(userIdentity)")


def test_a_list_that_the_expression_made_is_read_whole() -> None:
    assert reads("outcome(a[*].b)") == ["a.*.b"]


def altered(value: Json, below: list[Read]) -> Json:
    """Change all that is not read; what is only asked for keeps its truth."""
    if not below:
        return "altered"
    if any(not read.path and not read.presence for read in below):
        return value
    if isinstance(value, dict) and value:
        return {key: altered(inner, step(below, key)) for key, inner in value.items()}
    if isinstance(value, list) and value:
        return [altered(inner, step(below, None)) for inner in value]
    return "altered" if holds(value) else value


def step(below: list[Read], key: str | None) -> list[Read]:
    return [
        Read(read.path[1:], read.presence)
        for read in below
        if read.path and read.path[0] in {key, None}
    ]


def result(text: str, event: Json) -> Json:
    try:
        return repr(compile_expression(parse_expression(text), {})(event))
    except EvaluationError:
        return None


@settings(max_examples=300)
@given(expressions, events)
def test_what_is_not_read_changes_nothing(text: str, event: Json) -> None:
    reads_of_text = list(parse_expression(text).reads)

    assert result(text, event) == result(text, altered(event, reads_of_text))


def test_what_may_be_any_of_very_many_paths_is_the_whole_event() -> None:
    found = parse_expression(" | ".join(["(a || b)"] * 60)).reads

    assert [(read.path, read.presence) for read in found] == [((), False)]
