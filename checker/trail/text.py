"""Bytes of a trail log to its text: gzip inflated, encodings known, what is no text named."""

import re
from typing import Final

from checker.errors import Level
from checker.limits import DEFAULT, Limits
from checker.trail.decode import UTF_8_HINT, decode_utf8
from checker.trail.defect import Defect
from checker.trail.inflate import GZIP_MAGIC, inflate
from checker.trail.look_alike import look_alike_bytes

SHAPES_HINT: Final = (
    'a trail log is {"Records": [...]}, a list of events, one event, one event a line, '
    "or what AWS CLI, EventBridge, CloudWatch Logs or CloudTrail Lake make of them"
)

_BOM: Final = b"\xef\xbb\xbf"
_WIDE_BOMS: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SPACE: Final = b" \t\r\n"
_CONTROL: Final = re.compile(rb"[\0-\x08\x0e-\x1f]")
_LOG_OPENING: Final = re.compile(
    rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff|\x1f\x8b|[ \t\r\n]*(?:[{\[]|[0-9]{4}-[0-9]{2}-[0-9]{2}T)"
)


def may_hold_events(content: bytes) -> bool:
    """Tell whether bytes begin as a trail log may, or as an archive or export of one may.

    That is JSON, an exported line, gzip, a byte order mark, an archive. Such a file must be read or
    be a problem, whatever its name.
    """
    known = look_alike_bytes(content)
    return bool(_LOG_OPENING.match(content)) or (known is not None and known.may_hold_events)


def text_of(content: bytes, limits: Limits = DEFAULT) -> tuple[str, tuple[Defect, ...]]:
    """Give the text of bytes, as far as there is one, and what is wrong with them.

    Bytes that are not UTF-8 become lone surrogates, which `decode.documents` refuses.
    """
    defects: list[Defect] = []
    if content.startswith(GZIP_MAGIC):
        inflated = inflate(content, limits)
        content = inflated.content
        if inflated.defect:
            defects.append(inflated.defect)
            if not content:
                return "", tuple(defects)
    foreign = _why_no_text(content)
    if foreign:
        return "", (*defects, foreign)
    text, defect = _decode(content)
    if defect:
        defects.append(defect)
    if not text.strip(" \t\r\n") and not any(each.level is Level.ERROR for each in defects):
        defects.append(Defect(code="empty-file", cause="the file is empty", hint=SHAPES_HINT))
    return text, tuple(defects)


def _why_no_text(content: bytes) -> Defect | None:
    content = content.removeprefix(_BOM)
    if not content.strip(_SPACE):
        return Defect(code="empty-file", cause="the file is empty", hint=SHAPES_HINT)
    known = look_alike_bytes(content)
    if known:
        return Defect(code="not-a-trail-log", cause=f"this is {known.what}", hint=known.hint)
    if content.startswith(tuple(bom for bom, _ in _WIDE_BOMS)):
        return None
    if b"\0" in content[:4]:
        cause = "this is no text in UTF-8, perhaps UTF-16 or a binary file"
        return Defect(code="not-utf-8", cause=cause, hint=UTF_8_HINT)
    if _CONTROL.search(content[:1_000]) and not _LOG_OPENING.match(content):
        cause = "this is a binary file, not text"
        return Defect(code="not-a-trail-log", cause=cause, hint=SHAPES_HINT)
    return None


def _decode(content: bytes) -> tuple[str, Defect | None]:
    for bom, encoding in _WIDE_BOMS:
        if content.startswith(bom):
            return _decode_wide(content, encoding)
    return decode_utf8(content.removeprefix(_BOM)), None


def _decode_wide(content: bytes, encoding: str) -> tuple[str, Defect]:
    name = encoding.upper()
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        cause = f"the text begins as {name} and is not {name} throughout, none was read"
        return "", Defect(code="not-utf-8", cause=cause, hint=UTF_8_HINT)
    cause = f"the text is {name}, not UTF-8"
    return text, Defect(code="wide-text", cause=cause, hint=UTF_8_HINT, level=Level.WARNING)
