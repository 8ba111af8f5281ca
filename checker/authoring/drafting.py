"""Holds a draft to what it promises before it is written: it is a rule, and its tests pass."""

from checker.authoring.rule_tests import run_tests
from checker.errors import Problem, UsageError
from checker.limits import DEFAULT, Limits
from checker.policy.parameters import Settings
from checker.policy.rule_document import RULE
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import load_bytes


def checked(text: str, path: str, limits: Limits = DEFAULT) -> int:
    """Read a draft and run its tests; give how many there are.

    Raises:
        UsageError: It is no rule, or a test fails: the event is too odd to draft from.
    """
    try:
        rule = RULE.read(load_bytes(text.encode(), path).root)
    except (ShapeError, UsageError) as error:
        raise UsageError([_odd("; ".join(each.cause for each in error.problems))]) from error
    failed = [each for each in run_tests((rule,), Settings(), limits) if not each.passed]
    if failed:
        raise UsageError([_odd(f"its test '{failed[0].case.name}' would fail: {failed[0].reason}")])
    return len(rule.tests)


def _odd(cause: str) -> Problem:
    hint = "name an event that is as CloudTrail writes them, or begin with an id alone"
    return Problem(code="new-event", cause=f"no rule can be drafted from this: {cause}", hint=hint)
