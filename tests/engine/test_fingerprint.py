from pathlib import Path
from typing import Any

import pytest

from checker.engine.fingerprint import Fingerprinter
from checker.limits import DEFAULT
from tests.builders import event, rule_of, rule_text

SESSION: dict[str, Any] = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::111122223333:assumed-role/Deploy/run-1",
    "accountId": "111122223333",
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/Deploy"}
    },
}
RESOURCE = "requestParameters.targets"


def fingerprint(folder: Path, record: dict[str, Any], rule: str = "a-rule") -> bytes:
    found = Fingerprinter(rule_of(folder / rule, rule_text(rule, resource=RESOURCE)), DEFAULT)
    return found.of(found.trait(record))


def test_the_fingerprint_of_a_format_does_not_change(tmp_path: Path) -> None:
    record = event(userIdentity=SESSION, requestParameters={"targets": ["b", "a"]})

    # SHA-256 of [1,"a-rule","111122223333","eu-west-1","arn:aws:iam::111122223333:role/Deploy",
    # "iot.amazonaws.com","AttachPolicy",["a","b"]] as JSON without spaces.
    assert fingerprint(tmp_path, record).hex() == (
        "a8fb23f50fccbad2fd513eaaa86db136220186ee9ab7071b6d671096ee8ec2e1"
    )


SAME: dict[str, dict[str, Any]] = {
    "another session": {
        "userIdentity": {**SESSION, "arn": "arn:aws:sts::111122223333:assumed-role/Deploy/run-2"}
    },
    "another time and id": {"eventTime": "2025-01-01T00:00:00Z", "eventID": "another"},
    "another address": {"sourceIPAddress": "198.51.100.1"},
    "resources in another order": {"requestParameters": {"targets": ["b", "a", "b"]}},
    "an eventID that is none": {"eventID": ...},
}
OTHER: dict[str, dict[str, Any]] = {
    "another account": {"recipientAccountId": "444455556666"},
    "another region": {"awsRegion": "us-east-1"},
    "another role": {"userIdentity": event()["userIdentity"]},
    "another service": {"eventSource": "organizations.amazonaws.com"},
    "another call": {"eventName": "AttachPrincipalPolicy"},
    "another resource": {"requestParameters": {"targets": ["a", "c"]}},
    "no resource": {"requestParameters": None},
}
RECORD = event(userIdentity=SESSION, requestParameters={"targets": ["a", "b"]})


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**RECORD, **changes}.items() if value is not ...}


@pytest.mark.parametrize("name", SAME)
def test_the_same_act_again_has_the_same_fingerprint(tmp_path: Path, name: str) -> None:
    assert fingerprint(tmp_path, changed(SAME[name])) == fingerprint(tmp_path, RECORD)


@pytest.mark.parametrize("name", OTHER)
def test_another_act_has_another_fingerprint(tmp_path: Path, name: str) -> None:
    assert fingerprint(tmp_path, changed(OTHER[name])) != fingerprint(tmp_path, RECORD)


def test_another_rule_has_another_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(tmp_path, RECORD) != fingerprint(tmp_path, RECORD, "b-rule")


UNTOLD: dict[str, tuple[str, Any]] = {
    "it raises": ("\"split(requestParameters.targets, ',')[0]\"", {"a": 1}),
    "CloudTrail left it out": (RESOURCE, "HIDDEN_DUE_TO_SECURITY_REASONS"),
    "it is too large for CloudTrail": (RESOURCE, {"omitted": True, "reason": "too large"}),
    "it is no text": (RESOURCE, [{"name": "a"}]),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_was_acted_on_by_unknown_name_is_only_like_itself(tmp_path: Path, name: str) -> None:
    resource, value = UNTOLD[name]
    found = Fingerprinter(rule_of(tmp_path, rule_text(resource=resource)), DEFAULT)
    record = changed({"requestParameters": {"targets": value}})
    later = changed({"requestParameters": {"targets": value}, "eventID": "another"})

    first, again, other = (found.of(found.trait(each)) for each in (record, {**record}, later))

    assert first == again
    assert first != other


def test_a_resource_of_the_event_itself_that_is_left_out_is_only_like_itself(
    tmp_path: Path,
) -> None:
    found = Fingerprinter(rule_of(tmp_path, rule_text()), DEFAULT)
    hidden = [{"ARN": "HIDDEN_DUE_TO_SECURITY_REASONS"}]
    one, other = changed({"resources": hidden}), changed({"resources": hidden, "eventID": "x"})

    assert found.of(found.trait(one)) != found.of(found.trait(other))
