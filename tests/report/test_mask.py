import json

import pytest

from checker.report.mask import REMOVED, Masked, Shown


def mask(value: object) -> object:
    return Masked(value).value(value)


def test_an_access_key_id_keeps_its_last_four_characters_wherever_it_stands() -> None:
    texts = ["key AKIAIOSFODNN7EXAMPLE!", "svc_AKIAIOSFODNN7EXAMPLE", "%3DASIAIOSFODNN7EXAMPLE%2F"]

    for text in texts:
        shown = Masked({}).text(text)
        assert "IOSFODNN7" not in shown
        assert "****************MPLE" in shown
    assert mask({"AKIAIOSFODNN7EXAMPLE": 1}) == {"****************MPLE": 1}


def test_a_field_named_access_key_is_masked_whatever_its_value() -> None:
    assert mask({"accessKeyId": "EXAMPLE_KEY_ID"}) == {"accessKeyId": "**********Y_ID"}
    assert mask({"accessKeyId": ""}) == {"accessKeyId": ""}
    assert mask({"accessKeyId": None}) == {"accessKeyId": None}


NAMES = (
    "secretAccessKey", "sessionToken", "masterUserPassword", "password2", "privateKey",
    "SecretString", "keyMaterial", "plaintext", "authorization", "clientSecret", "refreshToken",
    "authToken", "apiKey", "passphrase", "secret", "preSharedKey", "connectionString",
    "X-Amz-Security-Token", "secret_key",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", ["canary", ["canary"], {"value": "canary"}, {"a": ["canary"]}])
def test_a_secret_is_removed_at_any_depth_and_of_any_shape(name: str, secret: object) -> None:
    event = {"responseElements": {"credentials": {name: secret, "other": "kept"}}}

    assert mask(event) == {"responseElements": {"credentials": {name: REMOVED, "other": "kept"}}}


def test_a_secret_in_json_in_a_text_is_removed() -> None:
    event = {"requestParameters": {"body": '{"user": "x", "password": "canary"}'}}

    assert "canary" not in json.dumps(mask(event))
    assert mask({"document": '{"a":  1}'}) == {"document": '{"a":  1}'}


def test_a_copy_of_a_secret_is_removed_though_its_field_s_name_is_lost() -> None:
    masked = Masked({"responseElements": {"keyPair": {"privateKey": "canary"}, "token": "short"}})

    assert masked.text("made canary for x") == f"made {REMOVED} for x"
    assert masked.value({"key": "canary", "list": ["canary"]}) == {
        "key": REMOVED,
        "list": [REMOVED],
    }


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize("secret", [PEM, 'pa"ss\\word9', "é" * 8, 12345678])
def test_a_secret_is_removed_from_json_that_a_rule_printed(secret: object) -> None:
    event = {"responseElements": {"keyPair": {"privateKey": secret}}}
    masked = Masked(event)

    for ascii_only in (True, False):
        printed = json.dumps(event, ensure_ascii=ascii_only)
        for part in ("MIIEp", "word9", "éééé", "\\u00e9", "12345678"):
            assert part not in masked.text(f"response {printed}")


@pytest.mark.parametrize(
    "event",
    [
        {"environment": [{"name": "DB_PASSWORD", "value": "canary"}]},
        {"parameters": [{"parameterKey": "MasterPassword", "parameterValue": "canary"}]},
        {"webIdentityToken": "canary"},
        {"url": "https://x/?password=canary&X-Amz-Security-Token=canary"},
        {"header": "Authorization: Bearer canary"},
        {"deep": "[" * 60 + '"canary"' + "]" * 60},
    ],
)
def test_a_secret_is_known_by_the_name_beside_it_too(event: object) -> None:
    assert "canary" not in json.dumps(mask(event))


@pytest.mark.parametrize("levels", [60, 900, 5_000])
def test_json_in_a_text_that_nests_deep_is_no_crash(levels: int) -> None:
    assert mask({"x": "[" * levels + "]" * levels}) == {"x": REMOVED}


def test_what_is_no_secret_stays() -> None:
    event = {
        "passwordReset": False,
        "tokenCount": 3,
        "nextToken": "abc",
        "secretId": "name",
        "policyName": "x",
        "credentials": {"a": 1},
        "password": None,
    }

    assert mask(event) == event


def test_everything_is_shown_where_that_was_asked_for() -> None:
    event = {"password": "canary", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"}

    assert Shown(event).value(event) == event
    assert Shown(event).text("AKIAIOSFODNN7EXAMPLE") == "AKIAIOSFODNN7EXAMPLE"
