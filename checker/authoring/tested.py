"""Rules tested: what their cases came to, what these cover, and what is wrong with their number."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from checker.authoring.rule_tests import Bench, CaseResult, stage
from checker.limits import DEFAULT, Limits
from checker.policy.parameters import Settings
from checker.policy.rule import Expectation, Rule
from checker.report.text_lines import counted

if TYPE_CHECKING:
    from checker.authoring.coverage import Coverage, Operand, Watch

_LIKE_A_PASS: Final = frozenset({Expectation.PASS, Expectation.OUT_OF_SCOPE})
_BOTH_SIDES: Final = 2


class Demand(Struct, frozen=True, kw_only=True):
    """What is wanted of the tests.

    Attributes:
        least: How many cases each rule must have; from two on, one of them must fail, and one must
            pass or be out of scope.
        coverage: Whether to measure what the cases cover.
    """

    least: int = 1
    coverage: bool = False


class Tested(Struct, frozen=True, kw_only=True):
    """One rule with what its cases came to.

    Attributes:
        coverage: None where that was not wanted.
        shortfall: What is wrong with the number of its cases; empty for nothing.
    """

    rule: Rule
    results: tuple[CaseResult, ...]
    coverage: "Coverage | None" = None
    shortfall: str = ""

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that came to something else than they expect."""
        return tuple(each for each in self.results if not each.passed)

    @property
    def passed(self) -> bool:
        """Whether there is nothing to complain of."""
        return not self.failed and not self.shortfall


def chosen(rules: Sequence[Rule], text: str) -> tuple[Rule, ...]:
    """Give the rules with the cases whose name, or whose rule's id, has a text in it.

    Args:
        rules: With all of their cases.
        text: Small and capital letters are one; empty for everything.
    """
    if not text:
        return tuple(rules)
    wanted = text.casefold()
    found = []
    for rule in rules:
        by_id = wanted in rule.id.casefold()
        cases = tuple(each for each in rule.tests if by_id or wanted in each.name.casefold())
        if cases or by_id:
            found.append(replace(rule, tests=cases))
    return tuple(found)


def run(
    rules: Sequence[Rule], settings: Settings, demand: Demand, limits: Limits = DEFAULT
) -> Iterator[Tested]:
    """Run every case of every rule.

    Args:
        rules: As read; their parameters need no values yet.
        settings: Values given from outside, under each case's own.
        demand: What is wanted of the tests.
        limits: What one evaluation may cost.
    """
    for rule in rules:
        watch = _watch(rule, settings, limits) if demand.coverage else None
        bench = watch.bench if watch else Bench(rule, settings, limits)
        staged = [stage(case) for case in rule.tests]
        yield Tested(
            rule=rule,
            results=tuple(bench.run(each) for each in staged),
            coverage=watch.coverage(staged) if watch else None,
            shortfall=_shortfall(rule, demand.least),
        )


def operands_in(result: CaseResult, settings: Settings, limits: Limits) -> "tuple[Operand, ...]":
    """Give what the operands of a rule's conditions came to in a case of one event.

    Nothing for a rule over many events, and for a case of several: what a condition came to is then
    another thing for each of them.
    """
    if result.rule.spans_events or len(result.case.events) > 1 or result.found is None:
        return ()
    watch = _watch(result.rule, settings, limits)
    staged = stage(result.case)
    watch.bench.run(staged)
    operands = watch.coverage([staged]).operands
    return tuple(
        each
        for each in operands
        if (each.was_true or each.was_false) and not each.key.startswith("match")
    )


def _watch(rule: Rule, settings: Settings, limits: Limits) -> "Watch":
    # Imported when wanted: tests that pass, as before a commit, start faster without it.
    from checker.authoring.coverage import Watch  # noqa: PLC0415

    return Watch(rule, settings, limits)


def _shortfall(rule: Rule, least: int) -> str:
    count = len(rule.tests)
    if not count:
        return "no tests"
    if count < least:
        return f"{counted(count, 'test')}; at least {least} are wanted"
    expected = {case.expect for case in rule.tests}
    if least >= _BOTH_SIDES and Expectation.FAIL not in expected:
        return "no test expects fail"
    if least >= _BOTH_SIDES and not expected & _LIKE_A_PASS:
        return "no test expects pass or out_of_scope"
    return ""
