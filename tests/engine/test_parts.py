import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.engine.executors import Scanning, SerialExecutor, cut
from checker.engine.found import Found, settle
from checker.engine.scan import Shard
from checker.engine.tally import Tally, unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook
from checker.trail.part import load_part, parts_of, sha256_of_file
from checker.trail.source import Source
from tests.builders import APPROVED, book_of, event, rule_text

LINE = json.dumps(event(), separators=(",", ":"))


def source_of(path: Path) -> Source:
    return Source(path.as_posix(), explicit=True, named=path.as_posix())


def written(path: Path, records: list[dict[str, Any]], end: str = "\n") -> Source:
    lines = [json.dumps(record, separators=(",", ":")) for record in records]
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return source_of(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines")


@pytest.fixture(scope="module")
def book(folder: Path) -> RuleBook:
    return book_of(folder / "rules", rule_text())


def scanned(book: RuleBook, source: Source, shards: list[Shard]) -> tuple[Found, int]:
    """Scan a file in some shards; give what was found and how often the file was read again."""
    again: list[Source] = []

    class Counted(SerialExecutor):
        def tallies(self, book: RuleBook, shards: Any) -> Any:
            again.extend(each.sources[0] for each in shards if not each.part)
            return super().tallies(book, shards)

    scanning = Scanning(Counted(io.BytesIO()), shards, book, DEFAULT)
    found = settle(unite(scanning.joined(scanning.tallies())), book.rules)
    assert all(each.path == source.path for each in again)
    return found, len(again)


def in_parts(source: Source, most: int) -> list[Shard]:
    return list(cut([source], [Path(source.path).stat().st_size], most, DEFAULT))


records = st.lists(
    st.builds(
        event,
        eventID=st.sampled_from(["1", "2", "6f0b0d4e-9a5c-4a6e-8f51-0d8a4f0c7e11"]),
        eventTime=st.sampled_from(["2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z"]),
        eventName=st.sampled_from(["AttachPolicy", "GetPolicy"]),
        userIdentity=st.sampled_from([APPROVED, ...]),
        recipientAccountId=st.sampled_from(["111122223333", "444455556666", ...]),
    ),
    min_size=2,
    max_size=12,
)


@given(records, st.integers(1, 4000), st.sampled_from(["", "\n", "\n\n", "\r\n"]))
def test_a_file_cut_anywhere_gives_what_the_whole_file_gives(
    folder: Path, book: RuleBook, lines: list[dict[str, Any]], most: int, end: str
) -> None:
    source = written(folder / "log.jsonl", lines, end)
    shards = in_parts(source, most)

    found, again = scanned(book, source, shards)

    assert found == scanned(book, source, [Shard((source,))])[0]
    assert again == (not shards[0].part)


ODD_LINES = {
    "no eventID": json.dumps(event(eventID=...)),
    "a list": f"[{LINE}]",
    "not JSON": "{",
    "no event": '{"a": 1}',
    "a wrapper": json.dumps({"eventData": event()}),
    "an event that might be a wrapper": json.dumps(event(detail={})),
    "one more page": json.dumps(event(NextToken="x")),
    "bytes that are not UTF-8": LINE[:-1] + ',"x":"\udcff"}',
    "a key that stands twice": LINE[:-1] + ',"x":1,"x":2}',
    "over two lines": LINE.replace(",", ",\n", 1),
    "a CloudTrail file": f'{{"Records":[{LINE}]}}',
    "a time that cannot be read": json.dumps(event(eventTime="yesterday")),
}


@pytest.mark.parametrize("name", ODD_LINES)
@settings(max_examples=20)
@given(most=st.integers(300, 3000), at=st.integers(2, 9))
def test_a_doubtful_part_has_the_file_read_whole(
    folder: Path, book: RuleBook, name: str, most: int, at: int
) -> None:
    lines = [json.dumps(event(eventID=str(number))) for number in range(10)]
    lines.insert(at, ODD_LINES[name])
    path = folder / "odd.jsonl"
    path.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
    source = source_of(path)

    found, again = scanned(book, source, in_parts(source, most))

    assert again == 1
    assert found == scanned(book, source, [Shard((source,))])[0]


def test_lines_that_are_cloudtrail_files_are_read_whole(folder: Path, book: RuleBook) -> None:
    path = folder / "files.jsonl"
    path.write_text(f'{{"Records":[{LINE}]}}\n' * 4, encoding="utf-8")
    source = source_of(path)

    found, again = scanned(book, source, in_parts(source, path.stat().st_size // 4))

    assert again == 1
    assert found == scanned(book, source, [Shard((source,))])[0]
    assert found.inputs[source.path].records == 4


def test_evidence_is_found_at_its_place_in_the_whole_file(folder: Path, book: RuleBook) -> None:
    source = written(folder / "many.jsonl", [event(eventID=str(number)) for number in range(40)])
    shards = in_parts(source, 2000)

    found, _ = scanned(book, source, shards)

    assert len(shards) > 5
    shown = [(each.event_id, each.index) for kept in found.evidence.values() for each in kept]
    assert sorted(shown) == sorted((str(number), number) for number in range(40))


def test_what_is_no_json_lines_or_small_is_not_cut(folder: Path) -> None:
    path = folder / "file"
    for text in (
        f'{{"Records":[{LINE},{LINE}]}}',
        f"[{LINE},\n{LINE}]",
        f"{LINE}{LINE}",
        "",
        "{\n}",
    ):
        path.write_text(text, encoding="utf-8")
        assert parts_of(source_of(path), 100, DEFAULT) == ()
    path.write_text(f"{LINE}\n{LINE}\n", encoding="utf-8")
    assert parts_of(source_of(path), len(LINE) * 2, DEFAULT) == ()
    assert parts_of(source_of(folder / "missing"), 1, DEFAULT) == ()
    assert len(parts_of(source_of(path), len(LINE), DEFAULT)) == 2


def test_a_record_over_the_limit_is_refused_in_any_part(folder: Path, book: RuleBook) -> None:
    limits = replace(DEFAULT, record_bytes=4_000)
    plain = [event(eventID=str(number), eventName="GetPolicy") for number in range(20)]
    large = event(eventID="large", eventName="GetPolicy", requestParameters={"x": "y" * 5_000})
    source = written(folder / "large.jsonl", [*plain[:10], large, *plain[10:]])
    size = Path(source.path).stat().st_size
    shards = cut([source], [size], size // 3, limits)
    scanning = Scanning(SerialExecutor(io.BytesIO(), limits), shards, book, limits)

    tally = unite(scanning.joined(scanning.tallies()), limits)

    assert len(shards) == 3
    assert tally.inputs[source.path].refused == 1


def test_a_file_that_was_replaced_meanwhile_is_doubtful(folder: Path) -> None:
    source = written(folder / "other.jsonl", [event(), event()])
    parts = parts_of(source, 100, DEFAULT)
    Path(source.path).unlink()
    assert load_part(source, parts[0]) is None
    assert sha256_of_file(source, parts[0]) is None

    written(folder / "other.jsonl", [event(eventName="A" * 12), event()])

    assert all(load_part(source, part) is None for part in parts)
    assert sha256_of_file(source, parts[0]) is None


def test_a_file_that_grew_meanwhile_is_doubtful(folder: Path) -> None:
    source = written(folder / "grows.jsonl", [event(), event()])
    parts = parts_of(source, 100, DEFAULT)
    with Path(source.path).open("a", encoding="utf-8") as file:
        file.write(LINE)

    assert load_part(source, parts[-1]) is None


def test_parts_of_a_file_that_lost_one_with_its_worker_are_left_out(
    folder: Path, book: RuleBook
) -> None:
    source = written(folder / "lost.jsonl", [event(eventID=str(number)) for number in range(9)])
    shards = in_parts(source, 1000)
    scanning = Scanning(SerialExecutor(io.BytesIO()), shards, book, DEFAULT)
    tallies = list(scanning.tallies())

    joined = list(scanning.joined([*tallies[1:], Tally()]))

    assert [each.inputs for each in joined] == [{}]
