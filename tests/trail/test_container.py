import pytest

from checker.aws import Json
from checker.trail.container import CONTAINERS, container_of, resemblance, why_refused
from checker.trail.decode import Defect

EVENT = {
    "eventVersion": "1.08",
    "eventName": "AttachPolicy",
    "eventSource": "iot.amazonaws.com",
    "eventTime": "2024-12-16T00:00:00Z",
}
INSIGHT = {"eventType": "AwsCloudTrailInsight", "insightDetails": {"state": "Start"}}
LEGACY = {"EventName": "AttachPolicy", "UserIdentity": {}}


@pytest.mark.parametrize(
    ("document", "name", "records"),
    [
        ({"Records": [EVENT, 1]}, "CloudTrail file", [EVENT, 1]),
        ({"Records": []}, "CloudTrail file", []),
        ([EVENT], "list", [EVENT]),
        ([], "list", []),
        (EVENT, "event", [EVENT]),
        (INSIGHT, "event", [INSIGHT]),
        (LEGACY, "legacy AWS IoT record", [LEGACY]),
    ],
)
def test_each_container_is_known_and_opened(document: Json, name: str, records: list[Json]) -> None:
    container = container_of(document)
    assert container is not None
    assert container.name == name
    assert container.records(document) == records


@pytest.mark.parametrize("document", [EVENT, INSIGHT, LEGACY, [], {"Records": []}])
def test_no_document_is_two_containers(document: Json) -> None:
    assert sum(container.recognise(document) for container in CONTAINERS) == 1


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (None, "neither an object nor a list"),
        ("text", "neither an object nor a list"),
        ({}, "no eventName"),
        ({"Records": {}}, "no eventName"),
        ({"Records": None}, "no eventName"),
        ({"awsAccountId": "1", "digestS3Object": "x", "logFiles": []}, "digest"),
        ({"configurationItems": []}, "AWS Config"),
        ({"Events": []}, "lookup-events"),
        ({"detail-type": "x", "detail": EVENT}, "EventBridge"),
        ({"logEvents": []}, "CloudWatch Logs"),
        ({"name": "x", "lockfileVersion": 3}, "package lock"),
    ],
)
def test_what_is_no_trail_log_is_named(document: Json, what: str) -> None:
    assert container_of(document) is None
    assert what in resemblance(document)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (EVENT, ""),
        ({**EVENT, "eventTime": None}, ""),
        (INSIGHT, ""),
        (LEGACY, ""),
        ({**LEGACY, "RequestParamters": {}, "RequestParameters": {}}, "two of its keys"),
        (None, "not an object"),
        ("text", "not an object"),
        ([EVENT], "not an object"),
        ({}, "no eventName"),
        ({**EVENT, "eventName": ""}, "no eventName"),
        ({**EVENT, "eventName": 7}, "no eventName"),
        ({**EVENT, "eventSource": None}, "no eventSource"),
        ({**EVENT, "eventSource": "aws:s3"}, "notification"),
        ({"eventName": "x", "eventSource": "y"}, "none of eventVersion"),
        ({"eventType": "AwsCloudTrailInsight"}, "no eventName"),
        (Defect("it is broken", 3), "it is broken"),
    ],
)
def test_only_what_is_surely_an_event_is_accepted(record: Json, why: str) -> None:
    assert why in why_refused(record)
    assert bool(why) is bool(why_refused(record))


def test_a_record_too_deep_is_refused() -> None:
    deep: Json = "x"
    for _ in range(300):
        deep = [deep]
    assert "deep" in why_refused({**EVENT, "requestParameters": deep})
