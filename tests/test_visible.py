import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.visible import inert, visible, visible_json

TEXT = st.text(st.characters())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or (
        unicodedata.category(character) == "Cf" and unicodedata.name(character, "").find("SIGN") < 0
    )


@pytest.mark.parametrize(
    ("hidden", "written"),
    [
        ("\x00", r"\x00"),
        ("\t", r"\x09"),
        ("\n", r"\x0a"),
        ("\r", r"\x0d"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x7f", r"\x7f"),
        ("\x9b", r"\x9b"),
        ("\xad", r"\xad"),
        ("\u061c", r"\u061c"),
        ("\u200b", r"\u200b"),
        ("\u202e", r"\u202e"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\u2066", r"\u2066"),
        ("\u3164", r"\u3164"),
        ("\ufeff", r"\ufeff"),
        ("\ufffe", r"\ufffe"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_hides_or_commands_is_written_out(hidden: str, written: str) -> None:
    assert visible(f"a{hidden}b") == f"a{written}b"


@pytest.mark.parametrize("text", ["", "plain ~", "Zürich", "日本語", "🔑", r"C:\new\x1b", "a\xa0b"])
def test_text_that_shows_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_line_feeds_and_tabs_stay_where_they_are_meant() -> None:
    assert visible("a\n\tb\r\n\x0b", keep_newlines=True) == "a\n\tb\\x0d\n\\x0b"


@given(TEXT)
def test_nothing_hidden_is_left(text: str) -> None:
    assert not any(is_hidden(character) for character in visible(text))


@given(TEXT)
def test_visible_text_can_be_written_in_utf_8_and_is_not_changed_again(text: str) -> None:
    shown = visible(text)

    assert shown.encode().decode() == shown
    assert visible(shown) == shown


@given(JSON)
def test_visible_json_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(visible_json(value)) == value
    assert json.loads(visible_json(value, indent=None)) == value


@given(JSON)
def test_nothing_hides_in_visible_json(value: object) -> None:
    text = visible_json(value)

    assert visible(text, keep_newlines=True) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("##[error]forged", r"#\x23[error]forged"),
        ("a ##vso[task.setvariable]x", r"a #\x23vso[task.setvariable]x"),
        ("##teamcity[x]", r"#\x23teamcity[x]"),
        ("::error::forged", r"\x3a:error::forged"),
        ("  ::error::forged", r"  \x3a:error::forged"),
        ("a\n::error::forged", r"a\x0a::error::forged"),
        ("## a heading, arn:aws:iam::1:role/x", "## a heading, arn:aws:iam::1:role/x"),
    ],
)
def test_no_line_of_a_log_is_a_command_to_a_ci_server(text: str, shown: str) -> None:
    assert inert(text) == shown
