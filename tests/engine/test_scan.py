import gzip
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws.period import Period
from checker.aws.time import parse_time
from checker.engine.exhibits import Bars
from checker.engine.finding import Finding
from checker.engine.found import Found, settle
from checker.engine.ruleset import RuleSet
from checker.engine.scan import Judging, Shard, scan
from checker.engine.tally import Tally, unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook, load_rules
from checker.policy.parameters import Settings
from checker.trail.reader import read_trail
from checker.trail.record import TrailLog
from checker.trail.source import Source, find_sources
from tests.builders import book_of, event, rule_text
from tests.engine.test_index import rules as any_rules

IOT_BOOK = load_rules(["pack:iot"], Settings())
IOT = RuleSet(IOT_BOOK)
ODD: list[Any] = [None, "", 1, True, ["x"], {"a": 1}, "***", "aws:s3", "é", "2024-02-30T00:00:00Z"]
FIELDS = ["eventSource", "eventName", "eventTime", "awsRegion", "recipientAccountId", "readOnly",
          "userIdentity", "errorCode", "eventID", "requestParameters", "Records", "detail", "message"]  # fmt: skip


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    return event(**changes)


odd_events = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from([*ODD, ...]), max_size=2).map(
    changed
)
plain_events = st.builds(
    event,
    eventSource=st.sampled_from(
        ["iot.amazonaws.com", "s3.amazonaws.com", "cloudtrail.amazonaws.com", "a"]
    ),
    eventName=st.sampled_from(["AttachPolicy", "ab", "GetObject", "StopLogging"]),
    eventID=st.sampled_from(["1", "2", "3"]),
    eventTime=st.sampled_from(["2024-05-01T10:00:00Z", "2024-12-31T23:59:59Z"]),
    recipientAccountId=st.sampled_from(["111122223333", "444455556666", ..., None]),
    readOnly=st.sampled_from([True, False, "true", ...]),
)


bounds = st.none() | st.sampled_from(
    [
        "2024-05-01T10:00:00Z",
        "2024-05-01T10:00:00.5Z",
        "2024-05-01T09:59:59.999Z",
        "2024-12-31T23:59:59Z",
        "2025-01-01T00:00:00Z",
    ]
).map(parse_time)
periods = st.builds(Period, bounds, bounds)


def written(records: list[Any], *, compact: bool, zipped: bool, lines: bool = False) -> bytes:
    separators = (",", ":") if compact else None
    documents: list[Any] = records if lines else [{"Records": records}]
    texts = [
        json.dumps(each, separators=separators, ensure_ascii=not compact) for each in documents
    ]
    content = "\n".join(texts).encode()
    return gzip.compress(content) if zipped else content


def at_a_glance(folder: Path, content: bytes, rules: RuleSet) -> Found:
    path = folder / "log.json"
    path.write_bytes(content)
    source = Source(path.as_posix(), explicit=True, named=path.as_posix())
    return settled(scan(Shard((source,)), rules, io.BytesIO()), rules)


def in_full(folder: Path, content: bytes, rules: RuleSet) -> Found:
    path = (folder / "log.json").as_posix()
    return found_in_full(read_trail(Source(path, explicit=True, named=path), content), rules)


def found_in_full(log: TrailLog, rules: RuleSet) -> Found:
    judging = Judging(rules, DEFAULT, Bars(DEFAULT.exhibits))
    judging.take_log(log)
    return settled(judging.tally(), rules)


def settled(tally: Tally, rules: RuleSet) -> Found:
    return settle(unite([tally]), [each.rule for each in rules.rules])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@given(
    st.lists(plain_events | odd_events, max_size=6),
    st.lists(any_rules, max_size=4),
    st.fixed_dictionaries(dict.fromkeys(["compact", "zipped", "lines"], st.booleans())),
    periods,
)
def test_reading_at_a_glance_gives_what_reading_in_full_gives(
    folder: Path,
    records: list[Any],
    chosen: list[Any],
    layout: dict[str, bool],
    period: Period,
) -> None:
    content = written(records, **layout)
    for book in (IOT_BOOK, RuleBook(rules=tuple(chosen), packs=())):
        ruleset = RuleSet(book, DEFAULT, period)
        assert at_a_glance(folder, content, ruleset) == in_full(folder, content, ruleset)


@given(st.lists(plain_events, min_size=1, max_size=4))
def test_an_ordinary_file_is_read_at_a_glance(records: list[Any]) -> None:
    assert IOT.glance(written(records, compact=True, zipped=True)) is not None


@pytest.mark.parametrize(("since", "until"), [("10:00:00", "10:00:01"), ("10:00:01", "10:00:00")])
def test_events_outside_of_the_period_are_counted_and_not_judged(
    folder: Path, since: str, until: str
) -> None:
    times = ["09:59:59", "10:00:00", "10:00:00", "10:00:01"]
    records = [
        event(eventID=str(number), eventTime=f"2024-05-01T{time}Z")
        for number, time in enumerate(times)
    ]
    bounds_of = [parse_time(f"2024-05-01T{each}Z") for each in (since, until)]
    rules = RuleSet(IOT_BOOK, DEFAULT, Period(*bounds_of))

    found = at_a_glance(folder, written(records, compact=True, zipped=False), rules)

    (fact,) = found.inputs.values()
    inside = 2 if since < until else 0
    assert (fact.records, fact.outside, fact.in_scope) == (4, 4 - inside, inside)
    assert found.events == inside
    assert sum(fact.hours.values()) == inside


def test_a_time_that_cannot_be_read_is_an_error_where_a_period_is_set(folder: Path) -> None:
    content = written([event(eventTime="yesterday")], compact=True, zipped=False)
    timeless = RuleSet(book_of(folder / "timeless", rule_text()))
    timed = RuleSet(
        book_of(folder / "timeless", rule_text()),
        DEFAULT,
        Period(parse_time("2024-05-01T10:00:00Z")),
    )

    assert (0, Finding.VIOLATION) in at_a_glance(folder, content, timeless).evidence
    assert (0, Finding.ERROR) in at_a_glance(folder, content, timed).evidence


ORDINARY = written([event(eventID=str(number)) for number in range(3)], compact=True, zipped=False)


def told_in_full(content: bytes) -> TrailLog:
    return read_trail(Source("log.json", explicit=True, named="log.json"), content)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ORDINARY)),
            st.sampled_from(
                [
                    b"",
                    b'"',
                    b"}",
                    b"]",
                    b"{",
                    b",",
                    b"\\",
                    b"\xff",
                    b"0",
                    b"e",
                    b" ",
                    b"\n",
                    b'"Records":[],',
                ]
            ),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_glance_hides_nothing_that_reading_in_full_would_refuse(
    edits: list[tuple[int, bytes, int]],
) -> None:
    content = ORDINARY
    for at, inserted, removed in edits:
        content = content[:at] + inserted + content[at + removed :]

    glance = IOT.glance(content)

    log = told_in_full(content)
    if glance is not None:
        # These two are checked in records that a rule wants, which are read in full.
        left = [p for p in log.problems if "twice" not in p.cause and "range" not in p.cause]
        assert left == []
        assert glance.count == len(log.records) + log.refused


DOUBTFUL = {
    "another key": b'{"Records": [], "Events": []}',
    "a second list of records": b'{"Records": [], "Records": []}',
    "a second list, spelt otherwise": b'{"Records": [], "\\u0052ecords": []}',
    "bytes that are not UTF-8": ORDINARY.replace(b"Example", b"Ex\xffmple", 1),
    "a broken record": ORDINARY[:-4] + ORDINARY[-3:],
    "a list": b"[]",
    "no text": b"",
    "two members of gzip": gzip.compress(b'{"Records": [') + gzip.compress(b"]}"),
    "bytes behind gzip": gzip.compress(ORDINARY) + b"x",
    "gzip cut short": gzip.compress(ORDINARY)[:-4],
    "an eventName that is a number": ORDINARY.replace(b'"AttachPolicy"', b"1", 1),
    "an account that is a number": ORDINARY.replace(
        b'"recipientAccountId":"111122223333"', b'"recipientAccountId":111122223333', 1
    ),
    "a time with an offset": ORDINARY.replace(b"10:00:00Z", b"10:00:00+02:00", 1),
    "a day that does not exist": ORDINARY.replace(b"2024-05-01", b"2024-02-30", 1),
    "a notification": ORDINARY.replace(b"iot.amazonaws.com", b"aws:s3", 1),
    "a constant": ORDINARY.replace(b"false", b"NaN", 1),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_on_any_doubt_there_is_no_glance(name: str) -> None:
    assert IOT.glance(DOUBTFUL[name]) is None


@pytest.mark.parametrize(
    "inner",
    [
        '"policyName":"a","policyName":"b"',
        '"n":1e999',
        '"n":' + "[" * 300 + "]" * 300,
        r'"n":"\/"',
        # Written again, the number is longer by as much as the lost key was.
        '"a":1,"a":0,"n":[1e12]',
        '"a":1,"a":1e6',
        '"a":1,"a":1e16',
    ],
)
def test_a_doubtful_record_that_a_rule_wants_is_left_to_reading_in_full(
    folder: Path, inner: str
) -> None:
    content = ORDINARY.replace(b'"policyName":"Example"', inner.encode(), 1)

    assert at_a_glance(folder, content, IOT) == in_full(folder, content, IOT)


@pytest.mark.parametrize(
    "key", ["x-y", "a b", "a.b", "1a", "__init__", "__slots__", "class", "f0", "Records", "message"]
)
def test_a_rule_may_turn_on_a_field_of_any_name(folder: Path, key: str) -> None:
    content = written([event(**{key: "x"}), event(eventID="2")], compact=True, zipped=False)
    text = rule_text(match="{'\"" + key + "\"': x}", require="eventName == 'x'")
    ruleset = RuleSet(book_of(folder / "odd-keys", text))

    found = at_a_glance(folder, content, ruleset)

    assert found == in_full(folder, content, ruleset)
    assert found.events == 1


def test_a_field_that_is_an_object_does_not_switch_the_glance_off(folder: Path) -> None:
    text = rule_text(
        match="{eventName: AttachPolicy, requestParameters: null, responseElements: null}"
    )
    ruleset = RuleSet(book_of(folder / "objects", text))

    assert ruleset.glance(ORDINARY) is not None


@pytest.mark.parametrize("name", ["GetObject", "AttachPolicy"])
def test_a_record_over_the_limit_is_refused_whether_or_not_it_is_wanted(
    folder: Path, name: str
) -> None:
    limits = msgspec.structs.replace(DEFAULT, record_bytes=2_000)
    large = event(eventID="large", eventName=name, requestParameters={"x": "y" * 3_000})
    path = folder / "large.json"
    path.write_bytes(written([event(), large], compact=True, zipped=False))
    source = Source(path.as_posix(), explicit=True, named=path.as_posix())

    tally = scan(Shard((source,)), RuleSet(IOT_BOOK, limits), io.BytesIO(), limits)

    (fact,) = tally.inputs.values()
    assert fact.refused == 1


def test_an_hour_of_the_first_years_is_told_alike(folder: Path) -> None:
    content = written([event(eventTime="0001-01-01T00:00:00Z")], compact=True, zipped=False)

    found = at_a_glance(folder, content, IOT)

    assert found == in_full(folder, content, IOT)
    assert {hour for fact in found.inputs.values() for *_, hour in fact.hours} == {"0001-01-01T00"}


def test_an_index_on_a_field_that_a_glance_needs_for_itself_is_no_trouble(folder: Path) -> None:
    text = rule_text(match="{recipientAccountId: '111122223333', awsRegion: 'eu-*'}")
    ruleset = RuleSet(book_of(folder / "rules", text))

    assert at_a_glance(folder, ORDINARY, ruleset) == in_full(folder, ORDINARY, ruleset)
    assert at_a_glance(folder, ORDINARY, ruleset).events == 3


def test_a_glance_agrees_with_reading_in_full_on_published_logs(shared: Path) -> None:
    sources, _ = find_sources([(shared / "trails").as_posix()])
    glanced = 0
    for source in sources:
        content = Path(source.path).read_bytes()
        log = read_trail(source, content)
        full = found_in_full(log, IOT)
        assert settled(scan(Shard((source,)), IOT, io.BytesIO()), IOT) == full
        glanced += IOT.glance(content) is not None
    assert glanced > 5
