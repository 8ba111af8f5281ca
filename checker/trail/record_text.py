"""The bytes of a log in which nothing but records stands, one after the other or in one list."""

import re
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct
from zlib_ng import zlib_ng

from checker.aws import Json
from checker.limits import Limits
from checker.trail.inflate import GZIP_MAGIC

_SMALL: Final = 64 << 20
_GZIP_ONLY: Final = 31
_OPENING = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"Records"[ \t\r\n]*:')

Decoder: TypeAlias = "msgspec.json.Decoder[Json]"
_RAW: Final[Decoder] = msgspec.json.Decoder(msgspec.Raw)
_RAWS: Final[Decoder] = msgspec.json.Decoder(list[msgspec.Raw])


class Text(Struct, frozen=True):
    """The bytes of a list of records, or of records one after the other."""

    content: memoryview | bytes
    is_list: bool
    size: int

    def decoded(self, of_list: Decoder, of_lines: Decoder) -> list[Json]:
        """Decode every record, by the decoder of a list of them or of one."""
        if not self.is_list:
            return of_lines.decode_lines(self.content)
        listed: list[Json] = of_list.decode(self.content)
        return listed

    def raws(self) -> list[msgspec.Raw]:
        """Give the bytes of each record."""
        return self.decoded(_RAWS, _RAW)


def text_in(content: bytes, limits: Limits, size: int = 0) -> Text | None:
    """Find the records in the bytes of a file, as far as there is nothing else in it."""
    text = _inflated(content, limits) if content.startswith(GZIP_MAGIC) else content
    if not text or not _is_utf8(text):
        return None
    opening = _OPENING.match(text)
    if opening is None:
        if not text.startswith(b"{"):
            return None
        return Text(text, is_list=False, size=max(size, len(text)))
    end = len(text.rstrip(b" \t\r\n")) - 1
    if text[end : end + 1] != b"}":
        return None
    return Text(memoryview(text)[opening.end() : end], is_list=True, size=len(text))


def _inflated(content: bytes, limits: Limits) -> bytes:
    """Inflate a file of one sound member; nothing for any other."""
    most = min(limits.file_bytes, max(_SMALL, limits.inflate_ratio * len(content)))
    member = zlib_ng.decompressobj(_GZIP_ONLY)
    try:
        text: bytes = member.decompress(content, most)
    except zlib_ng.error:  # type: ignore[misc]  # its stub calls the class a value
        return b""
    return text if member.eof and not member.unused_data else b""


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
