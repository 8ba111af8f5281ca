import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.expression.expression import ExpressionError
from checker.expression.message import compile_message, parse_message
from tests.expression.strategies import events, expressions


def written(text: str, event: Json, **parameters: Json) -> str:
    return compile_message(parse_message(text), parameters)(event)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("{a} attached {b.c}", "ann attached x"),
        ("{a}{a}", "annann"),
        ("{{a}} {{{a}}}", "{a} {ann}"),
        ("{missing}", "-"),
        ("{length(missing)}", "?"),
        ("{b}", '{"c":"x"}'),
        ("{ {x: a}.x }", "ann"),
        ("{ {x: {y: a}} }", '{"x":{"y":"ann"}}'),
        ("{a == '}'}", "false"),
        ("{a == '{'}", "false"),
        ('{"}" || a}', "ann"),
        ('{`"}"`}', "}"),
        ("{'it\\'s }'}", "it's }"),
        ("{n} {t} {u}", "5 true é"),
        ("line\n{a}", "line\nann"),
        ("{[u]}", '["é"]'),
    ],
)
def test_placeholders_are_filled(text: str, shown: str) -> None:
    event = {"a": "ann", "b": {"c": "x"}, "n": 5, "t": True, "u": "é"}

    assert written(text, event) == shown


def test_parameters_and_the_event_may_stand_in_a_placeholder() -> None:
    assert written("{$p} {list[?@ == $event.a]}", {"a": 1, "list": [1, 2]}, p="x") == "x [1]"


@pytest.mark.parametrize(
    ("text", "cause", "span"),
    [
        ("ab }", "a '}' closes nothing", (3, 4)),
        ("ab {c", "the '{' that opens here is never closed", (3, 5)),
        ("ab {c == '}", "the ' that opens here is never closed", (9, 10)),
        ("ab {c == '} ' d", "the '{' that opens here is never closed", (3, 15)),
        ("ab {}", "the expression is empty", (4, 4)),
        ("ab {a ==}", "expected a value, but the expression ends", (8, 8)),
        ("{a} {lenght(b)}", "there is no function 'lenght'", (5, 11)),
    ],
)
def test_a_fault_is_told_by_its_place_in_the_whole_message(
    text: str, cause: str, span: tuple[int, int]
) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_message(text)

    assert (raised.value.cause, (raised.value.start, raised.value.end)) == (cause, span)


def test_a_parameter_without_a_value_is_told_by_its_place_too() -> None:
    with pytest.raises(ExpressionError) as raised:
        compile_message(parse_message("ab {$p}"), {})

    assert (raised.value.start, raised.value.end) == (4, 6)


def test_a_message_over_the_limit_is_refused() -> None:
    with pytest.raises(ExpressionError, match="longer than 10,000 characters"):
        parse_message("x" * 10_001)


def test_the_expressions_are_there_to_be_checked() -> None:
    message = parse_message("{a.b} and {$p}")

    assert [expression.text for expression in message.expressions] == ["a.b", "$p"]
    assert [placeholder.offset for placeholder in message.placeholders] == [1, 11]


@given(expressions, events)
def test_a_message_never_raises_on_an_event(text: str, event: Json) -> None:
    written(f"a {{ {text} }} b", event)


def test_what_has_no_json_is_shown_as_raised() -> None:
    assert written("{a}", {"a": [10**5000]}) == "?"


@given(st.text(st.sampled_from("{}'`\"\\a |[]"), max_size=20))
def test_any_text_is_a_message_or_an_expression_error(text: str) -> None:
    try:
        parse_message(text)
    except ExpressionError as error:
        spans = error.start, error.end
    else:
        spans = 0, len(text)

    assert 0 <= spans[0] <= spans[1] <= len(text)
