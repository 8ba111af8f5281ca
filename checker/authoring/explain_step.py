"""One step of a rule on one event, asked in the engine's order, and every answer kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.time import format_time
from checker.engine.finding import CONFORMING, UPCOMING, VIOLATION, Finding, Judged
from checker.engine.grouping import Grouping
from checker.engine.scope import CompiledEntry, Scope, compile_entry, scope_of
from checker.engine.subject import Subject
from checker.expression.compiler import compile_expression
from checker.expression.expression import Expression
from checker.expression.faults import EvaluationError
from checker.expression.trace import Part, State, trace_expression
from checker.limits import Limits
from checker.policy.rule import MatchEntry, OutcomeScope, Rule, Step

OTHER_OUTCOMES: Final = {
    "success": Finding.OTHER_SUCCESS,
    "denied": Finding.OTHER_DENIED,
    "failed": Finding.OTHER_FAILED,
}
_NO_TIME: Final = Judged(Finding.ERROR, "its eventTime cannot be read")
_SCOPE_HIDDEN: Final = Judged(
    Finding.UNDETERMINED,
    "whether the rule is about it cannot be told: CloudTrail left out what the scope reads",
)


class EntryAsked(Struct, frozen=True, kw_only=True):
    """A line of `match` and its answer; None where it raised."""

    key: str
    accepts: tuple[str | None, ...]
    value: Json
    scope: Scope | None


class Asked(Struct, frozen=True, kw_only=True):
    """One thing that was asked, and the answer.

    Attributes:
        name: The key of the rule that asks.
        scope: IN where it holds, UNKNOWN where what it reads is hidden; None where it raised.
        detail: The answer in words, where there is no tree.
        alternatives: Of `match`.
        part: The tree of a condition; None where it was not evaluated.
        hidden: What CloudTrail left out or masked of what it reads.
    """

    name: str
    scope: Scope | None
    detail: str = ""
    alternatives: tuple[tuple[EntryAsked, ...], ...] = ()
    part: Part | None = None
    hidden: tuple[str, ...] = ()


class StepAnswer(Struct, frozen=True, kw_only=True):
    """What a step makes of an event.

    Attributes:
        judged: None where the step is not about it.
        asked: What was asked, in order; the last one told.
        unasked: The keys that were not reached.
        key: The values that the event is grouped by, of a rule over many events.
    """

    step: Step
    judged: Judged | None
    asked: tuple[Asked, ...]
    unasked: tuple[str, ...]
    key: tuple[str | None, ...] | None = None


class StepExplainer:
    """Asks one step of a rule of one event after the other."""

    def __init__(self, rule: Rule, step: Step, limits: Limits) -> None:
        """Make ready to ask.

        Args:
            rule: Bound to its parameters.
            step: Of the rule.
            limits: What one evaluation may cost.
        """
        self._rule = rule
        self._step = step
        self._limits = limits
        self._alternatives = tuple(
            tuple(
                compile_entry(entry, lambda each: compile_expression(each, rule.values, limits))
                for entry in alternative
            )
            for alternative in step.match
        )
        self._condition = rule.require or rule.forbid
        self._grouping = Grouping(rule, step, limits) if rule.spans_events else None

    def ask(self, subject: Subject) -> StepAnswer:
        """Ask of an event all that the engine would."""
        asking = _Asking(self, subject)
        judged = asking.judged()
        asked = tuple(asking.asked)
        key = None
        if self._grouping and judged is not None and judged.finding is Finding.COUNTED:
            key = self._grouping.key(subject.event)
        reached = {each.name for each in asked}
        unasked = tuple(name for name in self._names() if name not in reached)
        return StepAnswer(step=self._step, judged=judged, asked=asked, unasked=unasked, key=key)

    def _names(self) -> Iterator[str]:
        """Give the keys by which the rule asks, in the order in which it does."""
        yield "match"
        if self._rule.effective.start or self._rule.effective.until:
            yield "effective"
        if self._step.where:
            yield "where"
        if self._step.outcome is not OutcomeScope.ANY:
            yield "outcome"
        if self._rule.requires:
            yield "requires"
        if self._condition:
            yield "require" if self._rule.require else "forbid"

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self._rule

    @property
    def step(self) -> Step:
        """The step."""
        return self._step

    @property
    def alternatives(self) -> tuple[tuple[CompiledEntry, ...], ...]:
        """Its `match`, compiled."""
        return self._alternatives

    @property
    def grouping(self) -> Grouping | None:
        """By what events are grouped; None for a rule of single events."""
        return self._grouping

    def traced(self, expression: Expression, event: Json) -> Part:
        """Evaluate an expression of the rule, and keep what each part came to."""
        return trace_expression(expression, self._rule.values, self._limits)(event)


class _Asking:
    """One event before one step; the order is that of `CompiledStep`."""

    def __init__(self, explainer: StepExplainer, subject: Subject) -> None:
        self._explainer = explainer
        self._rule = explainer.rule
        self._step = explainer.step
        self._subject = subject
        self.asked: list[Asked] = []

    def judged(self) -> Judged | None:
        """Ask everything that is left to ask, and give the finding."""
        scope = self._ask_match()
        if not isinstance(scope, Scope):
            return scope
        if scope is Scope.OUT:
            return None
        if self._rule.reads_time:
            time, effective = self._subject.time, self._rule.effective
            if time is None:
                self._note("effective", None, "its eventTime cannot be read")
                return _NO_TIME
            if not effective.holds_at(time):
                return self._judged_early(scope)
            if effective.start or effective.until:
                self._note("effective", Scope.IN, self._in_force())
        return self._judged_matched(scope)

    def _ask_match(self) -> Scope | Judged:
        event = self._subject.event
        alternatives = tuple(
            tuple(_entry_asked(entry, written, event) for entry, written in zip(*both, strict=True))
            for both in zip(self._explainer.alternatives, self._step.match, strict=True)
        )
        try:
            scope = scope_of(self._explainer.alternatives, event)
        except EvaluationError as error:
            self.asked.append(Asked(name="match", scope=None, alternatives=alternatives))
            return Judged(Finding.ERROR, f"match: {error}")
        self.asked.append(Asked(name="match", scope=scope, alternatives=alternatives))
        return scope

    def _judged_early(self, scope: Scope) -> Judged | None:
        """Tell of an event out of force whether it is what will break the rule."""
        self._note("effective", Scope.OUT, self._in_force())
        start, time = self._rule.effective.start, self._subject.time
        if not self._rule.notice or start is None or time is None or time >= start:
            return None
        if time < start - timedelta(seconds=self._rule.notice):
            return None
        judged = self._judged_matched(scope)
        return UPCOMING if judged is not None and judged.finding is Finding.VIOLATION else None

    def _judged_matched(self, scope: Scope) -> Judged | None:
        wanted, outcome = self._step.outcome, self._subject.outcome
        judges_outcome = wanted is OutcomeScope.ANY or wanted.value == outcome
        if self._step.where is not None:
            answer = self._ask_condition("where", self._step.where)
            if answer.scope is None and judges_outcome:
                return Judged(Finding.ERROR, f"where: {cause_of(answer.part)}")
            if answer.scope is Scope.OUT:
                return None
            scope = Scope.UNKNOWN if answer.scope is Scope.UNKNOWN else scope
        if wanted is not OutcomeScope.ANY:
            self._note("outcome", Scope.IN if judges_outcome else Scope.OUT, outcome)
        if not judges_outcome:
            reason = f"its outcome is {outcome}, and the rule judges {wanted}"
            return Judged(OTHER_OUTCOMES[outcome], reason)
        return _SCOPE_HIDDEN if scope is Scope.UNKNOWN else self._judged_in_scope()

    def _judged_in_scope(self) -> Judged:
        for path in self._rule.requires:
            part = self._explainer.traced(path, self._subject.event)
            absent = part.state is State.VALUE and part.value is None
            scope = None if part.state is State.RAISED else Scope.OUT if absent else Scope.IN
            self.asked.append(Asked(name="requires", scope=scope, part=part))
            if scope is None:
                return Judged(Finding.ERROR, cause_of(part))
            if absent:
                return Judged(Finding.UNDETERMINED, f"{path.text} is absent or null")
        if self._explainer.grouping is not None:
            return self._judged_group(self._explainer.grouping)
        return self._judged_condition()

    def _judged_group(self, grouping: Grouping) -> Judged:
        try:
            judged = grouping(self._subject)
        except EvaluationError as error:
            judged = Judged(Finding.ERROR, str(error))
        if judged.finding is not Finding.COUNTED:
            scope = None if judged.finding is Finding.ERROR else Scope.UNKNOWN
            self._note("group_by", scope, judged.reason)
        return judged

    def _judged_condition(self) -> Judged:
        condition = self._rule.require or self._rule.forbid
        if condition is None:
            raise ValueError("a rule of single events requires or forbids something")
        name = "require" if self._rule.require else "forbid"
        answer = self._ask_condition(name, condition)
        match answer.scope:
            case None:
                return Judged(Finding.ERROR, cause_of(answer.part))
            case Scope.UNKNOWN:
                reason = (
                    f"CloudTrail left out or masked {answer.hidden[0]}, which the condition reads"
                )
                return Judged(Finding.UNDETERMINED, reason)
            case scope:
                return CONFORMING if (scope is Scope.IN) is self._rule.is_duty else VIOLATION

    def _ask_condition(self, name: str, condition: Expression) -> Asked:
        """Evaluate a condition, unless what it reads is hidden."""
        hidden = tuple(
            path for read in condition.reads if (path := self._subject.first_hidden((read,)))
        )
        if hidden:
            answer = Asked(name=name, scope=Scope.UNKNOWN, hidden=hidden, detail=condition.text)
        else:
            part = self._explainer.traced(condition, self._subject.event)
            raised = part.state is State.RAISED
            scope = None if raised else Scope.IN if part.is_true else Scope.OUT
            answer = Asked(name=name, scope=scope, part=part)
        self.asked.append(answer)
        return answer

    def _note(self, name: str, scope: Scope | None, detail: str) -> None:
        self.asked.append(Asked(name=name, scope=scope, detail=detail))

    def _in_force(self) -> str:
        effective, time = self._rule.effective, self._subject.time
        since = f" from {format_time(effective.start)}" if effective.start else ""
        until = f" until {format_time(effective.until)}" if effective.until else ""
        return (
            f"in force{since}{until}; its eventTime is {format_time(time) if time else 'unknown'}"
        )


def cause_of(part: Part | None) -> str:
    """Give the cause of the part that raised, which is the innermost."""
    if part is None:
        return ""
    below = (cause_of(each) for each in part.parts if each.state is State.RAISED)
    return part.cause or next((cause for cause in below if cause), "")


def _entry_asked(entry: CompiledEntry, written: MatchEntry, event: Json) -> EntryAsked:
    accepts = (*written.patterns, *((None,) if entry.null else ()))
    try:
        return EntryAsked(
            key=entry.key, accepts=accepts, value=entry.evaluate(event), scope=entry.scope(event)
        )
    except EvaluationError:
        return EntryAsked(key=entry.key, accepts=accepts, value=None, scope=None)
