"""What the tables of trail logs are made of: the case, and bytes that are almost a log."""

import gzip
import io
import json
import random
import tarfile
import zipfile
from dataclasses import dataclass
from typing import Any

from checker.aws import Json
from tests.builders import event

RULE = """\
id: nothing-is-deleted
title: No trail is deleted
severity: high
match: {eventName: '*'}
outcome: any
forbid: eventName == 'DeleteTrail'
"""

E1 = event()
E2 = event(eventID="5c1f6e0a-2f3f-4a54-9d3f-0000000000a2")
MANY = [event(eventID=str(n), userAgent=str(random.Random(n).random())) for n in range(200)]  # noqa: S311
LEGACY = {
    "EventTime": "2024-05-01T10:00:00Z",
    "EventName": "AttachPolicy",
    "EventSource": "iot.amazonaws.com",
    "UserIdentity": {"type": "User", "arn": "arn:aws:iam::111122223333:user/alice"},
    "SourceIpAddress": "192.0.2.1",
    "RequestParamters": {"policyName": "Example"},
}
INSIGHT = {
    "eventType": "AwsCloudTrailInsight",
    "eventVersion": "1.08",
    "eventTime": "2024-05-01T10:00:00Z",
    "eventID": "5c1f6e0a-2f3f-4a54-9d3f-0000000000a3",
    "insightDetails": {"state": "Start"},
}


@dataclass(frozen=True, slots=True)
class Log:
    """A file, and what must become of it.

    Attributes:
        kind: `ok`, `warning`, `error`, or `none` where all was read and there were no events.
        said: Part of what one of its problems says.
    """

    name: str
    content: bytes
    kind: str
    judged: int
    refused: int
    said: str = ""


def J(value: Json) -> bytes:  # noqa: N802 - it stands in every other case
    """Give JSON."""
    return json.dumps(value).encode()


def file(*records: Json, escape: bool = True) -> bytes:
    """Give a CloudTrail file."""
    return json.dumps({"Records": list(records)}, ensure_ascii=escape).encode()


def lines(*records: Json) -> bytes:
    """Give JSON Lines."""
    return b"\n".join(J(record) for record in records)


def gz(content: bytes) -> bytes:
    """Give one gzip member."""
    return gzip.compress(content, mtime=0)


def bridged(detail: Json) -> dict[str, Any]:
    """Give what EventBridge makes of an event."""
    return {"detail-type": "AWS API Call via CloudTrail", "source": "aws.iot", "detail": detail}


def nested(levels: int) -> Json:
    """Give a list in a list in a list."""
    value: Json = "x"
    for _ in range(levels):
        value = [value]
    return value


def tar(content: bytes) -> bytes:
    """Give a tar archive of one file."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as opened:
        member = tarfile.TarInfo("log.json")
        member.size = len(content)
        opened.addfile(member, io.BytesIO(content))
    return archive.getvalue()


def zipped(content: bytes) -> bytes:
    """Give a zip archive of one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("log.json", content)
    return archive.getvalue()
