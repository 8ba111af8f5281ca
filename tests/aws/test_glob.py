import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws.glob import compile_glob, glob_matches, is_glob

LETTERS = st.text(alphabet="ab*?\\:/\n", max_size=8)


def naive(text: str, pattern: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "\\" and pattern[1:2] in {"*", "?", "\\"} and len(pattern) > 1:
        return text[:1] == pattern[1] and naive(text[1:], pattern[2:])
    if pattern[0] == "*":
        return any(naive(text[start:], pattern[1:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in {"?", text[0]} and naive(text[1:], pattern[1:])


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("AttachPolicy", "Attach*", True),
        ("AttachPolicy", "attach*", False),
        ("AttachPolicy", "Attach", False),
        ("a/b:c", "a*c", True),
        ("", "*", True),
        ("", "?", False),
        ("ab", "?", False),
        ("a*b", r"a\*b", True),
        ("axb", r"a\*b", False),
        ("a?b", r"a\?b", True),
        (r"a\b", r"a\\b", True),
        (r"CORP\alice", r"CORP\alice", True),
        ("a.b", "a?b", True),
        ("axb", "a.b", False),
        ("line\nbreak", "line*", True),
        ("line\n", "line", False),
        ("abcbc", "a*bc", True),
        ("aXbXc", "a*b*c", True),
    ],
)
def test_a_glob_matches_the_whole_text(text: str, pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert glob_matches(text, pattern) is expected


@given(LETTERS, LETTERS)
def test_the_compiled_glob_agrees_with_the_definition(text: str, pattern: str) -> None:
    assert compile_glob(pattern)(text) is naive(text, pattern)


@given(st.text(max_size=30))
def test_an_escaped_text_matches_itself_only(text: str) -> None:
    escaped = "".join("\\" + one if one in "*?\\" else one for one in text)
    assert not is_glob(escaped)
    assert glob_matches(text, escaped)
    assert not glob_matches(text + "x", escaped)


@pytest.mark.parametrize("pattern", ["*a" * 40 + "b", "a" * 40 + "*" * 40 + "b", "*?a" * 30 + "b"])
def test_a_hostile_text_costs_no_exponential_time(pattern: str) -> None:
    assert not glob_matches("a" * 20_000, pattern)


def test_only_an_unescaped_star_or_question_mark_makes_a_glob() -> None:
    assert is_glob("a*")
    assert is_glob(r"\\*")
    assert not is_glob(r"\*")
    assert not is_glob("plain")
