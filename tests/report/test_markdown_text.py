import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from checker.report.markdown_text import MAX_TEXT, code, escaped, paragraphs
from tests.report.nasty import NASTY

PARSER = MarkdownIt("gfm-like")
TEXTS = st.one_of(
    st.text(),
    st.sampled_from(sorted(NASTY.values())),
    st.lists(st.sampled_from(list("\\`*_{}[]()#+-.!|<>~&@:$^=/ \n\ta1"))).map("".join),
)


def inline(text: str, around: str) -> list[Token]:
    """Give what a parser finds in a paragraph, a heading, an item or a cell that holds a text."""
    tokens = PARSER.parse(around.format(text))
    return [child for token in tokens for child in token.children or ()]


@given(TEXTS, st.sampled_from(["{}", "a {} b", "# {}", "- {}", "| a |\n|---|\n| {} |"]))
def test_an_escaped_text_is_text_and_nothing_else(text: str, around: str) -> None:
    found = inline(escaped(text), around)

    assert {token.type for token in found} <= {"text"}
    tokens = [token.type for token in PARSER.parse(around.format(escaped(text) or "x"))]
    assert tokens == [token.type for token in PARSER.parse(around.format("x"))]


@given(TEXTS)
def test_a_code_span_holds_all_of_the_text(text: str) -> None:
    shown = code(text)
    if not shown:
        assert not text.strip()
        return

    (span,) = [token for token in inline(shown, "a {} b") if token.type != "text"]

    assert span.type == "code_inline"
    assert code(span.content) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 1/2 'a' \"b\"", "plain words, 1/2 'a' \"b\""),
        ("a\n b", "a b"),
        ("a|b", "a&#124;b"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("@octocat", "@&#8203;octocat"),
        ("\x1b[1m", r"\\x1b\[1m"),
    ],
)
def test_text_is_escaped_so(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_long_text_is_cut() -> None:
    assert escaped("x" * 10_000) == "x" * (MAX_TEXT - 1) + "…"


def test_prose_keeps_its_paragraphs() -> None:
    assert paragraphs("one\ntwo\n \n* three\n\n\n") == "one two\n\n\\* three"
