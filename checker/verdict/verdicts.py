"""Verdicts: what the facts say of each rule, per account and overall."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from checker.engine.episodes import Episode
from checker.engine.evidence import Evidence
from checker.engine.finding import Finding
from checker.engine.found import Found, Span
from checker.policy.rule import Cadence, Rule
from checker.verdict import reasons
from checker.verdict.counts import Counts, count, counts_of, total


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


class AccountResult(Struct, frozen=True, kw_only=True):
    """One rule's verdict for one account; the account is empty where records name none."""

    account: str
    verdict: Verdict
    reason: str
    counts: Counts


class RuleResult(Struct, frozen=True, kw_only=True):
    """One rule's verdict, and the earliest events behind it.

    Attributes:
        episodes: Of a rule over many events, all; the earliest ones with their evidence.
    """

    rule: Rule
    verdict: Verdict
    reason: str
    counts: Counts
    by_account: tuple[AccountResult, ...]
    violations: tuple[Evidence, ...] = ()
    undetermined: tuple[Evidence, ...] = ()
    errors: tuple[Evidence, ...] = ()
    episodes: tuple[Episode, ...] = ()


class _Setting(Struct, frozen=True):
    """What is the same for all rules of a run, and for all accounts of one rule."""

    span: Span | None
    whole: bool
    events: bool


def judge(rules: Sequence[Rule], found: Found, *, whole: bool) -> tuple[RuleResult, ...]:
    """Give every rule's verdict, in the order of the rules.

    Args:
        rules: In the order that the rule set numbered them.
        found: What all shards together found.
        whole: Whether all of the input was read.
    """
    accounts = {account for each in found.inputs.values() for account, *_ in each.hours}
    events = any(each.records for each in found.inputs.values())
    setting = _Setting(found.span, whole, events)
    tables = count(found)
    return tuple(
        _judge_rule(rule, number, _by_account(found, number, tables, accounts), setting, found)
        for number, rule in enumerate(rules)
    )


def _by_account(
    found: Found,
    number: int,
    tables: Mapping[int, Mapping[str, Mapping[Finding, int]]],
    accounts: Collection[str],
) -> dict[str, Counts]:
    table = tables.get(number, {})
    assessed = found.assessed.get(number)
    episodes: dict[str, list[Episode]] = {}
    for episode in assessed.episodes if assessed else ():
        episodes.setdefault(episode.account, []).append(episode)
    return {
        account: counts_of(table.get(account, {}), episodes.get(account, ()))
        for account in sorted({*accounts, *episodes})
    }


def _judge_rule(
    rule: Rule, number: int, by_account: Mapping[str, Counts], setting: _Setting, found: Found
) -> RuleResult:
    assessed = found.assessed.get(number)
    groups = assessed.groups if assessed else 0
    accounts = tuple(
        _account_result(account, rule, counts, setting, groups)
        for account, counts in by_account.items()
    )
    whole = total(by_account.values())
    verdict = min(
        (each.verdict for each in accounts),
        key=lambda verdict: verdict.rank,
        default=_verdict(rule, whole, setting, groups),
    )
    return RuleResult(
        rule=rule,
        verdict=verdict,
        reason=_reason(verdict, rule, whole, setting, groups),
        counts=whole,
        by_account=accounts,
        violations=found.evidence.get((number, Finding.VIOLATION), ()),
        undetermined=found.evidence.get((number, Finding.UNDETERMINED), ()),
        errors=found.evidence.get((number, Finding.ERROR), ()),
        episodes=assessed.episodes if assessed else (),
    )


def _account_result(
    account: str, rule: Rule, counts: Counts, setting: _Setting, groups: int
) -> AccountResult:
    verdict = _verdict(rule, counts, setting, groups)
    reason = _reason(verdict, rule, counts, setting, groups)
    return AccountResult(account=account, verdict=verdict, reason=reason, counts=counts)


def _verdict(rule: Rule, counts: Counts, setting: _Setting, groups: int) -> Verdict:
    """Give the first verdict that holds, in the order of `Verdict`."""
    held = (
        (Verdict.FAIL, counts.violations),
        (Verdict.ERROR, counts.errors or not setting.whole),
        (Verdict.NO_EVIDENCE, counts.undetermined or counts.uncertain or not setting.events),
        (Verdict.NOT_APPLICABLE, not _in_effect(rule, setting)),
        (Verdict.NO_EVIDENCE, rule.cadence and not groups),
        (Verdict.NO_OCCURRENCE, rule.is_duty and not counts.in_scope),
    )
    return next((verdict for verdict, holds in held if holds), Verdict.PASS)


def _in_effect(rule: Rule, setting: _Setting) -> bool:
    return setting.span is None or rule.effective.meets(*setting.span)


def _is_open(cadence: Cadence | None) -> bool:
    """Tell whether nothing says in which groups a duty must be done."""
    return bool(cadence and cadence.group_by and not cadence.groups)


def _reason(verdict: Verdict, rule: Rule, counts: Counts, setting: _Setting, groups: int) -> str:
    """Say in one sentence why a verdict holds."""
    open_groups = groups if _is_open(rule.cadence) else None
    say: dict[Verdict, Callable[[], str]] = {
        Verdict.FAIL: lambda: reasons.failed(rule, counts),
        Verdict.ERROR: lambda: reasons.not_readable(counts),
        Verdict.NO_EVIDENCE: lambda: reasons.no_evidence(rule, counts, events=setting.events),
        Verdict.WAIVED: lambda: reasons.waived(counts),
        Verdict.PASS: lambda: reasons.passed(rule, counts, open_groups),
        Verdict.NO_OCCURRENCE: lambda: reasons.NO_OCCURRENCE,
        Verdict.NOT_APPLICABLE: lambda: reasons.not_in_effect(rule),
    }
    return say[verdict]()
