"""Waivers, the baseline, the listing and samples against a model that asks event by event."""

import io
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from checker.engine.exceptions import Excepter
from checker.engine.executors import Scanning, SerialExecutor, cut
from checker.engine.finding import Finding
from checker.engine.fingerprint import Fingerprinter
from checker.engine.found import Found, settle
from checker.engine.listing import Entry
from checker.engine.orders import Orders, Sample
from checker.engine.tally import unite
from checker.limits import DEFAULT
from checker.policy.loader import RuleBook
from checker.policy.waiver_document import load_waivers
from checker.trail.again import read_again
from checker.trail.source import find_sources
from checker.verdict.gate import Gate, decide
from checker.verdict.verdicts import RuleResult, judge
from tests.builders import APPROVED, book_of, event, rule_text
from tests.policy.test_waiver_document import waivers_text

START = datetime(2024, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=2)
POLICIES = ("A", "B")
SAMPLE = Sample(2, "seed")
RULE = rule_text(resource="requestParameters.policyName", requires="[userAgent]")

Event = dict[str, Any]


class Wish(Struct, frozen=True):
    """A waiver: of which policy (None: of all), for which days, and whether of before, too."""

    policy: str | None
    first: int
    last: int
    retroactive: bool

    def covers(self, record: Event) -> bool:
        if "eventTime" not in record:
            return False
        time = datetime.fromisoformat(record["eventTime"])
        policy = record["requestParameters"]["policyName"]
        begins, ends = START + timedelta(days=self.first), START + timedelta(days=self.last)
        begun = time >= begins or (self.retroactive and begins <= NOW)
        return self.policy in {None, policy} and begun and time < ends

    def written(self, number: int) -> dict[str, str | None]:
        scope = f"{{match: {{requestParameters.policyName: {self.policy}}}}}"
        why = {"retroactive": "true", "retroactive_reason": "why"} if self.retroactive else {}
        return {
            "id": f"waiver-{number}",
            "scope": scope if self.policy else "{all: true}",
            "approved_on": (START + timedelta(days=self.first)).isoformat(),
            "expires": (START + timedelta(days=self.last)).isoformat(),
            **why,
        }


class Case(Struct, frozen=True):
    """Logs by the names of their files, waivers, and the policies that the baseline has."""

    files: Mapping[str, Sequence[Event]]
    wishes: Sequence[Wish]
    known: frozenset[str]

    def finding(self, record: Event) -> Finding:
        if "userAgent" not in record:
            return Finding.UNDETERMINED
        if record["userIdentity"] == APPROVED:
            return Finding.CONFORMING
        if any(each.covers(record) for each in self.wishes):
            return Finding.WAIVED
        known = record["requestParameters"]["policyName"] in self.known
        return Finding.KNOWN if known else Finding.VIOLATION

    @property
    def once(self) -> list[Event]:
        """Every event once; without an eventID it is only ever itself."""
        listed = [each for records in self.files.values() for each in records]
        named = {json.dumps(each): each for each in listed if "eventID" in each}
        return [*named.values(), *(each for each in listed if "eventID" not in each)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    def some_event(number: int) -> Event:
        return event(
            eventID=... if draw(st.integers(0, 19)) == 0 else f"id-{number // 2}",
            eventTime=...
            if draw(st.integers(0, 9)) == 0
            else f"2024-05-0{draw(st.integers(2, 4))}T00:00:00Z",
            requestParameters={"policyName": draw(st.sampled_from(POLICIES))},
            userIdentity=APPROVED if draw(st.integers(0, 3)) == 0 else event()["userIdentity"],
            userAgent=... if draw(st.integers(0, 30)) == 0 else "cli",
        )

    pool = [some_event(number) for number in range(draw(st.integers(1, 8)))]
    chosen = st.lists(st.sampled_from(pool), min_size=1, max_size=10)
    days = st.integers(0, 4)
    wishes = [
        Wish(draw(st.sampled_from([None, *POLICIES])), min(pair), max(pair), draw(st.booleans()))
        for pair in draw(st.lists(st.tuples(days, days), min_size=1, max_size=3))
        if pair[0] != pair[1]
    ]
    names = ("a.json", "b.jsonl", "c.jsonl", "d.json")
    files = {name: draw(chosen) for name in draw(st.sets(st.sampled_from(names), min_size=1))}
    return Case(files, wishes, draw(st.frozensets(st.sampled_from(POLICIES))))


def written(case: Case, folder: Path) -> list[str]:
    for name, records in case.files.items():
        # Without spaces, as CloudTrail writes: else no part of a file is read by itself.
        lines = [json.dumps(each, separators=(",", ":")) for each in records]
        listed = f'{{"Records":[{",".join(lines)}]}}'
        content = "".join(f"{line}\n" for line in lines) if name.endswith("l") else listed
        (folder / name).write_text(content, encoding="utf-8")
    return sorted((folder / name).as_posix() for name in case.files)


def orders_of(case: Case, folder: Path, book: RuleBook) -> Orders:
    fingerprinter = Fingerprinter(book.rules[0], DEFAULT)
    traits = [
        fingerprinter.trait(event(userIdentity=who, requestParameters={"policyName": policy}))
        for policy in case.known
        for who in (event()["userIdentity"], APPROVED)
    ]
    path = folder / "waivers.yaml"
    changes = [each.written(number) for number, each in enumerate(case.wishes)]
    path.write_text(waivers_text(*changes) if changes else "waivers: []\n", encoding="utf-8")
    return Orders(
        waivers=tuple(each.as_of(NOW) for each in load_waivers(path).waivers),
        baseline=frozenset(("a-rule", fingerprinter.of(each)) for each in traits),
        sample=SAMPLE,
        lists=True,
    )


def run(
    paths: Sequence[str], book: RuleBook, orders: Orders, most: int
) -> tuple[Found, RuleResult, list[Entry]]:
    """Scan the logs in shards of about as many bytes, judge, and list all exceptions."""
    sources, _ = find_sources(paths)
    by_path = {source.path: source for source in sources}
    sizes = [Path(source.path).stat().st_size for source in sources]
    shards = cut(sources, sizes, most, DEFAULT)
    scanning = Scanning(SerialExecutor(io.BytesIO(), orders=orders), shards, book, DEFAULT)
    found = settle(unite(scanning.joined(scanning.tallies())), book.rules, orders=orders)
    (result,) = judge(book.rules, found, None, whole=True)
    entries = found.listing.entries(
        book.rules,
        Excepter(book.rules, orders, DEFAULT),
        DEFAULT,
        lambda path, indexes: read_again(by_path[path], io.BytesIO(), indexes, DEFAULT),
        timed=False,
    )
    return found, result, list(entries)


@settings(max_examples=150, deadline=None)
@given(cases(), st.sampled_from([400, 900, 3_000, 1 << 20]), st.randoms())
def test_what_becomes_of_every_event_is_what_a_model_says(
    case: Case, most: int, random: Any
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = book_of(folder / "rules", RULE)
        (folder / "logs").mkdir()
        paths = written(case, folder / "logs")
        orders = orders_of(case, folder, book)
        plain = run(paths, book, orders, 1 << 20)
        random.shuffle(paths)

        found, result, entries = run(paths, book, orders, most)

    expected = Counter(map(case.finding, case.once))
    excepted = {Finding.VIOLATION, Finding.KNOWN, Finding.WAIVED, Finding.UNDETERMINED}
    counts = result.counts
    assert counts.new == expected[Finding.VIOLATION]
    assert (counts.known, counts.waived) == (expected[Finding.KNOWN], expected[Finding.WAIVED])
    assert (counts.undetermined, counts.conforming) == (
        expected[Finding.UNDETERMINED],
        expected[Finding.CONFORMING],
    )
    assert result.verdict == verdict(expected)
    assert decide([result], found, Gate(), whole=True).exit_code == exit_code(expected)
    assert Counter(each.finding for each in entries) == {
        each: count for each, count in expected.items() if each in excepted
    }
    assert sum(each.count for each in result.groups) == counts.violations
    assert sum(each.waived for each in result.groups) == counts.waived
    assert {each.trait.resources for each in result.groups if each.known} <= {
        (policy,) for policy in case.known
    }
    assert [(each.path, each.index) for each in result.sample[: SAMPLE.size]] == [
        (each.path, each.index) for each in plain[1].sample[: SAMPLE.size]
    ]
    assert [each.event_id for each in result.sample if each.event_id] == sampled(case)
    assert entries == plain[2]
    assert result == plain[1]


def verdict(expected: Mapping[Finding, int]) -> str:
    order = {
        Finding.VIOLATION: "fail",
        Finding.KNOWN: "fail",
        Finding.UNDETERMINED: "no_evidence",
        Finding.WAIVED: "waived",
        Finding.CONFORMING: "pass",
    }
    return next(word for finding, word in order.items() if expected.get(finding))


def exit_code(expected: Mapping[Finding, int]) -> int:
    if expected.get(Finding.UNDETERMINED):
        return 3
    return 1 if expected.get(Finding.VIOLATION) else 0


def sampled(case: Case) -> list[str]:
    """Give the eventIDs of conforming events by their hashes; all, as few as there are."""
    ids = [
        each["eventID"]
        for each in case.once
        if case.finding(each) is Finding.CONFORMING and "eventID" in each
    ]
    return sorted(ids, key=lambda each: sha256(f"{SAMPLE.seed}{each}".encode()).hexdigest())
