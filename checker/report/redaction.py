"""The key that a report is redacted by: read from a file, and named without giving it away."""

import hashlib
import hmac
from pathlib import Path
from typing import Final

from checker.errors import Place, Problem, UsageError

REDACT: Final = "redact"
"""The setting that says by which key a report was redacted."""

LEAST_BYTES: Final = 16
_MOST_BYTES: Final = 1 << 16
_DIGITS: Final = 16


def read_key(path: Path) -> bytes:
    """Read a key: the bytes of a file, without the line end that an editor leaves.

    Raises:
        UsageError: It cannot be read, or is no key.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _no_key(path, f"the key cannot be read: {why}") from error
    key = content.rstrip(b"\r\n")
    if len(key) < LEAST_BYTES or len(set(key)) == 1:
        raise _no_key(path, f"the key is shorter than {LEAST_BYTES} bytes, or all of one byte")
    if len(content) > _MOST_BYTES:
        raise _no_key(path, f"the key is larger than {_MOST_BYTES:,} bytes")
    return key


def key_name(key: bytes) -> str:
    """Name a key, so that two reports can be told to be redacted by one.

    It is made by the key, not of it: no plain hash of the key is anywhere.
    """
    made = hmac.new(key, b"name of the key", hashlib.sha256)
    return f"by key {made.hexdigest()[:_DIGITS]}"


def _no_key(path: Path, cause: str) -> UsageError:
    hint = "make one with: head -c 32 /dev/urandom > redact.key, and keep it"
    place = Place(path=path.as_posix())
    return UsageError([Problem(code="redact-key", cause=cause, place=place, hint=hint)])
