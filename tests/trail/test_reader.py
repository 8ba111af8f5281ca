import gzip
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.errors import Level
from checker.trail.reader import TrailLog, open_trail, read_trail
from checker.trail.source import Source, find_sources

NO_STDIN = io.BytesIO()
GOOD_FOLDERS = ("stratus-red-team", "umccr-awslogs", "traildiscover", "trailscraper")


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
        (f"{RECORDS}\n{RECORDS}", "JSON Lines", 4),
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
        (b" \r\n\t", "empty-file", "empty"),
        (b"\xef\xbb\xbf", "empty-file", "empty"),
        (gzip.compress(b""), "empty-file", "empty"),
        (RECORDS.encode("utf-16"), "not-utf-8", "UTF-16"),
        (RECORDS.encode("utf-16-le"), "not-utf-8", "UTF-16"),
        (RECORDS.encode("utf-32"), "not-utf-8", "UTF-32"),
        (gzip.compress(gzip.compress(RECORDS.encode())), "not-a-trail-log", "gzip inside gzip"),
        (b"PK\x03\x04rest", "not-a-trail-log", "zip archive"),
        (b"version https://git-lfs.github.com/spec/v1", "not-a-trail-log", "Git LFS"),
        (b"<html>", "not-a-trail-log", "HTML"),
        (b"plain text", "refused-record", "not valid JSON"),
        (b"123", "not-a-trail-log", "neither an object nor a list"),
        (b"null", "not-a-trail-log", "neither an object nor a list"),
        (b'{"name": "x", "lockfileVersion": 3}', "not-a-trail-log", "package lock"),
        (b'{"Records": {}}', "not-a-trail-log", "no eventName"),
        (b'{"Records": [1]}', "refused-record", "not an object"),
        (
            b'{"Records": [{"eventName": "x", "eventSource": "aws:s3"}]}',
            "refused-record",
            "notification",
        ),
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
    assert codes(log) == ["refused-record"]
    assert ids(log) == ["id-0"]


def test_bytes_that_are_not_utf_8_cost_their_record_only() -> None:
    bad = json.dumps(event(1, userAgent="?")).encode().replace(b"?", b"\xff")
    log = read(json.dumps(event(0)).encode() + b"\n" + bad + b"\n" + json.dumps(event(2)).encode())
    assert ids(log) == ["id-0", "id-2"]
    assert sorted(codes(log)) == ["not-utf-8", "refused-record"]
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


def test_an_odd_time_is_a_warning_and_the_record_is_kept() -> None:
    records = [event(0, eventTime="2024-12-16T00:00:00"), event(1, eventTime="soon"), event(2)]
    log = read(json.dumps(records))
    assert len(log.records) == 3
    assert sorted(codes(log)) == ["time-without-zone", "unreadable-time"]
    assert {problem.level for problem in log.problems} == {Level.WARNING}
    assert log.records[0].event["eventTime"] == "2024-12-16T00:00:00Z"
    assert log.records[1].time is None


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.txt", "about these logs"),
        ("LICENSE", ""),
        ("logo.png", "\x89PNG"),
        ("x.zip", "PK\3\4"),
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


@pytest.mark.parametrize("content", [RECORDS, LINES.splitlines()[0], f"[{LINES.splitlines()[1]}]"])
def test_a_file_cut_at_any_byte_is_never_clean(content: str) -> None:
    data = content.encode()
    for end in range(len(data)):
        log = read(data[:end])
        assert any(problem.level is Level.ERROR for problem in log.problems), data[:end]


def test_a_gzip_file_cut_at_any_byte_is_never_clean() -> None:
    data = gzip.compress(RECORDS.encode())
    for end in range(len(data)):
        assert read(data[:end]).problems, end


PIECES = st.sampled_from(
    [RECORDS, LINES, "[", "]", "{", "}", '"', ",", "\n", '{"Records":', "null", "é"]
)


@given(
    st.binary(max_size=80) | st.lists(PIECES, max_size=6).map(lambda parts: "".join(parts).encode())
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for data in (content, gzip.compress(content), b"\x1f\x8b\x08" + content):
        log = read(data)
        assert log.records or log.problems or log.container


@given(
    st.recursive(
        st.none() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["Records", "eventName", "eventSource", "EventName", "UserIdentity"]
                ),
                inner,
                max_size=3,
            )
        ),
    )
)
def test_any_json_is_read_or_refused(value: Json) -> None:
    log = read(json.dumps(value))
    assert log.records or log.problems or log.container


@pytest.mark.parametrize("folder", GOOD_FOLDERS)
def test_published_logs_are_read_whole(shared: Path, folder: str) -> None:
    trails = shared / "trails"
    manifest = map(json.loads, (trails / "MANIFEST.jsonl").read_text().splitlines())
    expected = {entry["file"]: entry["events"] for entry in manifest}
    sources, problems = find_sources([str(trails / folder)])
    assert problems == ()
    read_files = set()
    for source in sources:
        log = open_trail(source, NO_STDIN)
        name = Path(source.path).relative_to(trails).as_posix()
        assert log.problems == ()
        assert len(log.records) == expected.get(name, 0)
        if not log.set_aside:
            read_files.add(name)
    assert read_files == {name for name in expected if name.startswith(f"{folder}/")}
