import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.trail.event import (
    canonical_event,
    event_account,
    event_time,
    has_colliding_names,
    is_legacy,
)

LEGACY = json.loads("""
{ "timestamp":"1460159496", "AdditionalEventData":"", "Annotation":"", "ApiVersion":"",
  "ErrorCode":"", "ErrorMessage":"", "EventID":"8bff4fed-c229-4d2d-8264-4ab28a487505",
  "EventName":"AttachPolicy", "EventTime":"2016-04-08T23:51:36Z", "EventType":"AwsApiCall",
  "ReadOnly":"", "RecipientAccountList":"", "RequestID":"d4875df2-fde4-11e5-b829-23bf9b56cbcd",
  "RequestParamters":{
    "principal":"arn:aws:iot:us-east-1:123456789012:cert/528ce36e8047f6a75ee51ab7beddb4eb",
    "policyName":"ExamplePolicyForIoT" },
  "Resources":"", "ResponseElements":"", "SourceIpAddress":"", "UserAgent":"aws-internal/3",
  "UserIdentity":{
    "type":"AssumedRole", "principalId":"AKIAI44QH8DHBEXAMPLE",
    "arn":"arn:aws:sts::12345678912:assumed-role/iotmonitor-InstanceRole/i-35d0a4b6",
    "accountId":"222222222222", "accessKeyId":"access-key-id",
    "sessionContext":{
      "attributes":{ "mfaAuthenticated":"false", "creationDate":"Fri Apr 08 23:51:10 UTC 2016" },
      "sessionIssuer":{ "type":"Role",
        "arn":"arn:aws:iam::123456789012:role/executionServiceEC2Role/iotmonitor-InstanceRole",
        "accountId":"222222222222" } },
    "invokedBy":{ "serviceAccountId":"111111111111" } },
  "VpcEndpointId":"" }
""")


def test_a_legacy_iot_record_becomes_an_event_in_cloudtrails_words() -> None:
    assert canonical_event(LEGACY) == {
        "timestamp": "1460159496",
        "eventID": "8bff4fed-c229-4d2d-8264-4ab28a487505",
        "eventName": "AttachPolicy",
        "eventSource": "iot.amazonaws.com",
        "eventTime": "2016-04-08T23:51:36Z",
        "eventType": "AwsApiCall",
        "requestID": "d4875df2-fde4-11e5-b829-23bf9b56cbcd",
        "requestParameters": LEGACY["RequestParamters"],
        "userAgent": "aws-internal/3",
        "userIdentity": {
            **LEGACY["UserIdentity"],
            "sessionContext": {
                "attributes": {"mfaAuthenticated": "false", "creationDate": "2016-04-08T23:51:10Z"},
                "sessionIssuer": LEGACY["UserIdentity"]["sessionContext"]["sessionIssuer"],
            },
        },
    }


def test_of_its_three_accounts_the_callers_is_the_events() -> None:
    event = canonical_event(LEGACY)
    assert event_account(event) == "222222222222"
    assert event["userIdentity"]["invokedBy"] == {"serviceAccountId": "111111111111"}


def test_a_legacy_record_gets_no_region() -> None:
    assert "awsRegion" not in canonical_event(LEGACY)


def test_other_names_of_a_legacy_record_follow_the_same_pattern() -> None:
    record = {
        **LEGACY,
        "SourceIpAddress": "192.0.2.1",
        "ErrorCode": "AccessDenied",
        "ReadOnly": "False",
        "RecipientAccountList": ["333333333333"],
        "VpcEndpointId": "vpce-1",
        "ResponseElements": {"x": "", "y": [""]},
    }
    event = canonical_event(record)
    assert event["sourceIPAddress"] == "192.0.2.1"
    assert event["errorCode"] == "AccessDenied"
    assert event["readOnly"] is False
    assert event["vpcEndpointId"] == "vpce-1"
    assert event["responseElements"] == {"y": [""]}
    assert event_account(event) == "333333333333"


@pytest.mark.parametrize("listed", [["1" * 12, "2" * 12], "not an account", [1], {}, []])
def test_a_recipient_list_that_does_not_name_one_account_decides_nothing(listed: Json) -> None:
    event = canonical_event({**LEGACY, "RecipientAccountList": listed})
    assert event["recipientAccountList"] == listed
    assert event_account(event) == "222222222222"


@pytest.mark.parametrize("timestamp", ["1460159496", 1460159496])
def test_epoch_seconds_stand_in_for_a_missing_event_time(timestamp: Json) -> None:
    event = canonical_event({**LEGACY, "EventTime": "", "timestamp": timestamp})
    assert event["eventTime"] == "2016-04-08T23:51:36Z"


@pytest.mark.parametrize("timestamp", ["", "soon", [], 10**20, "1460159496000000", 1e400])
def test_a_legacy_record_without_any_time_has_none(timestamp: Json) -> None:
    event = canonical_event({**LEGACY, "EventTime": "", "timestamp": timestamp})
    assert "eventTime" not in event
    assert event_time(event) is None


@pytest.mark.parametrize(
    "date", ["someday", "Fri Foo 08 23:51:10 UTC 2016", "Fri Feb 31 01:01:01 UTC 2016"]
)
def test_a_creation_date_of_another_form_is_kept(date: str) -> None:
    record = copy.deepcopy(LEGACY)
    record["UserIdentity"]["sessionContext"]["attributes"]["creationDate"] = date
    attributes = canonical_event(record)["userIdentity"]["sessionContext"]["attributes"]
    assert attributes["creationDate"] == date


def test_a_legacy_identity_of_any_shape_is_accepted() -> None:
    sessions: list[Json] = ["", "text", {"attributes": []}, {}]
    for session in sessions:
        event = canonical_event({**LEGACY, "UserIdentity": {"sessionContext": session}})
        assert event["eventName"] == "AttachPolicy"


def test_two_spellings_of_one_legacy_name_collide() -> None:
    assert has_colliding_names({**LEGACY, "RequestParameters": {}})
    assert not has_colliding_names({**LEGACY, "RequestParameters": ""})


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"eventName": "x", "EventName": "y", "UserIdentity": {}},
        {"EventName": "AttachPolicy", "UserIdentity": "text"},
        {"EventName": "", "UserIdentity": {}},
        {"EventName": "AttachPolicy", "EventId": "of lookup-events", "Username": "jane"},
    ],
)
def test_other_shapes_are_no_legacy_records(record: dict[str, Json]) -> None:
    assert not is_legacy(record)


def test_the_old_identity_type_user_is_an_iam_user() -> None:
    record = {"userIdentity": {"type": "User", "userName": "jane"}, "eventTime": None}
    assert canonical_event(record)["userIdentity"] == {"type": "IAMUser", "userName": "jane"}
    assert record["userIdentity"]["type"] == "User"  # type: ignore[index] # a mixed literal


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("2024-12-16T00:00:00Z", "2024-12-16T00:00:00Z"),
        ("2024-12-16T00:00:00.120Z", "2024-12-16T00:00:00.120Z"),
        ("2024-12-16T00:00:00", "2024-12-16T00:00:00Z"),
        ("2024-12-16T02:00:00+02:00", "2024-12-16T00:00:00Z"),
        ("2024-12-16t00:00:00z", "2024-12-16T00:00:00Z"),
        ("yesterday", "yesterday"),
        (1460159496, 1460159496),
    ],
)
def test_event_time_is_seen_in_utc_and_left_alone_when_unreadable(
    written: Json, seen: Json
) -> None:
    assert canonical_event({"eventTime": written})["eventTime"] == seen


def test_event_time_is_read_or_none() -> None:
    assert event_time({"eventTime": "2024-12-16T00:00:00Z"}) == datetime(2024, 12, 16, tzinfo=UTC)
    for unreadable in (
        {},
        {"eventTime": None},
        {"eventTime": 1},
        {"eventTime": "2024-02-30T00:00:00Z"},
    ):
        assert event_time(unreadable) is None


@pytest.mark.parametrize(
    ("event", "account"),
    [
        (
            {"recipientAccountId": "111122223333", "userIdentity": {"accountId": "4"}},
            "111122223333",
        ),
        ({"recipientAccountId": "", "userIdentity": {"accountId": "012345678901"}}, "012345678901"),
        ({"recipientAccountId": 12345678901}, "012345678901"),
        ({"recipientAccountId": True, "userIdentity": None}, None),
        ({"userIdentity": "text"}, None),
        ({}, None),
    ],
)
def test_the_account_is_the_recipient_else_the_caller(
    event: dict[str, Json], account: str | None
) -> None:
    assert event_account(canonical_event(event)) == account


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([*LEGACY, "eventTime", "userIdentity", "EventSource"]), VALUES)
)
def test_a_record_is_never_changed_and_a_canonical_event_stays_the_same(
    changes: dict[str, Json],
) -> None:
    for record in (changes, {**LEGACY, **changes}):
        before = copy.deepcopy(record)
        event = canonical_event(record)
        assert record == before
        assert canonical_event(event) == event


def test_an_account_that_is_a_number_is_what_rules_and_reports_see_as_text() -> None:
    record = {"recipientAccountId": 12345678901, "userIdentity": {"accountId": 111122223333}}

    event = canonical_event(record)

    assert event["recipientAccountId"] == "012345678901"
    assert event["userIdentity"]["accountId"] == "111122223333"


@pytest.mark.parametrize("odd", ["AKIAIOSFODNN7EXAMPLE", "1234", "", "x" * 10_000])
def test_what_is_no_account_id_names_no_account(odd: str) -> None:
    assert event_account({"recipientAccountId": odd}) is None


def test_null_in_a_legacy_record_is_absent_as_empty_text_is() -> None:
    record = {"EventName": "AttachPolicy", "UserIdentity": {"type": "User"}, "EventSource": None,
              "EventTime": None, "timestamp": "1460000000"}  # fmt: skip

    event = canonical_event(record)

    assert event["eventSource"] == "iot.amazonaws.com"
    assert event["eventTime"] == "2016-04-07T03:33:20Z"
