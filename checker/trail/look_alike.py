"""What is often handed in as a trail log and is none: told by its bytes or by its keys."""

import re
from typing import Final

from msgspec import Struct

from checker.aws import Json


class LookAlike(Struct, frozen=True):
    """Something that is no trail log.

    Attributes:
        what: What it is, with its article.
        hint: What to do instead.
        may_hold_events: Whether leaving it unread may lose evidence, as with an archive.
    """

    what: str
    hint: str
    may_hold_events: bool = False


_UNPACK: Final = "unpack it first; only gzip is read as it is"
_LOGS_OF_A_SERVICE: Final = "only CloudTrail events are read: leave this file out"
_NO_CALLS: Final = "it records no API calls: leave this file out"

_DIGEST: Final = LookAlike(
    "a CloudTrail digest file",
    "digests prove logs and hold no events: name the folder CloudTrail, not CloudTrail-Digest",
)
_EXPORT: Final = "export the events as JSON"

_OPENINGS: Final = (
    (b"PK\x03\x04", LookAlike("a zip archive", _UNPACK, may_hold_events=True)),
    (b"(\xb5/\xfd", LookAlike("compressed with zstd", _UNPACK, may_hold_events=True)),
    (b"BZh", LookAlike("compressed with bzip2", _UNPACK, may_hold_events=True)),
    (b"\xfd7zXZ\0", LookAlike("compressed with xz", _UNPACK, may_hold_events=True)),
    (b"\x04\x22\x4d\x18", LookAlike("compressed with lz4", _UNPACK, may_hold_events=True)),
    (b"\x1f\x9d", LookAlike("compressed with compress", _UNPACK, may_hold_events=True)),
    (b"7z\xbc\xaf\x27\x1c", LookAlike("a 7z archive", _UNPACK, may_hold_events=True)),
    (b"Rar!", LookAlike("a RAR archive", _UNPACK, may_hold_events=True)),
    (b"\x1f\x8b", LookAlike("gzip inside gzip", "inflate it once", may_hold_events=True)),
    (b"PAR1", LookAlike("a Parquet file", _EXPORT, may_hold_events=True)),
    (b"ORC", LookAlike("an ORC file", _EXPORT, may_hold_events=True)),
    (b"Obj\x01", LookAlike("an Avro file", _EXPORT, may_hold_events=True)),
    (b"SQLite format 3\0", LookAlike("a SQLite database", _EXPORT, may_hold_events=True)),
    (
        b"version https://git-lfs",
        LookAlike(
            "a Git LFS pointer, not the file",
            "fetch the file with `git lfs pull`",
            may_hold_events=True,
        ),
    ),
    (b"%PDF", LookAlike("a PDF document", "name the log itself")),
    (b"version account-id ", LookAlike("a VPC flow log", _LOGS_OF_A_SERVICE)),
    (b"<", LookAlike("XML or HTML, perhaps an error page saved as a log", "fetch the log again")),
)
_TAR: Final = LookAlike("a tar archive", _UNPACK, may_hold_events=True)
_TAR_MAGIC: Final = (b"ustar", 257)
_CSV: Final = LookAlike(
    "CSV, perhaps the event history of the console",
    "download the event history as JSON",
    may_hold_events=True,
)
_CSV_HEADER: Final = re.compile(
    rb"[^\r\n{\[]*\bevent ?(?:name|time|id)\b[^\r\n{\[]*,", re.IGNORECASE
)

_KEYS: Final = (
    (("digestS3Object",), _DIGEST),
    (
        ("configurationItems",),
        LookAlike("an AWS Config snapshot or configuration history", _NO_CALLS),
    ),
    (("configRuleArn",), LookAlike("an event of an AWS Config rule", _NO_CALLS)),
    (
        ("detail-type",),
        LookAlike("an EventBridge event that is not CloudTrail's", _LOGS_OF_A_SERVICE),
    ),
    (
        ("class_uid",),
        LookAlike("an OCSF event", "read the CloudTrail log that it was made from"),
    ),
    (("SchemaVersion", "ProductArn"), LookAlike("a Security Hub finding", _NO_CALLS)),
    (("schemaVersion", "service", "severity"), LookAlike("a GuardDuty finding", _NO_CALLS)),
    (("Findings",), LookAlike("a list of findings", _NO_CALLS)),
    (("findings",), LookAlike("a list of findings", _NO_CALLS)),
    (
        ("QueryResultRows",),
        LookAlike("a result of a CloudTrail Lake query", "export whole events, not columns"),
    ),
    (
        ("TopicArn", "Message"),
        LookAlike("an SNS notification", "read the log that it announces"),
    ),
    (("Messages",), LookAlike("messages of an SQS queue", "read the logs that they announce")),
    (("receiptHandle", "body"), LookAlike("an SQS message", "read the log that it announces")),
    (
        ("records",),
        LookAlike('a JSON object with "records"', 'CloudTrail writes "Records", with a capital R'),
    ),
    (("trailList",), LookAlike("a description of trails", "name the logs, not the trails")),
    (("Statement",), LookAlike("a policy document", "name trail logs only")),
    (("AWSTemplateFormatVersion",), LookAlike("a CloudFormation template", "name trail logs only")),
    (("lockfileVersion",), LookAlike("a package lock file", "name trail logs only")),
    (("dependencies",), LookAlike("a package file", "name trail logs only")),
    (("devDependencies",), LookAlike("a package file", "name trail logs only")),
)

_SOURCES: Final = {
    "aws:s3": LookAlike("an S3 event notification", "read the objects that it announces"),
    "aws:dynamodb": LookAlike("a record of a DynamoDB stream", _LOGS_OF_A_SERVICE),
    "aws:kinesis": LookAlike("a record of a Kinesis stream", "read the events out of it first"),
    "aws:sqs": LookAlike("an SQS message", "read the log that it announces"),
    "aws:sns": LookAlike("an SNS notification", "read the log that it announces"),
}


def look_alike_bytes(content: bytes) -> LookAlike | None:
    """Tell what bytes are that cannot be a trail log, if that is known."""
    for opening, what in _OPENINGS:
        if content.startswith(opening):
            return what
    # Where the first file in an archive has its name, JSON has its first bracket.
    if content.startswith(*_TAR_MAGIC) and not content.startswith((b"{", b"[")):
        return _TAR
    return _CSV if _CSV_HEADER.match(content[:1_000]) else None


def look_alike(value: Json) -> LookAlike | None:
    """Tell what a JSON value is that is neither an event nor a container, if that is known."""
    if not isinstance(value, dict):
        return None
    source = value.get("eventSource", value.get("EventSource"))
    if isinstance(source, str) and source in _SOURCES:
        return _SOURCES[source]
    return next((what for keys, what in _KEYS if all(key in value for key in keys)), None)


def is_digest(value: Json) -> bool:
    """Tell whether a JSON document is a CloudTrail digest, which stands in the same tree as logs."""
    return (
        look_alike(value) is _DIGEST
        and isinstance(value.get("logFiles"), list)
        and not value.keys() & {"Records", "eventName"}
    )
