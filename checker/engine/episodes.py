"""Episodes: what rules over many events find once everything that was seen is together."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.aws.time import from_micros, to_micros
from checker.engine.evidence import Evidence
from checker.engine.exceptions import Excepter
from checker.engine.finding import VIOLATIONS, Finding
from checker.engine.fingerprint import fingerprint_of_group
from checker.engine.grouping import Key, digest_of
from checker.engine.sightings import Seen, Sight, Sightings
from checker.engine.waiving import Mark
from checker.policy.rule import Cadence, Correlation, Per, Rule

_SHOWN_AT_EACH_END: Final = 5


class Episode(Struct, frozen=True, kw_only=True):
    """Events that together break a rule, or an interval in which a duty was not done.

    Attributes:
        digest: What the group is known by.
        group: The values that it has in common; None where they could not be read again.
        account: Of its first event, or of the group; empty when none is named.
        first: The time of its first event; the beginning of the interval.
        last: The time of its last event; the end of the interval.
        events: How many events it is made of; none for an interval.
        values: How many distinct values were counted in them, where values are counted.
        certain: Whether it is a violation; else the logs end, or begin, too soon to tell.
        finding: What becomes of it as a violation: `VIOLATION`, `KNOWN` or `WAIVED`.
        fingerprint: Of its group.
        about: The numbers of the waivers in whose scope all of its events are.
        marks: How it stands to them.
        waiver: The number of the one that covers it; None where none does.
        cut_off: Whether more may follow after the end of the logs.
        members: Some of its events, the first and the last ones.
        evidence: The same, as a report shows them.
    """

    digest: bytes
    group: Key | None = None
    account: str = ""
    first: datetime
    last: datetime
    events: int = 0
    values: int = 0
    certain: bool = True
    finding: Finding = Finding.VIOLATION
    fingerprint: bytes = b""
    about: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    waiver: int | None = None
    cut_off: bool = False
    members: tuple[Seen, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Assessed(Struct, frozen=True):
    """What a rule over many events comes to.

    Attributes:
        episodes: Sorted by time.
        groups: How many groups were looked at.
    """

    episodes: tuple[Episode, ...]
    groups: int


class Logs(Struct, frozen=True):
    """The logs as a whole: the period that they answer for, and who appears in them when."""

    first: datetime
    last: datetime
    since: Mapping[tuple[str, str], datetime]


def assess(  # noqa: PLR0913 - all that it depends on
    number: int,
    rule: Rule,
    sightings: Sightings,
    logs: Logs,
    excepter: Excepter,
    *,
    complete: bool,
) -> Assessed:
    """Find all episodes of one rule.

    Args:
        number: Of the rule.
        rule: With a correlation or a cadence.
        sightings: All that was seen.
        logs: The period that is answered for, and the population.
        excepter: What becomes of violations.
        complete: Whether every event in scope could be judged. Where not, nothing that rests on the
            absence of an event is certain: that one may be it.
    """
    groups = sightings.groups(number, len(rule.steps), partial(_is_worth_a_look, rule))
    if rule.correlation:
        found, count = _correlated(rule.correlation, groups, logs)
    elif rule.cadence:
        found, count = _overdue(rule, rule.cadence, groups, logs)
    else:
        found, count = [], 0
    if rule.rests_on_absence and not complete:
        found = [replace(each, certain=False) for each in found]
    ordered = sorted(found, key=lambda each: (each.first, each.last, each.digest))
    return Assessed(tuple(_excepted(each, number, rule, excepter) for each in ordered), count)


def _excepted(episode: Episode, number: int, rule: Rule, excepter: Excepter) -> Episode:
    """Say what becomes of an episode: a waiver has to cover all of its span."""
    fingerprint = fingerprint_of_group(rule, episode.digest)
    about = episode.about
    if rule.cadence and excepter.waives:
        # An interval has no event to ask; whose it is, a waiver may ask all the same.
        about = excepter.about_place(number, _place_of(rule.cadence, episode))
    excepted = excepter.of_span(number, fingerprint, about, episode.first, episode.last)
    return replace(
        episode,
        finding=excepted.finding,
        fingerprint=fingerprint,
        about=about,
        marks=excepted.marks,
        waiver=excepted.waiver,
    )


def _is_worth_a_look(rule: Rule, seen: Sequence[int]) -> bool:
    """Tell whether a group can break a rule at all, by how many events its steps have seen."""
    if rule.correlation is None:
        return True
    if rule.correlation.type.is_count:
        return seen[0] >= rule.correlation.at_least
    return all(seen[n] or step.negated for n, step in enumerate(rule.steps))


def earliest(episodes: Sequence[Episode], most: int) -> tuple[Episode, ...]:
    """Give the episodes that a report shows: the first ones of each finding, then uncertain ones."""
    certain = (
        [each for each in episodes if each.certain and each.finding is finding]
        for finding in VIOLATIONS
    )
    uncertain = [each for each in episodes if not each.certain]
    return tuple(each for kind in (*certain, uncertain) for each in kind[:most])


def _correlated(
    correlation: Correlation, groups: Iterator[tuple[bytes, list[list[Sight]]]], logs: Logs
) -> tuple[list[Episode], int]:
    # Imported when a rule wants it, as below: most sets have no rules over many events.
    from checker.engine.correlate import Occurrence, windows  # noqa: PLC0415

    span = (to_micros(logs.first), to_micros(logs.last))
    found: list[Episode] = []
    count = 0
    for digest, steps in groups:
        count += 1
        if not steps:
            continue
        occurrences = [[Occurrence(*each[:3]) for each in step] for step in steps]
        broken = windows(correlation, occurrences, span)
        if not broken:
            continue
        known = {each.identity: each for step in steps for each in step}
        for window in broken:
            members = [known[identity] for identity in window.members]
            found.append(
                Episode(
                    digest=digest,
                    account=members[0].account,
                    first=from_micros(window.first),
                    last=from_micros(window.last),
                    events=len(members),
                    values=len({each.value for each in members if each.value}),
                    certain=window.certain,
                    about=_in_common(members),
                    cut_off=window.cut_off,
                    members=_ends(members),
                )
            )
    return found, count


def _in_common(members: Sequence[Sight]) -> tuple[int, ...]:
    """Give the waivers in whose scope all events of an episode are."""
    if not any(each.about for each in members):
        return ()
    return tuple(sorted(set.intersection(*(set(each.about) for each in members))))


def _ends(members: Sequence[Sight]) -> tuple[Seen, ...]:
    shown = members
    if len(members) > 2 * _SHOWN_AT_EACH_END:
        shown = [*members[:_SHOWN_AT_EACH_END], *members[-_SHOWN_AT_EACH_END:]]
    return tuple(Seen(each.identity, each.place) for each in shown)


def _overdue(
    rule: Rule,
    cadence: Cadence,
    groups: Iterator[tuple[bytes, list[list[Sight]]]],
    logs: Logs,
) -> tuple[list[Episode], int]:
    from checker.engine.cadence import intervals  # noqa: PLC0415

    seen = {digest: steps[0] for digest, steps in groups}
    population = _population(rule, cadence, seen, logs)
    found: list[Episode] = []
    for digest, (key, since) in population.items():
        occurrences = seen.get(digest, [])
        start = max(logs.first, since, rule.effective.start or since)
        end = min(logs.last, rule.effective.until or logs.last)
        if end < start:
            continue  # the rule was never in force for this group
        times = [each.time for each in occurrences]
        for interval in intervals(cadence, times, to_micros(start), to_micros(end)):
            # Before and after the interval stand the occurrences that bound it.
            bounds = _at(occurrences, times, interval.start, interval.end)
            found.append(
                Episode(
                    digest=digest,
                    group=key,
                    account=_account_of(cadence, key, occurrences),
                    first=from_micros(interval.start),
                    last=from_micros(interval.end),
                    certain=interval.certain,
                    members=_ends(bounds),
                )
            )
    return found, len(population)


def _at(occurrences: Sequence[Sight], times: Sequence[int], *bounds: int) -> list[Sight]:
    """Give the occurrences at some times; both lists are in the order of time."""
    return [
        each
        for bound in dict.fromkeys(bounds)
        for each in occurrences[bisect_left(times, bound) : bisect_right(times, bound)]
    ]


def _population(
    rule: Rule, cadence: Cadence, seen: Mapping[bytes, Sequence[Sight]], logs: Logs
) -> dict[bytes, tuple[Key | None, datetime]]:
    """Give the groups in which a duty must be done, each with the time from which on."""
    if cadence.per:
        return _places(cadence.per, seen, logs)
    if cadence.groups:
        listed = rule.values.get(cadence.groups)
        keys = [(str(value),) for value in listed] if isinstance(listed, list) else []
        return {digest_of(key): (key, logs.first) for key in keys}
    return {
        digest: (None, from_micros(members[0].time)) for digest, members in seen.items() if members
    }


def _places(
    per: Per, seen: Collection[bytes], logs: Logs
) -> dict[bytes, tuple[Key | None, datetime]]:
    """Give all accounts or regions of the logs, each with the time at which it is first seen.

    Events that name no account or region are a group only if the duty was done in it: nobody is
    known to owe it there.
    """
    first: dict[Key, datetime] = {}
    for (account, region), since in logs.since.items():
        key = {
            Per.ACCOUNT: (account or None,),
            Per.REGION: (region or None,),
            Per.BOTH: (account or None, region or None),
        }[per]
        first[key] = min(since, first.get(key, since))
    known = {digest_of(key): (key, since) for key, since in first.items()}
    return {
        digest: (key, since)
        for digest, (key, since) in known.items()
        if None not in key or digest in seen
    }


def _place_of(cadence: Cadence, episode: Episode) -> dict[str, Json]:
    """Give what an event in an interval would say of where it happened, as far as that is known."""
    place: dict[str, Json] = {}
    if episode.account:
        place["recipientAccountId"] = episode.account
    if cadence.per in {Per.REGION, Per.BOTH} and episode.group and episode.group[-1]:
        place["awsRegion"] = episode.group[-1]
    return place


def _account_of(cadence: Cadence, key: Key | None, occurrences: Sequence[Sight]) -> str:
    if cadence.per in {Per.ACCOUNT, Per.BOTH}:
        return (key[0] if key else None) or ""
    return occurrences[0].account if occurrences else ""
