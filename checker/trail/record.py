"""What reading gives: records, and the log that held them.

Apart from the readers, so that a run over plain CloudTrail files need not load those for all the rest.
"""

from datetime import datetime
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.errors import Problem
from checker.trail.source import Source

CLOUDTRAIL_FILE: Final = "CloudTrail file"
JSON_LINES: Final = "JSON Lines"
ONE_EVENT: Final = "event"


class Record(Struct, frozen=True, kw_only=True):
    """One event of a trail log.

    Attributes:
        index: 0-based position among the records of its file, refused ones counted.
        original: The record as it was written: the evidence.
        event: The canonical event: what rules see.
        time: When it happened; None if that cannot be read.
        canonical: The event's canonical bytes, where they are known already; else empty.
    """

    index: int
    original: dict[str, Json]
    event: dict[str, Json]
    time: datetime | None
    canonical: bytes = b""


class TrailLog(Struct, frozen=True, kw_only=True):
    """What one source held.

    Attributes:
        source: Where it came from.
        container: The name of its shape; empty when none was recognised.
        size: In bytes, as read, before inflating.
        sha256: Of the bytes as read, in hexadecimal.
        records: The events that could be read, in order.
        refused: How many records could not.
        problems: All that was lost or odd.
        set_aside: Why a file found in a folder is no trail log, and none is lost by that; else
            empty.
    """

    source: Source
    container: str = ""
    size: int = 0
    sha256: str = ""
    records: tuple[Record, ...] = ()
    refused: int = 0
    problems: tuple[Problem, ...] = ()
    set_aside: str = ""
