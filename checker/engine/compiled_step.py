"""A rule, or one step of it, made ready: its scope compiled once, each event judged by plain calls."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, TypeAlias

from checker.engine.finding import UPCOMING, Finding, Judged
from checker.engine.scope import Scope, compile_entry, scope_of, why_out
from checker.engine.subject import Subject
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression
from checker.expression.faults import EvaluationError
from checker.policy.rule import OutcomeScope, Rule, Step

Conclude: TypeAlias = Callable[[Subject], Judged]
"""What an event in scope comes to; may raise EvaluationError."""

_OTHER: Final = {
    "success": Finding.OTHER_SUCCESS,
    "denied": Finding.OTHER_DENIED,
    "failed": Finding.OTHER_FAILED,
}
_NO_TIME: Final = Judged(Finding.ERROR, "its eventTime cannot be read")
_SCOPE_HIDDEN: Final = Judged(
    Finding.UNDETERMINED,
    "whether the rule is about it cannot be told: CloudTrail left out what the scope reads",
)


class CompiledStep:
    """Which events a rule, or one step of it, is about, and what those come to."""

    def __init__(
        self,
        rule: Rule,
        step: Step,
        make_conclude: Callable[[], Conclude],
        compiled: Callable[[Expression], Evaluate],
        *,
        timed: bool,
    ) -> None:
        """Compile what the index needs; the rest is compiled when an event first asks for it.

        Args:
            rule: Bound to its parameters.
            step: Of the rule.
            make_conclude: Compiles what an event in scope comes to.
            compiled: Gives the function of an expression.
            timed: Whether an event whose time cannot be read is an error in any case.
        """
        self._rule = rule
        self._step = step
        self._compiled = compiled
        self._make_conclude = make_conclude
        self.alternatives = tuple(
            tuple(compile_entry(entry, self._compiled) for entry in alternative)
            for alternative in step.match
        )
        self._reads_time = timed or rule.reads_time
        self._outcome = None if step.outcome is OutcomeScope.ANY else step.outcome.value

    @cached_property
    def _where(self) -> Evaluate | None:
        return self._compiled(self._step.where) if self._step.where else None

    @cached_property
    def _requires(self) -> tuple[tuple[str, Evaluate], ...]:
        return tuple((each.text, self._compiled(each)) for each in self._rule.requires)

    @cached_property
    def _conclude(self) -> Conclude:
        return self._make_conclude()

    def judge(self, subject: Subject, *, matched: bool) -> Judged | None:
        """Judge one event.

        Args:
            subject: The event.
            matched: Whether it is known that `match` holds.

        Returns:
            None when the rule is not about the event.
        """
        scope = Scope.IN
        if not matched:
            try:
                scope = scope_of(self.alternatives, subject.event)
            except EvaluationError as error:
                return Judged(Finding.ERROR, f"match: {error}")
            if scope is Scope.OUT:
                return None
        if self._reads_time:
            if subject.time is None:
                return _NO_TIME
            if not self._rule.effective.holds_at(subject.time):
                return self._judge_early(subject, scope, subject.time)
        return self._judge_matched(subject, scope)

    def _judge_early(self, subject: Subject, scope: Scope, time: datetime) -> Judged | None:
        """Tell of an event before the rule is in force whether it is what will break it."""
        start = self._rule.effective.start
        if not self._rule.notice or start is None or time >= start:
            return None
        if time < start - timedelta(seconds=self._rule.notice):
            return None
        judged = self._judge_matched(subject, scope)
        return UPCOMING if judged is not None and judged.finding is Finding.VIOLATION else None

    def _judge_matched(self, subject: Subject, scope: Scope) -> Judged | None:
        judges_outcome = self._outcome is None or self._outcome == subject.outcome
        if self._where is not None:
            try:
                scope = self._where_scope(subject, scope)
            except EvaluationError as error:
                if judges_outcome:
                    return Judged(Finding.ERROR, f"where: {error}")
            if scope is Scope.OUT:
                return None
        if not judges_outcome:
            reason = f"its outcome is {subject.outcome}, and the rule judges {self._outcome}"
            return Judged(_OTHER[subject.outcome], reason)
        if scope is Scope.UNKNOWN:
            return _SCOPE_HIDDEN
        return self._judge_in_scope(subject)

    def _judge_in_scope(self, subject: Subject) -> Judged:
        try:
            for text, evaluate in self._requires:
                if evaluate(subject.event) is None:
                    return Judged(Finding.UNDETERMINED, f"{text} is absent or null")
            return self._conclude(subject)
        except EvaluationError as error:
            return Judged(Finding.ERROR, str(error))

    def _where_scope(self, subject: Subject, scope: Scope) -> Scope:
        if self._where is None or self._step.where is None:
            return scope
        if subject.first_hidden(self._step.where.reads) is not None:
            return Scope.UNKNOWN
        return scope if holds(self._where(subject.event)) else Scope.OUT

    def why_out(self, subject: Subject) -> str:
        """Say why the rule is not about an event, for who wrote the rule."""
        if scope_of(self.alternatives, subject.event) is Scope.OUT:
            return why_out(self.alternatives, subject.event)
        if self._reads_time and subject.time and not self._rule.effective.holds_at(subject.time):
            return "effective: the rule is not in force at its eventTime"
        return "where: it does not hold"
