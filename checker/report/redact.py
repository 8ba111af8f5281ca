"""Redaction of a report for readers outside: names of principals and addresses by pseudonyms."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from checker.aws import Json
from checker.report.coverage_model import Coverage
from checker.report.exceptions_model import Baseline, ViolationGroup, Waivers
from checker.report.model import (
    Episode,
    Evidence,
    Exhibits,
    GroupValue,
    ProblemEntry,
    Report,
    RuleResult,
)
from checker.report.pseudonyms import (
    Copies,
    Pseudonyms,
    copies_of,
    names_in,
    names_of,
    of_principals,
)
from checker.report.redaction import REDACT, key_name
from checker.report.words import REDACTED

_PLACES: Final = frozenset({"account", "region"})
_BY: Final = re.compile(r"(\bby )(\S+)")


def redact(report: Report, key: bytes) -> Report:
    """Give the report with pseudonyms for names of principals and for addresses.

    It is done to the finished report, because what is a name in one record may stand in any other
    text: every format is then made from the same pseudonyms. Ids of accounts stay. Fingerprints are
    replaced too, for they would confirm a guess.
    """
    pseudonyms = Pseudonyms(key)
    pseudonyms.add({name for rule in report.rules for name in _names_in_rule(rule)})
    redaction = _Redaction(pseudonyms)
    settings = report.provenance.settings
    params = settings.get("params")
    hidden: dict[str, Json] = {REDACT: key_name(key)}
    if isinstance(params, dict):
        hidden["params"] = {name: pseudonyms.listed(each, name) for name, each in params.items()}
    return replace(
        report,
        gate=replace(report.gate, reasons=[pseudonyms.text(each) for each in report.gate.reasons]),
        coverage=redaction.coverage(report.coverage),
        problems=[redaction.problem(each) for each in report.problems],
        provenance=replace(
            report.provenance, settings=dict(sorted({**settings, **hidden}.items()))
        ),
        rules=[redaction.rule(each) for each in report.rules],
        waivers=redaction.waivers(report.waivers) if report.waivers else None,
        baseline=redaction.baseline(report.baseline) if report.baseline else None,
        notes=[*(pseudonyms.text(each) for each in report.notes), REDACTED],
    )


def _names_in_rule(rule: RuleResult) -> Iterator[str]:
    for exhibit in _evidence_of(rule):
        yield from _names_in_evidence(exhibit)
    for group in rule.groups.shown:
        yield from names_of(group.principal)
    for episode in rule.episodes.shown:
        for each in episode.group:
            if each.value and of_principals(each.name):
                yield from names_of(each.value)


def _evidence_of(rule: RuleResult) -> Iterator[Evidence]:
    for exhibits in (rule.violations, rule.undetermined, rule.errors, rule.upcoming):
        yield from exhibits.shown
    for episode in rule.episodes.shown:
        yield from episode.evidence
    yield from rule.sample


def _names_in_evidence(evidence: Evidence) -> Iterator[str]:
    yield from names_of(evidence.principal)
    yield from names_in(evidence.event)
    yield from names_in(evidence.evidence)


class RowRedaction:
    """Redacts evidence that is in no report, one by one; each holds the names that are in it."""

    def __init__(self, key: bytes) -> None:
        self._redaction = _Redaction(Pseudonyms(key))

    def evidence(self, evidence: Evidence) -> Evidence:
        """Give an event behind an exception with pseudonyms."""
        return self._redaction.one(evidence, copies_of(set(_names_in_evidence(evidence))))

    def episode(self, episode: Episode) -> Episode:
        """Give a group of events, or an interval, with pseudonyms.

        Where none of its events is at hand, nothing tells which values are names: all are taken so.
        """
        redacted = self._redaction.episode(episode)
        if episode.evidence:
            return redacted
        values = zip(episode.group, redacted.group, strict=True)
        return replace(redacted, group=[self._doubted(*each) for each in values])

    def _doubted(self, found: GroupValue, redacted: GroupValue) -> GroupValue:
        if found.value is None or found.value != redacted.value or found.name in _PLACES:
            return redacted
        return replace(redacted, value=self._redaction.name(found.value))


class _Redaction:
    """Redacts the parts of a report; in each it says which texts can hold a name."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._use = pseudonyms

    def name(self, text: str) -> str:
        """Give the pseudonym of what is taken for a name, whatever it looks like."""
        return self._use.principal(text)

    def rule(self, rule: RuleResult) -> RuleResult:
        text, phrase = self._use.text, self._use.phrase
        return replace(
            rule,
            title=text(rule.title),
            asks=phrase(rule.asks),
            description=text(rule.description),
            procedure=phrase(rule.procedure),
            remediation=text(rule.remediation),
            parameters={
                name: self._use.listed(each, name) for name, each in rule.parameters.items()
            },
            reason=text(rule.reason),
            by_account=[replace(each, reason=text(each.reason)) for each in rule.by_account],
            violations=self._exhibits(rule.violations),
            undetermined=self._exhibits(rule.undetermined),
            errors=self._exhibits(rule.errors),
            episodes=replace(
                rule.episodes, shown=[self.episode(each) for each in rule.episodes.shown]
            ),
            groups=replace(rule.groups, shown=[self._group(each) for each in rule.groups.shown]),
            sample=self._evidence(rule.sample),
            upcoming=self._exhibits(rule.upcoming),
        )

    def _exhibits(self, exhibits: Exhibits) -> Exhibits:
        return replace(exhibits, shown=self._evidence(exhibits.shown))

    def _evidence(self, shown: Sequence[Evidence], own: Copies | None = None) -> list[Evidence]:
        return [self.one(each, own or copies_of(set(_names_in_evidence(each)))) for each in shown]

    def one(self, evidence: Evidence, own: Copies | None) -> Evidence:
        event = evidence.event
        if isinstance(event, dict):
            # These name calls and places, and are what a reader looks a record up by.
            kept = ("eventSource", "eventName", "eventType", "awsRegion", "eventID", "eventTime")
            event = {
                **self._use.value(event, own),
                **{name: event[name] for name in kept if name in event},
            }
        return replace(
            evidence,
            principal=self._use.principal(evidence.principal, own),
            source_address=self._use.text(evidence.source_address, own),
            resources=[self._use.text(each, own) for each in evidence.resources],
            message=self._use.text(evidence.message, own),
            reason=self._use.text(evidence.reason, own),
            evidence=self._use.value(evidence.evidence, own),
            fingerprint=self._fingerprint(evidence.fingerprint),
            event=event if isinstance(event, dict) else self._use.value(event, own),
        )

    def _group(self, group: ViolationGroup) -> ViolationGroup:
        own = copies_of(set(names_of(group.principal)))
        return replace(
            group,
            fingerprint=self._fingerprint(group.fingerprint),
            principal=self._use.principal(group.principal, own),
            resources=[self._use.text(each, own) for each in group.resources],
        )

    def episode(self, episode: Episode) -> Episode:
        own = copies_of(_of_episode(episode))
        return replace(
            episode,
            group=[self._group_value(each, own) for each in episode.group],
            fingerprint=self._fingerprint(episode.fingerprint),
            summary=self._use.text(episode.summary, own),
            evidence=self._evidence(episode.evidence, own),
        )

    def _group_value(self, value: GroupValue, own: Copies | None) -> GroupValue:
        if value.value is None:
            return value
        change = self._use.principal if of_principals(value.name) else self._use.text
        return replace(value, value=change(value.value, own))

    def coverage(self, coverage: Coverage) -> Coverage:
        text = self._use.text
        return replace(
            coverage,
            accounts=[
                replace(
                    account,
                    gaps=[replace(gap, trail=text(gap.trail)) for gap in account.gaps],
                )
                for account in coverage.accounts
            ],
            declared=[replace(each, reason=text(each.reason)) for each in coverage.declared],
        )

    def problem(self, problem: ProblemEntry) -> ProblemEntry:
        text = self._use.text
        return replace(problem, cause=text(problem.cause), hint=text(problem.hint))

    def waivers(self, waivers: Waivers) -> Waivers:
        return replace(
            waivers,
            entries=[
                replace(
                    each,
                    scope=self._use.phrase(each.scope),
                    reason=self._use.phrase(each.reason),
                    retroactive=self._use.phrase(each.retroactive),
                )
                for each in waivers.entries
            ],
        )

    def baseline(self, baseline: Baseline) -> Baseline:
        return replace(
            baseline,
            fixed=[
                replace(
                    each,
                    fingerprint=self._fingerprint(each.fingerprint),
                    what=self._use.phrase(
                        _BY.sub(lambda found: found[1] + self._use.principal(found[2]), each.what)
                    ),
                    reason=self._use.phrase(each.reason),
                )
                for each in baseline.fixed
            ],
        )

    def _fingerprint(self, fingerprint: str) -> str:
        return self._use.token(fingerprint) if fingerprint else ""


def _of_episode(episode: Episode) -> Iterable[str]:
    """Give the names in an episode: its events have a group's values in common."""
    return {name for each in episode.evidence for name in _names_in_evidence(each)}
