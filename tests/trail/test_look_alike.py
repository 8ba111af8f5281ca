import pytest

from checker.aws import Json
from checker.trail.look_alike import is_digest, look_alike, look_alike_bytes

DIGEST = {"awsAccountId": "1", "digestS3Object": "x", "logFiles": []}


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (DIGEST, "digest file"),
        ({"configSnapshotId": "x", "configurationItems": []}, "AWS Config snapshot"),
        ({"configRuleArn": "x", "invokingEvent": "{}"}, "AWS Config rule"),
        ({"detail-type": "GuardDuty Finding", "detail": {}}, "EventBridge event"),
        ({"class_uid": 6003, "activity_id": 1}, "OCSF"),
        ({"SchemaVersion": "2018-10-08", "ProductArn": "x"}, "Security Hub"),
        ({"schemaVersion": "2.0", "service": {}, "severity": 8}, "GuardDuty"),
        ({"Findings": []}, "findings"),
        ({"QueryResultRows": []}, "Lake query"),
        ({"Type": "Notification", "TopicArn": "x", "Message": "{}"}, "SNS"),
        ({"Messages": []}, "SQS"),
        ({"eventSource": "aws:s3", "eventName": "ObjectCreated:Put"}, "S3 event notification"),
        ({"eventSource": "aws:dynamodb", "eventName": "INSERT"}, "DynamoDB"),
        ({"EventSource": "aws:sns", "Sns": {}}, "SNS"),
        ({"trailList": []}, "description of trails"),
        ({"Version": "2012-10-17", "Statement": []}, "policy"),
        ({"name": "x", "lockfileVersion": 3, "dependencies": {}}, "package lock"),
        ({"name": "x", "dependencies": {}}, "package file"),
    ],
)
def test_what_is_often_mistaken_for_a_log_is_named_with_a_way_out(value: Json, what: str) -> None:
    known = look_alike(value)
    assert known is not None
    assert what in known.what
    assert known.hint


@pytest.mark.parametrize("value", [None, "x", [DIGEST], {}, {"eventSource": 7}, {"Records": []}])
def test_nothing_else_is_named(value: Json) -> None:
    assert look_alike(value) is None


def test_bytes_of_a_log_are_no_look_alike() -> None:
    assert look_alike_bytes(b'{"eventName": "x", "eventTime": "y"}') is None
    assert look_alike_bytes(b"2024-12-16T00:00:00Z {}") is None


def test_only_a_digest_is_a_digest() -> None:
    assert is_digest(DIGEST)
    for value in (
        {**DIGEST, "logFiles": None},
        {**DIGEST, "Records": []},
        {**DIGEST, "eventName": "x"},
        {"digestS3Object": "x"},
        [DIGEST],
    ):
        assert not is_digest(value)
