"""What an editor shows beside a rule's schema: titles, examples, defaults, what each value means.

Apart from the shapes, because only who prints the schema needs it. Keys are known by their path, as
in the reference: `controls.<name>.relation`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from checker.aws import Json

EXAMPLES: Final[Mapping[str, tuple[Json, ...]]] = {
    "id": ("iot-policies-attached-by-approved-roles",),
    "title": ("AWS IoT policies are attached by approved roles only",),
    "description": ("A policy decides what a device may do; attaching one changes access rights.",),
    "procedure": ("For every successful AttachPolicy, compare the caller with the approved list.",),
    "remediation": (
        "Ask the caller whether the attachment was wanted; if not, detach the policy.",
    ),
    "references": (["https://docs.aws.amazon.com/iot/latest/apireference/API_AttachPolicy.html"],),
    "tags": (["iot", "least-privilege"],),
    "controls": ({"nist-800-53-r5": [{"id": "ac-6.9", "relation": "tests"}, "ac-3"]},),
    "params": (
        {"approved_roles": {"type": ["string"], "default": ["arn:aws:iam::*:role/Deployer"]}},
    ),
    "match": (
        {"eventSource": "iot.amazonaws.com", "eventName": ["AttachPolicy", "DetachPolicy"]},
        {"userIdentity.type": "Root"},
        [{"eventSource": "s3.amazonaws.com"}, {"eventSource": "s3express.amazonaws.com"}],
    ),
    "where": ("requestParameters.policyName != 'Sandbox'",),
    "require": ("arn_like(principal(userIdentity), $approved_roles)",),
    "forbid": ("identity_type(userIdentity) == 'root'", True),
    "correlation": (
        {
            "type": "event_count",
            "group_by": "sourceIPAddress",
            "timespan": "10m",
            "condition": {"gte": 5},
        },
        {
            "type": "temporal_ordered",
            "group_by": "principal(userIdentity)",
            "timespan": "1h",
            "steps": [
                {"name": "stopped", "match": {"eventName": "StopLogging"}},
                {"name": "changed", "match": {"readOnly": False}},
            ],
        },
    ),
    "correlation.timespan": ("10m", "1h"),
    "correlation.group_by": ("sourceIPAddress", ["principal(userIdentity)", "awsRegion"]),
    "correlation.field": ("awsRegion",),
    "cadence": ({"every": "90d", "per": "account"}, {"calendar": "quarter", "per": "account"}),
    "cadence.every": ("90d",),
    "requires": (["userIdentity"],),
    "resource": ("requestParameters.policyName",),
    "message": ("{principal(userIdentity)} attached {requestParameters.policyName}",),
    "evidence": ({"policy": "requestParameters.policyName"},),
    "effective": ({"from": "2024-12-16"},),
    "notice": ("180d",),
    "needs": ({"category": "Data", "resource_types": ["AWS::S3::Object"]},),
    "tests": (
        {
            "base": {"eventSource": "iot.amazonaws.com", "eventName": "AttachPolicy"},
            "cases": [
                {"name": "another call", "set": {"eventName": "Other"}, "expect": "out_of_scope"}
            ],
        },
    ),
    "tests.cases.set": ({"userIdentity.type": "Root"},),
    "tests.cases.unset": (["userIdentity.sessionContext"],),
}
"""Values as one would write them; each is valid where it stands."""

DEFAULTS: Final[Mapping[str, Json]] = {
    "outcome": "success",
    "controls.<name>.relation": "supports",
    "correlation.steps.outcome": "success",
    "correlation.steps.negated": False,
}
"""What is meant where a key is left out."""

_OUTCOMES: Final = {
    "success": "The call succeeded.",
    "denied": "It was refused for want of rights.",
    "failed": "It failed otherwise, or a sign-in did.",
    "any": "However it ended.",
}

MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "severity": {
        "info": "To know of; it does not fail the gate by default.",
        "low": "Little harm; the least that fails the gate by default.",
        "medium": "Some harm, or a step towards it.",
        "high": "Grave harm, or a control that fails.",
        "critical": "Somebody has to act at once.",
    },
    "controls.<name>.relation": {
        "tests": "A violation is an exception to the control.",
        "supports": "It speaks to the control, and does not test it.",
    },
    "params.<name>.type": {
        "string": "Text.",
        "integer": "A whole number.",
        "number": "A number.",
        "boolean": "true or false.",
    },
    "outcome": _OUTCOMES,
    "correlation.type": {
        "event_count": "So many events of a group in one window.",
        "value_count": "So many different values of `field` in one window.",
        "temporal": "Every step in one window, in any order.",
        "temporal_ordered": "Every step in this order, and none of the negated ones.",
    },
    "correlation.steps.outcome": _OUTCOMES,
    "cadence.calendar": {
        "month": "From the first of a month.",
        "quarter": "From January, April, July, October.",
        "half": "From January, July.",
        "year": "From January.",
    },
    "cadence.per": {
        "account": "Every account that the logs show.",
        "region": "Every Region that the logs show.",
        "account+region": "Every pair of both that the logs show.",
    },
    "needs.category": {
        "Management": "Calls that manage resources.",
        "Data": "Calls on what is in them, such as GetObject.",
        "Insight": "What CloudTrail Insights found unusual.",
        "NetworkActivity": "Calls through VPC endpoints.",
    },
    "tests.cases.expect": {
        "pass": "In scope, and as it should be.",
        "fail": "A violation.",
        "out_of_scope": "The rule is not about it, or not about its outcome.",
        "undetermined": "Nobody can tell: what it takes is hidden or missing.",
        "no_evidence": "Of a rule over many events: the logs do not suffice.",
        "upcoming": "A violation once the rule is in force.",
        "error": "A condition raised.",
    },
}
"""What each value of a key means, for all keys whose values are listed."""


def with_hints(schema: Mapping[str, Json]) -> dict[str, Json]:
    """Give a rule's schema with all that editors can show of it."""
    hinted: dict[str, Json] = _hinted(schema, "")
    return hinted


def keys_of(schema: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Give every key of a schema by its path, and its own schema, as often as it stands there."""
    for name, child in schema.get("properties", {}).items():
        if isinstance(child, dict) and "description" in child:
            yield f"{prefix}{name}", child
            yield from keys_of(child, f"{prefix}{name}.")
    for inner in (schema.get("items"), *schema.get("anyOf", ())):
        if isinstance(inner, dict):
            yield from keys_of(inner, prefix)
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        yield from keys_of(values, f"{prefix}<name>.")


def _hinted(schema: Json, path: str) -> Json:
    """Copy a schema, with the hints for every key in it."""
    if not isinstance(schema, dict):
        return schema
    copy = dict(schema)
    prefix = f"{path}." if path else ""
    if "properties" in copy:
        copy["properties"] = {
            name: _of_key(child, f"{prefix}{name}") for name, child in copy["properties"].items()
        }
    if "items" in copy:
        copy["items"] = _hinted(copy["items"], path)
    if "anyOf" in copy:
        copy["anyOf"] = [_hinted(each, path) for each in copy["anyOf"]]
    if "additionalProperties" in copy:
        copy["additionalProperties"] = _hinted(copy["additionalProperties"], f"{prefix}<name>")
    meanings = MEANINGS.get(path)
    if meanings and "enum" in copy:
        # No word of JSON Schema, and one that language servers show beside each value.
        copy["enumDescriptions"] = [meanings[each] for each in copy["enum"]]
    return copy


def _of_key(schema: Json, path: str) -> Json:
    if not isinstance(schema, dict) or "description" not in schema:
        return schema
    told: dict[str, Json] = {"title": path.rpartition(".")[2]}
    if path in DEFAULTS:
        told["default"] = DEFAULTS[path]
    if path in EXAMPLES:
        told["examples"] = list(EXAMPLES[path])
    return {**told, **_hinted(schema, path)}
