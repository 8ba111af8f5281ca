import io
import multiprocessing
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from checker.engine import executors
from checker.engine.executors import (
    SERIAL_BELOW,
    ProcessExecutor,
    SerialExecutor,
    bundle,
    scan_all,
)
from checker.engine.found import Found, settle
from checker.engine.scan import Shard
from checker.engine.tally import Tally, unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook
from checker.trail.source import Source, find_sources
from tests.builders import APPROVED, book_of, event, rule_text, write_trail


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Source, ...]:
    """Give a trail of several files, in which one event was delivered twice and one log is cut."""
    for number in range(6):
        records = [
            event(eventID=f"{number}-{each}", eventTime=f"2024-05-0{number + 1}T10:00:0{each}Z")
            for each in range(3)
        ]
        records += [event(eventID="twice"), event(eventID=f"good-{number}", userIdentity=APPROVED)]
        write_trail(tmp_path / "logs" / f"{number}.json", records)
    (tmp_path / "logs" / "cut.json").write_text('{"Records": [', encoding="utf-8")
    return find_sources([(tmp_path / "logs").as_posix()])[0]


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    texts = [
        rule_text("one"),
        rule_text(
            "two",
            require=None,
            forbid="glob(eventName, $names)",
            params="\n  names: {type: [string], default: [Attach*]}",
            tests="\n  cases: [{name: n, event: {a: 1}, expect: out_of_scope}]",
        ),
    ]
    return book_of(tmp_path / "rules", *texts)


def each_alone(sources: Sequence[Source]) -> tuple[Shard, ...]:
    return tuple(Shard((source,)) for source in sources)


def serially(book: RuleBook, shards: Sequence[Shard]) -> Found:
    return settle(unite(SerialExecutor(io.BytesIO()).tallies(book, shards)), book.rules)


def test_processes_find_what_one_process_finds(book: RuleBook, sources: tuple[Source, ...]) -> None:
    executor = ProcessExecutor(2, io.BytesIO())

    found = settle(
        unite(executor.tallies(book, bundle(sources, [1] * len(sources), 2))), book.rules
    )

    assert found == serially(book, each_alone(sources))
    assert found.events == 25


def test_any_cut_and_order_gives_the_same(book: RuleBook, sources: tuple[Source, ...]) -> None:
    whole = serially(book, [Shard(sources)])

    assert serially(book, each_alone(sources)) == whole
    assert serially(book, tuple(reversed(each_alone(sources)))) == whole
    assert serially(book, bundle(sources, [3] * len(sources), 7)) == whole


def die(shard: Shard) -> Tally:
    os._exit(len(shard.sources))


def test_a_worker_that_dies_loses_no_file_in_silence(
    book: RuleBook, sources: tuple[Source, ...]
) -> None:
    executor = ProcessExecutor(2, io.BytesIO(), scan_shard=die)

    found = unite(executor.tallies(book, each_alone(sources)))

    assert {path: fact.problems[0].code for path, fact in found.inputs.items()} == {
        source.path: "worker-died" for source in sources
    }


def end_early(*_: object) -> None:
    os._exit(1)


def test_workers_that_never_begin_lose_no_file_in_silence(
    book: RuleBook, sources: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_prepare", end_early)

    found = unite(ProcessExecutor(2, io.BytesIO()).tallies(book, each_alone(sources)))

    assert {fact.problems[0].code for fact in found.inputs.values()} == {"worker-died"}
    assert len(found.inputs) == len(sources)


def test_no_worker_is_left_when_nobody_listens_any_more(
    book: RuleBook, sources: tuple[Source, ...]
) -> None:
    tallies = ProcessExecutor(2, io.BytesIO()).tallies(book, each_alone(sources))
    next(tallies)

    tallies.close()  # type: ignore[attr-defined]

    assert multiprocessing.active_children() == []


def test_standard_input_stays_with_the_process_that_has_it(book: RuleBook) -> None:
    source = Source("<stdin>", explicit=True, stdin=True, named="-")
    stdin = io.BytesIO(b'{"Records": []}')

    found = unite(ProcessExecutor(2, stdin).tallies(book, each_alone([source])))

    assert found.inputs["<stdin>"].container == "CloudTrail file"


def test_bundles_hold_every_file_once_and_in_order(sources: tuple[Source, ...]) -> None:
    sizes = [5, 1, 1, 9, 1, 1, 1]

    shards = bundle(sources, sizes, 6)

    assert [len(shard.sources) for shard in shards] == [2, 1, 1, 3]
    assert tuple(source for shard in shards for source in shard.sources) == sources
    assert bundle((), (), 6) == ()


def test_little_input_starts_no_process(
    book: RuleBook, sources: tuple[Source, ...], tmp_path: Path
) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(SERIAL_BELOW)
    named = Source(large.as_posix(), explicit=True, named=large.as_posix())

    small = scan_all(sources, book, 4, io.BytesIO(), DEFAULT)
    alone = scan_all([named], book, 1, io.BytesIO(), DEFAULT)
    several = scan_all([named, *sources], book, 4, io.BytesIO(), DEFAULT)

    assert isinstance(small.executor, SerialExecutor)
    assert isinstance(alone.executor, SerialExecutor)
    assert isinstance(several.executor, ProcessExecutor)
