"""The bytes of a source: never more than the limit, and never a wait for what is no file."""

import os
import stat
from io import BytesIO
from typing import BinaryIO, Final

from checker.limits import DEFAULT, Limits
from checker.trail.defect import Defect, too_much
from checker.trail.source import NOT_A_FILE_HINT, Source

_PIECE: Final = 1 << 20


def load(source: Source, stdin: BinaryIO, limits: Limits = DEFAULT) -> bytes | Defect:
    """Give the bytes of a source, or why they cannot be had.

    Args:
        source: What to read.
        stdin: Where the source for standard input reads from.
        limits: `file_bytes` bounds what is read, before inflating.
    """
    try:
        if source.stdin:
            return _read(stdin, limits)
        with open(source.path, "rb", opener=_open) as file:
            return _read_file(file, limits)
    except OSError as error:
        return _unreadable(error.strerror or str(error))
    except ValueError as error:
        return _unreadable(str(error))


def _open(path: str, flags: int) -> int:
    """Open without waiting for somebody who writes to a named pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read_file(file: BinaryIO, limits: Limits) -> bytes | Defect:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        cause = "not a regular file, not read"
        return Defect(code="not-a-file", cause=cause, hint=NOT_A_FILE_HINT)
    if status.st_size > limits.file_bytes:
        return _too_large(limits)
    # In one piece, one byte more than there is, so that a file that grows is seen to.
    content = file.read(status.st_size + 1)
    return content if len(content) <= status.st_size else _read(file, limits, content)


def _read(stream: BinaryIO, limits: Limits, begun: bytes = b"") -> bytes | Defect:
    content = BytesIO()
    content.write(begun)
    while piece := stream.read(_PIECE):
        content.write(piece)
        if content.tell() > limits.file_bytes:
            return _too_large(limits)
    return content.getvalue()


def _too_large(limits: Limits) -> Defect:
    return too_much("too-large", f"it holds more than {limits.file_bytes:,} bytes", "file_bytes")


def _unreadable(why: str) -> Defect:
    hint = "see that the file is there and may be read"
    return Defect(code="unreadable-file", cause=f"cannot be read: {why}", hint=hint)
