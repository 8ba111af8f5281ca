import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.trail.lines import Span, spans_of
from checker.trail.reader import read_trail
from checker.trail.source import Source
from tests.builders import event

SEPARATORS = st.sampled_from(["", "\n", " ", "\r\n", "\n\n\t", "\n  "])


def at(content: bytes, span: Span) -> Json:
    """Read what stands at a span, as an editor would find it."""
    lines = content.decode().split("\n")[span.first_line - 1 : span.last_line]
    lines[-1] = lines[-1][: span.last_column - 1]
    lines[0] = lines[0][span.first_column - 1 :]
    return json.loads("\n".join(lines))


def records(content: bytes) -> dict[int, Json]:
    log = read_trail(Source("log.json", explicit=True), content)
    return {record.index: record.original for record in log.records}


EVENTS = [event(eventID=f"0f8fad5b-d9cb-469f-a165-70867728950{number}") for number in range(4)]
LINES = [json.dumps(each) for each in EVENTS]
TEXTS = {
    "CloudTrail file": json.dumps({"a": {"Records": [1]}, "Records": EVENTS, "b": []}, indent=2),
    "CloudTrail file on one line": json.dumps({"Records": EVENTS}),
    "list": json.dumps(EVENTS, indent="\t"),
    "one event": json.dumps(EVENTS[0], indent=4),
    "JSON Lines": "\n".join(LINES) + "\n",
    "JSON Lines with CRLF": "\r\n".join(LINES),
    "concatenated": "".join(LINES),
    "concatenated files": json.dumps({"Records": EVENTS[:2]}) * 2 + LINES[0],
    "exported lines": "".join(f"2024-12-16T08:00:00.000Z {line}\n" for line in LINES),
    "lookup-events": json.dumps(
        {"Events": [{"CloudTrailEvent": line} for line in LINES]}, indent=1
    ),
    "letters of several bytes": json.dumps([event(a="é\U0001f600"), *EVENTS], ensure_ascii=False),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_stands_at_the_lines_of_a_record_is_the_record(name: str) -> None:
    content = TEXTS[name].encode()
    known = records(content)

    spans = spans_of(content, known)

    assert spans.keys() == known.keys()
    for index, span in spans.items():
        found = at(content, span)
        inner = json.loads(found["CloudTrailEvent"]) if name == "lookup-events" else found
        assert inner == known[index]


@given(
    st.lists(st.sampled_from(EVENTS), min_size=1, max_size=4),
    st.lists(SEPARATORS, min_size=12, max_size=12),
    st.sampled_from(["file", "list"]),
    st.sets(st.integers(0, 5)),
)
def test_any_layout_of_a_list_gives_the_records_that_are_asked_for(
    events: list[dict[str, Json]], gaps: list[str], shape: str, wanted: set[int]
) -> None:
    inner = f"{gaps[0]},{gaps[1]}".join(json.dumps(each, indent=len(gaps[2])) for each in events)
    listed = f"[{gaps[3]}{inner}{gaps[4]}]"
    whole = (
        f'{{{gaps[5]}"Records"{gaps[6]}:{gaps[7]}{listed}{gaps[8]}}}' if shape == "file" else listed
    )
    content = f"{gaps[9]}{whole}{gaps[10]}".encode()

    spans = spans_of(content, wanted)

    assert spans.keys() == wanted & set(range(len(events)))
    assert all(at(content, span) == events[index] for index, span in spans.items())


@pytest.mark.parametrize(
    "content",
    [
        b"\x1f\x8b\x08\x00" + bytes(20),
        b"\xef\xbb\xbf" + LINES[0].encode(),
        LINES[0].encode("utf-16"),
        LINES[0].replace("eventName", "event\udcffName").encode(errors="surrogateescape"),
        "\r".join(LINES).encode(),
        b'{"Records": [',
        b'{"Records": [], "Records": [' + LINES[0].encode() + b"]}",
        b"[" + LINES[0].encode() + b", NaN]",
        b"[" * 100_000,
        b"",
        b"<html>",
    ],
    ids=[
        "gzip", "byte order mark", "UTF-16", "not UTF-8", "lone CR", "cut", "a key twice",
        "an element that is no JSON", "deep", "empty", "HTML",
    ],
)  # fmt: skip
def test_of_what_is_doubtful_no_lines_are_given(content: bytes) -> None:
    assert spans_of(content, range(10)) == {}


def test_from_a_broken_line_on_no_lines_are_given() -> None:
    content = "\n".join([LINES[0], '{"broken', *LINES[1:]]).encode()
    known = records(content)

    assert set(known) == {0, 2, 3, 4}
    assert spans_of(content, known) == {0: Span(1, 1, 1, len(LINES[0]) + 1)}


def test_a_subscription_is_not_a_list_of_records() -> None:
    message = {"message": LINES[0]}
    content = json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [message]}).encode()

    assert set(records(content)) == {0}
    assert spans_of(content, [0]) == {}


def test_no_depth_is_more_than_is_answered() -> None:
    for depth in range(800, 1_010):
        nested = "[" * depth + "]" * depth
        content = f'[{LINES[0][:-1]}, "deep": {nested}}}]'.encode()

        assert spans_of(content, [0]) in ({}, {0: Span(1, 2, 1, len(content))})


@given(st.binary(max_size=60), st.sampled_from(sorted(TEXTS)), st.integers(0, 4_000))
def test_no_bytes_make_a_wrong_line(noise: bytes, name: str, place: int) -> None:
    text = TEXTS[name].encode()
    content = text[:place] + noise + text[place:]
    known = records(content)

    for index, span in spans_of(content, known).items():
        found = at(content, span)
        assert "CloudTrailEvent" in found or found == known[index]
