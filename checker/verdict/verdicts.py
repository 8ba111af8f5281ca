"""Verdicts: what the facts say of each rule, per account and overall."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checker.engine.exhibits import Exhibit
from checker.engine.finding import Finding
from checker.engine.found import Found
from checker.policy.rule import Rule


class Verdict(StrEnum):
    """What a rule comes to; the first that holds, in this order, is its verdict."""

    FAIL = "fail"
    ERROR = "error"
    NO_EVIDENCE = "no_evidence"
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - a verdict
    NO_OCCURRENCE = "no_occurrence"
    NOT_APPLICABLE = "not_applicable"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Verdict).index(self)


class Counts(Struct, frozen=True, kw_only=True):
    """Events under one rule, each counted once.

    Attributes:
        other_outcomes: Matched by the rule, but with an outcome that it does not judge.
    """

    conforming: int = 0
    violations: int = 0
    undetermined: int = 0
    errors: int = 0
    other_success: int = 0
    other_denied: int = 0
    other_failed: int = 0

    @property
    def in_scope(self) -> int:
        """Events that the rule had to judge."""
        return self.conforming + self.violations + self.undetermined + self.errors


class AccountResult(Struct, frozen=True, kw_only=True):
    """One rule's verdict for one account; the account is empty where records name none."""

    account: str
    verdict: Verdict
    reason: str
    counts: Counts


class RuleResult(Struct, frozen=True, kw_only=True):
    """One rule's verdict, and the earliest events behind it."""

    rule: Rule
    verdict: Verdict
    reason: str
    counts: Counts
    by_account: tuple[AccountResult, ...]
    violations: tuple[Exhibit, ...]
    undetermined: tuple[Exhibit, ...]
    errors: tuple[Exhibit, ...]


class Span(Struct, frozen=True):
    """The time between the earliest and the latest event of the logs supplied."""

    first: datetime | None
    last: datetime | None


class _Setting(Struct, frozen=True):
    """What is the same for all rules of a run."""

    span: Span
    whole: bool
    events: int


def span_of(found: Found) -> Span:
    """Give the span of the logs supplied."""
    inputs = found.inputs.values()
    return Span(
        min((each.first for each in inputs if each.first), default=None),
        max((each.last for each in inputs if each.last), default=None),
    )


def judge(rules: Sequence[Rule], found: Found, *, whole: bool) -> tuple[RuleResult, ...]:
    """Give every rule's verdict, in the order of the rules.

    Args:
        rules: In the order that the rule set numbered them.
        found: What all shards together found.
        whole: Whether all of the input was read.
    """
    accounts = sorted({account for each in found.inputs.values() for account, *_ in each.hours})
    events = sum(each.records for each in found.inputs.values())
    setting = _Setting(span_of(found), whole, events)
    tables = _count(found)
    return tuple(
        _judge_rule(rule, _by_account(tables.get(number, {}), accounts), setting, found, number)
        for number, rule in enumerate(rules)
    )


def _count(found: Found) -> dict[int, dict[str, Counter[Finding]]]:
    """Count findings by rule and account."""
    tables: dict[int, dict[str, Counter[Finding]]] = {}
    for fact, times in found.facts.items():
        for number, finding in fact.findings:
            table = tables.setdefault(number, {}).setdefault(fact.account, Counter())
            table[finding] += times
    return tables


def _by_account(
    table: Mapping[str, Counter[Finding]], accounts: Sequence[str]
) -> dict[str, Counts]:
    return {account: _counts(table.get(account, Counter())) for account in accounts}


def _counts(found: Mapping[Finding, int]) -> Counts:
    return Counts(
        conforming=found.get(Finding.CONFORMING, 0),
        violations=found.get(Finding.VIOLATION, 0),
        undetermined=found.get(Finding.UNDETERMINED, 0),
        errors=found.get(Finding.ERROR, 0),
        other_success=found.get(Finding.OTHER_SUCCESS, 0),
        other_denied=found.get(Finding.OTHER_DENIED, 0),
        other_failed=found.get(Finding.OTHER_FAILED, 0),
    )


def _sum(parts: Sequence[Counts]) -> Counts:
    return Counts(
        conforming=sum(each.conforming for each in parts),
        violations=sum(each.violations for each in parts),
        undetermined=sum(each.undetermined for each in parts),
        errors=sum(each.errors for each in parts),
        other_success=sum(each.other_success for each in parts),
        other_denied=sum(each.other_denied for each in parts),
        other_failed=sum(each.other_failed for each in parts),
    )


def _judge_rule(
    rule: Rule, by_account: Mapping[str, Counts], setting: _Setting, found: Found, number: int
) -> RuleResult:
    accounts = tuple(
        _account_result(account, rule, counts, setting) for account, counts in by_account.items()
    )
    total = _sum(list(by_account.values()))
    verdict = min(
        (each.verdict for each in accounts),
        key=lambda verdict: verdict.rank,
        default=_verdict(rule, total, setting),
    )
    return RuleResult(
        rule=rule,
        verdict=verdict,
        reason=_reason(verdict, rule, total, setting),
        counts=total,
        by_account=accounts,
        violations=found.exhibits.of((number, Finding.VIOLATION)),
        undetermined=found.exhibits.of((number, Finding.UNDETERMINED)),
        errors=found.exhibits.of((number, Finding.ERROR)),
    )


def _account_result(account: str, rule: Rule, counts: Counts, setting: _Setting) -> AccountResult:
    verdict = _verdict(rule, counts, setting)
    reason = _reason(verdict, rule, counts, setting)
    return AccountResult(account=account, verdict=verdict, reason=reason, counts=counts)


def _verdict(rule: Rule, counts: Counts, setting: _Setting) -> Verdict:
    """Give the first verdict that holds, in the order of `Verdict`."""
    if counts.violations:
        return Verdict.FAIL
    if counts.errors or not setting.whole:
        return Verdict.ERROR
    if counts.undetermined or not setting.events:
        return Verdict.NO_EVIDENCE
    if not _in_effect(rule, setting.span):
        return Verdict.NOT_APPLICABLE
    if not counts.in_scope and rule.is_duty:
        return Verdict.NO_OCCURRENCE
    return Verdict.PASS


def _in_effect(rule: Rule, span: Span) -> bool:
    if span.first is None or span.last is None:
        return True
    return rule.effective.meets(span.first, span.last)


def _reason(verdict: Verdict, rule: Rule, counts: Counts, setting: _Setting) -> str:
    """Say in one sentence why a verdict holds."""
    match verdict:
        case Verdict.FAIL | Verdict.WAIVED | Verdict.PASS:
            return _tested(verdict, counts)
        case Verdict.ERROR | Verdict.NO_EVIDENCE:
            return f"could not be tested{_obstacle(verdict, counts, setting)}; this is not a pass"
        case Verdict.NO_OCCURRENCE:
            return "did not occur; operation could not be tested"
        case Verdict.NOT_APPLICABLE:
            return _not_in_effect(rule)


def _tested(verdict: Verdict, counts: Counts) -> str:
    judged = counts.conforming + counts.violations
    tested = f"{judged} {_events(judged)} tested"
    if verdict is Verdict.FAIL:
        exceptions = "exception" if counts.violations == 1 else "exceptions"
        left = counts.in_scope - judged
        more = f"; {left} more in scope could not be tested" if left else ""
        return f"{counts.violations} {exceptions} in {tested}{more}"
    if verdict is Verdict.WAIVED:
        return f"every exception in {tested} is covered by a waiver"
    found = f"no exception was noted in {tested}" if counts.in_scope else "no such event was found"
    return f"{found}; coverage not assessed"


def _obstacle(verdict: Verdict, counts: Counts, setting: _Setting) -> str:
    events = f"{counts.in_scope} {_events(counts.in_scope)} in scope"
    if verdict is Verdict.ERROR:
        if counts.errors:
            return f" on {counts.errors} of {events}, because the rule raised"
        return " on all events, because not all of the input could be read"
    if not setting.events:
        return ", because the input holds no events"
    return f" on {counts.undetermined} of {events}, because what the rule reads is not in them"


def _events(count: int) -> str:
    return "event" if count == 1 else "events"


def _not_in_effect(rule: Rule) -> str:
    effective = rule.effective
    bounds = [
        *([f"from {effective.start:%Y-%m-%dT%H:%M:%SZ}"] if effective.start else []),
        *([f"until {effective.until:%Y-%m-%dT%H:%M:%SZ}"] if effective.until else []),
    ]
    return f"the rule is in force {' '.join(bounds)}; the period of the logs lies outside"
