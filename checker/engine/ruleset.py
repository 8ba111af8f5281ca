"""Rules made ready to judge: each condition compiled once, each event judged by plain calls."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cached_property

from checker.aws import Json
from checker.aws.hidden import path_is_hidden
from checker.aws.outcome import outcome as outcome_of
from checker.engine.index import ScopeIndex
from checker.engine.scope import Scope, compile_entry, is_hidden, scope_of, text_of, why_out
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression, Read
from checker.expression.faults import EvaluationError
from checker.expression.message import compile_message, parse_message
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.policy.rule import OutcomeScope, Rule
from checker.trail.glance import Glancer

_DEFAULT_MESSAGE = parse_message(
    "{eventName} by {principal(userIdentity) || userIdentity.principalId || userIdentity.type}"
)


class Finding(Enum):
    """What one event comes to under one rule."""

    CONFORMING = auto()
    VIOLATION = auto()
    UNDETERMINED = auto()
    ERROR = auto()
    OTHER_SUCCESS = auto()
    OTHER_DENIED = auto()
    OTHER_FAILED = auto()


_OTHER = {
    "success": Finding.OTHER_SUCCESS,
    "denied": Finding.OTHER_DENIED,
    "failed": Finding.OTHER_FAILED,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and for one that could not be judged, why."""

    finding: Finding
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a reader of a violation sees first.

    Attributes:
        resources: What was acted on, as text.
        evidence: The rule's own evidence fields by name.
    """

    message: str
    resources: tuple[str, ...]
    evidence: Mapping[str, Json]


class CompiledRule:
    """A rule with its conditions compiled and its parameters bound."""

    def __init__(self, rule: Rule, limits: Limits = DEFAULT) -> None:
        def compiled(expression: Expression) -> Evaluate:
            return compile_expression(expression, rule.values, limits)

        self.rule = rule
        self._limits = limits
        self.alternatives = tuple(
            tuple(compile_entry(entry, compiled) for entry in alternative)
            for alternative in rule.match
        )
        self._where = compiled(rule.where) if rule.where else None
        condition = rule.require or rule.forbid
        self._condition = compiled(condition) if condition else None
        self._condition_reads = condition.reads if condition else ()
        self._requires = tuple((each.text, compiled(each)) for each in rule.requires)

    @cached_property
    def _describer(self) -> "_Describer":
        # Compiled when the first event is to be described: most rules of a large set never are.
        return _Describer(self.rule, self._limits)

    def judge(self, event: Json, time: datetime | None) -> Judged | None:
        """Judge one canonical event.

        Args:
            event: The canonical event.
            time: Its eventTime, None when it cannot be read.

        Returns:
            None when the rule is not about the event.
        """
        try:
            scope = scope_of(self.alternatives, event)
        except EvaluationError as error:
            return Judged(Finding.ERROR, f"match: {error}")
        if scope is Scope.OUT:
            return None
        if self.rule.reads_time:
            if time is None:
                return Judged(Finding.ERROR, "its eventTime cannot be read")
            if not self.rule.effective.holds_at(time):
                return None
        return self._judge_matched(event, scope)

    def _judge_matched(self, event: Json, scope: Scope) -> Judged | None:
        outcome = outcome_of(event)
        judged_outcome = self.rule.outcome in {OutcomeScope.ANY, outcome}
        try:
            scope = self._where_scope(event, scope)
        except EvaluationError as error:
            if judged_outcome:
                return Judged(Finding.ERROR, f"where: {error}")
        if scope is Scope.OUT:
            return None
        if not judged_outcome:
            reason = f"its outcome is {outcome}, and the rule judges {self.rule.outcome}"
            return Judged(_OTHER[outcome], reason)
        if scope is Scope.UNKNOWN:
            reason = "whether the rule is about it cannot be told: CloudTrail left out what the scope reads"
            return Judged(Finding.UNDETERMINED, reason)
        return self._judge_in_scope(event)

    def _judge_in_scope(self, event: Json) -> Judged:
        try:
            for text, evaluate in self._requires:
                if evaluate(event) is None:
                    return Judged(Finding.UNDETERMINED, f"{text} is absent or null")
            hidden = _first_hidden(event, self._condition_reads)
            if hidden is not None:
                reason = f"CloudTrail left out or masked {hidden}, which the condition reads"
                return Judged(Finding.UNDETERMINED, reason)
            held = self._condition is not None and holds(self._condition(event))
        except EvaluationError as error:
            return Judged(Finding.ERROR, str(error))
        good = held if self.rule.is_duty else not held
        return Judged(Finding.CONFORMING if good else Finding.VIOLATION)

    def _where_scope(self, event: Json, scope: Scope) -> Scope:
        if self._where is None or self.rule.where is None:
            return scope
        if is_hidden(event, self.rule.where.reads):
            return Scope.UNKNOWN
        return scope if holds(self._where(event)) else Scope.OUT

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


class _Describer:
    """What a rule says of an event."""

    def __init__(self, rule: Rule, limits: Limits) -> None:
        values = rule.values
        self._neutral = compile_message(_DEFAULT_MESSAGE, values, limits)
        self._message = compile_message(rule.message, values, limits) if rule.message else None
        self._resource = (
            compile_expression(rule.resource, values, limits) if rule.resource else None
        )
        self._evidence = {
            name: compile_expression(each, values, limits) for name, each in rule.evidence.items()
        }

    def describe(self, event: Json, finding: Finding) -> Description:
        # The rule's own message tells of a violation: it is no word for an event not judged.
        own = self._message if finding is Finding.VIOLATION else None
        return Description(
            message=(own or self._neutral)(event),
            resources=_resource_texts(self._resource, event),
            evidence={name: _value_or_mark(each, event) for name, each in self._evidence.items()},
        )


def _first_hidden(event: Json, reads: tuple[Read, ...]) -> str | None:
    for read in reads:
        if path_is_hidden(event, read.path, presence=read.presence):
            return ".".join("*" if step is None else step for step in read.path) or "the event"
    return None


def _value_or_mark(evaluate: Evaluate, event: Json) -> Json:
    try:
        value = evaluate(event)
        json.dumps(value)
    except (EvaluationError, ValueError, RecursionError):
        # JSON has no text for a number of thousands of digits, or for a value too deep.
        return "?"
    return value


def _resource_texts(evaluate: Evaluate | None, event: Json) -> tuple[str, ...]:
    if evaluate is None:
        listed = event.get("resources")
        resources = listed if isinstance(listed, list) else []
        found = [each.get("ARN") for each in resources if isinstance(each, dict)]
    else:
        value = _value_or_mark(evaluate, event)
        found = value if isinstance(value, list) else [value]
    texts = (text_of(each) for each in found)
    return tuple(text for text in texts if text)


class RuleSet:
    """All rules of a run, compiled; a rule is known by its place in `rules`."""

    def __init__(self, book: RuleBook, limits: Limits = DEFAULT) -> None:
        self.rules = tuple(CompiledRule(rule, limits) for rule in book.rules)
        self.index = ScopeIndex([rule.alternatives for rule in self.rules])
        self.glancer = Glancer(self.index.fields)

    def judge(self, event: Json, time: datetime | None) -> tuple[tuple[int, Judged], ...]:
        """Judge one event under every rule that is about it.

        Returns:
            Rule numbers, ascending, with what the event comes to.
        """
        found = []
        for number in self.index.candidates(event):
            judged = self.rules[number].judge(event, time)
            if judged is not None:
                found.append((number, judged))
        return tuple(found)
