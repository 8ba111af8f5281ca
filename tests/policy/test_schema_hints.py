from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.aws import Json
from checker.policy.rule_document import RULE, rule_schema
from checker.policy.schema_hints import DEFAULTS, EXAMPLES, MEANINGS, keys_of, with_hints

KEYS: dict[str, list[Json]] = {}
for path, schema in keys_of(rule_schema()):
    KEYS.setdefault(path, []).append(schema)


def choices(schema: Json) -> list[str]:
    """Give the values that are listed in a schema, not those of keys in it."""
    inner = [each for each in (schema.get("items"), *schema.get("anyOf", ())) if each]
    return list(schema.get("enum", ())) + [value for each in inner for value in choices(each)]


def test_hints_are_for_keys_that_there_are() -> None:
    assert {*EXAMPLES, *DEFAULTS, *MEANINGS} <= KEYS.keys()


@pytest.mark.parametrize("path", [path for path in KEYS if any(map(choices, KEYS[path]))])
def test_every_listed_value_has_a_meaning(path: str) -> None:
    listed = {value for schema in KEYS[path] for value in choices(schema)}

    assert listed == MEANINGS[path].keys()


@pytest.mark.parametrize(
    ("path", "example"),
    [(path, each) for path, examples in EXAMPLES.items() for each in examples]
    + list(DEFAULTS.items()),
)
def test_examples_and_defaults_are_valid_where_they_stand(path: str, example: Json) -> None:
    assert any(Draft202012Validator(schema).is_valid(example) for schema in KEYS[path])


@pytest.mark.parametrize("path", KEYS)
def test_every_key_has_a_title_and_a_description_in_one_sentence_or_more(path: str) -> None:
    for schema in KEYS[path]:
        assert schema["title"] == path.rpartition(".")[2]
        assert schema["description"].endswith(".")


def test_hints_change_nothing_that_a_schema_demands() -> None:
    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(each) for each in value]
        if not isinstance(value, dict):
            return value
        told = {"title", "default", "examples", "enumDescriptions"}
        named = {"properties"}
        return {
            key: {name: bare(each) for name, each in inner.items()} if key in named else bare(inner)
            for key, inner in value.items()
            if key not in told
        }

    assert bare(with_hints(RULE.schema())) == bare(RULE.schema())
