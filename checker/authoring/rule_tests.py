"""The tests in the rules: each case judged as an event of a trail would be."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from checker.authoring.replay import replay
from checker.aws import Json
from checker.engine.compiled_rule import CompiledRule
from checker.engine.finding import Finding, Judged
from checker.expression.compiler import Compile, compile_expression
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
        reason: Why a case that did not pass came to what it did.
        violations: How many there were, of a rule over many events.
        decisive: The number of the event that decided, of several events judged each by itself.
    """

    rule: Rule
    case: Case
    found: Expectation | None
    reason: str
    violations: int = 0
    decisive: int = 0

    @property
    def passed(self) -> bool:
        """Whether the rule said what the case expects."""
        return self.found is self.case.expect and self.case.violations in {None, self.violations}


class Staged(Struct, frozen=True, eq=False):
    """A case whose events are canonical, each with its time: the same for every variant of a rule."""

    case: Case
    events: tuple[tuple[Json, datetime | None], ...]


def stage(case: Case) -> Staged:
    """Make a case ready to be judged again and again."""
    events = (canonical_event(record) for record in case.events)
    return Staged(case, tuple((event, event_time(event)) for event in events))


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
        bench = Bench(rule, settings, limits)
        yield from (bench.run(stage(case)) for case in rule.tests)


class Bench:
    """Runs cases of one rule; what they have in common is bound and compiled once."""

    def __init__(
        self,
        rule: Rule,
        settings: Settings,
        limits: Limits = DEFAULT,
        compile_with: Compile = compile_expression,
    ) -> None:
        """Take a rule.

        Args:
            rule: As read; its parameters need no values yet.
            settings: Values given from outside, under each case's own.
            limits: What one evaluation may cost.
            compile_with: Makes the functions of its expressions.
        """
        self.rule = rule
        self._settings = settings
        self._limits = limits
        self._compile = compile_with

    def run(self, staged: Staged) -> CaseResult:
        """Judge one case; over several events the worst finding counts."""
        case = staged.case
        try:
            compiled = self._compiled(case)
        except ShapeError as error:
            causes = "; ".join(problem.cause for problem in error.problems)
            return CaseResult(rule=self.rule, case=case, found=None, reason=causes)
        if self.rule.spans_events:
            found, reason, violations = replay(compiled.rule, case, self._limits, self._compile)
            return CaseResult(
                rule=self.rule, case=case, found=found, reason=reason, violations=violations
            )
        return self._worst(compiled, staged)

    def _worst(self, compiled: CompiledRule, staged: Staged) -> CaseResult:
        judged = [compiled.judge(event, time) for event, time in staged.events]
        found = [_expectation(each) for each in judged]
        worst = min(found, key=_WORST_FIRST.index)
        at = found.index(worst)
        decided, case = judged[at], staged.case
        reason = ""
        if worst is not case.expect:
            reason = decided.reason if decided else compiled.why_out(*staged.events[at])
        decisive = at + 1 if len(found) > 1 else 0
        return CaseResult(rule=self.rule, case=case, found=worst, reason=reason, decisive=decisive)

    def _compiled(self, case: Case) -> CompiledRule:
        return self._compile_for(self._settings_of(case)) if case.params else self._without_params

    @cached_property
    def _without_params(self) -> CompiledRule:
        return self._compile_for(self._settings)

    def _settings_of(self, case: Case) -> Settings:
        return Settings((case.params,)).over(self._settings)

    def _compile_for(self, settings: Settings) -> CompiledRule:
        rule = bound(self.rule, settings)
        return CompiledRule(rule, self._limits, compile_with=self._compile)


def _expectation(judged: Judged | None) -> Expectation:
    if judged is None:
        return Expectation.OUT_OF_SCOPE
    return _EXPECTATION.get(judged.finding, Expectation.OUT_OF_SCOPE)
