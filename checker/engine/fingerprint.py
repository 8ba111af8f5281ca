"""Fingerprints: what makes violations of a rule the same one, whenever they happen."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.hidden import path_is_hidden
from checker.aws.identity import principal
from checker.engine.scope import is_hidden, text_of
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.faults import EvaluationError
from checker.limits import Limits
from checker.policy.rule import Rule
from checker.trail.event import canonical_bytes, event_account, text_in

VERSION: Final = 1
"""Of what goes into a fingerprint, and how: part of each."""

RAISED: Final = "?"
"""Stands for a value that could not be computed."""

_LISTED: Final = ("resources", None, "ARN")


class Trait(Struct, frozen=True, order=True):
    """Who did what to which resources: all that a fingerprint is made of, beside the rule.

    Attributes:
        principal: The role, never the session.
        resources: Sorted.
        itself: Digest of the event, where it cannot be told what was acted on: two such events may
            be of different resources, so each is only like itself. Else empty.
    """

    account: str
    region: str
    principal: str
    event_source: str
    event_name: str
    resources: tuple[str, ...]
    itself: str = ""


class Fingerprinter:
    """Tells the trait of an event under one rule, and its fingerprint."""

    def __init__(self, rule: Rule, limits: Limits) -> None:
        self._id = rule.id
        self._resource = (
            compile_expression(rule.resource, rule.values, limits) if rule.resource else None
        )
        self._reads = rule.resource.reads if rule.resource else ()

    def trait(self, event: dict[str, Json]) -> Trait:
        """Give what the fingerprint of an event is made of."""
        who = event.get("userIdentity")
        found, told = self._acted_on(event)
        return Trait(
            event_account(event) or "",
            text_in(event, "awsRegion"),
            principal(who if isinstance(who, dict) else None) or "",
            text_in(event, "eventSource"),
            text_in(event, "eventName"),
            tuple(sorted(set(_texts(found)))),
            "" if told else sha256(canonical_bytes(event)).hexdigest(),
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
            *([trait.itself] if trait.itself else []),
        )
        return _digest(self._id, *parts)

    def resources(self, event: dict[str, Json]) -> tuple[str, ...]:
        """Give what was acted on, as texts: by the rule, else by the event's own `resources`."""
        return _texts(self._acted_on(event)[0])

    def _acted_on(self, event: dict[str, Json]) -> tuple[Sequence[Json], bool]:
        """Give what was acted on, and whether that is all that can be asked for."""
        if self._resource is None:
            listed = event.get("resources")
            resources = listed if isinstance(listed, list) else []
            found = [each.get("ARN") for each in resources if isinstance(each, dict)]
            return found, not path_is_hidden(event, _LISTED, presence=False)
        value = value_or_mark(self._resource, event)
        found = value if isinstance(value, list) else [value]
        named = all(each is None or text_of(each) is not None for each in found)
        return found, named and value != RAISED and not is_hidden(event, self._reads)


def fingerprint_of_group(rule: Rule, group: bytes) -> bytes:
    """Give the fingerprint of what a rule over many events finds in one of its groups."""
    return _digest(rule.id, group.hex())


def value_or_mark(evaluate: Evaluate, event: dict[str, Json]) -> Json:
    """Evaluate what only describes an event; `RAISED` where it raises, or has no JSON text."""
    try:
        value = evaluate(event)
        json.dumps(value)
    except (EvaluationError, ValueError, RecursionError):
        # JSON has no text for a number of thousands of digits, or for a value too deep.
        return RAISED
    return value


def _texts(found: Iterable[Json]) -> tuple[str, ...]:
    texts = (text_of(each) for each in found)
    return tuple(text for text in texts if text)


def _digest(*parts: Json) -> bytes:
    return sha256(json.dumps([VERSION, *parts], separators=(",", ":")).encode()).digest()
