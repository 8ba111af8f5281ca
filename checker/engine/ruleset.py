"""All rules of a run, compiled and indexed."""

from collections.abc import Mapping
from datetime import datetime

from checker.aws import Json
from checker.engine.compiled_rule import CompiledRule
from checker.engine.finding import Judged
from checker.engine.index import Met, ScopeIndex
from checker.engine.subject import Subject
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.trail.glance import Glancer


class RuleSet:
    """All rules of a run, compiled; a rule is known by its place in `rules`."""

    def __init__(self, book: RuleBook, limits: Limits = DEFAULT) -> None:
        self.rules = tuple(CompiledRule(rule, limits) for rule in book.rules)
        self.index = ScopeIndex([rule.alternatives for rule in self.rules])
        self.glancer: Glancer[Met] = Glancer(self.index.fields, self.index.met_by)

    def judge(
        self, event: Mapping[str, Json], time: datetime | None
    ) -> tuple[tuple[int, Judged], ...]:
        """Judge one event under every rule that is about it.

        Returns:
            Rule numbers, ascending, with what the event comes to.
        """
        return self.judge_met(Subject(event, time), self.index.met(event))

    def judge_met(self, subject: Subject, met: Met) -> tuple[tuple[int, Judged], ...]:
        """Judge one event under the rules that the index gave for it, as `judge` does."""
        found = []
        for number, matched in met:
            judged = self.rules[number].judge_subject(subject, matched=matched)
            if judged is not None:
                found.append((number, judged))
        return tuple(found)
