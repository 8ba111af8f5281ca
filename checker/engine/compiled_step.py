"""One rule made ready to judge: its conditions compiled once, each event judged by plain calls."""

from datetime import datetime
from functools import cached_property
from typing import Final

from checker.aws import Json
from checker.engine.describe import Describer, Description
from checker.engine.finding import CONFORMING, VIOLATION, Finding, Judged
from checker.engine.scope import Scope, compile_entry, scope_of, why_out
from checker.engine.subject import Subject
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression, Read
from checker.expression.faults import EvaluationError
from checker.limits import DEFAULT, Limits
from checker.policy.rule import OutcomeScope, Rule

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


class CompiledRule:
    """A rule with its conditions compiled and its parameters bound."""

    def __init__(self, rule: Rule, limits: Limits = DEFAULT) -> None:
        self.rule = rule
        self._limits = limits
        self.alternatives = tuple(
            tuple(compile_entry(entry, self._compiled) for entry in alternative)
            for alternative in rule.match
        )
        self._reads_time = rule.reads_time
        self._is_duty = rule.is_duty
        self._outcome = None if rule.outcome is OutcomeScope.ANY else rule.outcome.value

    def _compiled(self, expression: Expression) -> Evaluate:
        return compile_expression(expression, self.rule.values, self._limits)

    # Compiled when the first event asks for it: of a large set most rules never meet one.

    @cached_property
    def _where(self) -> Evaluate | None:
        return self._compiled(self.rule.where) if self.rule.where else None

    @cached_property
    def _requires(self) -> tuple[tuple[str, Evaluate], ...]:
        return tuple((each.text, self._compiled(each)) for each in self.rule.requires)

    @cached_property
    def _condition(self) -> tuple[Evaluate, tuple[Read, ...]]:
        condition = self.rule.require or self.rule.forbid
        if condition is None:
            return _never, ()
        return self._compiled(condition), condition.reads

    @cached_property
    def _describer(self) -> Describer:
        return Describer(self.rule, self._limits)

    def judge(self, event: Json, time: datetime | None) -> Judged | None:
        """Judge one canonical event.

        Args:
            event: The canonical event.
            time: Its eventTime, None when it cannot be read.

        Returns:
            None when the rule is not about the event.
        """
        return self.judge_subject(Subject(event, time), matched=False)

    def judge_subject(self, subject: Subject, *, matched: bool) -> Judged | None:
        """Judge one event, as `judge` does.

        Args:
            subject: The event.
            matched: Whether it is known that the rule's `match` holds.
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
            if not self.rule.effective.holds_at(subject.time):
                return None
        return self._judge_matched(subject, scope)

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
        event = subject.event
        try:
            for text, evaluate in self._requires:
                if evaluate(event) is None:
                    return Judged(Finding.UNDETERMINED, f"{text} is absent or null")
            condition, reads = self._condition
            hidden = subject.first_hidden(reads)
            if hidden is not None:
                reason = f"CloudTrail left out or masked {hidden}, which the condition reads"
                return Judged(Finding.UNDETERMINED, reason)
            held = holds(condition(event))
        except EvaluationError as error:
            return Judged(Finding.ERROR, str(error))
        return CONFORMING if held == self._is_duty else VIOLATION

    def _where_scope(self, subject: Subject, scope: Scope) -> Scope:
        if self._where is None or self.rule.where is None:
            return scope
        if subject.first_hidden(self.rule.where.reads) is not None:
            return Scope.UNKNOWN
        return scope if holds(self._where(subject.event)) else Scope.OUT

    def why_out(self, event: Json, time: datetime | None) -> str:
        """Say why the rule is not about an event, for who wrote the rule."""
        if scope_of(self.alternatives, event) is Scope.OUT:
            return why_out(self.alternatives, event)
        if self.rule.reads_time and time and not self.rule.effective.holds_at(time):
            return "effective: the rule is not in force at its eventTime"
        return "where: it does not hold"

    def describe(self, event: Json, finding: Finding) -> Description:
        """Say what happened in an event; never raises."""
        return self._describer.describe(event, finding)


def _never(_: Json) -> Json:
    return None
