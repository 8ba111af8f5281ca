"""Doubts: what is missing from the logs only because of a time that they do not cover."""

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from checker.engine.episodes import Episode
from checker.policy.rule import Rule
from checker.verdict.coverage import Coverage
from checker.verdict.gaps import Gap


def in_doubt(rule: Rule, episodes: Iterable[Episode], coverage: Coverage) -> tuple[Episode, ...]:
    """Give episodes anew, uncertain where what they miss may have happened in a gap.

    That goes for intervals without an occurrence, and for events that another did not follow or
    precede. What is there is there: other groups of events stay as certain as they were.
    """
    return tuple(
        replace(each, certain=False)
        if rule.rests_on_absence and each.certain and _touches(rule, each, _gaps(each, coverage))
        else each
        for each in episodes
    )


def _gaps(episode: Episode, coverage: Coverage) -> Iterable[Gap]:
    """Give the gaps of its account; of all accounts, where it is of none."""
    known = coverage.accounts.get(episode.account)
    if episode.account and known:
        return known.gaps
    return (gap for account in coverage.accounts.values() for gap in account.gaps)


def _touches(rule: Rule, episode: Episode, gaps: Iterable[Gap]) -> bool:
    around = timedelta(seconds=rule.correlation.timespan if rule.correlation else 0)
    return any(gap.meets(episode.first - around, episode.last + around) for gap in gaps)
