from copy import deepcopy
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checker.engine.exceptions import Group, Violated
from checker.engine.exhibits import Bars, Exhibit, Exhibits
from checker.engine.finding import Finding
from checker.engine.fingerprint import Trait
from checker.engine.found import Found, settle
from checker.engine.identity import WIDTH
from checker.engine.ledger import Fact, Ledger, PageWriter
from checker.engine.listing import ListingWriter
from checker.engine.tally import InputFact, Tally, unite
from checker.engine.waiving import Standing
from checker.expression.expression import parse_expression
from checker.policy.rule import Rule, Severity

RULES = (
    Rule(
        id="a-rule", title="A rule", severity=Severity.LOW, match=(), forbid=parse_expression("a")
    ),
)
KEY = (0, Finding.VIOLATION)
MOST = Exhibits().most
MARKS = ((), ((0, Standing.COVERED),), ((0, Standing.AFTER_END), (1, Standing.BEFORE_APPROVAL)))
TRAIT = Trait("111122223333", "us-east-1", "", "iot.amazonaws.com", "AttachPolicy", ())
START = datetime(2024, 5, 1, tzinfo=UTC)


def exhibit(number: int, path: str, index: int) -> Exhibit:
    return Exhibit(
        identity=number.to_bytes(WIDTH),
        time=f"2024-05-01T10:{number % 60:02}:00Z",
        event_id=f"id-{number}",
        reason="",
        path=path,
        index=index,
        record={},
    )


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Give the tally of a shard: events by number, the same number always the same event."""
    path = draw(st.sampled_from("abcdef"))
    numbers = draw(st.lists(st.integers(0, 130), max_size=80))
    writer, exhibits, listing = PageWriter(), Exhibits(), ListingWriter()
    groups: dict[bytes, Group] = {}
    for index, number in enumerate(numbers):
        shown = exhibit(number, path, index)
        fingerprint = bytes([number % 7])
        violated = Violated(0, fingerprint, MARKS[number % 3])
        fact = Fact("111122223333", ((0, Finding.VIOLATION),), (violated,))
        writer.add(shown.identity, "", fact)
        exhibits.add(KEY, shown)
        group = Group(TRAIT, START + timedelta(minutes=number), START + timedelta(minutes=number))
        groups[fingerprint] = groups.get(fingerprint, group).joined(group)
        listing.add(0, Finding.VIOLATION, shown.identity, path, index)
    return Tally(
        inputs={path: InputFact(path=path, records=130)},
        ledger=Ledger([writer.page()], writer.names),
        exhibits=exhibits,
        groups={0: groups} if groups else {},
        listing=listing.listing(),
        kinds={(str(number), "", "", None, None) for number in numbers},
    )


def said(*parts: Tally) -> Found:
    return settle(unite(parts), RULES)


@given(tallies(), tallies(), tallies())
def test_union_is_associative(one: Tally, two: Tally, three: Tally) -> None:
    assert said(unite([one, two]), three) == said(one, unite([two, three]))


@given(tallies(), tallies())
def test_union_is_commutative(one: Tally, two: Tally) -> None:
    assert said(one, two) == said(two, one)


@given(tallies())
def test_union_with_itself_or_with_nothing_changes_nothing(tally: Tally) -> None:
    assert said(tally) == said(tally, tally) == said(Tally(), tally)


@given(tallies(), tallies())
def test_union_leaves_its_parts_alone(one: Tally, two: Tally) -> None:
    before = deepcopy((one, two))

    unite([one, two])

    assert (one, two) == before


@given(st.lists(tallies(), max_size=4))
def test_the_kept_exhibits_are_the_earliest_of_all(parts: list[Tally]) -> None:
    everything = {each.sort_key: each for part in parts for _, each in part.exhibits}
    first: dict[bytes, Exhibit] = {}
    for _, each in sorted(everything.items()):
        first.setdefault(each.identity, each)

    assert unite(parts).exhibits.of(KEY) == tuple(first.values())[:MOST]


@given(st.lists(st.lists(st.integers(0, 300), max_size=120), max_size=4), st.integers(0, 5))
def test_a_worker_passes_by_no_event_that_is_among_the_earliest(
    shards: list[list[int]], most: int
) -> None:
    bars = Bars(most)
    described, all_of_them = Exhibits(most), Exhibits(most)
    for place, numbers in enumerate(shards):
        for index, number in enumerate(numbers):
            shown = exhibit(number, str(place), index)
            all_of_them.add(KEY, shown)
            if bars.pass_by(KEY, shown.moment):
                described.add(KEY, shown)

    assert described.of(KEY) == all_of_them.of(KEY)
