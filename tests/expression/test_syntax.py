import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jmespath.parser import Parser

from checker.aws import Json
from checker.expression.syntax import (
    MAX_LENGTH,
    MAX_NODES,
    Ast,
    ExpressionError,
    nodes_below,
    parse,
    walk,
)

PIECES = [
    *("a", "b", "$p", "$event", "f", "'s'", "`1`", "`null`", '"q"', "0", "-1", "@", "*"),
    *(".", "[", "]", "(", ")", "{", "}", "[]", "[?", "[*]", ",", ":", "|", "||", "&", "&&"),
    *("!", "!=", "==", "<", ">=", "=", "'", '"', "`", "\\", " ", "$", "\n", "\ud800", "é"),
]
soups = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def plain(node: Ast) -> Json:
    """Leave out what the library does not know."""
    children = [plain(child) for child in nodes_below(node)] or node["children"]
    return {**{key: node[key] for key in ("type", "value") if key in node}, "children": children}


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c",
        "a[0][1].b",
        "a[*].b[].c[?d == 'x'].e | [0]",
        "a.*.b",
        "!a && b || c",
        "a.{x: b, y: [c, d]}",
        "sort_by(a, &b)[1:-1:2]",
        '`{"a": [1]}`.a',
    ],
)
def test_the_tree_is_the_library_s(text: str) -> None:
    assert plain(parse(text)) == Parser().parse(text).parsed


def test_every_node_spans_its_text_and_counts_itself() -> None:
    text = "glob( a.b , 'x*' ) || c[?d].e"

    root = parse(text)

    found = {text[slice(*node["span"])] for node in walk(root)}
    assert {text, "glob( a.b , 'x*' )", "a.b", "'x*'", "c[?d].e", "d", "e"} <= found
    assert root["size"] == len(list(walk(root)))


@given(st.text() | soups)
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    spans = spans_of(text)

    assert all(0 <= start <= end <= len(text) for start, end in spans)


def spans_of(text: str) -> list[tuple[int, int]]:
    try:
        return [node["span"] for node in walk(parse(text))]
    except ExpressionError as error:
        return [(error.start, error.end)]


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_is_no_expression(text: str) -> None:
    with pytest.raises(ExpressionError, match="the expression is empty"):
        parse(text)


def test_text_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(ExpressionError, match="longer than 10,000 characters"):
        parse("'" + "x" * MAX_LENGTH)


def test_a_tree_over_the_limit_is_refused() -> None:
    with pytest.raises(ExpressionError, match="made of more than 3,000 parts"):
        parse(f"[{','.join('a' * MAX_NODES)}]")


def test_a_caller_with_a_deep_stack_still_gets_an_expression_error() -> None:
    text = "a[*].{b: " * 100

    with pytest.raises(ExpressionError, match="nested deeper than 120"):
        parse_below(sys.getrecursionlimit() // 2, text)


def parse_below(frames: int, text: str) -> None:
    if frames:
        parse_below(frames - 1, text)
    else:
        parse(text)
