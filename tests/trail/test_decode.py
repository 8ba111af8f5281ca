import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.trail.decode import (
    MAX_DEPTH,
    Defect,
    decode_utf8,
    documents,
    first_bad_byte,
    is_too_deep,
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=3)


def read(text: str) -> list[Json]:
    """Give the documents with each defect as its cause, easy to compare."""

    def shown(value: Json) -> Json:
        if isinstance(value, Defect):
            return value.cause
        if isinstance(value, list):
            return [shown(element) for element in value]
        if isinstance(value, dict):
            return {key: shown(member) for key, member in value.items()}
        return value

    return [shown(document) for document in documents(text)]


@given(
    st.lists(OBJECTS, max_size=4), st.sampled_from(["\n", "\r\n", " ", "", "\n\n"]), st.booleans()
)
def test_documents_one_after_the_other_are_all_read(
    values: list[Json],
    between: str,
    pretty: bool,  # noqa: FBT001
) -> None:
    text = between.join(json.dumps(value, indent=2 if pretty else None) for value in values)
    assert list(documents(text)) == values


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('{"a": 1, "a": 2}', "a key occurs twice in one object"),
        ('{"a": {"b": 1, "b": 1}}', "a key occurs twice in one object"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ('{"a": 1e999}', "a number is out of range"),
        ('{"a": ' + "9" * 5_000 + "}", "a number has too many digits"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "it is nested too deeply"),
        ('{"a": 1', "it ends before it is complete"),
        ('{"a": 1} ,', "it is not valid JSON (Expecting value)"),
        ("{'a': 1}", "it is not valid JSON (Expecting property name enclosed in double quotes)"),
        ('{"a": "\udcff"}', "it has bytes that are not UTF-8"),
        ('{"a": "\t"}', "it is not valid JSON (Invalid control character at)"),
    ],
)
def test_ambiguous_or_broken_text_is_a_defect(text: str, cause: str) -> None:
    assert read(text)[-1] == cause


@pytest.mark.parametrize(
    "broken",
    ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": tru}', '{"a": 1', "{'a': 1}", "noise", '{"a": "'],
)
def test_what_stands_around_a_broken_document_is_read(broken: str) -> None:
    before, defect, after = read(f'{{"b": 1}}\n{broken}\n{{"c": 2}}')
    assert (before, after) == ({"b": 1}, {"c": 2})
    assert isinstance(defect, str)


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ('[{"a": 1, "a": 1}, {"b": 2}]', ["a key occurs twice in one object", {"b": 2}]),
        (
            '[{"a": 1}, {"b": tru}, {"c": 3}]',
            [{"a": 1}, "it is not valid JSON (Expecting value)", {"c": 3}],
        ),
        ('[{"a": 1}, {"b"', [{"a": 1}, "it ends before it is complete"]),
        (
            '[{"a": 1}, {"b": "x]}',
            [{"a": 1}, "it is not valid JSON (Unterminated string starting at)"],
        ),
        ('[{"a": 1}, ', [{"a": 1}, "it ends before it is complete"]),
        ('[{"a": 1}', [{"a": 1}, "the list of records breaks off"]),
        ('[{"a": 1} {"b": 2}]', [{"a": 1}, "the list of records breaks off"]),
        ('[{"a": 1}, oops, {"b": 2}]', [{"a": 1}, "it is not valid JSON (Expecting value)"]),
        ('[{"a": 1},]', None),
        ("[", ["it ends before it is complete"]),
    ],
)
def test_a_broken_list_keeps_what_can_be_read(text: str, elements: list[Json] | None) -> None:
    (found,) = read(text)
    if elements is None:
        assert found[0] == {"a": 1}
        assert "not valid JSON" in found[1]
    else:
        assert found == elements


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('{"Records": [{"a": 1}, {"b": 2}', [{"a": 1}, {"b": 2}, "the list of records breaks off"]),
        (
            '{"Records": [{"a": 1}]',
            [{"a": 1}, "what follows the list of records could not be read"],
        ),
        (
            '{"Records": [{"a": 1}], "Records": [{"b": 2}]}',
            [{"a": 1}, "what follows the list of records could not be read"],
        ),
        (
            '{"Records": [{"a": NaN}, {"b": 2}]}',
            ["NaN is not JSON", {"b": 2}],
        ),
        ('{"Records":[]', ["what follows the list of records could not be read"]),
    ],
)
def test_a_broken_cloudtrail_file_keeps_what_can_be_read(text: str, records: list[Json]) -> None:
    assert read(text) == [{"Records": records}]
    assert read(f'{text}\n{{"Records": [{{"c": 3}}]}}')[-1] == {"Records": [{"c": 3}]}


def test_a_file_whose_records_are_not_its_first_key_is_refused_whole_when_broken() -> None:
    assert read('{"x": 1, "Records": [{"a": 1}') == ["it ends before it is complete"]


def test_a_broken_line_does_not_hide_its_neighbours() -> None:
    text = '{"a": 1}\n{"b": 2\nnoise\n[1]\n{"c": 3} tail\n{"d": 4}\n'
    found = read(text)
    assert [one for one in found if not isinstance(one, str)] == [{"a": 1}, [1], {"c": 3}, {"d": 4}]
    assert len(found) == 6


@given(OBJECTS, st.data())
def test_a_cut_document_is_never_whole(value: dict[str, Json], data: st.DataObject) -> None:
    text = json.dumps({"Records": [value, value]})
    end = data.draw(st.integers(1, len(text) - 1))
    assert text_has_defect(text[:end])


def text_has_defect(text: str) -> bool:
    return any(
        isinstance(piece, Defect)
        for document in documents(text)
        for piece in (document["Records"] if isinstance(document, dict) else [document])
    )


@given(st.text(alphabet='{}[]",:\\ntrue1 \nRecords\udc80', max_size=60))
def test_any_text_comes_to_an_end(text: str) -> None:
    assert len(list(documents(text))) <= len(text)


def test_many_broken_lines_cost_no_quadratic_time() -> None:
    started = time.perf_counter()
    assert len(list(documents('{"a": [\n' * 5_000))) == 5_000
    assert time.perf_counter() - started < 5


def test_bytes_that_are_not_utf_8_are_found_and_the_rest_is_kept() -> None:
    text = decode_utf8(b'{"a": "\xff"}\n{"b": "\xc3\xa9"}')
    assert first_bad_byte(text) == 7
    assert read(text) == ["it has bytes that are not UTF-8", {"b": "é"}]
    assert first_bad_byte("é") is None
    assert read('{"a": "\\ud800"}') == [{"a": "\ud800"}]


def test_depth_is_counted_in_objects_and_lists() -> None:
    value: Json = "x"
    for number in range(MAX_DEPTH - 1):
        value = [value] if number % 2 else {"k": value}
    assert not is_too_deep(value)
    assert is_too_deep([value])
