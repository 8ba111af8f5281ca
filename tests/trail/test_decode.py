import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.aws.depth import is_deeper
from checker.trail.decode import (
    decode_inner,
    decode_utf8,
    documents,
)
from checker.trail.defect import Defect

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
NO_VALUE = "it is not valid JSON: no value stands here"
OBJECTS = st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=3)


def read(text: str) -> list[Json]:
    """Give the documents with each defect as its cause, easy to compare."""

    def shown(value: Json) -> Json:
        if isinstance(value, Defect):
            return value.cause.removeprefix("not read: ")
        if isinstance(value, list):
            return [shown(element) for element in value]
        if isinstance(value, dict):
            return {key: shown(member) for key, member in value.items()}
        return value

    return [shown(document) for _, document in documents(text)]


@given(
    st.lists(OBJECTS, max_size=4), st.sampled_from(["\n", "\r\n", " ", "", "\n\n"]), st.booleans()
)
def test_documents_one_after_the_other_are_all_read(
    values: list[Json],
    between: str,
    pretty: bool,  # noqa: FBT001
) -> None:
    text = between.join(json.dumps(value, indent=2 if pretty else None) for value in values)
    assert read(text) == values


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
        ('{"a": 1} ,', NO_VALUE),
        ("{'a': 1}", "it is not valid JSON: a name in double quotes is expected"),
        ('{"a": "\udcff"}', "it has bytes that are not UTF-8"),
        (
            '{"a": "\t"}',
            "it is not valid JSON: a text in quotes holds a line break or control character",
        ),
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
            [{"a": 1}, NO_VALUE, {"c": 3}],
        ),
        ('[{"a": 1}, {"b"', [{"a": 1}, "it ends before it is complete"]),
        (
            '[{"a": 1}, {"b": "x]}',
            [{"a": 1}, "it is not valid JSON: a text in quotes has no end"],
        ),
        ('[{"a": 1}, ', [{"a": 1}, "it ends before it is complete"]),
        ('[{"a": 1}', [{"a": 1}, "the list of records breaks off"]),
        ('[{"a": 1} {"b": 2}]', [{"a": 1}, "the list of records breaks off"]),
        (
            '[{"a": 1}, oops, {"b": 2}, nul]',
            [{"a": 1}, NO_VALUE, {"b": 2}, NO_VALUE],
        ),
        ('[{"a": 1}, , {"b": 2}]', [{"a": 1}, NO_VALUE, {"b": 2}]),
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


@pytest.mark.parametrize(
    ("text", "document"),
    [
        (
            '{"NextToken": "x", "Events": [{"a": 1}, {"b"',
            {"Events": [{"a": 1}, "it ends before it is complete"]},
        ),
        (
            '{"messageType": "DATA_MESSAGE", "n": 1, "f": ["x", "y"], "logEvents": [{"a": 1}, {"b',
            {"logEvents": [{"a": 1}, "it is not valid JSON: a text in quotes has no end"]},
        ),
        (
            '{"events": [{"a": NaN}, {"b": 2}], "nextToken": "x", "searched": []}',
            {"events": ["NaN is not JSON", {"b": 2}]},
        ),
        (
            '{"auditEvents": [{"a": 1}',
            {"auditEvents": [{"a": 1}, "the list of records breaks off"]},
        ),
        ('{"x": {}, "Records": [{"a": 1}', "it ends before it is complete"),
    ],
)
def test_a_broken_container_keeps_what_stands_in_its_list(text: str, document: Json) -> None:
    assert read(text) == [document]


def test_lines_after_a_broken_list_are_read() -> None:
    assert read('[{"a": 1},\n{"b": "x},\n{"c": 3},\n{"d": 4}]\n{"e": 5}') == [
        [
            {"a": 1},
            "it is not valid JSON: a text in quotes holds a line break or control character",
        ],
        {"c": 3},
        {"d": 4},
        {"e": 5},
    ]


def test_a_list_after_an_open_bracket_is_read() -> None:
    assert read('[\n[{"a": 1}]\n') == [["it ends before it is complete"], [{"a": 1}]]


def test_lines_of_an_export_are_read_without_their_timestamps() -> None:
    stamp = "2024-12-16T00:00:00.123Z "
    assert read(f'{stamp}{{"a": 1}}\n{stamp}{{"b": oops}}\n{stamp}{{"c": 3}}\n') == [
        {"a": 1},
        NO_VALUE,
        {"c": 3},
    ]


def test_each_document_comes_with_its_offset() -> None:
    assert [offset for offset, _ in documents('  {"a": 1}\n[oops]\n\n{"b": 2}')] == [2, 11, 19]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' {"a": 1} \n', {"a": 1}),
        ("", "in the JSON text within the record, it ends before it is complete"),
        (
            '{"a": 1, "a": 2}',
            "in the JSON text within the record, a key occurs twice in one object",
        ),
        ('{"Records": [{"a": 1}', "in the JSON text within the record, it ends before"),
        ('{"a": 1} {"b": 2}', "the text within the record is more than one JSON value"),
        ("[" * 100_000, "in the JSON text within the record, it is nested too deeply"),
    ],
)
def test_text_within_a_record_is_one_value_or_a_defect(text: str, value: Json) -> None:
    found = decode_inner(text)
    if isinstance(found, Defect):
        assert found.cause.startswith(f"not read: {value}")
        assert found.offset is None
    else:
        assert found == value


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
        for _, document in documents(text)
        for piece in (document["Records"] if isinstance(document, dict) else [document])
    )


@given(st.text(alphabet='{}[]",:\\ntrue1 \nRecords\udc80', max_size=60))
def test_any_text_comes_to_an_end(text: str) -> None:
    assert len(list(documents(text))) <= len(text)


@pytest.mark.parametrize(
    "line",
    ['{"a": [', '{"a": "b', "[", '[{"a', '{"Records": [{"a": 1', '{"a": tru}', "noise", '[1, "'],
)
def test_many_broken_lines_cost_no_quadratic_time(line: str) -> None:
    padding = " " * 100
    found = list(documents(f"{line}{padding}\n" * 50_000))
    assert len(found) >= (1 if line == "noise" else 50_000)


def test_many_broken_elements_cost_no_quadratic_time() -> None:
    ((_, found),) = documents("[" + ", ".join(['{"a": tru, "b": "x"}'] * 50_000) + "]")
    assert len(found) == 50_000


def test_bytes_that_are_not_utf_8_cost_their_document_only() -> None:
    text = decode_utf8(b'{"a": "\xff"}\n{"b": "\xc3\xa9"}')
    (_, defect), (_, whole) = documents(text)
    assert isinstance(defect, Defect)
    assert (defect.code, defect.offset) == ("not-utf-8", 7)
    assert defect.hint
    assert whole == {"b": "é"}
    assert read('{"a": "\\ud800"}') == [{"a": "\ud800"}]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ('{"a": 1\n{"b": 2}\n', 7),
        ('{"a": tru}\n{"b": 2}\n', 6),
        ("2024-12-16T00:00:00Z {\n2024-12-16T00:00:00Z {}\n", 22),
        ('[{"a": 1},\n{"b"', 15),
    ],
)
def test_a_defect_stands_on_the_line_that_is_broken(text: str, offset: int) -> None:
    ((_, found),) = [one for one in documents(text) if offset_of(one[1])]
    assert offset_of(found) == offset


def offset_of(value: Json) -> int | None:
    last = value[-1] if isinstance(value, list) else value
    return last.offset if isinstance(last, Defect) else None


def test_depth_is_counted_in_objects_and_lists() -> None:
    value: Json = "x"
    for number in range(200):
        value = [value] if number % 2 else {"k": value}
    assert not is_deeper(value, 200)
    assert is_deeper([value], 200)
    assert is_deeper([], 0)
    assert not is_deeper("x", 0)
