"""The tests in the rules: each case judged as an event of a trail would be."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from checker.authoring.replay import replay
from checker.engine.compiled_rule import CompiledRule
from checker.engine.finding import Finding, Judged
from checker.errors import Problem
from checker.limits import DEFAULT, Limits
from checker.policy.loader import bound
from checker.policy.parameters import Settings
from checker.policy.rule import Case, Expectation, Rule
from checker.policy.shape import ShapeError
from checker.trail.event import canonical_event, event_time

_EXPECTATION = {
    Finding.CONFORMING: Expectation.PASS,
    Finding.VIOLATION: Expectation.FAIL,
    Finding.UNDETERMINED: Expectation.UNDETERMINED,
    Finding.UPCOMING: Expectation.UPCOMING,
    Finding.ERROR: Expectation.ERROR,
}
_WORST_FIRST = (
    Expectation.FAIL,
    Expectation.ERROR,
    Expectation.UNDETERMINED,
    Expectation.UPCOMING,
    Expectation.PASS,
    Expectation.OUT_OF_SCOPE,
)


class CaseResult(Struct, frozen=True, kw_only=True):
    """What one case came to.

    Attributes:
        found: None when the case itself is wrong.
        reason: Why an event could not be judged, or what is wrong with the case.
        violations: How many there were, of a rule over many events.
    """

    rule: Rule
    case: Case
    found: Expectation | None
    reason: str
    violations: int = 0

    @property
    def passed(self) -> bool:
        """Whether the rule said what the case expects."""
        return self.found is self.case.expect and self.case.violations in {None, self.violations}


def run_tests(
    rules: Sequence[Rule], settings: Settings, limits: Limits = DEFAULT
) -> Iterator[CaseResult]:
    """Run every case of every rule.

    Args:
        rules: As read; their parameters need no values yet.
        settings: Values given from outside, under each case's own.
        limits: What one evaluation may cost.
    """
    for rule in rules:
        for case in rule.tests:
            yield run_case(rule, case, settings, limits)


def run_case(rule: Rule, case: Case, settings: Settings, limits: Limits = DEFAULT) -> CaseResult:
    """Judge one case; over several events the worst finding counts."""
    try:
        compiled = CompiledRule(bound(rule, Settings((case.params,)).over(settings)), limits)
    except ShapeError as error:
        return CaseResult(rule=rule, case=case, found=None, reason=_causes(error.problems))
    if rule.spans_events:
        found_of_all, reason, violations = replay(compiled.rule, case, limits)
        return CaseResult(
            rule=rule, case=case, found=found_of_all, reason=reason, violations=violations
        )
    found: dict[Expectation, str] = {}
    for record in case.events:
        event = canonical_event(record)
        time = event_time(event)
        judged = compiled.judge(event, time)
        reason = judged.reason if judged else compiled.why_out(event, time)
        found.setdefault(_expectation(judged), reason)
    worst = next(each for each in _WORST_FIRST if each in found)
    return CaseResult(rule=rule, case=case, found=worst, reason=found[worst])


def _expectation(judged: Judged | None) -> Expectation:
    if judged is None:
        return Expectation.OUT_OF_SCOPE
    return _EXPECTATION.get(judged.finding, Expectation.OUT_OF_SCOPE)


def _causes(problems: Sequence[Problem]) -> str:
    return "; ".join(problem.cause for problem in problems)
