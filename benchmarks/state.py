"""Builds the tally of many events in scope of one correlation rule, and settles it.

Its own process, so that its peak memory can be read: `python -m benchmarks.state 10000000`.
"""

import random
import sys
from collections.abc import Iterator

from checker.aws.time import parse_time
from checker.engine.finding import Finding, Sighting
from checker.engine.found import settle
from checker.engine.grouping import digest_of
from checker.engine.identity import WIDTH
from checker.engine.ledger import Fact, Ledger, PageWriter
from checker.engine.sightings import Sightings, SightingWriter
from checker.engine.tally import InputFact, Tally, unite
from checker.expression.expression import parse_expression
from checker.policy.rule import Correlation, CorrelationType, Rule, Severity

_A_SHARD = 100_000
_GROUPS = 20_000
_SECONDS = 90 * 86_400
_MICROS = 1_000_000
_START = parse_time("2024-05-01T00:00:00Z")
_END = parse_time("2024-07-30T00:00:00Z")

RULE = Rule(
    id="a-rule",
    title="A rule",
    severity=Severity.LOW,
    correlation=Correlation(
        type=CorrelationType.EVENT_COUNT,
        timespan=600,
        group_by=(parse_expression("sourceIPAddress"),),
        at_least=5,
    ),
)


def tallies(events: int) -> Iterator[Tally]:
    """Give tallies as shards would, of events spread over a quarter and many groups."""
    chance = random.Random(7)  # noqa: S311 - no secret is made of it
    groups = [digest_of((str(number),)) for number in range(_GROUPS)]
    start = int(_START.timestamp())
    for shard in range(events // _A_SHARD):
        page, sightings = PageWriter(), SightingWriter()
        for index in range(_A_SHARD):
            identity = chance.randbytes(WIDTH)
            page.add(identity, "", Fact("111122223333", ((0, Finding.COUNTED),)))
            time = (start + chance.randrange(_SECONDS)) * _MICROS
            sighting = Sighting(chance.choice(groups))
            path = f"{shard}.json.gz"
            sightings.add((0, 0), sighting, time, identity, "111122223333", path, index)
        fact = InputFact(
            path=f"{shard}.json.gz",
            records=_A_SHARD,
            spans={("111122223333", "us-east-1"): (_START, _END)},
        )
        yield Tally(
            inputs={fact.path: fact},
            ledger=Ledger([page.page()]),
            sightings=Sightings(sightings.pages()),
        )


if __name__ == "__main__":
    found = settle(unite(tallies(int(sys.argv[1]))), [RULE])
    print(found.events, found.assessed[0].groups, len(found.assessed[0].episodes))
