"""The results of rule tests as text: failures, and what the tests do not cover."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from checker.authoring.rule_tests import CaseResult
from checker.authoring.tested import Tested
from checker.report.text_lines import counted
from checker.visible import inert

if TYPE_CHECKING:
    from checker.authoring.coverage import Operand


def failure_lines(result: CaseResult, operands: "Sequence[Operand]" = ()) -> list[str]:
    """Say what a case expected, what was found, and why.

    Args:
        result: Of a case that did not pass.
        operands: What the operands of the rule's conditions came to in it.
    """
    case = result.case
    if result.found is None:
        return ["this case cannot be judged", result.reason]
    expected, found = str(case.expect), str(result.found)
    if case.violations is not None:
        expected += f" with {counted(case.violations, 'violation')}"
        found += f" with {counted(result.violations, 'violation')}"
    lines = [f"expected {expected}, found {found}"]
    if result.decisive:
        lines.append(f"decided by event {result.decisive} of {len(case.events)}")
    if result.reason:
        lines.append(result.reason)
    return [*lines, *(f"{_truth(each):5}  {each.key}: {each.text}" for each in operands)]


def failure_text(result: CaseResult, operands: "Sequence[Operand]" = ()) -> str:
    """Give a case that did not pass, with its place."""
    head = f"{result.case.place}: rule {result.rule.id}: {result.case.name}"
    return block([head, *failure_lines(result, operands)])


def shortfall_text(tested: Tested) -> str:
    """Say that a rule has too few tests."""
    rule = tested.rule
    head = f"{rule.origin.path}: rule {rule.id}: {tested.shortfall}"
    return block([head, "hint: write them under tests:"])


def coverage_text(tested: Sequence[Tested]) -> Iterator[str]:
    """Give the coverage of each rule, and the operands that were not both true and false."""
    for each in tested:
        coverage = each.coverage
        if coverage is None:
            continue
        missed = coverage.missed
        covered = len(coverage.operands) - len(missed)
        head = f"{rounded(coverage.percent):5}%  {each.rule.id}: {covered} of {counted(len(coverage.operands), 'operand')}"
        yield block([head, *(f"{_never(one)}  {one.key}: {one.text}" for one in missed)])
    yield ""


def rounded(number: float) -> float:
    """Give a percentage with one decimal, never more than it is: 99.99 is no 100."""
    return int(number * 10) / 10


def block(lines: Sequence[str]) -> str:
    """Put lines below the first one, each harmless to a terminal."""
    return "\n    ".join(inert(line) for line in lines)


def _truth(operand: "Operand") -> str:
    if operand.was_true and operand.was_false:
        return "both"
    return "true" if operand.was_true else "false"


def _never(operand: "Operand") -> str:
    if operand.was_true or operand.was_false:
        return "never false" if operand.was_true else "never true "
    return "never asked"
