import json

import pytest

from checker.report.mask import REMOVED, mask


def test_an_access_key_id_keeps_its_last_four_characters_wherever_it_stands() -> None:
    masked = mask({"a": ["key AKIAIOSFODNN7EXAMPLE!", {"b": "ASIAIOSFODNN7EXAMPLE"}]})

    assert masked == {"a": ["key ****************MPLE!", {"b": "****************MPLE"}]}


def test_a_field_named_access_key_is_masked_whatever_its_value() -> None:
    assert mask({"accessKeyId": "EXAMPLE_KEY_ID"}) == {"accessKeyId": "**********Y_ID"}
    assert mask({"accessKeyId": ""}) == {"accessKeyId": ""}
    assert mask({"accessKeyId": None}) == {"accessKeyId": None}


@pytest.mark.parametrize(
    "name",
    ["secretAccessKey", "sessionToken", "masterUserPassword", "privateKey", "SecretString",
     "keyMaterial", "plaintext", "authorization"],
)  # fmt: skip
def test_a_secret_is_removed_at_any_depth(name: str) -> None:
    event = {"responseElements": {"credentials": {name: "canary", "other": "kept"}}}

    assert "canary" not in json.dumps(mask(event))
    assert mask(event)["responseElements"]["credentials"] == {name: REMOVED, "other": "kept"}


def test_what_is_no_secret_stays() -> None:
    event = {"passwordReset": False, "tokenCount": 3, "policyName": "x", "credentials": {"a": 1}}

    assert mask(event) == event
