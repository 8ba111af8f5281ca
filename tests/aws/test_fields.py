import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from checker.aws.fields import is_record_path, nearest_paths, record_field, top_level_fields


@pytest.mark.parametrize(
    "path",
    [
        "eventName",
        "userIdentity.sessionContext.sessionIssuer.arn",
        "requestParameters.anything.below",
        "responseElements.ConsoleLogin",
        "additionalEventData.whatever",
        "tlsDetails.tlsVersion",
    ],
)
def test_a_field_of_a_record_is_known(path: str) -> None:
    assert is_record_path(tuple(path.split(".")))


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("eventname", ["eventName"]),
        ("sourceIpAddress", ["sourceIPAddress"]),
        ("userIdentity.sessionIssuer", ["userIdentity.sessionContext.sessionIssuer"]),
        ("userIdentity.arm", ["userIdentity.arn"]),
        ("mfaAuthenticated", ["userIdentity.sessionContext.attributes.mfaAuthenticated"]),
        ("xyzzy", []),
    ],
)
def test_another_field_is_not_and_what_was_meant_is_told(path: str, near: list[str]) -> None:
    names = tuple(path.split("."))

    assert not is_record_path(names)
    assert list(nearest_paths(names)[:1]) == near


def test_what_is_always_there_is_told() -> None:
    always = {name for name in top_level_fields() if (record_field((name,)) or _NONE).always}

    assert always == {
        *("awsRegion", "eventCategory", "eventID", "eventName", "eventSource", "eventTime"),
        *("eventType", "eventVersion", "sourceIPAddress"),
    }


_NONE = record_field(("errorCode",)) or pytest.fail("errorCode is a field of records")


def test_real_records_have_the_fields_in_the_types_that_are_told(shared: Path) -> None:
    with gzip.open(shared / "trails/ALL_EVENTS.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line)["event"] for line in lines]
    types = {"string": str, "boolean": bool, "object": dict, "array": list}
    unknown: Counter[str] = Counter()

    for record in records:
        for name, value in record.items() if "eventID" in record else ():
            field = record_field((name,))
            if field is None:
                unknown[name] += 1
            elif name not in {"userAgent", "requestParameters"} and value is not None:
                assert isinstance(value, types[field.type]), name

    # What others have put into records that they published.
    written = {name for name in unknown if "." not in name and "-" not in name}
    assert written <= {"type", "eventId", "UID"}
