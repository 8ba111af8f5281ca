"""Findings: what broke a rule, one for each thing that a waiver or a baseline knows by itself."""

from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec import Struct

from checker.report.exceptions_model import ViolationGroup
from checker.report.model import Episode, Evidence, Gate, Report, RuleResult, SeverityName

SEVERITIES: tuple[SeverityName, ...] = get_args(SeverityName)
"""Lowest first."""


class Finding(Struct, frozen=True, kw_only=True):
    """Violations with one fingerprint, or an episode.

    Attributes:
        fingerprint: Empty where the report has none.
        text: What happened, in one line, of the first of them.
        count: How many violations; of an episode 1.
        waived: How many of them waivers cover.
        waivers: The ids of those waivers.
        known: The baseline has it.
        evidence: The events that the report shows of it, earliest first.
        is_episode: Its events break the rule together.
    """

    rule: RuleResult
    fingerprint: str
    text: str
    count: int
    waived: int
    waivers: tuple[str, ...]
    known: bool
    evidence: tuple[Evidence, ...]
    is_episode: bool = False

    @property
    def is_waived(self) -> bool:
        """Whether waivers cover all of it."""
        return self.waived >= self.count

    @property
    def identity(self) -> str:
        """What tells it from other findings of its rule, in every run over the same logs."""
        if self.fingerprint or not self.evidence:
            return self.fingerprint
        first = self.evidence[0]
        return first.event_id or f"{first.path}#{first.index}"


def is_error_of_its_own(rule: RuleResult, report: Report) -> bool:
    """Tell whether a rule's error is more than the loss of input, which is told once for all rules."""
    lost = any(each.level == "error" for each in report.problems)
    return rule.verdict == "error" and (bool(rule.counts.errors) or not lost)


def findings_of(rule: RuleResult) -> list[Finding]:
    """Give the findings that a report shows of a rule, earliest first."""
    if rule.kind != "event":
        return [_of_episode(rule, each) for each in rule.episodes.shown if each.certain]
    shown: dict[str, list[Evidence]] = {group.fingerprint: [] for group in rule.groups.shown}
    others: dict[tuple[str, str], list[Evidence]] = {}
    for event in rule.violations.shown:
        if event.fingerprint in shown:
            shown[event.fingerprint].append(event)
        else:
            # Of a group that is not shown, what is waived says nothing about the others; and what
            # has no fingerprint stands for itself.
            key = event.fingerprint or f"{event.path}\0{event.index}"
            others.setdefault((key, event.waiver), []).append(event)
    grouped = [_of_group(rule, each, shown[each.fingerprint]) for each in rule.groups.shown]
    return [*grouped, *(_of_events(rule, events) for events in others.values())]


def count_of_findings(rule: RuleResult) -> int:
    """Give how many findings there are of a rule, those included that the report does not show."""
    shown = len(findings_of(rule))
    if rule.kind != "event":
        return max(shown, rule.counts.violations)
    return max(shown, rule.groups.total or rule.violations.total)


def let_through(rule: RuleResult, gate: Gate) -> str:
    """Say why a failure does not fail the gate; empty where it does."""
    if gate.fail_on == "none":
        return "the gate is off (none)"
    if rule.id in gate.soft_failed:
        return "soft fail"
    if SEVERITIES.index(rule.severity) < SEVERITIES.index(gate.fail_on):
        return f"below the gate ({gate.fail_on})"
    return "all that failed is in the baseline" if rule.id in gate.known_only else ""


def standing(finding: Finding, gate: Gate) -> str:
    """Say why a finding does not fail the gate; empty where it does."""
    if finding.is_waived:
        return f"waived by {', '.join(finding.waivers)}" if finding.waivers else "waived"
    return "in the baseline" if finding.known else let_through(finding.rule, gate)


def mark(evidence: Evidence | Episode) -> str:
    """Say of a violation that it is waived or known; empty where it is neither."""
    if evidence.waiver:
        return f"[waived by {evidence.waiver}] "
    return "[in the baseline] " if evidence.in_baseline else ""


def episode_line(episode: Episode) -> str:
    """Give an episode in one line: when, whose, and what it comes to."""
    values = ", ".join(
        f"{each.name} {'(absent)' if each.value is None else each.value}" for each in episode.group
    )
    group = values if episode.known else "a group whose values could not be read again"
    named = {each.name for each in episode.group}
    where = "" if "account" in named or not episode.account else f"  {episode.account}"
    what = f"{group}: {episode.summary}" if group else episode.summary
    when = episode.first if episode.first == episode.last else f"{episode.first} to {episode.last}"
    return f"{when}{where}  {what}"


def _of_group(rule: RuleResult, group: ViolationGroup, events: Sequence[Evidence]) -> Finding:
    return Finding(
        rule=rule,
        fingerprint=group.fingerprint,
        text="; ".join(_group_words(group, events)),
        count=group.count,
        waived=group.waived,
        waivers=tuple(group.waivers),
        known=group.in_baseline,
        evidence=tuple(events),
    )


def _group_words(group: ViolationGroup, events: Sequence[Evidence]) -> Iterator[str]:
    """Give what happened, how often, and how much of it is waived."""
    if events:
        yield events[0].message
    else:
        where = " ".join(part for part in (group.account, group.region) if part)
        on = f" on {', '.join(group.resources)}" if group.resources else ""
        by = f" by {group.principal}" if group.principal else ""
        yield f"{group.event_name} of {group.event_source}{by}{on} in {where}"
    if group.count > 1:
        span = f" from {group.first} to {group.last}" if group.first and group.last else ""
        yield f"{group.count:,} events{span}"
    if 0 < group.waived < group.count:
        yield f"{group.waived:,} of them waived by {', '.join(group.waivers)}"


def _of_events(rule: RuleResult, events: Sequence[Evidence]) -> Finding:
    """Give the finding that events of one fingerprint and waiver are, of a group not shown."""
    first = events[0]
    more = f"; {len(events):,} events are shown" if len(events) > 1 else ""
    return Finding(
        rule=rule,
        fingerprint=first.fingerprint,
        text=f"{first.message}{more}",
        count=len(events),
        waived=len(events) if first.waiver else 0,
        waivers=(first.waiver,) if first.waiver else (),
        known=first.in_baseline,
        evidence=tuple(events),
    )


def _of_episode(rule: RuleResult, episode: Episode) -> Finding:
    return Finding(
        rule=rule,
        fingerprint=episode.fingerprint,
        text=episode_line(episode),
        count=1,
        waived=1 if episode.waiver else 0,
        waivers=(episode.waiver,) if episode.waiver else (),
        known=episode.in_baseline,
        evidence=tuple(episode.evidence),
        is_episode=True,
    )
