"""Episodes as a report shows them: whose they are, how long they last, what they consist of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, assert_never

from msgspec.structs import replace

from checker.aws.time import format_time
from checker.engine.episodes import Episode, earliest
from checker.engine.finding import Finding
from checker.engine.found import Span
from checker.policy.rule import Cadence, Calendar, Correlation, Rule, Step
from checker.report import model
from checker.report.asks import group_names, period_name
from checker.report.durations import measured, stated
from checker.report.evidence import cut, evidence_of
from checker.report.mask import MakeMask, Mask

_CUT_OFF: Final = "the logs end within the window: more may follow"
_NOT_COVERED: Final = "not all of it is covered"


def episodes_of(  # noqa: PLR0913, PLR0917 - all that it shows
    rule: Rule,
    episodes: Sequence[Episode],
    most: int,
    span: Span | None,
    mask: MakeMask,
    waivers: Sequence[str] = (),
) -> model.Episodes:
    """Give what was found of a rule over many events.

    Args:
        rule: That found it.
        episodes: All, sorted by time; those that are shown carry their evidence.
        most: How many a report shows of those that are certain, and of the others.
        span: The first and the last instant of the logs.
        mask: Makes the mask for what comes out of one record.
        waivers: The ids of the waivers, by their numbers.
    """
    return model.Episodes(
        total=len(episodes),
        shown=[one_episode(rule, each, mask, waivers, span) for each in earliest(episodes, most)],
    )


def one_episode(
    rule: Rule,
    episode: Episode,
    mask: MakeMask,
    waivers: Sequence[str] = (),
    span: Span | None = None,
) -> model.Episode:
    """Give one episode, as `episodes_of` does."""
    shown = _episode(episode, rule, group_names(rule), span, mask)
    return replace(shown, waiver="" if episode.waiver is None else waivers[episode.waiver])


def summary(rule: Rule, episode: Episode, span: Span | None) -> str:
    """Say in one line what an episode comes to, and what of it cannot be told."""
    if rule.cadence:
        return _overdue(rule.cadence, episode)
    if rule.correlation is None:
        return ""
    length = episode.last - episode.first
    within = f" in {measured(length)}" if length else " at one instant"
    values = f" with {episode.values:,} distinct values" if rule.correlation.field else ""
    plural = f"{episode.events:,} events{values}{within}"
    events = "1 event" if episode.events == 1 else plural
    if not episode.certain:
        return f"{events}; {_untold(rule.correlation, episode, span)}"
    return f"{events}; {_CUT_OFF}" if episode.cut_off else events


def _episode(
    episode: Episode, rule: Rule, names: Sequence[str], span: Span | None, mask: MakeMask
) -> model.Episode:
    masks = [mask(each.record) for each in episode.evidence]
    # What comes out of no record, such as an account of the census, is masked by itself.
    of_group = masks or [mask(None)]
    group = episode.group
    return model.Episode(
        group=[
            model.GroupValue(name=name, value=group_value(name, value, of_group))
            for name, value in zip(names, group or (), strict=group is not None)
        ],
        known=group is not None or not names,
        account=cut(of_group[0].text(episode.account)),
        first=format_time(episode.first),
        last=format_time(episode.last),
        events=episode.events,
        certain=episode.certain,
        cut_off=episode.cut_off,
        fingerprint=episode.fingerprint.hex(),
        waiver="",
        in_baseline=episode.finding is Finding.KNOWN,
        summary=summary(rule, episode, span),
        evidence=[
            evidence_of(exhibit, masked)
            for exhibit, masked in zip(episode.evidence, masks, strict=True)
        ],
    )


def group_value(name: str, value: str | None, masks: Sequence[Mask]) -> str | None:
    """Mask a value that events have in common with the masks of all of them."""
    shown: str | None = value
    for each in masks:
        # With its name: what some fields hold is a secret whatever it looks like.
        (shown,) = each.value({name: shown}).values()
    return None if shown is None else cut(shown)


def _overdue(cadence: Cadence, episode: Episode) -> str:
    length = f"{measured(episode.last - episode.first)} without an occurrence"
    if cadence.calendar is None:
        is_short = episode.last - episode.first <= timedelta(seconds=cadence.every)
        untold = "too short a time to tell" if is_short else _NOT_COVERED
        told = "" if episode.certain else f": {untold}"
        return f"{length}{told} (at most {stated(cadence.every)})"
    if not episode.certain and _is_whole(cadence.calendar, episode):
        return f"{length}, all of {_period(cadence.calendar, episode.first)}: {_NOT_COVERED}"
    if not episode.certain:
        return f"{length}: no whole {period_name(cadence.calendar)} to tell by"
    return f"{length}, all of {_period(cadence.calendar, episode.first)}"


def _period(calendar: Calendar, start: datetime) -> str:
    match calendar:
        case Calendar.MONTH:
            return f"{start.year:04}-{start.month:02}"
        case Calendar.QUARTER:
            return f"{start.year:04}-Q{(start.month - 1) // calendar.months + 1}"
        case Calendar.HALF:
            return f"{start.year:04}-H{(start.month - 1) // calendar.months + 1}"
        case Calendar.YEAR:
            return f"{start.year:04}"
        case _:
            assert_never(calendar)


def _is_whole(calendar: Calendar, episode: Episode) -> bool:
    """Tell whether an interval is a whole calendar period, and not what is left of some."""
    first, last = episode.first, episode.last
    months = (last.year - first.year) * 12 + last.month - first.month
    midnights = {
        each.replace(day=1, hour=0, minute=0, second=0, microsecond=0) for each in (first, last)
    }
    return months == calendar.months and midnights == {first, last}


def _untold(correlation: Correlation, episode: Episode, span: Span | None) -> str:
    """Say which steps the logs begin too late, or end too soon, to rule out."""
    length = timedelta(seconds=correlation.timespan)
    within = f"within {stated(correlation.timespan)}"
    first, last = span or (episode.first, episode.last)
    before = _leading(correlation.steps)
    after = _leading(correlation.steps[::-1])[::-1]
    reasons: list[str] = []
    if before and episode.first - first < length:
        reasons.append(f"begin too late to tell whether {' or '.join(before)} came {within} before")
    if after and last - episode.last < length:
        reasons.append(f"end too soon to tell whether {' or '.join(after)} followed {within}")
    return f"the logs {' and '.join(reasons) or 'do not cover all of the time to tell by'}"


def _leading(steps: Sequence[Step]) -> list[str]:
    """Name the negated steps that stand before all others."""
    return [step.name for step in takewhile(lambda step: step.negated, steps)]
