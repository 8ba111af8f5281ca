"""What a rule noted, in one form for whoever lists it: groups of violations, and episodes."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from checker.report.exceptions_model import ViolationGroup
from checker.report.model import (
    AccountVerdict,
    Episode,
    Evidence,
    RuleResult,
    VerdictName,
)

_TOLD_BY_GROUPS: Final[tuple[VerdictName, ...]] = ("fail", "waived")


class Noted(Struct, frozen=True, kw_only=True):
    """Violations that have one fingerprint, or one episode.

    Attributes:
        fingerprint: What it is known by from one run to the next; empty where none was taken.
        key: What tells it from all others of its rule: episodes may have one fingerprint.
        what: It in one line.
        count: How many violations it stands for; of an episode 1.
        waived: How many of them are covered by a waiver.
        waivers: The ids of those waivers.
        evidence: As much of what is behind it as the report shows.
    """

    fingerprint: str
    key: str
    account: str
    region: str
    principal: str
    event_source: str
    event_name: str
    resources: tuple[str, ...]
    what: str
    count: int
    waived: int
    waivers: tuple[str, ...]
    in_baseline: bool
    first: str | None
    last: str | None
    evidence: tuple[Evidence, ...]

    @property
    def is_waived(self) -> bool:
        """Whether waivers cover all of it."""
        return self.waived >= self.count


class Remainder(Struct, frozen=True, kw_only=True):
    """What a verdict on an account says beyond what was noted one by one.

    Attributes:
        told: The verdict, with its reason and its counts.
        hidden: How many violations of the account the report shows in no group.
        evidence: Events behind the verdict that belong to nothing that was noted.
    """

    told: AccountVerdict
    hidden: int
    evidence: tuple[Evidence, ...]


def noted_by(rule: RuleResult) -> list[Noted]:
    """Give what a report shows of a rule's violations, in the order in which it shows them."""
    groups = [_of_group(each, rule) for each in rule.groups.shown]
    return [*groups, *(_of_episode(each) for each in rule.episodes.shown if each.certain)]


def hidden_of(rule: RuleResult) -> int:
    """Count the violations that belong to nothing that the report shows."""
    return max(rule.counts.violations - sum(each.count for each in noted_by(rule)), 0)


def remainders_of(rule: RuleResult) -> Iterator[Remainder]:
    """Give the verdicts on accounts that are not told by what was noted in them.

    These are all that are neither `fail` nor `waived`, and of those two the ones of which the
    report shows not everything. A rule without a verdict on any account has one on none.
    """
    noted = noted_by(rule)
    known = {each.fingerprint for each in noted if each.fingerprint}
    left = hidden_of(rule)
    for told in rule.by_account or [_overall(rule)]:
        shown = sum(each.count for each in noted if each.account == told.account)
        hidden = min(max(told.counts.violations - shown, 0), left)
        if told.verdict not in _TOLD_BY_GROUPS or hidden:
            yield Remainder(
                told=told, hidden=hidden, evidence=tuple(_unnoted(rule, told.account, known))
            )


def _overall(rule: RuleResult) -> AccountVerdict:
    return AccountVerdict(
        account="", verdict=rule.verdict, reason=rule.reason, counts=rule.counts, coverage=None
    )


def _unnoted(rule: RuleResult, account: str, known: set[str]) -> Iterator[Evidence]:
    violations = (each for each in rule.violations.shown if each.fingerprint not in known)
    for each in (*violations, *rule.errors.shown, *rule.undetermined.shown):
        if each.account == account:
            yield each


def _of_group(group: ViolationGroup, rule: RuleResult) -> Noted:
    shown = rule.violations.shown
    evidence = tuple(each for each in shown if each.fingerprint == group.fingerprint)
    return Noted(
        fingerprint=group.fingerprint,
        key=group.fingerprint,
        account=group.account,
        region=group.region,
        principal=group.principal,
        event_source=group.event_source,
        event_name=group.event_name,
        resources=tuple(group.resources),
        what=evidence[0].message if evidence else _in_words(group),
        count=group.count,
        waived=group.waived,
        waivers=tuple(group.waivers),
        in_baseline=group.in_baseline,
        first=group.first,
        last=group.last,
        evidence=evidence,
    )


def _in_words(group: ViolationGroup) -> str:
    by = f" by {group.principal}" if group.principal else ""
    on = f" on {', '.join(group.resources)}" if group.resources else ""
    return f"{group.event_name or 'an event'} of {group.event_source or 'no source'}{by}{on}"


def _of_episode(episode: Episode) -> Noted:
    values = ", ".join(
        f"{each.name} {'(absent)' if each.value is None else each.value}" for each in episode.group
    )
    resources = {name: None for each in episode.evidence for name in each.resources}
    what = f"{values}: {episode.summary}" if values else episode.summary
    return Noted(
        fingerprint=episode.fingerprint,
        key=f"{episode.fingerprint or what}:{episode.first}",
        account=episode.account,
        region=_common([each.region for each in episode.evidence]),
        principal=_common([each.principal for each in episode.evidence]),
        event_source=_common([each.event_source for each in episode.evidence]),
        event_name=_common([each.event_name for each in episode.evidence]),
        resources=tuple(resources),
        what=what,
        count=1,
        waived=int(bool(episode.waiver)),
        waivers=(episode.waiver,) if episode.waiver else (),
        in_baseline=episode.in_baseline,
        first=episode.first,
        last=episode.last,
        evidence=tuple(episode.evidence),
    )


def _common(values: list[str]) -> str:
    """Give what all have in common, and nothing where they differ."""
    return values[0] if len(set(values)) == 1 else ""
