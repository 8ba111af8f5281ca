"""What a rule says of an event that it found."""

import json
from collections.abc import Mapping

from msgspec import Struct

from checker.aws import Json
from checker.engine.finding import Finding
from checker.engine.scope import text_of
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.faults import EvaluationError
from checker.expression.message import compile_message, parse_message
from checker.limits import Limits
from checker.policy.rule import Rule

_DEFAULT_MESSAGE = (
    "{eventName} by {principal(userIdentity) || userIdentity.principalId || userIdentity.type}"
)


class Description(Struct, frozen=True, kw_only=True):
    """What a reader of a violation sees first.

    Attributes:
        resources: What was acted on, as text.
        evidence: The rule's own evidence fields by name.
    """

    message: str
    resources: tuple[str, ...]
    evidence: Mapping[str, Json]


class Describer:
    """What a rule says of an event; never raises."""

    def __init__(self, rule: Rule, limits: Limits) -> None:
        values = rule.values
        self._neutral = compile_message(parse_message(_DEFAULT_MESSAGE), values, limits)
        self._message = compile_message(rule.message, values, limits) if rule.message else None
        self._resource = (
            compile_expression(rule.resource, values, limits) if rule.resource else None
        )
        self._evidence = {
            name: compile_expression(each, values, limits) for name, each in rule.evidence.items()
        }

    def describe(self, event: Json, finding: Finding) -> Description:
        """Say what happened in an event."""
        # The rule's own message tells of a violation: it is no word for an event not judged.
        own = self._message if finding is Finding.VIOLATION else None
        return Description(
            message=(own or self._neutral)(event),
            resources=_resource_texts(self._resource, event),
            evidence={name: _value_or_mark(each, event) for name, each in self._evidence.items()},
        )


def _value_or_mark(evaluate: Evaluate, event: Json) -> Json:
    try:
        value = evaluate(event)
        json.dumps(value)
    except (EvaluationError, ValueError, RecursionError):
        # JSON has no text for a number of thousands of digits, or for a value too deep.
        return "?"
    return value


def _resource_texts(evaluate: Evaluate | None, event: Json) -> tuple[str, ...]:
    if evaluate is None:
        listed = event.get("resources")
        resources = listed if isinstance(listed, list) else []
        found = [each.get("ARN") for each in resources if isinstance(each, dict)]
    else:
        value = _value_or_mark(evaluate, event)
        found = value if isinstance(value, list) else [value]
    texts = (text_of(each) for each in found)
    return tuple(text for text in texts if text)
