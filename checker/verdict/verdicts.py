"""Verdicts: what the facts say of each rule, per account and overall."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from checker.engine.episodes import Assessed, Episode
from checker.engine.evidence import Evidence
from checker.engine.finding import VIOLATIONS, Finding
from checker.engine.found import Found
from checker.engine.groups import CountedGroup
from checker.policy.rule import Rule
from checker.verdict import reasons
from checker.verdict.counts import Counts, count, counts_of, total
from checker.verdict.coverage import AccountCoverage, Coverage
from checker.verdict.doubts import in_doubt
from checker.verdict.needs import Needed, needs_of, why_lacking


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
    """One rule's verdict for one account; the account is empty where records name none.

    Attributes:
        lacking: Why the logs of the account cannot answer, after "because"; empty when they can.
    """

    account: str
    verdict: Verdict
    reason: str
    counts: Counts
    lacking: str = ""


class RuleResult(Struct, frozen=True, kw_only=True):
    """One rule's verdict, and the earliest events behind it.

    Attributes:
        violations: Those that nothing excuses first, then known ones, then waived ones.
        episodes: Of a rule over many events, all; the earliest ones with their evidence.
        groups: Violations of single events by their fingerprints.
        crowded: Whether they are too many for that.
        sample: Conforming events for re-performance.
        upcoming: Events that will be violations once the rule is in force.
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
    groups: tuple[CountedGroup, ...] = ()
    crowded: bool = False
    sample: tuple[Evidence, ...] = ()
    upcoming: tuple[Evidence, ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """What decides a verdict.

    Attributes:
        violations: Whether there is a violation that no live waiver covers.
        waived: Whether there is one that a live waiver covers.
        unreadable: Whether the rule raised on an event, or input was lost.
        unclear: Whether an event, a group or an interval could not be told, or there are no events.
        lacking: Whether the logs lack something that the rule needs.
        in_effect: Whether the rule is in force anywhere in the period.
        occurred: Whether anything in its scope was seen.
        is_duty: Whether nothing in scope means that a duty was not exercised.
    """

    violations: bool = False
    waived: bool = False
    unreadable: bool = False
    unclear: bool = False
    lacking: bool = False
    in_effect: bool = True
    occurred: bool = True
    is_duty: bool = False


def verdict_of(facts: Facts) -> Verdict:
    """Give the first verdict that holds, in the order of `Verdict`.

    A rule that is not in force in the period asks nothing of the logs, so they lack nothing.
    """
    held = (
        (Verdict.FAIL, facts.violations),
        (Verdict.ERROR, facts.unreadable),
        (Verdict.NO_EVIDENCE, facts.unclear or (facts.in_effect and facts.lacking)),
        (Verdict.WAIVED, facts.waived),
        (Verdict.PASS, facts.in_effect and (facts.occurred or not facts.is_duty)),
        (Verdict.NO_OCCURRENCE, facts.in_effect),
    )
    return next((verdict for verdict, holds in held if holds), Verdict.NOT_APPLICABLE)


class _Trial(Struct, frozen=True, kw_only=True):
    """One rule over all accounts, before the verdicts.

    Attributes:
        needed: What the rule needs of the logs of each account.
        episodes: Of a rule over many events.
        groups: How many groups it looked at.
        whole: Whether all of the input was read.
        declared: Why the owner declares the rule not applicable; empty where he does not.
    """

    rule: Rule
    needed: Needed
    episodes: tuple[Episode, ...]
    groups: int
    found: Found
    coverage: Coverage | None
    whole: bool
    declared: str

    @property
    def has_events(self) -> bool:
        """Whether any event was read."""
        return any(each.records > each.outside for each in self.found.inputs.values())


def judge(
    rules: Sequence[Rule],
    found: Found,
    coverage: Coverage | None,
    *,
    whole: bool,
    declared: Mapping[str, str] | None = None,
) -> tuple[RuleResult, ...]:
    """Give every rule's verdict, in the order of the rules.

    Args:
        rules: In the order that the rule set numbered them.
        found: What all shards together found.
        coverage: What the logs cover; None for the events of a rule's own test, which are no logs.
        whole: Whether all of the input was read.
        declared: Why the owner declares rules not applicable, by their ids.
    """
    tables = count(found)
    results: list[RuleResult] = []
    for number, rule in enumerate(rules):
        trial = _trial(rule, found.assessed.get(number), found, coverage, whole=whole)
        trial = replace(trial, declared=(declared or {}).get(rule.id, ""))
        results.append(_judge_rule(trial, number, tables.get(number, {})))
    return tuple(results)


def _trial(
    rule: Rule, assessed: Assessed | None, found: Found, coverage: Coverage | None, *, whole: bool
) -> _Trial:
    episodes = assessed.episodes if assessed else ()
    return _Trial(
        rule=rule,
        needed=needs_of(rule) if coverage else Needed(),
        episodes=in_doubt(rule, episodes, coverage) if coverage else episodes,
        groups=assessed.groups if assessed else 0,
        found=found,
        coverage=coverage,
        whole=whole,
        declared="",
    )


def _judge_rule(
    trial: _Trial, number: int, table: Mapping[str, Mapping[Finding, int]]
) -> RuleResult:
    found = trial.found
    results = tuple(
        _account_result(trial, account, counts)
        for account, counts in _by_account(trial, table).items()
    )
    whole = total(each.counts for each in results)
    worst = min((each.verdict for each in results), key=lambda each: each.rank, default=None)
    alone = _account_result(trial, "", whole)
    return RuleResult(
        rule=trial.rule,
        verdict=worst or alone.verdict,
        reason=_overall(trial, worst, whole, results) if worst else alone.reason,
        counts=whole,
        by_account=results,
        violations=tuple(
            each for finding in VIOLATIONS for each in found.evidence.get((number, finding), ())
        ),
        groups=found.groups.get(number, ()),
        crowded=number in found.crowded,
        sample=found.evidence.get((number, Finding.CONFORMING), ()),
        upcoming=found.evidence.get((number, Finding.UPCOMING), ()),
        undetermined=found.evidence.get((number, Finding.UNDETERMINED), ()),
        errors=found.evidence.get((number, Finding.ERROR), ()),
        episodes=trial.episodes,
    )


def _by_account(trial: _Trial, table: Mapping[str, Mapping[Finding, int]]) -> dict[str, Counts]:
    episodes: dict[str, list[Episode]] = {}
    for episode in trial.episodes:
        episodes.setdefault(episode.account, []).append(episode)
    seen = {account for each in trial.found.inputs.values() for account, *_ in each.hours}
    expected = trial.coverage.accounts if trial.coverage else ()
    return {
        account: counts_of(table.get(account, {}), episodes.get(account, ()))
        for account in sorted({*seen, *expected, *episodes})
    }


def _account_result(trial: _Trial, account: str, counts: Counts) -> AccountResult:
    known = trial.coverage.accounts.get(account) if trial.coverage else None
    lacking = _lacking(trial, known)
    verdict = verdict_of(
        Facts(
            # What was not read may hold what is missed.
            violations=bool(counts.failing) and (trial.whole or not trial.rule.rests_on_absence),
            waived=bool(counts.waived),
            unreadable=bool(counts.errors) or not trial.whole,
            unclear=bool(counts.undetermined or counts.uncertain) or not trial.has_events,
            lacking=bool(lacking),
            in_effect=_in_effect(trial, known),
            occurred=bool(counts.in_scope),
            is_duty=trial.rule.is_duty,
        )
    )
    reason = _reason(verdict, trial, counts, [known] if known else [], lacking)
    return AccountResult(
        account=account, verdict=verdict, reason=reason, counts=counts, lacking=lacking
    )


def _lacking(trial: _Trial, account: AccountCoverage | None) -> str:
    """Say why the logs of an account cannot answer, after "because"; empty when they can."""
    if trial.rule.cadence and not trial.groups:
        return reasons.NO_POPULATION
    if account is None or trial.coverage is None:
        return ""
    if not account.account and len(trial.coverage.accounts) > 1:
        # Records that name no account, beside those of accounts, are not the logs of one.
        return ""
    return why_lacking(trial.needed, account) or _uncovered(trial.rule, account)


def _uncovered(rule: Rule, account: AccountCoverage) -> str:
    if account.span is None:
        return ""
    first = max(filter(None, (account.span[0], rule.effective.start)))
    last = min(filter(None, (account.span[1], rule.effective.until)))
    gaps = [gap for gap in account.gaps if gap.meets(first, last)]
    return reasons.uncovered(gaps) if gaps else ""


def _in_effect(trial: _Trial, account: AccountCoverage | None) -> bool:
    if trial.declared:
        return False
    span = account.span if account else trial.found.span
    return span is None or trial.rule.effective.meets(*span)


def _reason(
    verdict: Verdict,
    trial: _Trial,
    counts: Counts,
    accounts: Sequence[AccountCoverage],
    lacking: str,
) -> str:
    """Say in one sentence why a verdict holds."""
    rule = trial.rule
    covered = reasons.covered(accounts, trial.coverage.hours) if trial.coverage else ""
    say: dict[Verdict, Callable[[], str]] = {
        Verdict.FAIL: lambda: reasons.failed(rule, counts),
        Verdict.ERROR: lambda: reasons.not_readable(counts),
        Verdict.NO_EVIDENCE: lambda: _why_no_evidence(trial, counts, accounts, lacking),
        Verdict.WAIVED: lambda: reasons.waived(counts),
        Verdict.PASS: lambda: reasons.passed(rule, counts, trial.groups, covered),
        Verdict.NO_OCCURRENCE: lambda: reasons.NO_OCCURRENCE,
        Verdict.NOT_APPLICABLE: lambda: (
            reasons.declared(trial.declared) if trial.declared else reasons.not_in_effect(rule)
        ),
    }
    return say[verdict]()


def _why_no_evidence(
    trial: _Trial, counts: Counts, accounts: Sequence[AccountCoverage], lacking: str
) -> str:
    if not trial.has_events:
        return reasons.untested(reasons.NO_EVENTS)
    if counts.undetermined or counts.uncertain:
        return reasons.unclear(trial.rule, counts, gaps=any(each.gaps for each in accounts))
    return reasons.untested(f", because {lacking}")


def _overall(
    trial: _Trial, verdict: Verdict, counts: Counts, results: Sequence[AccountResult]
) -> str:
    """Say why the worst verdict of several accounts holds."""
    same = [each for each in results if each.verdict is verdict]
    unclear = counts.undetermined or counts.uncertain or not trial.has_events
    if verdict is Verdict.NO_EVIDENCE and not unclear:
        accounts = [each.account for each in same]
        return reasons.untested_in(accounts, len(results), same[0].lacking)
    known = trial.coverage.accounts if trial.coverage else {}
    covered = [known[each.account] for each in results if each.account in known]
    return _reason(verdict, trial, counts, covered, "")
