"""All rules of a run, compiled and indexed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from checker.aws import Json
from checker.aws.period import EVER, Period
from checker.engine.compiled_rule import CompiledRule, gravest
from checker.engine.compiled_step import CompiledStep
from checker.engine.exceptions import Excepter
from checker.engine.finding import Judged
from checker.engine.index import Met, ScopeIndex, Values
from checker.engine.orders import NO_ORDERS, Orders
from checker.engine.subject import Subject
from checker.engine.trail_changes import may_change_trails
from checker.expression.compiler import Compile, compile_expression
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.trail.glance import Glance, Glancer


class _Place(NamedTuple):
    """A step in the rule set: the number of its rule, and its own in that rule."""

    rule: int
    number: int
    step: CompiledStep


class Purpose(NamedTuple):
    """What an event is read in full for.

    Attributes:
        met: The rules that could be about it.
        changes_trails: Whether it may change what a trail records.
    """

    met: Met
    changes_trails: bool


class RuleSet:
    """All rules of a run, compiled; a rule is known by its place in `rules`.

    Attributes:
        period: The period that is answered for.
        orders: What is done beside judging.
        excepter: What becomes of violations.
    """

    def __init__(
        self,
        book: RuleBook,
        limits: Limits = DEFAULT,
        period: Period = EVER,
        orders: Orders = NO_ORDERS,
        compile_with: Compile = compile_expression,
    ) -> None:
        """Compile rules.

        Args:
            book: The rules.
            limits: What one evaluation may cost.
            period: The period that is answered for; events outside of it are not judged.
            orders: What is done beside judging.
            compile_with: Makes the functions of the expressions.
        """
        self.period = period
        self.orders = orders
        self.excepter = Excepter(book.rules, orders, limits)
        self._limits = limits
        self.rules = tuple(
            CompiledRule(rule, limits, timed=not period.is_open, compile_with=compile_with)
            for rule in book.rules
        )
        self._steps = tuple(
            _Place(number, at, step)
            for number, rule in enumerate(self.rules)
            for at, step in enumerate(rule.steps)
        )
        self.index = ScopeIndex([place.step.alternatives for place in self._steps])
        self._glancer: Glancer[Purpose] = Glancer(self.index.fields, self._purpose_by)

    def glance(self, content: bytes, size: int = 0) -> Glance[Purpose] | None:
        """Read a file's bytes at a glance, or a part's of one of some size; None on any doubt."""
        return self._glancer.glance(content, self._limits, self.period, size)

    def purpose_of(self, event: Mapping[str, Json]) -> Purpose | None:
        """Tell what a canonical event is read for; None for nothing."""
        return _purpose(self.index.met(event), event.get("eventSource"), event.get("eventName"))

    def _purpose_by(self, values: Values) -> Purpose | None:
        """Tell the same from the indexed fields of an event, of which these two are the first."""
        source, name, *_ = values
        return _purpose(self.index.met_by(values), source, name)

    def judge(
        self, event: Mapping[str, Json], time: datetime | None
    ) -> tuple[tuple[int, Judged], ...]:
        """Judge one event under every rule that is about it.

        Returns:
            Rule numbers, ascending, with what the event comes to.
        """
        found: dict[int, list[Judged]] = {}
        for rule, _, judged in self.judge_met(Subject(event, time), self.index.met(event)):
            found.setdefault(rule, []).append(judged)
        whole = ((rule, gravest(each)) for rule, each in found.items())
        return tuple((rule, judged) for rule, judged in whole if judged)

    def judge_met(self, subject: Subject, met: Met) -> list[tuple[int, int, Judged]]:
        """Judge one event under the steps that the index gave for it.

        Returns:
            Number of the rule, of the step in it, and what the event comes to; ascending.
        """
        found = []
        for number, matched in met:
            rule, at, step = self._steps[number]
            judged = step.judge(subject, matched=matched)
            if judged is not None:
                found.append((rule, at, judged))
        return found


def _purpose(met: Met, source: Json, name: Json) -> Purpose | None:
    purpose = Purpose(met, may_change_trails(source, name))
    return purpose if any(purpose) else None
