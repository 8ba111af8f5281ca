"""The gate: what turns verdicts into an exit code, and says why."""

from collections.abc import Sequence

from msgspec import Struct

from checker.engine.found import Found
from checker.policy.rule import Severity
from checker.verdict.exit_codes import ExitCode
from checker.verdict.verdicts import RuleResult, Verdict


class Decision(Struct, frozen=True, kw_only=True):
    """The gate's answer.

    Attributes:
        complete: Whether everything was read and judged; independent of violations.
        reasons: What decided, in full sentences, the deciding one first.
    """

    exit_code: ExitCode
    complete: bool
    reasons: tuple[str, ...]


_REACHED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.WAIVED})


def decide(
    results: Sequence[RuleResult], found: Found, *, fail_on: Severity, whole: bool
) -> Decision:
    """Decide the exit code of a run.

    Args:
        results: Every rule's verdict.
        found: What was read.
        fail_on: The least severity of a failing rule that fails the gate.
        whole: Whether all inputs were found and read; what is wrong is in the report's problems.
    """
    incomplete = _incomplete(results, found, whole=whole)
    failing = _failing(results, fail_on)
    if incomplete:
        code = ExitCode.INCOMPLETE
    elif failing:
        code = ExitCode.VIOLATIONS
    else:
        code = ExitCode.OK
    reasons = [*incomplete, *failing]
    if not reasons:
        reasons.append(f"no rule of severity {fail_on} or above failed, and all input was read")
    return Decision(exit_code=code, complete=not incomplete, reasons=tuple(reasons))


def _incomplete(results: Sequence[RuleResult], found: Found, *, whole: bool) -> list[str]:
    reasons: list[str] = []
    if not any(not each.set_aside for each in found.inputs.values()):
        reasons.append("no trail log was read")
    elif not sum(each.records for each in found.inputs.values()):
        reasons.append("the trail logs hold no events")
    if not whole:
        reasons.append("not all of the input could be read")
    unjudged = sum(1 for each in results if each.counts.undetermined)
    if unjudged:
        rules = "1 rule" if unjudged == 1 else f"{unjudged} rules"
        reasons.append(f"{rules} could not be tested on every event in scope")
    raised = sum(1 for each in results if each.counts.errors)
    if raised:
        rules = "1 rule" if raised == 1 else f"{raised} rules"
        reasons.append(f"{rules} could not be evaluated on every event in scope")
    if not reasons and not any(each.verdict in _REACHED for each in results):
        reasons.append("no rule reached pass, fail or waived: nothing was tested")
    return reasons


def _failing(results: Sequence[RuleResult], fail_on: Severity) -> list[str]:
    failed = [
        each
        for each in results
        if each.verdict is Verdict.FAIL and each.rule.severity.rank >= fail_on.rank
    ]
    if not failed:
        return []
    rules = "1 rule" if len(failed) == 1 else f"{len(failed)} rules"
    return [f"{rules} of severity {fail_on} or above failed"]
