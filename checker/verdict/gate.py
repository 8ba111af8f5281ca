"""The gate: what turns verdicts into an exit code, and says why."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from checker.engine.found import Found
from checker.policy.rule import Severity
from checker.policy.selection import Selector, chosen_by
from checker.verdict.exit_codes import ExitCode
from checker.verdict.verdicts import RuleResult, Verdict

OFF: Final = "none"
"""Written in place of a severity, it switches the gate off."""


class Gate(Struct, frozen=True, kw_only=True):
    """What is asked of a run.

    Attributes:
        fail_on: The least severity of a failing rule that fails the gate; None when it is off.
        soft_fail: Rules whose failures do not fail the gate.
        require_evidence: Whether a verdict `no_evidence` makes the run incomplete.
    """

    fail_on: Severity | None = Severity.LOW
    soft_fail: tuple[Selector, ...] = ()
    require_evidence: bool = False

    @property
    def threshold(self) -> str:
        """The severity as it is written, or `none`."""
        return OFF if self.fail_on is None else self.fail_on.value


class Decision(Struct, frozen=True, kw_only=True):
    """The gate's answer.

    Attributes:
        complete: Whether everything was read and judged; independent of violations.
        reasons: What decided, in full sentences, the deciding one first.
        soft_failed: Ids of the rules that failed and did not fail the gate, as was asked for.
        known_only: Ids of the rules of which all that failed was known from the baseline.
    """

    exit_code: ExitCode
    complete: bool
    reasons: tuple[str, ...]
    soft_failed: tuple[str, ...] = ()
    known_only: tuple[str, ...] = ()


_REACHED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.WAIVED})


def decide(results: Sequence[RuleResult], found: Found, gate: Gate, *, whole: bool) -> Decision:
    """Decide the exit code of a run.

    Args:
        results: Every rule's verdict.
        found: What was read.
        gate: What is asked of the run.
        whole: Whether all inputs were found and read; what is wrong is in the report's problems.
    """
    incomplete = [*_incomplete(results, found, whole=whole), *_unproved(results, gate)]
    if not incomplete and not any(each.verdict in _REACHED for each in results):
        incomplete.append("no rule reached pass, fail or waived: nothing was tested")
    failed = [each for each in results if each.verdict is Verdict.FAIL]
    soft = {rule.id for rule in chosen_by(gate.soft_fail, [each.rule for each in failed])}
    hard = [each for each in failed if each.rule.id not in soft]
    counted = [each.rule for each in hard if each.counts.new]
    known = tuple(sorted(each.rule.id for each in hard if not each.counts.new))
    failing = [rule for rule in counted if _reaches(rule.severity, gate)]
    if incomplete:
        code = ExitCode.INCOMPLETE
    elif failing:
        code = ExitCode.VIOLATIONS
    else:
        code = ExitCode.OK
    reasons = [*incomplete]
    if failing:
        reasons.append(f"{_rules(len(failing))} of severity {gate.threshold} or above failed")
    elif not incomplete:
        reasons.append(_clean(gate, known))
    reasons += _let_through(len(soft), len(counted), len(known), gate)
    return Decision(
        exit_code=code,
        complete=not incomplete,
        reasons=tuple(reasons),
        soft_failed=tuple(sorted(soft)),
        known_only=known,
    )


def _incomplete(results: Sequence[RuleResult], found: Found, *, whole: bool) -> Iterator[str]:
    if not any(not each.set_aside for each in found.inputs.values()):
        yield "no trail log was read"
    elif not sum(each.records for each in found.inputs.values()):
        yield "the trail logs hold no events"
    if not whole:
        yield "not all of the input could be read"
    unjudged = sum(1 for each in results if each.counts.undetermined)
    if unjudged:
        yield f"{_rules(unjudged)} could not be tested on every event in scope"
    raised = sum(1 for each in results if each.counts.errors)
    if raised:
        yield f"{_rules(raised)} could not be evaluated on every event in scope"


def _unproved(results: Sequence[RuleResult], gate: Gate) -> Iterator[str]:
    """Name the want of evidence, where it is asked for; a failure elsewhere does not hide it."""
    if gate.require_evidence:
        without = sum(
            1
            for each in results
            if Verdict.NO_EVIDENCE in {each.verdict, *(part.verdict for part in each.by_account)}
        )
        if without:
            yield f"{_rules(without)} lacked evidence, which --require-evidence asks for"


def _reaches(severity: Severity, gate: Gate) -> bool:
    return gate.fail_on is not None and severity.rank >= gate.fail_on.rank


def _clean(gate: Gate, known: Sequence[str]) -> str:
    if gate.fail_on is None:
        return "all input was read"
    aside = [
        *(["soft failures"] if gate.soft_fail else []),
        *(["what the baseline has"] if known else []),
    ]
    counts = f", {' and '.join(aside)} aside," if aside else ""
    return f"no rule of severity {gate.threshold} or above{counts} failed, and all input was read"


def _let_through(soft: int, counted: int, known: int, gate: Gate) -> Iterator[str]:
    """Say which failures the gate let through because it was told to."""
    if soft:
        yield f"{_rules(soft)} failed softly (--soft-fail)"
    if known:
        yield f"{_rules(known)} failed by what the baseline has alone (--baseline)"
    if gate.fail_on is None:
        yield f"the gate is off (--fail-on none): {_rules(counted)} failed"


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count} rules"
