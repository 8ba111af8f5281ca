from hypothesis import given
from hypothesis import strategies as st

from checker.policy.excerpt import WIDTH, excerpt


def test_carets_stand_under_the_fault() -> None:
    assert excerpt("a == b = c", 7) == "a == b = c\n       ^"
    assert excerpt("lenth(a)", 0, 5) == "lenth(a)\n^^^^^"


def test_a_blank_line_shows_nothing() -> None:
    assert not excerpt("  ", 0)


@given(st.text("abc ", min_size=1, max_size=400), st.integers(0, 500), st.integers(0, 500))
def test_a_long_line_shows_its_fault_and_little_more(line: str, start: int, width: int) -> None:
    start = min(start, len(line) - 1)

    shown = excerpt(f"{line}!", start, width)

    text, carets = shown.split("\n")
    assert len(text) <= WIDTH + 2
    first = len(carets) - len(carets.lstrip())
    assert text[first] == f"{line}!"[start]
    assert len(carets) <= len(text)
