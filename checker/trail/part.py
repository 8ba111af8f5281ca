"""Parts of a large JSON Lines file: cut at line ends, so that several workers can read one file."""

import hashlib
import os
import stat
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from checker.limits import Limits
from checker.trail.source import Source

_HEAD: Final = 1 << 16


class Part(Struct, frozen=True):
    """The lines of a file that begin from one offset up to, and without, another.

    Attributes:
        number: 0 for the first part.
        of: How many parts there are.
        start: In bytes.
        stop: In bytes; the size of the file for the last part.
        stamp: What tells a file that was changed or replaced meanwhile: its number on the disk, its
            size, and when it was changed, in nanoseconds.
    """

    number: int
    of: int
    start: int
    stop: int
    stamp: tuple[int, int, int]

    @property
    def size(self) -> int:
        """The size of the whole file, in bytes."""
        return self.stamp[1]


def parts_of(source: Source, most: int, limits: Limits) -> tuple[Part, ...]:
    """Cut a file into parts of about so many bytes; none for a file that is better read whole.

    Whether all of it is JSON Lines is only known when it is read: a part that turns out to be
    anything else is doubtful, and then the file is read whole.
    """
    try:
        status = Path(source.path).stat()
        if not stat.S_ISREG(status.st_mode) or not 2 * most <= status.st_size <= limits.file_bytes:
            return ()
        with Path(source.path).open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return ()
    if not _begins_with_lines(head):
        return ()
    count = status.st_size // most
    offsets = [status.st_size * number // count for number in range(count + 1)]
    return tuple(
        Part(number, count, start, stop, _stamp(status))
        for number, (start, stop) in enumerate(pairwise(offsets))
    )


def load_part(source: Source, part: Part) -> bytes | None:
    """Give the lines of a part; None if they cannot be read, or the file is another by now."""
    try:
        with Path(source.path).open("rb") as file:
            start = 0
            if part.start:
                # A line that begins before the part belongs to the one before.
                file.seek(part.start - 1)
                file.readline()
                start = file.tell()
            content = file.read(max(0, part.stop - start))
            if content and not content.endswith(b"\n"):
                content += file.readline()
            return content if _stamp(os.fstat(file.fileno())) == part.stamp else None
    except (OSError, ValueError):
        return None


def sha256_of_file(source: Source, part: Part) -> str | None:
    """Give the hash of the whole file of a part, in hexadecimal; None as above."""
    try:
        with Path(source.path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return digest if _stamp(os.fstat(file.fileno())) == part.stamp else None
    except OSError:
        return None


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _begins_with_lines(head: bytes) -> bool:
    """Tell whether the first line is an object, and the next one begins like one."""
    first, _, rest = head.partition(b"\n")
    if not rest.startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(first), dict)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
