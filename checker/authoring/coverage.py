"""Coverage of a rule by its tests: which operands and lines of `match` were both true and false."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from checker.authoring.rule_tests import Bench, Staged
from checker.aws import Json
from checker.engine.scope import CompiledEntry, Scope, compile_entry
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.expression import Expression
from checker.expression.faults import EvaluationError
from checker.expression.operands import Span, operands_of, watch_expression
from checker.limits import DEFAULT, Limits
from checker.policy.parameters import Settings
from checker.policy.rule import Rule, Step


class Operand(Struct, frozen=True, kw_only=True):
    """One thing that decides on an event, and what it came to over a rule's tests.

    Attributes:
        key: Where it stands in the rule, such as `require`.
        text: As written.
    """

    key: str
    text: str
    was_true: bool
    was_false: bool

    @property
    def is_covered(self) -> bool:
        """Whether it was both."""
        return self.was_true and self.was_false


class Coverage(Struct, frozen=True):
    """The operands of a rule, in the order of its keys."""

    operands: tuple[Operand, ...]

    @property
    def percent(self) -> float:
        """How many of a hundred were both true and false; 100 where there are none."""
        covered = sum(each.is_covered for each in self.operands)
        return 100.0 * covered / len(self.operands) if self.operands else 100.0

    @property
    def missed(self) -> tuple[Operand, ...]:
        """Those that were not both."""
        return tuple(each for each in self.operands if not each.is_covered)


class Watch:
    """Runs cases of one rule and keeps what its operands come to."""

    def __init__(self, rule: Rule, settings: Settings, limits: Limits = DEFAULT) -> None:
        """Take a rule.

        Args:
            rule: As read; its parameters need no values yet.
            settings: Values given from outside, under each case's own.
            limits: What one evaluation may cost.
        """
        self._rule = rule
        self._conditions = dict(_conditions(rule))
        self._known = {id(each) for each in self._conditions.values()}
        self._seen: set[tuple[str, Span, bool]] = set()
        self._limits = limits
        self.bench = Bench(rule, settings, limits, self._watching)

    def coverage(self, staged: Sequence[Staged]) -> Coverage:
        """Give the coverage by cases that were run on the bench."""
        events = [event for each in staged for event, _ in each.events]
        return Coverage((*self._entries(events), *self._operands()))

    def _watching(
        self, expression: Expression, values: Mapping[str, Json], limits: Limits
    ) -> Evaluate:
        if id(expression) not in self._known:
            return compile_expression(expression, values, limits)
        see = partial(self._see, expression.text)
        return watch_expression(expression, values, see, limits)

    def _see(self, text: str, span: Span, held: bool) -> None:  # noqa: FBT001 - a callback's
        self._seen.add((text, span, held))

    def _operands(self) -> Iterator[Operand]:
        for key, expression in self._conditions.items():
            for span in operands_of(expression):
                yield Operand(
                    key=key,
                    text=" ".join(expression.text[slice(*span)].split()),
                    was_true=(expression.text, span, True) in self._seen,
                    was_false=(expression.text, span, False) in self._seen,
                )

    def _entries(self, events: Sequence[Json]) -> Iterator[Operand]:
        for prefix, step in _steps(self._rule):
            for at, alternative in enumerate(step.match):
                several = f"[{at}]" if len(step.match) > 1 else ""
                for entry in alternative:
                    compiled = compile_entry(entry, self._compile_key)
                    scopes = {_scope(compiled, event) for event in events}
                    yield Operand(
                        key=f"{prefix}match{several}",
                        text=entry.key.text,
                        was_true=Scope.IN in scopes,
                        was_false=Scope.OUT in scopes,
                    )

    def _compile_key(self, key: Expression) -> Evaluate:
        return compile_expression(key, {}, self._limits)


def _scope(entry: CompiledEntry, event: Json) -> Scope:
    try:
        return entry.scope(event)
    except EvaluationError:
        return Scope.UNKNOWN


def _steps(rule: Rule) -> Iterator[tuple[str, Step]]:
    for step in rule.steps:
        yield (f"steps.{step.name}." if step.name else "", step)


def _conditions(rule: Rule) -> Iterator[tuple[str, Expression]]:
    for prefix, step in _steps(rule):
        if step.where:
            yield f"{prefix}where", step.where
    for key, condition in (("require", rule.require), ("forbid", rule.forbid)):
        if condition:
            yield key, condition
