import pytest

from checker.expression.faults import ExpressionError
from checker.expression.tokens import MAX_LITERAL_DEPTH, tokenize


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a == 'b c'", ["a", "==", "'b c'"]),
        ("a=='it\\'s'||b", ["a", "==", "'it\\'s'", "||", "b"]),
        ("f( `[1, 2]` , &x )", ["f", "(", "`[1, 2]`", ",", "&", "x", ")"]),
        ("a [?b<=$c ]\n| d", ["a", "[?", "b", "<=", "$c", "]", "|", "d"]),
        ('"x y".b', ['"x y"', ".", "b"]),
        ('`"\\`"` <a', ['`"\\`"`', "<", "a"]),
    ],
)
def test_every_token_spans_its_own_text(text: str, pieces: list[str]) -> None:
    tokens = tokenize(text)

    assert [text[token["start"] : token["end"]] for token in tokens] == [*pieces, ""]


def test_a_dollar_and_a_name_is_a_parameter() -> None:
    first, _ = tokenize("$approved_roles2")

    assert (first["type"], first["value"]) == ("parameter", "approved_roles2")


@pytest.mark.parametrize("text", ["'$a'", '"$a"', '`"$a"`'])
def test_a_dollar_in_quotes_is_text(text: str) -> None:
    first, _ = tokenize(text)

    assert first["type"] != "parameter"
    assert first["value"] == "$a"


@pytest.mark.parametrize(
    ("text", "cause", "span"),
    [
        ("$", "'$' names no parameter", (0, 1)),
        ("a == $1", "'$1' names no parameter", (5, 7)),
        ("a = b", "'=' means nothing here", (2, 3)),
        ("a =", "'=' means nothing here", (2, 3)),
        ("a-b", "'-' means nothing here", (1, 2)),
        ("a / b", "'/' means nothing here", (2, 3)),
        ("a == \u2018b\u2019", "'\u2018' means nothing here", (5, 6)),
        ("a == 'b", "the ' that opens here is never closed", (5, 7)),
        ('a == "b', 'the " that opens here is never closed', (5, 7)),
        ("a == `1", "the ` that opens here is never closed", (5, 7)),
        ('x."\\u"', "what stands between the double quotes is not a JSON string", (2, 6)),
        ("a == `foo`", "what stands between the backquotes is not JSON", (5, 10)),
        ("`NaN`", "what stands between the backquotes is not JSON", (0, 5)),
        ("`-Infinity`", "what stands between the backquotes is not JSON", (0, 11)),
        ("`1e999`", "what stands between the backquotes is not JSON", (0, 7)),
    ],
)
def test_what_is_no_token_is_explained_where_it_stands(
    text: str, cause: str, span: tuple[int, int]
) -> None:
    with pytest.raises(ExpressionError) as raised:
        tokenize(text)

    assert (raised.value.cause, (raised.value.start, raised.value.end)) == (cause, span)


def test_a_bare_word_in_backquotes_is_told_about_single_quotes() -> None:
    with pytest.raises(ExpressionError) as raised:
        tokenize("`foo`")

    assert "single quotes: 'text'" in raised.value.hint


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(ExpressionError, match="too many digits"):
        tokenize(f"a[{'9' * 5000}]")


@pytest.mark.parametrize("depth", [MAX_LITERAL_DEPTH, 4000])
def test_a_literal_nested_too_deep_is_refused(depth: int) -> None:
    with pytest.raises(ExpressionError):
        tokenize(f"`{'[' * depth}{{}}{']' * depth}`")
