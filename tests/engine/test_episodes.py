"""Rules over many events, from files to episodes: any cut of the input gives the same."""

import gzip
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.engine.episodes import Episode
from checker.engine.executors import ProcessExecutor, Scanning, SerialExecutor, cut
from checker.engine.finding import Finding
from checker.engine.found import Found, settle
from checker.engine.scan import Shard
from checker.engine.tally import unite
from checker.expression.expression import parse_expression
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook
from checker.policy.rule import (
    Cadence,
    Calendar,
    Correlation,
    CorrelationType,
    MatchEntry,
    Origin,
    Per,
    Rule,
    Severity,
    Step,
)
from checker.trail.again import read_again
from checker.trail.source import Source
from tests.builders import event

START = datetime(2024, 5, 1, tzinfo=UTC)
MINUTE = 60


def matching(*names: str) -> tuple[tuple[MatchEntry, ...], ...]:
    return ((MatchEntry(parse_expression("eventName"), names, null=False),),)


def rule(name: str, **parts: Any) -> Rule:
    return Rule(
        id=name,
        title="A rule",
        severity=Severity.LOW,
        origin=Origin(path=f"{name}.yaml", sha256=""),
        **parts,
    )


def step(name: str, *, negated: bool = False) -> Step:
    group_by = (parse_expression("sourceIPAddress"),)
    return Step(name=name, match=matching(name), group_by=group_by, negated=negated)


ADDRESS = (parse_expression("sourceIPAddress"),)
RULES = (
    rule(
        "counted",
        match=matching("A", "B"),
        correlation=Correlation(
            type=CorrelationType.EVENT_COUNT, timespan=5 * MINUTE, group_by=ADDRESS, at_least=3
        ),
    ),
    rule(
        "valued",
        match=matching("A", "B"),
        correlation=Correlation(
            type=CorrelationType.VALUE_COUNT,
            timespan=10 * MINUTE,
            group_by=(parse_expression("eventName"),),
            at_least=2,
            field=parse_expression("awsRegion"),
        ),
    ),
    rule(
        "together",
        correlation=Correlation(
            type=CorrelationType.TEMPORAL, timespan=2 * MINUTE, steps=(step("A"), step("B"))
        ),
    ),
    rule(
        "in-order",
        correlation=Correlation(
            type=CorrelationType.TEMPORAL_ORDERED,
            timespan=4 * MINUTE,
            steps=(step("A"), step("B"), step("C", negated=True)),
        ),
    ),
    rule("often", match=matching("A"), cadence=Cadence(every=8 * MINUTE, per=Per.BOTH)),
    rule("by-address", match=matching("B"), cadence=Cadence(every=6 * MINUTE, group_by=ADDRESS)),
    rule("monthly", match=matching("C"), cadence=Cadence(calendar=Calendar.MONTH, per=Per.ACCOUNT)),
    rule("single", match=matching("A"), forbid=parse_expression("awsRegion == 'eu-west-1'")),
)
BOOK = RuleBook(rules=RULES, packs=())


@st.composite
def trails(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Give events of a few addresses within a quarter of an hour, some of them more than once."""
    events = [
        event(
            eventID=f"{number}",
            eventName=draw(st.sampled_from("ABCD")),
            eventTime=f"{START + timedelta(minutes=draw(st.integers(0, 15))):%Y-%m-%dT%H:%M:%SZ}",
            sourceIPAddress=draw(st.sampled_from(["192.0.2.1", "192.0.2.2", None])),
            awsRegion=draw(st.sampled_from(["eu-west-1", "us-east-1"])),
            recipientAccountId=draw(st.sampled_from(["111122223333", "444455556666"])),
        )
        for number in range(draw(st.integers(0, 14)))
    ]
    return events + draw(st.lists(st.sampled_from(events), max_size=4)) if events else []


def source_of(path: Path) -> Source:
    return Source(path.as_posix(), explicit=True, named=path.as_posix())


def written(path: Path, records: Sequence[dict[str, Any]]) -> Source:
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    else:
        content = json.dumps({"Records": records}).encode()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return source_of(path)


def scanned(shards: Sequence[Shard], executor: Any = None) -> Found:
    sources = {source.path: source for shard in shards for source in shard.sources}
    scanning = Scanning(executor or SerialExecutor(io.BytesIO()), shards, BOOK, DEFAULT)
    return settle(
        unite(scanning.joined(scanning.tallies())),
        RULES,
        read_again=lambda path, indexes: read_again(sources[path], io.BytesIO(), indexes, DEFAULT),
    )


def said(found: Found) -> list[tuple[int, Episode]]:
    """Give the episodes without the places of their events, which depend on the files."""
    return [
        (number, Episode(**{**parts_of(episode), "members": (), "evidence": ()}))
        for number, assessed in sorted(found.assessed.items())
        for episode in assessed.episodes
    ]


def parts_of(episode: Episode) -> dict[str, Any]:
    return {name: getattr(episode, name) for name in Episode.__struct_fields__}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("episodes")


@settings(max_examples=60)
@given(trails(), st.lists(st.integers(0, 3), min_size=18, max_size=18), st.randoms())
def test_any_cut_into_files_and_shards_in_any_order_gives_the_same_episodes(
    folder: Path, records: list[dict[str, Any]], files: list[int], chance: Any
) -> None:
    whole = scanned([Shard((written(folder / "whole.json", records),))])
    spread: list[list[dict[str, Any]]] = [[], [], [], []]
    for record, number in zip(records, files, strict=False):
        spread[number].append(record)
    chance.shuffle(spread)
    names = ["0.json", "1.json.gz", "2.jsonl", "3.json"]
    sources = [written(folder / name, each) for name, each in zip(names, spread, strict=True)]
    shards = list(cut(sources, [Path(each.path).stat().st_size for each in sources], 900, DEFAULT))
    chance.shuffle(shards)

    found = scanned(shards)

    assert said(found) == said(whole)
    assert found.events == whole.events
    assert found.facts == whole.facts


def test_processes_find_the_same_episodes(folder: Path) -> None:
    records = [
        event(
            eventID=str(number),
            eventName="AB"[number % 2],
            eventTime=f"2024-05-01T00:{number:02}:00Z",
        )
        for number in range(30)
    ]
    sources = [written(folder / f"p{number}.json", records[number::3]) for number in range(3)]
    shards = [Shard((source,)) for source in sources]

    found = scanned(shards, ProcessExecutor(2, io.BytesIO()))

    assert found == scanned(shards)
    assert found.assessed[0].episodes


BURST = [
    event(eventID=str(number), eventName="A", eventTime=f"2024-05-01T00:0{number}:00Z")
    for number in range(3)
]


@pytest.mark.parametrize("name", ["log.json", "log.json.gz", "log.jsonl"])
def test_an_episode_shows_its_group_and_the_events_behind_it(folder: Path, name: str) -> None:
    noise = [event(eventID="other", eventName="D", eventTime="2024-05-01T00:00:30Z")]
    source = written(folder / name, [*noise, *BURST])

    (episode,) = scanned([Shard((source,))]).assessed[0].episodes

    assert episode.group == (event()["sourceIPAddress"],)
    assert (episode.events, episode.certain) == (3, True)
    assert (episode.first, episode.last) == (START, START + timedelta(minutes=2))
    assert [(each.event_id, each.index) for each in episode.evidence] == [
        ("0", 1),
        ("1", 2),
        ("2", 3),
    ]
    assert episode.account == "111122223333"


def test_an_absent_value_is_a_group_of_its_own(folder: Path) -> None:
    records = [{**each, "sourceIPAddress": None} for each in BURST]
    source = written(folder / "null.json", [*records, {**BURST[0], "eventID": "x"}])

    (episode,) = scanned([Shard((source,))]).assessed[0].episodes

    assert episode.group == (None,)
    assert episode.events == 3


def test_evidence_that_is_another_record_by_now_is_not_shown(folder: Path) -> None:
    source = written(folder / "changes.json", BURST)
    shards = [Shard((source,))]
    scanning = Scanning(SerialExecutor(io.BytesIO()), shards, BOOK, DEFAULT)
    tally = unite(scanning.joined(scanning.tallies()))
    written(folder / "changes.json", [{**BURST[0], "eventName": "B"}, BURST[1]])

    found = settle(
        tally,
        RULES,
        read_again=lambda _, indexes: read_again(source, io.BytesIO(), indexes, DEFAULT),
    )

    (episode,) = found.assessed[0].episodes
    assert [each.event_id for each in episode.evidence] == ["1"]
    assert episode.events == 3


def test_an_account_that_never_did_its_duty_appears(folder: Path) -> None:
    times = ["00:00", "00:20"]
    records = [
        event(eventID=f"{account}{time}", eventName="D", eventTime=f"2024-05-01T{time}:00Z",
              recipientAccountId=account, awsRegion="eu-west-1")
        for account in ("111122223333", "444455556666")
        for time in times
    ]  # fmt: skip
    duty = [
        event(eventID=f"a{minute}", eventName="A", eventTime=f"2024-05-01T00:{minute:02}:00Z",
              recipientAccountId="111122223333", awsRegion="eu-west-1")
        for minute in (5, 12, 19)
    ]  # fmt: skip
    source = written(folder / "duty.json", [*records, *duty])

    assessed = scanned([Shard((source,))]).assessed[4]

    assert assessed.groups == 2
    (episode,) = assessed.episodes
    assert episode.group == ("444455556666", "eu-west-1")
    assert episode.last - episode.first == timedelta(minutes=20)


def test_a_group_owes_its_duty_from_when_it_is_first_seen(folder: Path) -> None:
    def at(time: str, name: str, account: str) -> dict[str, Any]:
        return event(
            eventID=f"{time}{account}",
            eventName=name,
            eventTime=f"2024-05-01T{time}Z",
            recipientAccountId=account,
            awsRegion="eu-west-1",
        )

    # The second account is seen late in its hour: from then on seven minutes pass, not eighteen.
    records = [at(f"00:{minute:02}:00", "A", "111122223333") for minute in (45, 50, 56)]
    records += [at("00:55:00", "D", "444455556666"), at("01:01:00", "A", "444455556666")]
    records += [at("01:02:00", "A", "111122223333")]
    source = written(folder / "late.json", records)

    assert scanned([Shard((source,))]).assessed[4].episodes == ()


def test_nobody_known_owes_a_duty_where_events_name_no_account(folder: Path) -> None:
    times = ["00:00", "00:30"]
    nameless = [
        event(eventID=time, eventName="D", eventTime=f"2024-05-01T{time}:00Z",
              recipientAccountId=None, userIdentity=None, awsRegion=None)
        for time in times
    ]  # fmt: skip
    source = written(folder / "nameless.json", nameless)

    assert scanned([Shard((source,))]).assessed[4].groups == 0


def test_what_rests_on_absence_is_not_certain_where_an_event_could_not_be_judged(
    folder: Path,
) -> None:
    records = [
        event(eventID=str(minute), eventName=name, eventTime=f"2024-05-01T00:{minute:02}:00Z",
              sourceIPAddress=address)
        for minute, name, address in [
            (0, "B", "192.0.2.1"), (4, "B", "***"), (8, "B", "192.0.2.1"), (9, "A", "192.0.2.9"),
            (10, "B", "192.0.2.9"), (11, "C", "***"), (30, "D", "192.0.2.9"),
        ]
    ]  # fmt: skip
    source = written(folder / "masked.json", records)
    clear = written(
        folder / "clear.json", [each for each in records if each["sourceIPAddress"] != "***"]
    )

    for number in (3, 5):
        certain = [e.certain for e in scanned([Shard((clear,))]).assessed[number].episodes]
        doubtful = [e.certain for e in scanned([Shard((source,))]).assessed[number].episodes]
        assert certain
        assert all(certain)
        assert doubtful
        assert not any(doubtful)


def test_evidence_is_found_again_in_lines_of_several_shapes(folder: Path) -> None:
    other = event(eventID="other", eventName="D")
    lines = [other, {"Records": [other, other, other]}, *BURST, *[other] * 6]
    source = written(folder / "mixed.jsonl", lines)

    (episode,) = scanned([Shard((source,))]).assessed[0].episodes

    assert [(each.event_id, each.index) for each in episode.evidence] == [
        ("0", 4),
        ("1", 5),
        ("2", 6),
    ]


def test_a_hidden_group_is_undetermined(folder: Path) -> None:
    records = [{**each, "sourceIPAddress": "HIDDEN_DUE_TO_SECURITY_REASONS"} for each in BURST]
    source = written(folder / "hidden.json", records)

    found = scanned([Shard((source,))])

    assert found.assessed[0].episodes == ()
    assert sum(found.facts.values()) == 3
    (reason,) = {each.reason for each in found.evidence[0, Finding.UNDETERMINED]}
    assert reason == ("CloudTrail left out or masked sourceIPAddress, by which events are grouped")
