"""Inflating gzip: every member, and what can still be had from a damaged file."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GZIP_MAGIC: Final = b"\x1f\x8b"

_CHUNK: Final = 65_536
_WHOLE_LIMIT: Final = 2 << 30
_RATIO_LIMIT: Final = 200
_RATIO_APPLIES_FROM: Final = 64 << 20
_GZIP_ONLY: Final = 31


@dataclass(frozen=True, slots=True)
class Inflated:
    """What a gzip file holds.

    Attributes:
        content: All that could be inflated, in order.
        defect: What was lost and why; empty when the file is whole.
    """

    content: bytes
    defect: str


def inflate(content: bytes) -> Inflated:
    """Inflate all members of a gzip file; zero bytes behind the last one are padding.

    More than 2 GiB, or more than 200 times the file's size once past 64 MiB, is a defect, and
    nothing is given then.
    """
    output = bytearray()
    limit = min(_WHOLE_LIMIT, max(_RATIO_APPLIES_FROM, _RATIO_LIMIT * len(content)))
    start, defect = 0, ""
    while start < len(content) and not defect:
        if content.startswith(GZIP_MAGIC, start):
            start, defect = _inflate_member(content, start, output, limit)
        elif not content[start:].strip(b"\0"):
            break
        else:
            defect = "bytes follow the end of the compressed data"
    return Inflated(bytes(output), defect)


def _inflate_member(content: bytes, start: int, output: bytearray, limit: int) -> tuple[int, str]:
    """Inflate one member to the output; give where it ends, and its defect."""
    member = zlib.decompressobj(_GZIP_ONLY)
    for at in range(start, len(content), _CHUNK):
        chunk = content[at : at + _CHUNK]
        before = member.copy()
        try:
            output += member.decompress(chunk)
        except zlib.error as error:
            output += b"".join(_inflate_bytewise(before, chunk))
            return at, f"the compressed data are damaged ({error})"
        if len(output) > limit:
            output.clear()
            return at, "the compressed data inflate to more than is sensible, none was read"
        if member.eof:
            return at + len(chunk) - len(member.unused_data), ""
    return len(content), "the compressed data are cut short"


def _inflate_bytewise(member: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """Give all that a damaged chunk yields before its damage; zlib keeps none of it otherwise."""
    for at in range(len(chunk)):
        try:
            yield member.decompress(chunk[at : at + 1])
        except zlib.error:
            return
