"""Evidence: what a rule says of an event that it found."""

import json
from collections.abc import Mapping

from msgspec import Struct

from checker.aws import Json
from checker.aws.identity import identity_type, principal
from checker.aws.outcome import outcome
from checker.engine.exhibits import Exhibit
from checker.engine.finding import Finding
from checker.engine.scope import text_of
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.faults import EvaluationError
from checker.expression.message import compile_message, parse_message
from checker.limits import Limits
from checker.policy.rule import Rule
from checker.trail.event import canonical_event, event_account, text_in

_DEFAULT_MESSAGE = (
    "{eventName} by {principal(userIdentity) || userIdentity.principalId || userIdentity.type}"
)


class Evidence(Struct, frozen=True, kw_only=True):
    """One event behind a verdict, with what a reader sees of it first.

    Attributes:
        time: eventTime as written, empty when absent.
        reason: Why it could not be judged; empty for a violation.
        resources: What was acted on, as text.
        evidence: The rule's own evidence fields by name.
        record: The record as it was found.
        index: Its 0-based position in the file.
    """

    time: str
    account: str
    region: str
    principal: str
    identity_type: str
    source_address: str
    event_source: str
    event_name: str
    event_id: str
    outcome: str
    resources: tuple[str, ...]
    message: str
    reason: str
    evidence: Mapping[str, Json]
    path: str
    index: int
    record: Json


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

    def describe(self, exhibit: Exhibit, finding: Finding) -> Evidence:
        """Say what happened in an event."""
        event = canonical_event(exhibit.record)
        who = event.get("userIdentity")
        known = who if isinstance(who, dict) else None
        # The rule's own message tells of a violation: it is no word for an event not judged.
        own = self._message if finding in {Finding.VIOLATION, Finding.COUNTED} else None
        return Evidence(
            time=text_in(event, "eventTime"),
            account=event_account(event) or "",
            region=text_in(event, "awsRegion"),
            principal=principal(known) or "",
            identity_type=identity_type(known) or "",
            source_address=text_in(event, "sourceIPAddress"),
            event_source=text_in(event, "eventSource"),
            event_name=text_in(event, "eventName"),
            event_id=exhibit.event_id,
            outcome=outcome(event),
            resources=_resource_texts(self._resource, event),
            message=(own or self._neutral)(event),
            reason=exhibit.reason,
            evidence={name: _value_or_mark(each, event) for name, each in self._evidence.items()},
            path=exhibit.path,
            index=exhibit.index,
            record=exhibit.record,
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
