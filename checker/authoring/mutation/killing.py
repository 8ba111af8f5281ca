"""Whether the tests of rules notice that a rule, or a default of its pack, was changed."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from checker.authoring.mutation.mutant import Change
from checker.authoring.mutation.mutants import changed_defaults, mutants, with_default
from checker.authoring.rule_tests import Bench, stage
from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.expression import Expression
from checker.limits import DEFAULT, Limits
from checker.policy.parameters import Settings
from checker.policy.rule import Rule


class Score(Struct, frozen=True, kw_only=True):
    """What became of mutants.

    Attributes:
        mutants: How many there were.
        survivors: The changes that no test noticed.
        unfit: Why there were none; empty where there were.
    """

    mutants: int
    survivors: tuple[Change, ...]
    unfit: str = ""

    @property
    def killed(self) -> int:
        """How many mutants a test noticed."""
        return self.mutants - len(self.survivors)


class Trial:
    """One rule with its tests, on which variants of it are tried."""

    def __init__(self, rule: Rule, settings: Settings, limits: Limits = DEFAULT) -> None:
        """Take a rule.

        Args:
            rule: As read; its parameters need no values yet.
            settings: Values given from outside, under each case's own.
            limits: What one evaluation may cost.
        """
        self.rule = rule
        self._settings = settings
        self._limits = limits
        self._known = _Known(rule)
        self._staged = [stage(case) for case in rule.tests]

    @property
    def unfit(self) -> str:
        """Why its tests cannot tell of a change; empty where they can."""
        if not self._staged:
            return "it has no tests"
        bench = self._bench(self.rule)
        return "" if all(bench.run(each).passed for each in self._staged) else "its tests fail"

    def kills(self, variant: Rule) -> bool | None:
        """Tell whether a test notices; None where the variant is no sound rule."""
        bench = self._bench(variant)
        for at, each in enumerate(self._staged):
            result = bench.run(each)
            if result.found is None:
                return None
            if not result.passed:
                # What noticed one change often notices the next one.
                self._staged.insert(0, self._staged.pop(at))
                return True
        return False

    def _bench(self, rule: Rule) -> Bench:
        return Bench(rule, self._settings, self._limits, self._known.compile)


def score_rule(trial: Trial, shared: Collection[str] = ()) -> Score:
    """Run a rule's tests on each of its mutants, each until the first test that notices.

    Args:
        trial: The rule.
        shared: The names of parameters that are not the rule's own, but its pack's.
    """
    unfit = trial.unfit
    if unfit:
        return Score(mutants=0, survivors=(), unfit=unfit)
    changes = ((mutant.change, [(trial, mutant.rule)]) for mutant in mutants(trial.rule, shared))
    return _score(changes)


def score_defaults(sharing: Sequence[tuple[Trial, Collection[str]]]) -> Score:
    """Run the tests of a pack's rules on each change of a default that they share.

    Args:
        sharing: The rules of the pack whose tests pass, each with the names of its shared
            parameters.
    """
    return _score(_shared_changes(sharing))


def _shared_changes(
    sharing: Sequence[tuple[Trial, Collection[str]]],
) -> Iterator[tuple[Change, Sequence[tuple[Trial, Rule]]]]:
    for name in sorted({name for _, names in sharing for name in names}):
        using = [
            trial
            for trial, names in sharing
            if name in names and name in trial.rule.used_parameters
        ]
        if using:
            for default, change in changed_defaults([each.rule for each in using], name):
                yield change, [(each, with_default(each.rule, name, default)) for each in using]


def _score(changes: Iterator[tuple[Change, Sequence[tuple[Trial, Rule]]]]) -> Score:
    count = 0
    survivors: list[Change] = []
    for change, variants in changes:
        killed = next((said for said in _tried(variants) if said is not False), False)
        if killed is not None:
            count += 1
            survivors += [] if killed else [change]
    return Score(mutants=count, survivors=tuple(survivors))


def _tried(variants: Sequence[tuple[Trial, Rule]]) -> Iterator[bool | None]:
    return (trial.kills(variant) for trial, variant in variants)


class _Known:
    """The functions of a rule's own expressions, which most of its mutants have unchanged."""

    def __init__(self, rule: Rule) -> None:
        # The expressions are held here, so that no other one can get the identity of one of them.
        self._own = {id(each): each for each in _all_expressions(rule)}
        self._made: dict[tuple[int, str], Evaluate] = {}

    def compile(
        self, expression: Expression, values: Mapping[str, Json], limits: Limits
    ) -> Evaluate:
        """Compile an expression, once if it is the rule's own."""
        if id(expression) not in self._own:
            return compile_expression(expression, values, limits)
        used = {name: values[name] for name in sorted(expression.parameters)}
        key = (id(expression), json.dumps(used))
        if key not in self._made:
            self._made[key] = compile_expression(expression, values, limits)
        return self._made[key]


def _all_expressions(rule: Rule) -> Iterator[Expression]:
    yield from rule.expressions
    yield from (each for step in rule.steps for each in step.expressions)
