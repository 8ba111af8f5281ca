"""What makes two records the same event: the same eventID and the same content.

CloudTrail delivers at least once and trails overlap, so a record counts once for its identity, however
often, wherever and in whatever layout it stands.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from checker.aws import Json
from checker.trail.event import text_in

WIDTH: Final = 28
"""Bytes of an identity: those of the event, then those of its content."""

EVENT_WIDTH: Final = 16

_CONTENT_WIDTH: Final = WIDTH - EVENT_WIDTH
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def identify(event: Mapping[str, Json], content: bytes, path: str, index: int) -> tuple[bytes, str]:
    """Give a record's identity: without an eventID it is only ever itself.

    Args:
        event: The canonical event.
        content: Its canonical bytes.
        path: Where it stands.
        index: Its 0-based position there.

    Returns:
        The identity, and the eventID where it cannot be told from that again.
    """
    event_id = text_in(event, "eventID")
    digest = sha256(content).digest()[:_CONTENT_WIDTH]
    if _UUID.fullmatch(event_id):
        return bytes.fromhex(event_id.replace("-", "")) + digest, ""
    name = f"id {event_id}" if event_id else f"at {index} {path}"
    return _digest(name) + digest, event_id


def uuid_of(key: bytes) -> str:
    """Give the UUID that a key is."""
    digits = key.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()[:EVENT_WIDTH]
