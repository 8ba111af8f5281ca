import json

import pytest

from checker.aws import Json
from checker.limits import Limits
from checker.trail.container import Container, container_of, has_more_pages, why_refused
from checker.trail.defect import Defect

EVENT = {
    "eventVersion": "1.08",
    "eventName": "AttachPolicy",
    "eventSource": "iot.amazonaws.com",
    "eventTime": "2024-12-16T00:00:00Z",
}
INSIGHT = {"eventType": "AwsCloudTrailInsight", "insightDetails": {"state": "Start"}}
LEGACY = {"EventName": "AttachPolicy", "UserIdentity": {}}


TEXT = json.dumps(EVENT)
OTHER = {**EVENT, "eventName": "DetachPolicy"}
LOOKED_UP = {"EventId": "x", "EventName": "AttachPolicy", "CloudTrailEvent": TEXT}
ON_THE_BUS = {"detail-type": "AWS API Call via CloudTrail", "source": "aws.iot", "detail": EVENT}
FROM_LAKE = {"eventVersion": "1.0", "eventID": "y", "eventData": EVENT}
LOGGED = {"timestamp": 1, "message": TEXT, "ingestionTime": 2}
CONTROL = {"id": "", "timestamp": 1, "message": "CWL CONTROL MESSAGE: Checking health."}


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
        (ON_THE_BUS, "EventBridge event", [EVENT]),
        ({"detail-type": "Replay", "detail": EVENT}, "EventBridge event", [EVENT]),
        (FROM_LAKE, "CloudTrail Lake event", [EVENT]),
        ({"eventData": TEXT}, "CloudTrail Lake event", [EVENT]),
        (LOOKED_UP, "lookup-events entry", [EVENT]),
        (LOGGED, "CloudWatch Logs event", [EVENT]),
        (
            [EVENT, ON_THE_BUS, FROM_LAKE, LOOKED_UP, LOGGED, LEGACY, 1],
            "list",
            [EVENT, EVENT, EVENT, EVENT, EVENT, LEGACY, 1],
        ),
        ({"Events": [LOOKED_UP], "NextToken": "x"}, "lookup-events output", [EVENT]),
        ({"Events": [INSIGHT]}, "lookup-events output", [INSIGHT]),
        ({"Events": []}, "lookup-events output", []),
        ({"events": [LOGGED, LOGGED]}, "CloudWatch Logs output", [EVENT, EVENT]),
        ({"events": [], "searchedLogStreams": []}, "CloudWatch Logs output", []),
        (
            {"messageType": "DATA_MESSAGE", "logEvents": [LOGGED]},
            "CloudWatch Logs subscription",
            [EVENT],
        ),
        (
            {"messageType": "CONTROL_MESSAGE", "logEvents": [CONTROL]},
            "CloudWatch Logs subscription",
            [],
        ),
        (
            {"auditEvents": [{"id": "1", "eventData": TEXT}]},
            "CloudTrail Lake audit events",
            [EVENT],
        ),
    ],
)
def test_each_container_is_known_and_opened(document: Json, name: str, records: list[Json]) -> None:
    container = container_of(document)
    assert isinstance(container, Container)
    assert container.name == name
    assert container.records(document) == records
    assert container.holds_one is (container.name not in SEVERAL)


SEVERAL = {
    "CloudTrail file",
    "list",
    "lookup-events output",
    "CloudWatch Logs output",
    "CloudWatch Logs subscription",
    "CloudTrail Lake audit events",
}


def test_an_event_in_a_control_message_is_not_lost() -> None:
    document = {"messageType": "CONTROL_MESSAGE", "logEvents": [CONTROL, LOGGED]}
    container = container_of(document)
    assert isinstance(container, Container)
    assert container.records(document) == [EVENT]


@pytest.mark.parametrize(
    "document",
    [
        {"Records": [EVENT], **EVENT},
        {"Records": [EVENT], "Events": [LOOKED_UP]},
        {**ON_THE_BUS, "Records": []},
        {**ON_THE_BUS, "eventData": OTHER},
        {**LOGGED, "detail-type": "x", "detail": OTHER},
        {**EVENT, "eventData": OTHER},
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(document: Json) -> None:
    defect = container_of(document)
    assert isinstance(defect, Defect)
    assert "several ways" in defect.cause


def test_an_element_that_could_be_read_in_two_ways_is_refused() -> None:
    container = container_of([{**EVENT, "eventData": OTHER}])
    assert isinstance(container, Container)
    (record,) = container.records([{**EVENT, "eventData": OTHER}])
    assert isinstance(record, Defect)


@pytest.mark.parametrize(
    "inner",
    [
        {"Events": [LOOKED_UP]},
        {"Records": [EVENT]},
        [EVENT],
        ON_THE_BUS,
        LOOKED_UP,
        LOGGED,
        {"eventData": EVENT},
    ],
)
@pytest.mark.parametrize("key", ["CloudTrailEvent", "eventData", "message"])
def test_a_wrapper_within_a_wrapper_is_refused(inner: Json, key: str) -> None:
    for document in ({key: json.dumps(inner)}, [{key: json.dumps(inner)}]):
        container = container_of(document)
        if isinstance(container, Container):
            assert all(why_refused(record) for record in container.records(document))


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', TEXT + TEXT, TEXT[:-1], "[1"])
def test_broken_text_within_a_record_is_a_defect(text: str) -> None:
    document = {"Events": [{"CloudTrailEvent": text}, LOOKED_UP]}
    container = container_of(document)
    assert isinstance(container, Container)
    broken, whole = container.records(document)
    assert isinstance(broken, Defect)
    assert whole == EVENT


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (None, "neither an object nor a list"),
        ("text", "neither an object nor a list"),
        ({}, "no eventName"),
        ({"Records": {}}, "its Records is not a list"),
        ({"Records": None}, "its Records is not a list"),
        ({"Events": {}}, "its Events is not a list"),
        ({"records": []}, '"records"'),
        ({"message": "Forbidden"}, "no eventName"),
        ({"events": [1, {"name": "x"}]}, "its events is"),
        ({"configurationItems": []}, "AWS Config"),
        ({"detail-type": "GuardDuty Finding", "detail": {}}, "not CloudTrail's"),
        (Defect(code="broken-json", cause="it is broken", offset=3), "it is broken"),
    ],
)
def test_what_is_no_trail_log_is_named(document: Json, what: str) -> None:
    defect = container_of(document)
    assert isinstance(defect, Defect)
    assert what in defect.cause


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
        ([EVENT], "wrapped once more (list)"),
        ({"Records": [EVENT]}, "wrapped once more (CloudTrail file)"),
        ({}, "no eventName"),
        ({**EVENT, "eventName": ""}, "no eventName"),
        ({**EVENT, "eventName": 7}, "its eventName is not text"),
        ({**EVENT, "eventSource": None}, "its eventSource is not text"),
        ({**EVENT, "eventSource": "aws:s3"}, "S3 event notification"),
        ({**EVENT, "eventSource": "aws:unheard-of"}, "notification of another service"),
        ({"eventName": "x", "eventSource": "y"}, "none of eventVersion"),
        ({"eventType": "AwsCloudTrailInsight"}, "no eventName"),
        (Defect(code="broken-json", cause="it is broken", offset=3), "it is broken"),
    ],
)
def test_only_what_is_surely_an_event_is_accepted(record: Json, why: str) -> None:
    defect = why_refused(record)
    assert (defect is None) is (why == "")
    assert defect is None or why in defect.cause


def test_a_record_too_deep_is_refused_by_the_limit() -> None:
    deep: Json = "x"
    for _ in range(300):
        deep = [deep]
    record = {**EVENT, "requestParameters": deep}
    defect = why_refused(record)
    assert defect is not None
    assert defect.code == "record-too-large"
    assert "200 levels" in defect.cause
    assert "limits: {record_depth: …}" in defect.hint
    assert why_refused(record, Limits(record_depth=301)) is None


def test_one_page_of_several_is_known() -> None:
    assert has_more_pages({"Events": [], "NextToken": "x"})
    assert has_more_pages({"events": [], "nextToken": "x"})
    assert not has_more_pages({"events": [], "nextForwardToken": "x", "nextToken": None})
    assert not has_more_pages([])
