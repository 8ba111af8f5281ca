import gzip
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest

from checker.aws import Json
from checker.errors import Level
from checker.limits import Limits
from checker.trail.reader import open_trail, read_trail
from checker.trail.record import TrailLog
from checker.trail.source import Source

NO_STDIN = io.BytesIO()


def event(number: int = 0, **changes: Json) -> dict[str, Json]:
    return {
        "eventVersion": "1.08",
        "eventID": f"id-{number}",
        "eventName": "AttachPolicy",
        "eventSource": "iot.amazonaws.com",
        "eventTime": "2024-12-16T00:00:00Z",
        **changes,
    }


def read(content: bytes | str, path: str = "log.json", *, explicit: bool = True) -> TrailLog:
    data = content.encode() if isinstance(content, str) else content
    return read_trail(Source(path, explicit=explicit), data)


def ids(log: TrailLog) -> list[str]:
    return [record.event["eventID"] for record in log.records]


def codes(log: TrailLog) -> list[str]:
    return [problem.code for problem in log.problems]


RECORDS = json.dumps({"Records": [event(0), event(1)]})
LINES = f"{json.dumps(event(0))}\n{json.dumps(event(1))}\n"
ONE = json.dumps(event(0))
QUOTED = json.dumps(ONE)


@pytest.mark.parametrize(
    ("content", "container", "count"),
    [
        (RECORDS, "CloudTrail file", 2),
        (json.dumps({"Records": [event(0), event(1)]}, indent=2), "CloudTrail file", 2),
        ('{"Records": []}', "CloudTrail file", 0),
        (json.dumps([event(0), event(1)]), "list", 2),
        ("[]", "list", 0),
        (json.dumps(event(0), indent=4), "event", 1),
        (LINES, "JSON Lines", 2),
        (LINES.replace("\n", "\r\n\r\n"), "JSON Lines", 2),
        (json.dumps(event(0), indent=4) + json.dumps(event(1), indent=4), "JSON Lines", 2),
        (f"{RECORDS}\n{RECORDS}", "CloudTrail file", 4),
        (f"{LINES}{RECORDS}", "JSON Lines, CloudTrail file", 4),
        (f'{{"Events": [{{"CloudTrailEvent": {QUOTED}}}]}}', "lookup-events output", 1),
        (f'{{"detail-type": "x", "detail": {ONE}}}\n' * 3, "EventBridge event", 3),
        (f'[{{"eventData": {ONE}}}, {ONE}]', "list", 2),
        (f'{{"eventData": {ONE}}}', "CloudTrail Lake event", 1),
        (f'{{"auditEvents": [{{"eventData": {QUOTED}}}]}}', "CloudTrail Lake audit events", 1),
        (f'{{"events": [{{"message": {QUOTED}}}]}}', "CloudWatch Logs output", 1),
        (f'{{"logEvents": [{{"message": {QUOTED}}}]}}' * 2, "CloudWatch Logs subscription", 2),
        (f"2024-12-16T00:00:00.000Z {ONE}\n" * 2, "JSON Lines", 2),
        ("\ufeff" + RECORDS, "CloudTrail file", 2),
        (
            json.dumps({"EventName": "x", "UserIdentity": {}, "EventTime": "2016-04-08T23:51:36Z"}),
            "legacy AWS IoT record",
            1,
        ),
    ],
)
def test_every_container_is_read_plain_and_compressed(
    content: str, container: str, count: int
) -> None:
    for data in (content.encode(), gzip.compress(content.encode())):
        log = read(data)
        assert (log.container, len(log.records), log.refused) == (container, count, 0)
        assert log.problems == ()
        assert log.size == len(data)
        assert log.sha256 == sha256(data).hexdigest()


def test_a_record_holds_its_place_its_original_and_the_canonical_event() -> None:
    original = event(1, userIdentity={"type": "User"})
    log = read(json.dumps([event(0), {}, original]))
    record = log.records[1]
    assert (record.index, record.original) == (2, original)
    assert record.event["userIdentity"] == {"type": "IAMUser"}
    assert record.time is not None
    assert log.refused == 1


def test_several_gzip_members_are_one_text() -> None:
    data = RECORDS.encode()
    assert ids(read(gzip.compress(data[:50]) + gzip.compress(data[50:]))) == ["id-0", "id-1"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty-file", "empty"),
        (gzip.compress(b"", mtime=0), "empty-file", "empty"),
        (RECORDS.encode("utf-16-le"), "not-utf-8", "UTF-16"),
        (b"<html>", "not-a-trail-log", "HTML"),
        (b"plain text", "broken-json", "not valid JSON"),
        (b"123", "not-a-trail-log", "neither an object nor a list"),
        (b"null", "not-a-trail-log", "neither an object nor a list"),
        (b'{"name": "x", "lockfileVersion": 3}', "not-a-trail-log", "package lock"),
        (b'{"digestS3Object": "x", "logFiles": []}', "not-a-trail-log", "digest"),
        (b'{"Records": {}}', "not-a-trail-log", "its Records is not a list"),
        (b'{"Records": [1]}', "refused-record", "not an object"),
        (b'{"Records": [{"eventSource": "aws:s3"}]}', "refused-record", "S3 event notification"),
        (b"\x1f\x8b", "damaged-gzip", "cut short"),
        (b"\x1f\x8b\xff\xff\xff\xff", "damaged-gzip", "damaged"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_why(
    content: bytes, code: str, words: str
) -> None:
    log = read(content)
    assert log.records == ()
    assert codes(log) == [code]
    assert words in log.problems[0].cause
    assert log.problems[0].level is Level.ERROR
    assert log.set_aside == ""


def test_neighbours_of_a_broken_line_are_read_and_the_place_is_named() -> None:
    log = read(f'{json.dumps(event(0))}\n{{"eventName": oops}}\n{json.dumps(event(2))}\n')
    assert ids(log) == ["id-0", "id-2"]
    assert [record.index for record in log.records] == [0, 2]
    assert log.refused == 1
    assert codes(log) == ["broken-json"]
    assert str(log.problems[0].place) == "log.json:2:15"


def test_neighbours_of_an_ambiguous_record_are_read() -> None:
    doubled = json.dumps(event(1))[:-1] + ', "eventName": "Ping"}'
    log = read(f'{{"Records": [{json.dumps(event(0))}, {doubled}, {json.dumps(event(2))}]}}')
    assert ids(log) == ["id-0", "id-2"]
    assert log.refused == 1
    assert "occurs twice" in log.problems[0].cause


def test_a_second_list_of_records_does_not_hide_the_first() -> None:
    first, second = json.dumps([event(0)]), json.dumps([event(1)])
    log = read(f'{{"Records": {first}, "Records": {second}}}')
    assert codes(log) == ["broken-json"]
    assert ids(log) == ["id-0"]


def test_bytes_that_are_not_utf_8_cost_their_record_only() -> None:
    bad = json.dumps(event(1, userAgent="?")).encode().replace(b"?", b"\xff")
    log = read(json.dumps(event(0)).encode() + b"\n" + bad + b"\n" + json.dumps(event(2)).encode())
    assert ids(log) == ["id-0", "id-2"]
    assert sorted(codes(log)) == ["not-utf-8"]
    assert log.refused == 1


def test_a_damaged_gzip_file_is_an_error_and_its_records_are_kept() -> None:
    data = bytearray(gzip.compress(RECORDS.encode()))
    data[-5] ^= 1
    log = read(bytes(data))
    assert ids(log) == ["id-0", "id-1"]
    assert codes(log) == ["damaged-gzip"]


def test_one_problem_stands_for_many_of_the_same_cause() -> None:
    log = read(json.dumps([event(0), *[{}] * 50]))
    assert len(log.problems) == 1
    assert log.refused == 50
    assert "(50 times)" in log.problems[0].cause
    assert "record 1" in log.problems[0].hint


def test_a_refused_line_is_told_by_its_place_and_an_element_by_its_number() -> None:
    lines = read(f'{ONE}\n{{"detail-type": "a via CloudTrail", "detail": {{}}}}\n{{"x": 1}}\n')
    assert [str(problem.place) for problem in lines.problems] == ["log.json:2:1", "log.json:3:1"]
    assert codes(lines) == ["refused-record", "not-a-trail-log"]
    (problem,) = read(json.dumps([event(0), {"eventSource": "aws:s3"}])).problems
    assert str(problem.place) == "log.json"
    assert problem.hint.startswith("the first is record 1, counted from 0; read the objects")


def test_a_page_of_several_is_read_and_is_an_error() -> None:
    log = read(json.dumps({"Events": [{"CloudTrailEvent": ONE}], "NextToken": "x"}))
    assert ids(log) == ["id-0"]
    assert codes(log) == ["more-pages"]
    assert log.problems[0].level is Level.ERROR
    assert log.refused == 0


def test_a_text_in_utf_16_is_read_with_a_warning() -> None:
    log = read(RECORDS.encode("utf-16"))
    assert ids(log) == ["id-0", "id-1"]
    assert codes(log) == ["wide-text"]


@pytest.mark.parametrize(
    ("limits", "code", "limit"),
    [
        (Limits(record_bytes=500), "record-too-large", "record_bytes"),
        (Limits(record_depth=3), "record-too-large", "record_depth"),
        (Limits(file_bytes=700), "too-large", "file_bytes"),
    ],
)
def test_limits_are_honoured_and_named(
    tmp_path: Path, limits: Limits, code: str, limit: str
) -> None:
    path = tmp_path / "log.json"
    large = event(1, requestParameters={"a": [[["x" * 400]]]})
    path.write_text(json.dumps([event(0), large, event(2)]))
    log = open_trail(Source(str(path), explicit=True), NO_STDIN, limits)
    assert codes(log) == [code]
    assert f"limits: {{{limit}: …}}" in log.problems[0].hint
    assert ids(log) == ([] if code == "too-large" else ["id-0", "id-2"])


def test_an_odd_time_is_a_warning_and_the_record_is_kept() -> None:
    records = [event(0, eventTime="2024-12-16T00:00:00"), event(1, eventTime="soon"), event(2)]
    log = read(json.dumps([*records, event(3, eventTime="2024-12-16T01:00:00+05:30")]))
    assert len(log.records) == 4
    assert sorted(codes(log)) == ["time-without-zone", "unreadable-time"]
    assert {problem.level for problem in log.problems} == {Level.WARNING}
    assert log.records[0].event["eventTime"] == "2024-12-16T00:00:00Z"
    assert log.records[1].time is None
    assert log.records[3].event["eventTime"] == "2024-12-15T19:30:00Z"


@pytest.mark.parametrize("time", [None, 1734307200, "", "2024-13-01T00:00:00Z", "2024-12-16", []])
def test_a_time_that_cannot_be_read_is_one_warning(time: Json) -> None:
    log = read(json.dumps([event(number, eventTime=time) for number in range(3)]))
    assert [record.time for record in log.records] == [None] * 3
    assert codes(log) == ["unreadable-time"]
    assert "(3 times)" in log.problems[0].cause


def test_a_digest_is_set_aside_in_a_folder_only() -> None:
    digest = json.dumps({"digestS3Object": "x", "logFiles": []})
    for content in (digest.encode(), gzip.compress(digest.encode())):
        log = read(content, "CloudTrail-Digest/x.json.gz", explicit=False)
        assert "digest" in log.set_aside
        assert (log.problems, log.records, log.refused) == ((), (), 0)
    for changed in (digest[:-1], digest + ONE, digest + digest, f"[{digest}]"):
        assert read(changed, explicit=False).problems
        assert read(changed, explicit=False).set_aside == ""


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.txt", "about these logs"),
        ("LICENSE", ""),
        ("logo.png", "\x89PNG"),
        ("page.html", "<html>"),
    ],
)
def test_a_file_that_is_no_log_by_name_or_content_is_set_aside_in_a_folder(
    path: str, content: str
) -> None:
    log = read(content, path, explicit=False)
    assert log.set_aside
    assert log.problems == ()
    named = read(content, path, explicit=True)
    assert not named.set_aside
    assert named.problems


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.json", b"about these logs"),
        ("trail.log.gz", b""),
        ("notes", b"  {half"),
        ("notes", b"\xef\xbb\xbf[1"),
        ("backup", b"\x1f\x8b\0"),
        ("logs.zip", b"PK\3\4"),
        ("logs.tar.bz2", b"BZh9"),
        ("events.csv", b"Event name,Event time\n"),
        ("log.json.bak", b"about these logs"),
        ("1_CloudTrail_us-east-1_20241216T0000Z_x", b"\x89PNG"),
        ("notes", b"\xff\xfe{"),
        ("000000", b"2024-12-16T00:00:00Z {"),
    ],
)
def test_a_file_that_is_a_log_by_name_or_content_must_be_read(path: str, content: bytes) -> None:
    log = read(content, path, explicit=False)
    assert log.set_aside == ""
    assert log.problems


def test_a_file_and_standard_input_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(RECORDS)
    assert len(open_trail(Source(str(path), explicit=True), NO_STDIN).records) == 2
    stdin = io.BytesIO(RECORDS.encode())
    log = open_trail(Source("<stdin>", explicit=True, stdin=True), stdin)
    assert len(log.records) == 2


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    log = open_trail(Source(str(tmp_path / "gone.json"), explicit=False), NO_STDIN)
    assert codes(log) == ["unreadable-file"]
    assert "No such file" in log.problems[0].cause


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (RECORDS[:-5], "fetch or export the file again"),
        (f"{ONE}\noops\n", "fetch or export the file again"),
        ("plain text", "a trail log is"),
        ("{'a': 1}", "a trail log is"),
    ],
)
def test_what_is_broken_comes_with_a_way_out(content: str, hint: str) -> None:
    (problem,) = read(content).problems
    assert problem.code == "broken-json"
    assert problem.hint.startswith(hint)
