"""The documents that the program was asked to implement: their own records, against our rules."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.engine.compiled_rule import CompiledRule
from checker.engine.finding import Finding
from checker.policy.loader import load_rules
from checker.policy.parameters import Settings, settings_from_options
from checker.trail.event import canonical_event, event_account, event_time
from tests.builders import event

IOT = {rule.id: CompiledRule(rule) for rule in load_rules(["iot"], Settings()).rules}


def findings(record: dict[str, Any], rules: dict[str, CompiledRule]) -> dict[str, Finding]:
    canonical = canonical_event(record)
    judged = {name: rule.judge(canonical, event_time(canonical)) for name, rule in rules.items()}
    return {name: each.finding for name, each in judged.items() if each is not None}


def with_roles(*roles: str) -> dict[str, CompiledRule]:
    settings = settings_from_options(tuple(f"approved_roles={role}" for role in roles))
    return {rule.id: CompiledRule(rule) for rule in load_rules(["iot"], settings).rules}


def records_in(folder: Path) -> dict[str, dict[str, Any]]:
    """Give every record that the documents show, by event name."""
    decoder = json.JSONDecoder()
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "seeds").glob("*.txt")):
        for record in _objects(path.read_text(encoding="utf-8"), decoder):
            found.setdefault(str(record.get("eventName", record.get("EventName"))), record)
    return found


def _objects(text: str, decoder: json.JSONDecoder) -> Iterator[dict[str, Any]]:
    for match in re.finditer(r'\{\s*"(?:eventVersion|timestamp)"', text):
        yield decoder.raw_decode(text, match.start())[0]


# What each record of the documents comes to, with the pack's default parameters.
SEEDS = {
    # Read-only, and before the end of life; by an IAM user, whose reads are nobody's business here.
    "DescribeDevice": {"iot-root-not-used": Finding.CONFORMING},
    # A change by an IAM user, where only approved roles may change anything.
    "CreateProject": {
        "iot-1-click-changes-by-approved-roles": Finding.VIOLATION,
        "iot-changes-with-temporary-credentials": Finding.VIOLATION,
        "iot-root-not-used": Finding.CONFORMING,
    },
    # The legacy record: a role that nobody approved, with temporary credentials.
    "AttachPolicy": {
        "iot-core-policies-attached-by-approved-roles": Finding.VIOLATION,
        "iot-changes-with-temporary-credentials": Finding.CONFORMING,
        "iot-root-not-used": Finding.CONFORMING,
    },
    # The response says that the channel keeps its messages for ever.
    "CreateChannel": {
        "iot-analytics-changes-by-approved-roles": Finding.VIOLATION,
        "iot-analytics-messages-not-kept-for-ever": Finding.VIOLATION,
        "iot-changes-with-temporary-credentials": Finding.CONFORMING,
        "iot-root-not-used": Finding.CONFORMING,
    },
    # No retention period is said, and then a dataset's content is not kept for ever.
    "CreateDataset": {
        "iot-analytics-changes-by-approved-roles": Finding.VIOLATION,
        "iot-analytics-datasets-not-kept-for-ever": Finding.CONFORMING,
        "iot-changes-with-temporary-credentials": Finding.CONFORMING,
        "iot-root-not-used": Finding.CONFORMING,
    },
}


def test_the_documents_show_the_records_that_are_judged_here(shared: Path) -> None:
    assert records_in(shared).keys() == SEEDS.keys()


@pytest.mark.parametrize("name", SEEDS)
def test_a_record_of_the_documents_is_judged_by_the_rules_that_speak_of_it(
    shared: Path, name: str
) -> None:
    assert findings(records_in(shared)[name], IOT) == SEEDS[name]


def test_the_role_of_the_legacy_record_can_be_approved(shared: Path) -> None:
    issuer = records_in(shared)["AttachPolicy"]["UserIdentity"]["sessionContext"]["sessionIssuer"]

    found = findings(records_in(shared)["AttachPolicy"], with_roles(issuer["arn"]))

    assert found["iot-core-policies-attached-by-approved-roles"] is Finding.CONFORMING


LEGACY = {
    "timestamp": "1460000000",
    "AdditionalEventData": "",
    "ErrorCode": "",
    "ErrorMessage": "",
    "EventID": "0a1b2c3d-0000-4000-8000-00000000002a",
    "EventName": "AttachPolicy",
    "EventTime": "2016-04-07T03:33:20Z",
    "EventType": "AwsApiCall",
    "ReadOnly": "",
    "RecipientAccountList": "",
    "RequestParamters": {
        "principal": "arn:aws:iot:us-east-1:111122223333:cert/0123",
        "policyName": "Example",
    },
    "Resources": "",
    "ResponseElements": "",
    "SourceIpAddress": "",
    "UserAgent": "aws-internal/3",
    "UserIdentity": {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE",
        "arn": "arn:aws:sts::111122223333:assumed-role/monitor/i-0123",
        "accountId": "444455556666",
        "accessKeyId": "access-key-id",
        "sessionContext": {
            "attributes": {
                "mfaAuthenticated": "false",
                "creationDate": "Thu Apr 07 03:33:00 UTC 2016",
            },
            "sessionIssuer": {
                "type": "Role",
                "arn": "arn:aws:iam::111122223333:role/path/monitor",
                "accountId": "444455556666",
                "userName": "monitor",
            },
        },
        "invokedBy": {"serviceAccountId": "777788889999"},
    },
    "VpcEndpointId": "",
}


def test_the_legacy_record_becomes_a_cloudtrail_event_and_nothing_is_invented() -> None:
    canonical = canonical_event(LEGACY)
    identity = canonical["userIdentity"]

    assert canonical["eventSource"] == "iot.amazonaws.com"
    assert canonical["requestParameters"]["policyName"] == "Example"
    assert canonical["eventTime"] == "2016-04-07T03:33:20Z"
    assert identity["sessionContext"]["attributes"]["creationDate"] == "2016-04-07T03:33:00Z"
    # Three accounts: the caller's is the event's, the ones in ARNs and behind invokedBy stay put.
    assert event_account(canonical) == "444455556666"
    assert "111122223333" in identity["arn"]
    assert identity["invokedBy"] == {"serviceAccountId": "777788889999"}
    # Empty text is absent, and no region is made up.
    assert not {"errorCode", "sourceIPAddress", "resources", "awsRegion"} & canonical.keys()
    assert "" not in canonical.values()


def test_a_legacy_record_is_judged_like_any_other() -> None:
    approved = with_roles("arn:aws:iam::111122223333:role/path/monitor")

    assert findings(LEGACY, IOT) == SEEDS["AttachPolicy"]
    assert (
        findings(LEGACY, approved)["iot-core-policies-attached-by-approved-roles"]
        is Finding.CONFORMING
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("iot1click.amazonaws.com", "DescribeDevice"),
        ("iot1click.amazonaws.com", "AnActionThatNoDocumentLists"),
    ],
)
@pytest.mark.parametrize("denied", [False, True])
@pytest.mark.parametrize(
    ("time", "broken"), [("2024-12-15T23:59:59Z", False), ("2024-12-16T00:00:00Z", True)]
)
def test_no_call_of_1_click_after_its_end_of_life_allowed_or_denied(
    source: str, name: str, time: str, *, denied: bool, broken: bool
) -> None:
    errors = {"errorCode": "AccessDenied"} if denied else {}
    record = event(eventSource=source, eventName=name, eventTime=time, **errors)

    found = findings(record, IOT)

    assert (found.get("iot-1-click-no-calls-after-end-of-life") is Finding.VIOLATION) is broken
