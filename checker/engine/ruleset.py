"""Rules made ready to judge: each condition compiled once, each event judged by plain calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from checker.aws import Json
from checker.aws.glob import compile_glob
from checker.aws.hidden import path_is_hidden
from checker.aws.outcome import outcome as outcome_of
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression, Read
from checker.expression.faults import EvaluationError
from checker.expression.message import compile_message, parse_message
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.policy.rule import MatchEntry, OutcomeScope, Rule

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


class _Scope(Enum):
    """Whether an event is one that a rule is about, when some of it may be hidden."""

    IN = auto()
    OUT = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class _CompiledEntry:
    """One line of a `match` mapping; never raises."""

    evaluate: Evaluate
    matchers: tuple[Callable[[str], bool], ...]
    null: bool
    reads: tuple[Read, ...]

    def scope(self, event: Json) -> _Scope:
        if self._matches(self.evaluate(event)):
            return _Scope.IN
        return _Scope.UNKNOWN if _hidden(event, self.reads) else _Scope.OUT

    def _matches(self, value: Json) -> bool:
        if isinstance(value, list):
            return any(self._matches_one(each) for each in value)
        return self._matches_one(value)

    def _matches_one(self, value: Json) -> bool:
        if value is None:
            return self.null
        text = _text_of(value)
        return text is not None and any(matches(text) for matches in self.matchers)


def _text_of(value: Json) -> str | None:
    """Give a scalar as the text that JSON writes for it; CloudTrail has both true and "true"."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case _:
            return None


def _hidden(event: Json, reads: tuple[Read, ...]) -> bool:
    return any(path_is_hidden(event, read.path, presence=read.presence) for read in reads)


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

        def optional(expression: Expression | None) -> Evaluate | None:
            return None if expression is None else compiled(expression)

        self.rule = rule
        self._match = tuple(
            tuple(_compile_entry(entry, compiled(entry.key)) for entry in alternative)
            for alternative in rule.match
        )
        self._where = optional(rule.where)
        condition = rule.require or rule.forbid
        self._condition = optional(condition)
        self._condition_reads = condition.reads if condition else ()
        self._requires = tuple((each.text, compiled(each)) for each in rule.requires)
        self._message = compile_message(rule.message or _DEFAULT_MESSAGE, rule.values, limits)
        self._resource = optional(rule.resource)
        self._evidence = {name: compiled(each) for name, each in rule.evidence.items()}

    def judge(self, event: Json, time: datetime | None) -> Judged | None:
        """Judge one canonical event.

        Args:
            event: The canonical event.
            time: Its eventTime, None when it cannot be read.

        Returns:
            None when the rule is not about the event.
        """
        scope = self._match_scope(event)
        if scope is _Scope.OUT:
            return None
        if self.rule.reads_time:
            if time is None:
                return Judged(Finding.ERROR, "its eventTime cannot be read")
            if not self.rule.effective.holds_at(time):
                return None
        return self._judge_matched(event, scope)

    def _judge_matched(self, event: Json, scope: _Scope) -> Judged | None:
        outcome = outcome_of(event)
        judged_outcome = self.rule.outcome in {OutcomeScope.ANY, outcome}
        try:
            scope = self._where_scope(event, scope)
        except EvaluationError as error:
            if judged_outcome:
                return Judged(Finding.ERROR, f"where: {error}")
        if scope is _Scope.OUT:
            return None
        if not judged_outcome:
            return Judged(_OTHER[outcome])
        if scope is _Scope.UNKNOWN:
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

    def _match_scope(self, event: Json) -> _Scope:
        best = _Scope.OUT
        for alternative in self._match:
            scope = _all_of(alternative, event)
            if scope is _Scope.IN:
                return scope
            if scope is _Scope.UNKNOWN:
                best = scope
        return best

    def _where_scope(self, event: Json, scope: _Scope) -> _Scope:
        if self._where is None or self.rule.where is None:
            return scope
        if _hidden(event, self.rule.where.reads):
            return _Scope.UNKNOWN
        return scope if holds(self._where(event)) else _Scope.OUT

    def describe(self, event: Json) -> Description:
        """Say what happened in an event, in the rule's own words; never raises."""
        return Description(
            message=self._message(event),
            resources=_resource_texts(self._resource, event),
            evidence={name: _value_or_mark(each, event) for name, each in self._evidence.items()},
        )


def _all_of(entries: tuple[_CompiledEntry, ...], event: Json) -> _Scope:
    scope = _Scope.IN
    for entry in entries:
        each = entry.scope(event)
        if each is _Scope.OUT:
            return each
        if each is _Scope.UNKNOWN:
            scope = each
    return scope


def _compile_entry(entry: MatchEntry, evaluate: Evaluate) -> _CompiledEntry:
    return _CompiledEntry(
        evaluate,
        tuple(compile_glob(pattern) for pattern in entry.patterns),
        entry.null,
        entry.key.reads,
    )


def _first_hidden(event: Json, reads: tuple[Read, ...]) -> str | None:
    for read in reads:
        if path_is_hidden(event, read.path, presence=read.presence):
            return ".".join("*" if step is None else step for step in read.path) or "the event"
    return None


def _value_or_mark(evaluate: Evaluate, event: Json) -> Json:
    try:
        return evaluate(event)
    except EvaluationError:
        return "?"


def _resource_texts(evaluate: Evaluate | None, event: Json) -> tuple[str, ...]:
    if evaluate is None:
        listed = event.get("resources")
        resources = listed if isinstance(listed, list) else []
        found = [each.get("ARN") for each in resources if isinstance(each, dict)]
    else:
        value = _value_or_mark(evaluate, event)
        found = value if isinstance(value, list) else [value]
    texts = (_text_of(each) for each in found)
    return tuple(text for text in texts if text)


class RuleSet:
    """All rules of a run, compiled; a rule is known by its place in `rules`."""

    def __init__(self, book: RuleBook, limits: Limits = DEFAULT) -> None:
        self.rules = tuple(CompiledRule(rule, limits) for rule in book.rules)

    def judge(self, event: Json, time: datetime | None) -> tuple[tuple[int, Judged], ...]:
        """Judge one event under every rule that is about it.

        Returns:
            Rule numbers, ascending, with what the event comes to.
        """
        found = []
        for number, rule in enumerate(self.rules):
            judged = rule.judge(event, time)
            if judged is not None:
                found.append((number, judged))
        return tuple(found)
