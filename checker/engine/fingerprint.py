"""Fingerprints: what makes violations of a rule the same one, whenever they happen."""

import json
from hashlib import sha256
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.identity import principal
from checker.engine.scope import text_of
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.faults import EvaluationError
from checker.limits import Limits
from checker.policy.rule import Rule
from checker.trail.event import event_account, text_in

VERSION: Final = 1
"""Of what goes into a fingerprint, and how: part of each."""


class Trait(Struct, frozen=True, order=True):
    """Who did what to which resources: all that a fingerprint is made of, beside the rule.

    Attributes:
        principal: The role, never the session.
        resources: Sorted.
    """

    account: str
    region: str
    principal: str
    event_source: str
    event_name: str
    resources: tuple[str, ...]


class Fingerprinter:
    """Tells the trait of an event under one rule, and its fingerprint."""

    def __init__(self, rule: Rule, limits: Limits) -> None:
        self._id = rule.id
        self._resource = (
            compile_expression(rule.resource, rule.values, limits) if rule.resource else None
        )

    def trait(self, event: dict[str, Json]) -> Trait:
        """Give what the fingerprint of an event is made of."""
        who = event.get("userIdentity")
        return Trait(
            event_account(event) or "",
            text_in(event, "awsRegion"),
            principal(who if isinstance(who, dict) else None) or "",
            text_in(event, "eventSource"),
            text_in(event, "eventName"),
            tuple(sorted(set(self.resources(event)))),
        )

    def of(self, trait: Trait) -> bytes:
        """Give the fingerprint of events with a trait: a SHA-256."""
        parts = (
            trait.account,
            trait.region,
            trait.principal,
            trait.event_source,
            trait.event_name,
            list(trait.resources),
        )
        return _digest(self._id, *parts)

    def resources(self, event: dict[str, Json]) -> tuple[str, ...]:
        """Give what was acted on, as texts: by the rule, else by the event's own `resources`."""
        if self._resource is None:
            listed = event.get("resources")
            resources = listed if isinstance(listed, list) else []
            found = [each.get("ARN") for each in resources if isinstance(each, dict)]
        else:
            value = value_or_mark(self._resource, event)
            found = value if isinstance(value, list) else [value]
        texts = (text_of(each) for each in found)
        return tuple(text for text in texts if text)


def fingerprint_of_group(rule: Rule, group: bytes) -> bytes:
    """Give the fingerprint of what a rule over many events finds in one of its groups."""
    return _digest(rule.id, group.hex())


def value_or_mark(evaluate: Evaluate, event: dict[str, Json]) -> Json:
    """Evaluate what only describes an event; ? where it raises, or has no JSON text."""
    try:
        value = evaluate(event)
        json.dumps(value)
    except (EvaluationError, ValueError, RecursionError):
        # JSON has no text for a number of thousands of digits, or for a value too deep.
        return "?"
    return value


def _digest(*parts: Json) -> bytes:
    return sha256(json.dumps([VERSION, *parts], separators=(",", ":")).encode()).digest()
