"""What all shards together found: the numbers that are derived once every fact is there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from checker.aws.period import EVER, Period
from checker.engine.episodes import Assessed, Episode, Logs, assess, earliest
from checker.engine.evidence import Describer, Evidence
from checker.engine.exceptions import Excepter
from checker.engine.exhibits import Exhibit, ExhibitKey, exhibit_of
from checker.engine.finding import Finding
from checker.engine.grouping import Grouping, Key, digest_of
from checker.engine.groups import CountedGroup, counted_groups, counted_marks
from checker.engine.identity import identify
from checker.engine.ledger import Fact
from checker.engine.listing import Listing, ReadAgain, Record
from checker.engine.orders import NO_ORDERS, Orders
from checker.engine.sightings import SEEN_WIDTH, Place, Seen
from checker.engine.tally import InputFact, Tally
from checker.engine.trail_changes import TrailChange
from checker.engine.waiving import Mark
from checker.expression.faults import EvaluationError
from checker.limits import DEFAULT, Limits
from checker.policy.rule import Rule
from checker.trail.census import Kind, joined_spans
from checker.trail.event import canonical_bytes, canonical_event

Span: TypeAlias = tuple[datetime, datetime]


class Found(Struct, frozen=True, kw_only=True):
    """What the input comes to under the rules.

    Attributes:
        inputs: By path.
        events: How many events at least one rule is about, each counted once.
        facts: How many of them came to each fact.
        conflicts: eventIDs that stand for more than one content, with how many.
        evidence: The earliest events behind each rule's exceptions, and samples.
        groups: Violations of single events by rule, earliest first.
        crowded: Rules that have too many groups for them to be told apart.
        marks: How many violations of single events stand how to which waiver, by rule.
        listing: Every event behind an exception, where that was asked for.
        assessed: What rules over many events come to, by their numbers.
        kinds: The kinds of events that were seen, in scope or not.
        trail_changes: Calls that start, stop or narrow what a trail records, sorted.
        span: The first and the last instant that are answered for; None without a readable time.
    """

    inputs: Mapping[str, InputFact]
    events: int
    facts: Mapping[Fact, int]
    conflicts: Mapping[str, int]
    evidence: Mapping[ExhibitKey, tuple[Evidence, ...]]
    groups: Mapping[int, tuple[CountedGroup, ...]]
    crowded: frozenset[int]
    marks: Mapping[Mark, int]
    listing: Listing
    assessed: Mapping[int, Assessed]
    kinds: frozenset[Kind]
    trail_changes: tuple[TrailChange, ...]
    span: Span | None


def settle(  # noqa: PLR0913 - all that it depends on
    tally: Tally,
    rules: Sequence[Rule],
    limits: Limits = DEFAULT,
    *,
    read_again: ReadAgain | None = None,
    period: Period = EVER,
    orders: Orders = NO_ORDERS,
) -> Found:
    """Derive the numbers from the united tally of all shards.

    Args:
        tally: Of everything that was read.
        rules: In the order in which the rule set numbered them.
        limits: How much evidence is kept.
        read_again: Reads the events behind a violation of many events; none are shown without.
        period: What is answered for; where it is open, the first or the last event bounds it.
        orders: What was done beside judging.
    """
    excepter = Excepter(rules, orders, limits)
    summary = tally.ledger.summary()
    span = _span_of(tally, period)
    assessed: dict[int, Assessed] = {}
    if span:
        logs = Logs(*span, _first_seen(tally))
        unjudged = _unjudged(summary.facts)
        assessed = {
            number: assess(
                number, rule, tally.sightings, logs, excepter, complete=number not in unjudged
            )
            for number, rule in enumerate(rules)
            if rule.spans_events
        }
    return Found(
        inputs=tally.inputs,
        events=summary.events,
        facts=summary.facts,
        conflicts=summary.conflicts,
        evidence=_described(tally, rules, limits, excepter),
        groups=counted_groups(summary.facts, tally.groups, excepter.is_known),
        crowded=frozenset(tally.crowded),
        marks=counted_marks(summary.facts),
        listing=tally.listing,
        assessed=(
            _shown(assessed, rules, limits, read_again, excepter, names=orders.names)
            if read_again
            else assessed
        ),
        kinds=frozenset(tally.kinds),
        trail_changes=tuple(sorted(tally.trail_changes)),
        span=span,
    )


def _first_seen(tally: Tally) -> dict[tuple[str, str], datetime]:
    """Give the time at which each account and region is first seen."""
    spans = joined_spans(each.spans for each in tally.inputs.values())
    return {place: first for place, (first, _) in spans.items()}


def _unjudged(facts: Mapping[Fact, int]) -> frozenset[int]:
    """Give the rules under which an event in scope could not be judged."""
    return frozenset(
        number
        for fact in facts
        for number, finding in fact.findings
        if finding in {Finding.UNDETERMINED, Finding.ERROR}
    )


def _span_of(tally: Tally, period: Period) -> Span | None:
    inputs = tally.inputs.values()
    first = period.start or min((each.first for each in inputs if each.first), default=None)
    last = period.stop or max((each.last for each in inputs if each.last), default=None)
    return (first, last) if first and last and first <= last else None


def _described(
    tally: Tally, rules: Sequence[Rule], limits: Limits, excepter: Excepter
) -> dict[ExhibitKey, tuple[Evidence, ...]]:
    describers: dict[int, Describer] = {}
    described: dict[ExhibitKey, tuple[Evidence, ...]] = {}
    for key in sorted(tally.exhibits.kept):
        number, finding = key
        if number not in describers:
            describers[number] = Describer(rules[number], limits, excepter, number)
        describe = describers[number].describe
        described[key] = tuple(describe(each, finding) for each in tally.exhibits.of(key))
    return described


def _shown(  # noqa: PLR0913 - what there is to show, and by what
    assessed: Mapping[int, Assessed],
    rules: Sequence[Rule],
    limits: Limits,
    read_again: ReadAgain,
    excepter: Excepter,
    *,
    names: bool,
) -> dict[int, Assessed]:
    """Put evidence to the episodes that a report shows; give the others their names if asked to."""
    chosen = {number: earliest(each.episodes, limits.exhibits) for number, each in assessed.items()}
    indexes: dict[str, set[int]] = {}
    for episodes in chosen.values():
        for seen in (member for episode in episodes for member in episode.members):
            indexes.setdefault(seen.place.path, set()).add(seen.place.index)
    unnamed = _unnamed(assessed, chosen) if names else {}
    records: dict[Place, Record] = {}
    named: dict[tuple[int, Episode], Key | None] = {}
    keys = {number: _Keys(rules[number], limits) for number in assessed}
    for path in sorted({*indexes, *unnamed}):
        listed, others = indexes.get(path, set()), unnamed.get(path, [])
        found = read_again(path, sorted(listed | {at for at, _, _ in others}))
        records |= {Place(path, index): found[index] for index in listed if index in found}
        for index, number, episode in others:
            exhibit = _exhibit(episode.members[0], found[index]) if index in found else None
            named[number, episode] = keys[number].of(episode, [exhibit] if exhibit else [])
    shown: dict[int, Assessed] = {}
    for number, each in assessed.items():
        describer = Describer(rules[number], limits, excepter, number)
        known = {
            episode: _with_evidence(episode, records, keys[number], describer)
            for episode in chosen[number]
        }
        described = tuple(
            known.get(episode)
            or replace(episode, group=named.get((number, episode), episode.group))
            for episode in each.episodes
        )
        shown[number] = Assessed(described, each.groups)
    return shown


def _unnamed(
    assessed: Mapping[int, Assessed], chosen: Mapping[int, Sequence[Episode]]
) -> dict[str, list[tuple[int, int, Episode]]]:
    """Give, by path, where the first events of episodes stand that nothing names yet."""
    unnamed: dict[str, list[tuple[int, int, Episode]]] = {}
    for number, each in assessed.items():
        known = frozenset(chosen[number])
        for episode in each.episodes:
            named = episode.group is not None or not episode.members or episode in known
            if episode.certain and not named:
                place = episode.members[0].place
                unnamed.setdefault(place.path, []).append((place.index, number, episode))
    return unnamed


def _with_evidence(
    episode: Episode, records: Mapping[Place, Record], keys: "_Keys", describer: Describer
) -> Episode:
    read = [(seen, records.get(seen.place)) for seen in episode.members]
    exhibits = [_exhibit(seen, record) for seen, record in read if record is not None]
    same = [exhibit for exhibit in exhibits if exhibit is not None]
    return replace(
        episode,
        group=episode.group or keys.of(episode, same),
        evidence=tuple(describer.describe(each, Finding.COUNTED) for each in same),
    )


def _exhibit(seen: Seen, record: Record) -> Exhibit | None:
    """Make an exhibit of a record that was read again; None if it is another by now."""
    event = canonical_event(record)
    place = seen.place
    identity, _ = identify(event, canonical_bytes(event), place.path, place.index)
    if identity[:SEEN_WIDTH] != seen.identity:
        return None
    return exhibit_of(record, event, identity, place.path, place.index)


class _Keys:
    """Reads from their events by which values the groups of one rule are known."""

    def __init__(self, rule: Rule, limits: Limits) -> None:
        self._groupings = [Grouping(rule, step, limits) for step in rule.steps]

    def of(self, episode: Episode, exhibits: Sequence[Exhibit]) -> Key | None:
        """Give the values of an episode's group; None where no event tells."""
        for exhibit in exhibits:
            for grouping in self._groupings:
                try:
                    key = grouping.key(canonical_event(exhibit.record))
                except EvaluationError:
                    continue
                if digest_of(key) == episode.digest:
                    return key
        return None
