import pytest

from checker.aws import Json
from checker.expression.text_functions import (
    compile_regex,
    decode_url,
    matches_any_glob,
    read_json,
    search_regex,
    split,
)


@pytest.mark.parametrize(
    ("patterns", "matches"),
    [
        ("Attach*", True),
        (["Put*", "*Policy"], True),
        ("attach*", False),
        ([], False),
        ("*P", False),
    ],
)
def test_one_glob_of_several_is_enough(patterns: str | list[str], *, matches: bool) -> None:
    assert matches_any_glob("AttachRolePolicy", patterns) is matches


def test_a_regex_is_found_anywhere_and_takes_linear_time() -> None:
    assert search_regex("xaby", "a[b]")
    assert not search_regex("xaby", "^a")
    assert not search_regex("a" * 100_000 + "!", "(a+)+$")


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1"])
def test_what_is_no_re2_raises(pattern: str) -> None:
    with pytest.raises(ValueError, match="not an RE2 pattern"):
        compile_regex(pattern)


def test_half_a_surrogate_pair_raises_instead_of_matching() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        search_regex("\ud800", ".")


def test_an_empty_separator_raises() -> None:
    with pytest.raises(ValueError, match="the separator is empty"):
        split("a", "")


@pytest.mark.parametrize("text", ["", "{", "NaN", "-Infinity", '{"a": 1, "a": 2}', "[" * 100_000])
def test_text_that_is_not_strictly_json_raises(text: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        read_json(text)


@pytest.mark.parametrize(("text", "value"), [("null", None), ('{"a": [1]}', {"a": [1]})])
def test_json_is_read(text: str, value: Json) -> None:
    assert read_json(text) == value


def test_urls_are_decoded_as_utf_8() -> None:
    assert decode_url("a%C3%A9+%zz") == "aé+%zz"
    with pytest.raises(ValueError, match="not UTF-8"):
        decode_url("%ff")
