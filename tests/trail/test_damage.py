"""Laws of damage: whatever happens to the bytes, what is lost is never called clean."""

import gzip
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.errors import Level
from checker.trail.reader import read_trail
from checker.trail.record import TrailLog
from checker.trail.source import Source

EVENTS = [
    {
        "eventVersion": "1.08",
        "eventID": f"id-{number}",
        "eventName": "AttachPolicy",
        "eventSource": "iot.amazonaws.com",
        "eventTime": "2024-12-16T00:00:00Z",
        "userAgent": 'a "quoted" {name} é',
    }
    for number in range(3)
]
TEXTS = [json.dumps(one, ensure_ascii=False) for one in EVENTS]
QUOTED = [json.dumps(text) for text in TEXTS]
RECORDS = json.dumps({"Records": EVENTS}, ensure_ascii=False)
LINES = "\n".join(TEXTS) + "\n"


def read(content: bytes, *, explicit: bool = True) -> TrailLog:
    return read_trail(Source("log.json.gz", explicit=explicit), content)


def originals(log: TrailLog) -> list[dict[str, Json]]:
    return [record.original for record in log.records]


def has_error(log: TrailLog) -> bool:
    return any(problem.level is Level.ERROR for problem in log.problems)


def is_beginning(found: Sequence[Json], whole: Sequence[Json]) -> bool:
    return list(found) == list(whole[: len(found)])


@pytest.mark.parametrize(
    "text",
    [
        RECORDS,
        json.dumps({"Records": EVENTS}, indent=2),
        json.dumps(EVENTS, indent=0),
        TEXTS[0],
        f'{{"NextToken": null, "Events": [{{"CloudTrailEvent": {QUOTED[0]}}}]}}',
        f'{{"messageType": "DATA_MESSAGE", "logEvents": [{{"message": {QUOTED[0]}}}]}}',
        f'{{"detail-type": "AWS API Call via CloudTrail", "detail": {TEXTS[0]}}}',
        f'{{"auditEvents": [{{"eventData": {QUOTED[0]}}}]}}',
    ],
    ids=["file", "pretty", "flat", "event", "lookup", "subscription", "bridge", "lake"],
)
def test_a_document_cut_at_any_byte_is_never_clean(text: str) -> None:
    content = text.encode()
    assert not has_error(read(content))
    for end in range(len(content)):
        log = read(content[:end])
        assert has_error(log), content[:end]
        assert is_beginning(originals(log), EVENTS), content[:end]


def test_lines_cut_at_any_byte_are_clean_only_between_two_lines() -> None:
    content = LINES.encode()
    ends = [len("\n".join(TEXTS[:count]).encode()) for count in range(1, 4)]
    between = {*ends, *(end + 1 for end in ends)}
    for end in range(len(content)):
        log = read(content[:end])
        assert has_error(log) is (end not in between), content[:end]
        whole = sum(one <= end for one in ends)
        assert originals(log) == EVENTS[:whole]


@pytest.mark.parametrize("text", [RECORDS, LINES])
def test_a_gzip_file_cut_at_any_byte_is_never_clean(text: str) -> None:
    content = gzip.compress(text.encode(), mtime=0)
    for end in range(len(content)):
        log = read(content[:end])
        assert has_error(log), end
        assert is_beginning(originals(log), EVENTS), end


@pytest.mark.parametrize("text", [RECORDS, LINES])
def test_a_gzip_file_with_any_bit_flipped_is_clean_only_when_nothing_is_lost(text: str) -> None:
    content = gzip.compress(text.encode(), mtime=0)
    for bit in range(len(content) * 8):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        log = read(bytes(damaged), explicit=False)
        assert log.set_aside == ""
        assert has_error(log) or originals(log) == EVENTS, bit


def test_two_members_of_which_one_is_cut_are_never_clean() -> None:
    first, second = (gzip.compress(f"{text}\n".encode(), mtime=0) for text in TEXTS[:2])
    for end in range(1, len(second)):
        log = read(first + second[:end])
        assert has_error(log), end
        assert is_beginning(originals(log), EVENTS[:2])
        assert log.records


PIECES = st.sampled_from(
    [RECORDS, LINES, "[", "]", "{", "}", '"', ",", "\n", '{"Records":', '{"Events": [', "null", "é"]
)


@given(
    st.binary(max_size=80) | st.lists(PIECES, max_size=6).map(lambda parts: "".join(parts).encode())
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for given_bytes in (content, gzip.compress(content), b"\x1f\x8b\x08" + content):
        log = read(given_bytes)
        assert log.records or log.problems or log.container


KEYS = st.sampled_from(
    [
        *("Records", "Events", "events", "logEvents", "auditEvents", "detail", "detail-type"),
        *("eventData", "CloudTrailEvent", "message", "messageType", "NextToken", "eventType"),
        *("eventName", "eventSource", "eventTime", "EventName", "UserIdentity", "digestS3Object"),
    ]
)


@given(
    st.recursive(
        st.none() | st.text(max_size=3) | st.integers() | st.sampled_from(TEXTS),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    )
)
def test_any_json_is_read_or_refused(value: Json) -> None:
    log = read(json.dumps(value).encode())
    assert log.records or log.problems or log.container
    # That more pages follow is an error of the whole, even of a page without a record.
    is_page = any(problem.code == "more-pages" for problem in log.problems)
    assert is_page or len(log.records) + log.refused >= bool(log.problems and has_error(log))


def test_many_broken_lines_are_told_in_one_problem_and_in_little_time() -> None:
    line = TEXTS[0].replace(":", "", 1)
    log = read((f"{line}\n" * 50_000).encode())
    assert log.refused == 50_000
    (problem,) = log.problems
    assert "(50,000 times)" in problem.cause
