"""Inflating gzip: every member, and what can still be had from a damaged file."""

import zlib
from collections.abc import Generator, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Final

from msgspec import Struct

from checker.limits import DEFAULT, Limits
from checker.trail.defect import Defect, too_much

GZIP_MAGIC: Final = b"\x1f\x8b"

_INPUT: Final = 65_536
_OUTPUT: Final = 1 << 20
_RATIO_APPLIES_FROM: Final = 64 << 20
_GZIP_ONLY: Final = 31
_REASONS: Final = (
    ("incorrect data check", "the compressed data are damaged, their checksum is wrong"),
    ("incorrect length check", "the compressed data are damaged, their length is wrong"),
)


class Inflated(Struct, frozen=True):
    """What a gzip file holds.

    Attributes:
        content: All that could be inflated, in order; nothing when it is over a limit.
        defect: What was lost and why; None when the file is whole.
    """

    content: bytes
    defect: Defect | None


class _DamageError(Exception):
    pass


def inflate(content: bytes, limits: Limits = DEFAULT) -> Inflated:
    """Inflate all members of a gzip file; zero bytes behind the last one are padding.

    What is over a limit never stands in memory: output beyond 64 MiB is only counted, and
    inflated once more if all of it is within the limits.
    """
    ratio_most = max(_RATIO_APPLIES_FROM, limits.inflate_ratio * len(content))
    kept, size, damage = BytesIO(), 0, ""
    try:
        for piece in _pieces(content):
            size += len(piece)
            if size > limits.file_bytes:
                cause = f"it inflates to more than {limits.file_bytes:,} bytes"
                return Inflated(b"", too_much("too-large", cause, "file_bytes"))
            if size > ratio_most:
                cause = f"it inflates to more than {limits.inflate_ratio} times its size"
                return Inflated(b"", too_much("too-large", cause, "inflate_ratio"))
            if size <= _RATIO_APPLIES_FROM:
                kept.write(piece)
    except _DamageError as error:
        damage = str(error)
    if size > _RATIO_APPLIES_FROM:
        kept = _all_of(content)
    return Inflated(kept.getvalue(), _damage(damage) if damage else None)


def _all_of(content: bytes) -> BytesIO:
    kept = BytesIO()
    with suppress(_DamageError):
        for piece in _pieces(content):
            kept.write(piece)
    return kept


def _damage(cause: str) -> Defect:
    hint = "fetch the file again; what could be inflated was judged"
    return Defect(code="damaged-gzip", cause=f"not read whole: {cause}", hint=hint)


def _pieces(content: bytes) -> Iterator[bytes]:
    """Give the output piece by piece; raises `_DamageError` where the file is damaged."""
    start = 0
    while start < len(content):
        if content.startswith(GZIP_MAGIC, start):
            start = yield from _member(content, start)
        elif content.count(0, start) == len(content) - start:
            return
        else:
            raise _DamageError("bytes follow the end of the compressed data")


def _member(content: bytes, start: int) -> Generator[bytes, None, int]:
    """Give one member's output; returns where it ends."""
    member = zlib.decompressobj(_GZIP_ONLY)
    for at in range(start, len(content), _INPUT):
        chunk = content[at : at + _INPUT]
        yield from _inflate_chunk(member, chunk)
        if member.eof:
            return at + len(chunk) - len(member.unused_data)
    raise _DamageError("the compressed data are cut short")


def _inflate_chunk(member: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """Give all that a chunk yields, in pieces of bounded size, up to its damage if it has any."""
    piece, waiting = b"begin", chunk
    while piece and not member.eof:
        before = member.copy()
        try:
            piece = member.decompress(waiting, _OUTPUT)
        except zlib.error as error:
            yield from _inflate_bytewise(before, waiting)
            raise _DamageError(_in_words(error)) from error
        yield piece
        waiting = member.unconsumed_tail


def _in_words(error: zlib.error) -> str:
    known = (words for reason, words in _REASONS if reason in str(error))
    return next(known, "the compressed data are damaged")


def _inflate_bytewise(member: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """Give all that a damaged chunk yields before its damage; zlib keeps none of it otherwise."""
    for at in range(len(chunk)):
        try:
            yield member.decompress(chunk[at : at + 1])
        except zlib.error:
            return
