from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.policy.packs import PACK
from checker.policy.rule_document import RULE, rule_schema
from checker.policy.scalars import JsonValue
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import load_bytes
from tests.builders import rule_text

COUNT = "{type: event_count, timespan: 10m, condition: {gte: 5}}"
STEPS = (
    "{type: temporal, timespan: 1h, steps: [{name: a, match: {a: b}}, {name: b, match: {a: c}}]}"
)
CORRELATIONS = {
    "a count": COUNT,
    "a count above a number": "{type: event_count, timespan: 10m, condition: {gt: 5}}",
    "a count in groups": "{type: event_count, timespan: 10m, condition: {gte: 5}, group_by: [a, b]}",
    "a count in groups of nothing": "{type: event_count, timespan: 1m, condition: {gte: 5}, group_by: []}",
    "a count without a type": "{timespan: 10m, condition: {gte: 5}}",
    "a count of an unknown type": "{type: sum, timespan: 10m, condition: {gte: 5}}",
    "a count without a timespan": "{type: event_count, condition: {gte: 5}}",
    "a count over words": "{type: event_count, timespan: ten minutes, condition: {gte: 5}}",
    "a count over no time": "{type: event_count, timespan: 0m, condition: {gte: 5}}",
    "a count over a number": "{type: event_count, timespan: 600, condition: {gte: 5}}",
    "a count over the longest span": "{type: event_count, timespan: 9999d, condition: {gte: 5}}",
    "a count over a longer one": "{type: event_count, timespan: 10000d, condition: {gte: 5}}",
    "a count without a condition": "{type: event_count, timespan: 10m}",
    "a count of fewer": "{type: event_count, timespan: 10m, condition: {lte: 5}}",
    "a count of two bounds": "{type: event_count, timespan: 10m, condition: {gt: 1, gte: 5}}",
    "a count of none": "{type: event_count, timespan: 10m, condition: {gte: 0}}",
    "a count of text": "{type: event_count, timespan: 10m, condition: {gte: '5'}}",
    "a count with a field": "{type: event_count, timespan: 10m, condition: {gte: 5}, field: a}",
    "a count with steps": "{type: event_count, timespan: 10m, condition: {gte: 5}, steps: [{name: a, match: {a: b}}, {name: b, match: {a: b}}]}",
    "values": "{type: value_count, timespan: 10m, condition: {gte: 5}, field: a}",
    "values without a field": "{type: value_count, timespan: 10m, condition: {gte: 5}}",
}
TEMPORAL = {
    "steps": STEPS,
    "steps without steps": "{type: temporal, timespan: 1h}",
    "a single step": "{type: temporal, timespan: 1h, steps: [{name: a, match: {a: b}}]}",
    "steps with a condition": STEPS.replace("steps:", "condition: {gte: 1}, steps:"),
    "steps with a field": STEPS.replace("steps:", "field: a, steps:"),
    "steps in order": STEPS.replace("temporal", "temporal_ordered"),
    "a step that is not negated": STEPS.replace("{a: c}", "{a: c}, negated: false"),
    "a negated step without an order": STEPS.replace("{a: c}", "{a: c}, negated: true"),
    "a negated step in order": STEPS.replace("temporal", "temporal_ordered").replace(
        "{a: c}", "{a: c}, negated: true"
    ),
    "steps that are all negated": STEPS.replace("temporal", "temporal_ordered")
    .replace("{a: c}", "{a: c}, negated: true")
    .replace("{a: b}", "{a: b}, negated: true"),
    "a step negated in words": STEPS.replace("temporal", "temporal_ordered").replace(
        "{a: c}", "{a: c}, negated: yes"
    ),
    "a step of another outcome": STEPS.replace("{a: c}", "{a: c}, outcome: failed, where: x == y"),
    "a step without a match": STEPS.replace(", match: {a: c}", ""),
    "a step without a name": STEPS.replace("{name: b, ", "{"),
    "a step with another key": STEPS.replace("{a: c}", "{a: c}, requires: x"),
    "seventeen steps": STEPS.replace("steps: [", "steps: [" + "{name: c, match: {a: b}}, " * 15),
}
CADENCES = {
    "a cadence": "{every: 90d, per: account}",
    "a cadence of a calendar": "{calendar: quarter, per: account+region}",
    "a cadence of groups": "{every: 90d, group_by: a}",
    "a cadence of listed groups": "{every: 90d, group_by: a, groups: $keys}",
    "a cadence of listed groups in a list": "{every: 90d, group_by: [a], groups: $keys}",
    "a cadence of listed groups of two": "{every: 90d, group_by: [a, b], groups: $keys}",
    "a cadence of listed groups by nothing": "{every: 90d, per: account, groups: $keys}",
    "a cadence of groups written out": "{every: 90d, group_by: a, groups: [x]}",
    "a cadence of groups without a dollar": "{every: 90d, group_by: a, groups: keys}",
    "a cadence of a span and a calendar": "{every: 90d, calendar: month, per: account}",
    "a cadence of nothing": "{per: account}",
    "a cadence of nobody": "{every: 90d}",
    "a cadence of two": "{every: 90d, per: account, group_by: a}",
    "a cadence of weeks": "{calendar: week, per: account}",
    "a cadence per user": "{every: 90d, per: user}",
    "a cadence with another key": "{every: 90d, per: account, timespan: 1d}",
}
TIMELINES = {
    "whole events": "events: [{eventName: A}, {eventName: B}]",
    "no events": "events: []",
    "a timeline": "events: [{at: +0s}, {at: +3m, set: {a: b}}, {at: +90d, event: {a: b}}]",
    "a timeline of instants": "events: [{at: 2024-05-01}, {at: '2024-05-01T10:00:00Z'}]",
    "a timeline of repeats": "events: [{at: +0s, repeat: 5, each: 0s}]",
    "a timeline of repeats without each": "events: [{at: +0s, repeat: 5}]",
    "a timeline of each without repeats": "events: [{at: +0s, each: 5s}]",
    "a timeline of no repeat": "events: [{at: +0s, repeat: 0, each: 5s}]",
    "a timeline with a whole event in it": "events: [{at: +0s}, {eventName: A}]",
    "a timeline without at": "events: [{set: {a: b}}]",
    "a timeline of words": "events: [{at: noon}]",
    "a timeline of an event and a change": "events: [{at: +0s, event: {}, set: {a: b}}]",
    "a timeline that sets a time": "events: [{at: +0s, set: {eventTime: x}}]",
    "what the logs cover": "events: [{at: +0s}], covers: {from: +0s, until: +9d}",
    "what the logs cover to the end": "events: [{at: +0s}], covers: {until: +9d}",
    "what the logs cover, empty": "events: [{at: +0s}], covers: {}",
    "what the logs cover in words": "events: [{at: +0s}], covers: {from: now}",
    "violations": "events: [{at: +0s}], violations: 2",
    "violations in words": "events: [{at: +0s}], violations: two",
    "violations below none": "events: [{at: +0s}], violations: -1",
}
CHANGES: dict[str, dict[str, str | None]] = {
    "nothing": {},
    "an unknown key": {"requre": "x"},
    "no title": {"title": None},
    "no match": {"match": None},
    "an empty match": {"match": "{}"},
    "an empty list of matches": {"match": "[]"},
    "alternatives": {"match": "[{a: b}, {c: [d, null]}]"},
    "a mapping as a match value": {"match": "{a: {b: c}}"},
    "an empty list as a match value": {"match": "{a: []}"},
    "no assertion": {"require": None},
    "two assertions": {"forbid": "a"},
    "all forbidden": {"require": None, "forbid": "true"},
    "a list as a condition": {"require": "[a, b]"},
    "an unknown severity": {"severity": "urgent"},
    "an unknown outcome": {"outcome": "successful"},
    "an outcome": {"outcome": "denied"},
    "controls": {"controls": "{soc2: [CC6.1, {id: CC6.2, relation: tests}]}"},
    "an unknown relation": {"controls": "{soc2: [{id: CC6.2, relation: proves}]}"},
    "no controls of a framework": {"controls": "{soc2: []}"},
    "a framework of spaces": {"controls": "{soc 2: [CC6.1]}"},
    "an effective": {"effective": "{from: 2024-12-16}"},
    "an effective of another key": {"effective": "{since: 2024-12-16}"},
    "a tag with spaces": {"tags": "[a b]"},
    "one tag": {"tags": "iot"},
    "a reference that is no address": {"references": "[ftp://x]"},
    "a parameter": {"params": "{a: {type: [string], default: [x]}}"},
    "a parameter without a type": {"params": "{a: {default: x}}"},
    "a parameter of two types": {"params": "{a: {type: [string, integer]}}"},
    "a parameter that is no name": {"params": "{a-b: {type: string}}"},
    "tests": {"tests": "{base: {}, cases: [{name: n, set: {a: 1}, expect: fail}]}"},
    "tests without cases": {"tests": "{base: {}}"},
    "no test cases": {"tests": "{base: {}, cases: []}"},
    "a case without a name": {"tests": "{base: {}, cases: [{expect: fail}]}"},
    "a case with another key": {"tests": "{base: {}, cases: [{name: n, expects: fail}]}"},
    **{name: {"require": None, "correlation": text} for name, text in CORRELATIONS.items()},
    **{name: {"require": None, "cadence": text} for name, text in CADENCES.items()},
    **{
        name: {"require": None, "match": None, "correlation": text}
        for name, text in TEMPORAL.items()
    },
    "a duty and a correlation": {"correlation": COUNT},
    "a correlation and a cadence": {
        "require": None,
        "correlation": COUNT,
        "cadence": "{every: 90d, per: account}",
    },
    "a count without a match": {"require": None, "match": None, "correlation": COUNT},
    "a cadence without a match": {
        "require": None,
        "match": None,
        "cadence": "{every: 90d, per: account}",
    },
    "steps beside a match": {"require": None, "correlation": STEPS},
    "steps beside a where": {"require": None, "match": None, "correlation": STEPS, "where": "a"},
    "steps beside paths to require": {
        "require": None,
        "match": None,
        "correlation": STEPS,
        "requires": "a",
    },
    "steps beside what a violation shows": {
        "require": None,
        "match": None,
        "correlation": STEPS,
        "effective": "{from: 2024-12-16}",
        "message": "'{eventName}'",
        "resource": "a",
        "evidence": "{a: b}",
    },
    **{
        name: {
            "require": None,
            "correlation": COUNT,
            "tests": f"{{base: {{}}, cases: [{{name: n, expect: fail, {text}}}]}}",
        }
        for name, text in TIMELINES.items()
    },
}


@pytest.mark.parametrize("name", CHANGES)
def test_reader_and_schema_agree_on_the_structure_of_a_rule(name: str) -> None:
    root = load_bytes(rule_text(**CHANGES[name]).encode(), "a-rule.yaml").root
    document: Any = JsonValue().read(root)

    try:
        RULE.read(root)
        readable = True
    except ShapeError:
        readable = False

    assert Draft202012Validator(rule_schema()).is_valid(document) is readable


@pytest.mark.parametrize("schema", [rule_schema(), PACK.schema()])
def test_a_schema_is_itself_sound(schema: Any) -> None:
    Draft202012Validator.check_schema(schema)


def test_every_key_is_described() -> None:
    properties = rule_schema()["properties"]

    assert all(each.get("description") for each in properties.values())
