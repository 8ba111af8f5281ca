from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.engine import rows as module
from checker.engine.finding import Finding
from checker.engine.identity import EVENT_WIDTH, WIDTH, identify
from checker.engine.ledger import Fact, Ledger, PageWriter
from checker.trail.event import canonical_bytes
from tests.builders import event

UUID = "6f0b0d4e-9a5c-4a6e-8f51-0d8a4f0c7e11"
FINDINGS = [((0, Finding.VIOLATION),), ((0, Finding.CONFORMING), (2, Finding.ERROR))]

rows = st.lists(st.integers(0, 400), max_size=60)


def identity(number: int) -> bytes:
    """Give an identity; numbers that are equal but for their last digit share an eventID."""
    return bytes([number * 7 % 256]) + bytes(EVENT_WIDTH - 2) + bytes([number // 10 % 256]) + (
        number.to_bytes(WIDTH - EVENT_WIDTH)
    )  # fmt: skip


def fact_of(number: int) -> Fact:
    return Fact(str(number % 3), FINDINGS[number % 2])


def ledger_of(numbers: list[int]) -> Ledger:
    writer = PageWriter()
    for number in numbers:
        writer.add(identity(number), "", fact_of(number))
    return Ledger([writer.page()], writer.names)


def united(*ledgers: Ledger) -> Ledger:
    whole = Ledger()
    for ledger in ledgers:
        whole.absorb(ledger)
    return whole


def identified(record: dict[str, object], path: str, index: int) -> bytes:
    return identify(record, canonical_bytes(record), path, index)[0]


@given(st.lists(rows, max_size=5), st.sampled_from([1, 7, 1 << 17]))
def test_a_ledger_holds_every_event_of_its_pages_once(
    shards: list[list[int]], rows_at_once: int
) -> None:
    everything = {identity(number): fact_of(number) for shard in shards for number in shard}
    whole = Ledger()
    for shard in shards:
        whole.absorb(ledger_of(shard))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ROWS_AT_ONCE", rows_at_once)
        summary = whole.summary()
        listed = list(whole)

    assert listed == sorted(everything.items())
    assert summary.events == len(everything)
    assert summary.facts == Counter(everything.values())


@given(rows, rows)
def test_what_two_ledgers_say_together_does_not_depend_on_their_order(
    one: list[int], other: list[int]
) -> None:
    first, second = ledger_of(one), ledger_of(other)

    assert united(first, second).summary() == united(second, first).summary()
    assert united(first, first).summary() == first.summary()


def test_an_event_takes_32_bytes() -> None:
    assert len(ledger_of(list(range(100))).pages[0].rows) == 100 * 32


def test_a_record_delivered_twice_is_one_event_whatever_the_order_of_its_keys() -> None:
    record = event()
    turned = dict(reversed(record.items()))

    assert identified(record, "a.json", 0) == identified(turned, "b.json", 7)


def test_one_id_with_two_contents_is_two_events() -> None:
    one = identified(event(), "a.json", 0)
    two = identified(event(eventName="DetachPolicy"), "a.json", 1)

    assert one != two
    assert one[:EVENT_WIDTH] == two[:EVENT_WIDTH]


def test_without_an_id_a_record_is_only_ever_itself() -> None:
    for missing in (event(eventID=...), event(eventID=None), event(eventID="")):
        assert identified(missing, "a.json", 0) == identified(missing, "a.json", 0)
        assert identified(missing, "a.json", 0) != identified(missing, "a.json", 1)
        assert identified(missing, "a.json", 0) != identified(missing, "b.json", 0)


@pytest.mark.parametrize("event_id", [UUID, UUID.upper(), "id-1", UUID.replace("-", ""), "é"])
def test_ids_with_differing_content_are_named_as_they_are_written(event_id: str) -> None:
    writer = PageWriter()
    for index, name in enumerate(["AttachPolicy", "DetachPolicy", "AttachPolicy", "CreatePolicy"]):
        record = event(eventID=event_id, eventName=name)
        found, text = identify(record, canonical_bytes(record), "a.json", index)
        writer.add(found, text, Fact("", ()))

    assert Ledger([writer.page()], writer.names).summary().conflicts == {event_id: 3}
