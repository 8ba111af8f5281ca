"""Replaying a case of a rule over many events, as a trail log that holds its events alone."""

from typing import Final, NamedTuple

from checker.aws.period import Period
from checker.engine.exhibits import Bars
from checker.engine.found import settle
from checker.engine.ruleset import RuleSet
from checker.engine.scan import Judging
from checker.engine.tally import unite
from checker.expression.compiler import Compile, compile_expression
from checker.limits import Limits
from checker.policy.loader import RuleBook
from checker.policy.rule import Case, Expectation, Rule
from checker.trail.event import canonical_event, event_time
from checker.trail.record import Record, TrailLog
from checker.trail.source import Source
from checker.verdict.verdicts import RuleResult, Verdict, judge

_EXPECTATION: Final = {
    Verdict.FAIL: Expectation.FAIL,
    Verdict.ERROR: Expectation.ERROR,
    Verdict.NO_EVIDENCE: Expectation.NO_EVIDENCE,
}


class Replayed(NamedTuple):
    """What a case came to: the reason in words, and how many violations there were."""

    found: Expectation
    reason: str
    violations: int


def replay(
    rule: Rule, case: Case, limits: Limits, compile_with: Compile = compile_expression
) -> Replayed:
    """Judge the events of a case together.

    Args:
        rule: Over many events, bound to its parameters.
        case: Its events, and the period that they answer for.
        limits: What one evaluation may cost.
        compile_with: Makes the functions of its expressions.
    """
    book = RuleBook(rules=(rule,), packs=())
    rules = RuleSet(book, limits, compile_with=compile_with)
    judging = Judging(rules, limits, Bars(limits.exhibits))
    records = tuple(_record(index, event) for index, event in enumerate(case.events))
    judging.take_log(TrailLog(source=Source("case", explicit=True), records=records))
    covered = Period(case.start, case.end)
    found = settle(unite([judging.tally()], limits), (rule,), limits, period=covered)
    (result,) = judge((rule,), found, None, whole=True)
    return Replayed(_expectation(result), result.reason, result.counts.violations)


def _record(index: int, original: dict[str, object]) -> Record:
    event = canonical_event(original)
    return Record(index=index, original=original, event=event, time=event_time(event))


def _expectation(result: RuleResult) -> Expectation:
    if result.verdict in _EXPECTATION:
        return _EXPECTATION[result.verdict]
    return Expectation.PASS if result.counts.in_scope else Expectation.OUT_OF_SCOPE
