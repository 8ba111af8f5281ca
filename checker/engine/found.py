"""What all shards together found: the numbers that are derived once every fact is there."""

from collections.abc import Mapping

from msgspec import Struct

from checker.engine.exhibits import Exhibits
from checker.engine.ledger import Fact
from checker.engine.tally import InputFact, Tally
from checker.trail.census import Kind


class Found(Struct, frozen=True, kw_only=True):
    """What the input comes to under the rules.

    Attributes:
        inputs: By path.
        events: How many events at least one rule is about, each counted once.
        facts: How many of them came to each fact.
        conflicts: eventIDs that stand for more than one content, with how many.
        exhibits: The earliest events behind each rule's exceptions.
        kinds: The kinds of events that were seen, in scope or not.
    """

    inputs: Mapping[str, InputFact]
    events: int
    facts: Mapping[Fact, int]
    conflicts: Mapping[str, int]
    exhibits: Exhibits
    kinds: frozenset[Kind]


def settle(tally: Tally) -> Found:
    """Derive the numbers from the united tally of all shards."""
    summary = tally.ledger.summary()
    return Found(
        inputs=tally.inputs,
        events=summary.events,
        facts=summary.facts,
        conflicts=summary.conflicts,
        exhibits=tally.exhibits,
        kinds=frozenset(tally.kinds),
    )
