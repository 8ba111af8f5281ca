"""One rule made ready to judge: its steps, each with what an event in its scope comes to."""

from datetime import datetime
from functools import partial

from checker.aws import Json
from checker.engine.compiled_step import CompiledStep, Conclude
from checker.engine.finding import CONFORMING, VIOLATION, Finding, Judged
from checker.engine.grouping import Grouping
from checker.engine.subject import Subject
from checker.expression.compiler import Compile, compile_expression
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression
from checker.limits import DEFAULT, Limits
from checker.policy.rule import Rule, Step


class CompiledRule:
    """A rule with its conditions compiled and its parameters bound.

    Attributes:
        steps: One for most rules.
    """

    def __init__(
        self,
        rule: Rule,
        limits: Limits = DEFAULT,
        *,
        timed: bool = False,
        compile_with: Compile = compile_expression,
    ) -> None:
        """Compile a rule.

        Args:
            rule: Bound to its parameters.
            limits: What one evaluation may cost.
            timed: Whether an event whose time cannot be read is an error, whatever the rule reads.
            compile_with: Makes the functions of its expressions.
        """
        self.rule = rule
        self._compile = compile_with
        self._limits = limits
        self.steps = tuple(
            CompiledStep(rule, step, partial(self._conclusion, step), self._compiled, timed=timed)
            for step in rule.steps
        )

    def judge(self, event: Json, time: datetime | None) -> Judged | None:
        """Judge one canonical event; None when the rule is not about it."""
        subject = Subject(event, time)
        found = [step.judge(subject, matched=False) for step in self.steps]
        return gravest([each for each in found if each is not None])

    def why_out(self, event: Json, time: datetime | None) -> str:
        """Say why the rule is not about an event, for who wrote the rule."""
        subject = Subject(event, time)
        return "; ".join(dict.fromkeys(step.why_out(subject) for step in self.steps))

    def _compiled(self, expression: Expression) -> Evaluate:
        return self._compile(expression, self.rule.values, self._limits)

    def _conclusion(self, step: Step) -> Conclude:
        if self.rule.spans_events:
            return Grouping(self.rule, step, self._limits, self._compile)
        return self._condition()

    def _condition(self) -> Conclude:
        condition = self.rule.require or self.rule.forbid
        if condition is None:
            raise ValueError("a rule of single events requires or forbids something")
        evaluate = self._compiled(condition)
        reads, is_duty = condition.reads, self.rule.is_duty

        def conclude(subject: Subject) -> Judged:
            hidden = subject.first_hidden(reads)
            if hidden is not None:
                reason = f"CloudTrail left out or masked {hidden}, which the condition reads"
                return Judged(Finding.UNDETERMINED, reason)
            return CONFORMING if holds(evaluate(subject.event)) == is_duty else VIOLATION

        return conclude


def gravest(found: list[Judged]) -> Judged | None:
    """Give what an event comes to under a rule, of what it comes to under each step."""
    return min(found, key=lambda judged: judged.finding, default=None)
