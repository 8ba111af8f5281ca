from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from checker.engine.ruleset import Finding
from checker.engine.tally import (
    Exhibit,
    Fact,
    Identity,
    InputFact,
    Tally,
    conflicting_ids,
    identify,
    unite,
)
from tests.builders import event


def exhibit(number: int, path: str, index: int) -> Exhibit:
    return Exhibit(
        identity=Identity(number.to_bytes(16), b"content"),
        time=f"2024-05-01T10:{number % 60:02}:00Z",
        account="111122223333",
        region="eu-west-1",
        principal="",
        identity_type="",
        source_address="",
        event_source="",
        event_name="",
        event_id=f"id-{number}",
        outcome="success",
        resources=(),
        message="",
        reason="",
        evidence={},
        path=path,
        index=index,
        record={},
    )


def input_fact(path: str, records: int) -> InputFact:
    return InputFact(
        path=path,
        container="CloudTrail file",
        size=1,
        sha256="0",
        records=records,
        refused=0,
        in_scope=0,
        first=None,
        last=None,
        population={},
        problems=(),
        set_aside="",
    )


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Give the tally of a shard: events by number, the same number always the same event."""
    path = draw(st.sampled_from("abcdef"))
    numbers = draw(st.lists(st.integers(0, 130), max_size=80))
    tally = Tally(inputs={path: input_fact(path, 130)})
    for index, number in enumerate(numbers):
        shown = exhibit(number, path, index)
        tally.judged[shown.identity] = Fact(
            shown.event_id, shown.account, ((0, Finding.VIOLATION),)
        )
        tally.add_exhibit(0, Finding.VIOLATION, shown)
    tally.trim()
    return tally


@given(tallies(), tallies(), tallies())
def test_union_is_associative(one: Tally, two: Tally, three: Tally) -> None:
    assert unite([unite([one, two]), three]) == unite([one, unite([two, three])])


@given(tallies(), tallies())
def test_union_is_commutative(one: Tally, two: Tally) -> None:
    assert unite([one, two]) == unite([two, one]) or one.inputs.keys() & two.inputs.keys()


@given(tallies())
def test_union_with_itself_or_with_nothing_changes_nothing(tally: Tally) -> None:
    assert unite([tally]) == unite([tally, tally]) == unite([Tally(), tally])


@given(tallies(), tallies())
def test_union_leaves_its_parts_alone(one: Tally, two: Tally) -> None:
    before = deepcopy((one, two))

    unite([one, two])

    assert (one, two) == before


@given(st.lists(tallies(), max_size=4))
def test_the_kept_exhibits_are_the_earliest_of_all(parts: list[Tally]) -> None:
    everything = {
        each.sort_key: each
        for part in parts
        for each in part.exhibits.get((0, Finding.VIOLATION), {}).values()
    }
    first = {each.identity for _, each in sorted(everything.items())}

    kept = unite(parts).exhibits.get((0, Finding.VIOLATION), {})

    assert len(kept) == min(Tally().most, len(first))
    assert all(identity in first for identity in kept)


def test_a_record_delivered_twice_is_one_event_whatever_the_order_of_its_keys() -> None:
    record = event()
    turned = dict(reversed(record.items()))

    assert identify(record, "a.json", 0) == identify(turned, "b.json", 7)


def test_one_id_with_two_contents_is_two_events() -> None:
    one = identify(event(), "a.json", 0)
    two = identify(event(eventName="DetachPolicy"), "a.json", 1)

    assert one != two
    assert one.event == two.event


def test_without_an_id_a_record_is_only_ever_itself() -> None:
    for missing in (event(eventID=...), event(eventID=None), event(eventID="")):
        assert identify(missing, "a.json", 0) == identify(missing, "a.json", 0)
        assert identify(missing, "a.json", 0) != identify(missing, "a.json", 1)
        assert identify(missing, "a.json", 0) != identify(missing, "b.json", 0)


def test_ids_with_differing_content_are_named_once_each() -> None:
    tally = Tally()
    for content, event_id in ((b"1", "x"), (b"2", "x"), (b"3", "x"), (b"1", "y"), (b"1", "")):
        tally.judged[Identity(event_id.encode(), content)] = Fact(event_id, "", ())

    assert conflicting_ids(tally) == {"x": 3}
