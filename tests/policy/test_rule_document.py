from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.policy.packs import PACK
from checker.policy.rule_document import RULE, rule_schema
from checker.policy.scalars import JsonValue
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import load_bytes
from tests.builders import rule_text

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
