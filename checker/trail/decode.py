"""JSON text to values, strictly, and what can still be had from broken text.

Two readers must never see two different events in the same bytes. So a key that occurs twice,
`NaN`, numbers out of range and bytes that are not UTF-8 make a record ambiguous: it is refused, as
one whose syntax is broken is. Its neighbours are still read.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Final, NoReturn

from checker.aws import Json
from checker.trail.defect import Defect

LIST_KEYS: Final = ("Records", "Events", "events", "logEvents", "auditEvents")
"""Keys under which containers hold a list of events."""

BROKEN_JSON: Final = "broken-json"
UTF_8_HINT: Final = "trail logs are UTF-8: convert the file"

_SPACE = re.compile(r"[ \t\r\n]*")
_NOISE = re.compile(r"[ \t\r\n,\]}]*")
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
_SCALAR = re.compile(r"[^,\]]+|(?=[,\]])")
_BAD_BYTE = re.compile("[\udc80-\udcff]")

_EXPORTED_AT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z[ \t]+(?=\{)"
_TIMESTAMP = re.compile(_EXPORTED_AT)
_NEXT_DOCUMENT = re.compile(rf"\n(?=[{{\[]|{_EXPORTED_AT})")
_BRACKETS: Final = ("{", "[", '"')

_STRING = r'"(?:[^"\\]++|\\.)*+"'
_MEMBER = rf"{_STRING}\s*:\s*(?:{_STRING}|[-+.\w]++|\[(?:\s*{_STRING}\s*,?)*+\s*\])\s*"
_OPENING = rf'\{{\s*(?:{_MEMBER},\s*)*+"(?P<key>{"|".join(LIST_KEYS)})"\s*:\s*\[|\['
_LIST = re.compile(_OPENING)
_NEXT_LIST = re.compile(rf"\n(?={_OPENING})")
_END_OF_LIST = re.compile(r"\]")
_END_OF_FILE = re.compile(rf"\]\s*(?:,\s*{_MEMBER})*+\}}")


class _UnreadableError(Exception):
    """Text that cannot be read, and where, in characters."""

    def __init__(self, cause: str, offset: int) -> None:
        super().__init__(cause)
        self.offset = offset


class _NotUtf8Error(_UnreadableError):
    pass


class _AmbiguousError(ValueError):
    pass


def decode_utf8(content: bytes) -> str:
    """Decode bytes; each that is not UTF-8 becomes a lone surrogate, which `documents` refuses."""
    return content.decode("utf-8", errors="surrogateescape")


def documents(text: str) -> Iterator[tuple[int, Json]]:
    """Give the JSON documents that a text holds one after the other, each with its offset.

    A broken one is a `Defect`. A broken list, alone or under one of `LIST_KEYS`, comes with the elements that could be read,
    and a `Defect` in the place of each that could not. After other broken text, reading goes on
    with the next line that opens a document. A timestamp before a document, as CloudWatch Logs
    exports have it, is passed over.
    """
    position, broken = _skip(text, 0, _SPACE), False
    while position < len(text):
        position = _skip(text, position, _TIMESTAMP)
        # What is broken must not be tried up to the end of the text again and again.
        stop = _end_of_document(text, position) if broken else len(text)
        try:
            value, end = _decode(text, position, stop)
        except _UnreadableError as error:
            if not broken:
                broken = True
                continue
            value, end = _salvage(text, position, _defect(error))
        yield position, value
        position = _skip(text, end, _NOISE if broken else _SPACE)


def decode_inner(text: str) -> Json:
    """Give the one JSON value that a text within a record is; a `Defect` when it is none."""
    try:
        value, end = _decode(text, _skip(text, 0, _SPACE), len(text))
    except _UnreadableError as error:
        return _broken(f"in the JSON text within the record, {error}")
    if _skip(text, end, _SPACE) < len(text):
        return _broken("the text within the record is more than one JSON value")
    return value


def _decode(text: str, start: int, stop: int) -> tuple[Json, int]:
    """Decode the value that begins at `start` and reads no further than `stop`."""
    # A slice, because the library counts the lines of the whole text for every error it raises.
    part, shift = (text, 0) if stop == len(text) else (text[start:stop], start)
    try:
        value, end = _DECODER.raw_decode(part, start - shift)
    except json.JSONDecodeError as error:
        raise _syntax_error(part, error, shift) from error
    except _AmbiguousError as error:
        raise _UnreadableError(str(error), start) from error
    except ValueError as error:
        raise _UnreadableError("a number has too many digits", start) from error
    except RecursionError as error:
        raise _UnreadableError("it is nested too deeply", start) from error
    bad = _BAD_BYTE.search(part, start - shift, end)
    if bad:
        raise _NotUtf8Error("it has bytes that are not UTF-8", bad.start() + shift)
    return value, end + shift


def _salvage(text: str, start: int, defect: Defect) -> tuple[Json, int]:
    """Give what a broken document holds, and where to go on."""
    stop = _end_of_document(text, start)
    opening = _LIST.match(text, start)
    if opening is None:
        return defect, _end_of_value(text, start, stop) or stop
    elements, end = _elements(text, opening, stop)
    if not any(isinstance(element, Defect) for element in elements):
        elements.append(defect)
    return {opening["key"]: elements} if opening["key"] else elements, end


def _elements(text: str, opening: re.Match[str], stop: int) -> tuple[list[Json], int]:
    """Give the elements of a list, a `Defect` for each that is lost, and where to go on."""
    elements: list[Json] = []
    position = _skip(text, opening.end(), _SPACE)
    while not text.startswith("]", position):
        end = _end_of_element(text, position, stop)
        elements.append(_element(text, position, stop if end is None else max(end, position + 1)))
        if end is None:
            return elements, _next_document(text, min(position, stop - 1))
        position = _skip(text, end, _SPACE)
        if text.startswith(",", position):
            position = _skip(text, position + 1, _SPACE)
        elif not text.startswith("]", position):
            elements.append(_broken("the list of records breaks off", position))
            return elements, _next_document(text, position - 1)
    closing = (_END_OF_FILE if opening["key"] else _END_OF_LIST).match(text, position)
    if closing:
        return elements, closing.end()
    elements.append(_broken("what follows the list of records could not be read", position))
    return elements, _next_document(text, position)


def _element(text: str, start: int, stop: int) -> Json:
    try:
        return _decode(text, start, stop)[0]
    except _UnreadableError as error:
        return _defect(error)


def _end_of_element(text: str, start: int, stop: int) -> int | None:
    if text.startswith(_BRACKETS, start):
        return _end_of_value(text, start, stop)
    found = _SCALAR.match(text, start, stop)
    return found.end() if found else None


def _end_of_value(text: str, start: int, stop: int) -> int | None:
    """Find where a value ends by its brackets and quotes alone; None if it does not."""
    if not text.startswith(_BRACKETS, start):
        return None
    depth = 0
    for found in _STRUCTURE.finditer(text, start, stop):
        match text[found.start()]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case _ if found.end() - found.start() == 1:
                return None
        if depth == 0:
            return found.end()
    return None


def _end_of_document(text: str, start: int) -> int:
    """Find where the next document may begin, to which a broken one reaches at most."""
    opening = _NEXT_LIST if _LIST.match(text, start) else _NEXT_DOCUMENT
    return _end_of(opening.search(text, start), text)


def _next_document(text: str, start: int) -> int:
    return _end_of(_NEXT_DOCUMENT.search(text, start), text)


def _end_of(found: re.Match[str] | None, text: str) -> int:
    return found.end() if found else len(text)


def _defect(error: _UnreadableError) -> Defect:
    if isinstance(error, _NotUtf8Error):
        cause = f"not read: {error}"
        return Defect(code="not-utf-8", cause=cause, hint=UTF_8_HINT, offset=error.offset)
    return _broken(str(error), error.offset)


def _broken(cause: str, offset: int | None = None) -> Defect:
    hint = "fetch or export the file again; what could be read before and after it was judged"
    return Defect(code=BROKEN_JSON, cause=f"not read: {cause}", hint=hint, offset=offset)


def _syntax_error(part: str, error: json.JSONDecodeError, shift: int) -> _UnreadableError:
    if _skip(part, error.pos, _SPACE) == len(part):
        # Where the text ends, and not where the next line begins.
        end = len(part.rstrip(" \t\r\n"))
        return _UnreadableError("it ends before it is complete", end + shift)
    # The library's own words differ from one Python to the next.
    known = (words for opening, words in _SYNTAX if error.msg.startswith(opening))
    cause = f"it is not valid JSON: {next(known, 'a character is out of place')}"
    return _UnreadableError(cause, error.pos + shift)


def _skip(text: str, position: int, pattern: re.Pattern[str]) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _AmbiguousError("a key occurs twice in one object")
    return members


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise _AmbiguousError("a number is out of range")
    return value


def _no_constant(name: str) -> NoReturn:
    raise _AmbiguousError(f"{name} is not JSON")


_SYNTAX: Final = (
    ("Expecting value", "no value stands here"),
    ("Expecting property name", "a name in double quotes is expected"),
    ("Illegal trailing comma", "a comma stands before the end"),
    ("Expecting ','", "a comma or the end is expected"),
    ("Expecting ':'", "a colon is expected"),
    ("Unterminated string", "a text in quotes has no end"),
    ("Invalid control character", "a text in quotes holds a line break or control character"),
    ("Invalid \\", "a backslash begins no escape"),
)

_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant
)
