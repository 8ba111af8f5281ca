from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import Problem, UsageError
from checker.limits import DEFAULT
from checker.policy.nodes import Mapping, Scalar, Sequence
from checker.policy.yaml_source import load_bytes, load_file


def fields(text: str) -> dict[str, object]:
    root = load_bytes(text.encode(), "rule.yaml").root
    assert isinstance(root, Mapping)
    return {key.text: value for key, value in root.entries}


@pytest.mark.parametrize("text", ["no", "001", "2024-12-16", "12:30:45", "1_000", "1.10", "yes"])
def test_a_scalar_keeps_the_text_that_was_written(text: str) -> None:
    value = fields(f"key: {text}")["key"]

    assert isinstance(value, Scalar)
    assert value.text == text


def test_a_plain_null_is_not_a_quoted_one() -> None:
    found = fields("plain: null\nquoted: 'null'")

    assert isinstance(found["plain"], Scalar)
    assert isinstance(found["quoted"], Scalar)
    assert found["plain"].is_null
    assert not found["quoted"].is_null


def test_an_alias_stands_for_its_anchor() -> None:
    found = fields("one: &a [x]\ntwo: *a")

    assert found["one"] == found["two"]
    assert isinstance(found["two"], Sequence)


_NESTED_ALIASES = "a: &a0 x\n" + "".join(
    f"k{n}: &a{n} {'[' * 20}*a{n - 1}{']' * 20}\n" for n in range(1, 45)
)

REFUSED = {
    "empty": ("", "the file is empty"),
    "comment only": ("# nothing\n", "the file is empty"),
    "100,000 levels": ("[" * 100_000 + "]" * 100_000, "nested deeper than 32 levels"),
    "100,000 open levels": ("[" * 100_000, "nested deeper than 32 levels"),
    "duplicate key": ("a: 1\na: 2", "stands twice"),
    "duplicate nested key": ("x:\n  a: 1\n  a: 2", "stands twice"),
    "second document": ("a: 1\n---\nb: 2", "second document"),
    "tab": ("\ta: 1", "a tab where YAML wants spaces"),
    "tag": ("a: !Foo x", "a YAML tag"),
    "python tag": ("a: !!python/object/apply:os.system [x]", "a YAML tag"),
    "bool tag": ("a: !!bool maybe", "a YAML tag"),
    "negation read as a tag": ("a: !contains(x, 'y')", "takes this for a tag"),
    "negation that YAML would drop": ("a: ! contains(x, 'y')", "a YAML tag"),
    "depth through aliases": (_NESTED_ALIASES, "nested deeper"),
    "merge key": ("b: {<<: {c: 1}}", "a merge key"),
    "alias of nothing": ("a: *Policy", "alias of no anchor"),
    "alias of itself": ("a: &a [*a]", "alias of no anchor"),
    "unclosed quote": ("a: 'x", "never closed"),
    "backquote first": ("a: `x`", "cannot begin with this"),
    "text after a flow list": ("a: [a][]", "more text after a value"),
    "a list as key": ("? [a]\n: b", "a key that is not text"),
    "control character": ("a: \x01", "control character"),
    "nested too deep": ("[" * 40 + "]" * 40, "nested deeper"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_trusted_is_refused_with_its_place(name: str) -> None:
    text, cause = REFUSED[name]

    with pytest.raises(UsageError) as caught:
        load_bytes(text.encode(), "rule.yaml")

    (problem,) = caught.value.problems
    assert cause in problem.cause
    assert problem.place is not None
    assert problem.place.path == "rule.yaml"
    assert problem.place.line > 0 or cause == "the file is empty"


BOMBS = {
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "merge": "a: &a {k: v}\n"
    + "".join(
        f"{b}: &{b} {{<<: [{','.join(['*' + a] * 9)}]}}\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "nesting": "[" * 100_000,
    "nested mappings": "".join(f"{' ' * n}a:\n" for n in range(2_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    with pytest.raises(UsageError):
        load_bytes(BOMBS[name].encode(), "rule.yaml")


@pytest.mark.parametrize("text", ["!contains(a, 'b')", "*Policy", "`x`", "[a][]", "{a} text"])
def test_yaml_that_quarrels_with_jmespath_hints_at_a_block(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_bytes(f"where: {text}".encode(), "rule.yaml")

    assert ">-" in caught.value.problems[0].hint


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"x" * DEFAULT.rule_file_bytes)

    with pytest.raises(UsageError, match="larger than"):
        load_file(path, "big.yaml")


def test_text_that_is_not_utf_8_is_refused_at_its_byte() -> None:
    with pytest.raises(UsageError, match=r"rule.yaml:2:4: not text in UTF-8: byte 0xe9"):
        load_bytes(b"a: 1\nb: \xe9", "rule.yaml")


def test_a_byte_order_mark_and_crlf_are_taken() -> None:
    root = load_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "rule.yaml").root

    assert isinstance(root, Mapping)
    assert [key.text for key, _ in root.entries] == ["a", "b"]


def unplaced(content: bytes) -> list[Problem]:
    """Give the problems of a document that say no place; an exception of another kind escapes."""
    try:
        load_bytes(content, "rule.yaml")
    except UsageError as error:
        return [problem for problem in error.problems if problem.place is None]
    return []


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_placed_problem(content: bytes) -> None:
    assert unplaced(content) == []


@given(st.text(alphabet="ab:{}[]&*!|>'\"\n -#,?%@`\t", max_size=60))
def test_no_yaml_like_text_raises_anything_but_a_placed_problem(text: str) -> None:
    assert unplaced(text.encode()) == []
