"""JSON text to values, strictly, and what can still be had from broken text.

Two readers must never see two different events in the same bytes. So a key that occurs twice,
`NaN`, numbers out of range and bytes that are not UTF-8 make a record ambiguous: it is refused, as
one whose syntax is broken is. Its neighbours are still read.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from checker.aws import Json

MAX_DEPTH: Final = 200
"""Deeper records are refused: nothing that CloudTrail writes comes near it."""

_SPACE = re.compile(r"[ \t\r\n]*")
_LIST = re.compile(r'(\{[ \t\r\n]*"Records"[ \t\r\n]*:[ \t\r\n]*)?\[')
_NEXT_DOCUMENT = re.compile(r"\n(?=[{\[])")
_NEXT_LIST = re.compile(r'\n(?=\[|\{[ \t\r\n]*"Records")')
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
_END_OF_LIST = re.compile(r"\]")
_END_OF_FILE = re.compile(r"\][ \t\r\n]*\}")
_BAD_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Defect:
    """A piece of text that could not be read, standing where its value would stand.

    Attributes:
        cause: Why, in words that hold no text of the file.
        offset: Where the text stops making sense, in characters.
    """

    cause: str
    offset: int


class _UnreadableError(Exception):
    def __init__(self, defect: Defect) -> None:
        super().__init__(defect)
        self.defect = defect


class _AmbiguousError(ValueError):
    pass


def decode_utf8(content: bytes) -> str:
    """Decode bytes; each that is not UTF-8 becomes a lone surrogate, which `documents` refuses."""
    return content.decode("utf-8", errors="surrogateescape")


def first_bad_byte(text: str) -> int | None:
    """Give the offset of the first byte that was not UTF-8 in a text from `decode_utf8`."""
    found = _BAD_BYTE.search(text)
    return found.start() if found else None


def documents(text: str) -> Iterator[Json]:
    """Give the JSON documents that a text holds one after the other, broken ones as a `Defect`.

    A broken `{"Records": […]}` or list comes with the elements that could be read, and a `Defect`
    in the place of each that could not. After other broken text, reading goes on with the next line
    that opens a document.
    """
    position = _skip_space(text, 0)
    while position < len(text):
        try:
            value, end = _decode(text, position)
        except _UnreadableError as error:
            value, end = _salvage(text, position, error.defect)
        yield value
        position = _skip_space(text, end)


def is_too_deep(value: Json) -> bool:
    """Tell whether a value nests deeper than `MAX_DEPTH`."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _decode(text: str, start: int) -> tuple[Json, int]:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _UnreadableError(_syntax_defect(text, error)) from error
    except _AmbiguousError as error:
        raise _UnreadableError(Defect(str(error), start)) from error
    except ValueError as error:
        raise _UnreadableError(Defect("a number has too many digits", start)) from error
    except RecursionError as error:
        raise _UnreadableError(Defect("it is nested too deeply", start)) from error
    bad = _BAD_BYTE.search(text, start, end)
    if bad:
        raise _UnreadableError(Defect("it has bytes that are not UTF-8", bad.start()))
    return value, end


def _salvage(text: str, start: int, defect: Defect) -> tuple[Json, int]:
    """Give what a broken document holds, and where to go on."""
    opening = _LIST.match(text, start)
    stop = _resume(text, start, _NEXT_LIST if opening else _NEXT_DOCUMENT)
    end = _end_of_value(text, start, stop) or stop
    if opening is None:
        return defect, end
    closing = _END_OF_FILE if opening[1] else _END_OF_LIST
    elements = list(_elements(text, opening.end(), stop, closing))
    if not any(isinstance(element, Defect) for element in elements):
        elements.append(defect)
    return {"Records": elements} if opening[1] else elements, end


def _elements(text: str, start: int, stop: int, closing: re.Pattern[str]) -> Iterator[Json]:
    """Give the elements of a list one by one, with a `Defect` for each part that is lost."""
    position = _skip_space(text, start)
    end: int | None
    while not text.startswith("]", position):
        try:
            element, end = _decode(text, position)
        except _UnreadableError as error:
            element, end = error.defect, _end_of_value(text, position, stop)
        yield element
        if end is None:
            return
        position = _skip_space(text, end)
        if text.startswith(",", position):
            position = _skip_space(text, position + 1)
        elif not text.startswith("]", position):
            yield Defect("the list of records breaks off", position)
            return
    if not closing.match(text, position):
        yield Defect("what follows the list of records could not be read", position)


def _end_of_value(text: str, start: int, stop: int) -> int | None:
    """Find where a broken value ends by its brackets and quotes alone."""
    if not text.startswith(("{", "[", '"'), start):
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


def _resume(text: str, start: int, opening: re.Pattern[str]) -> int:
    found = opening.search(text, start)
    return found.end() if found else len(text)


def _syntax_defect(text: str, error: json.JSONDecodeError) -> Defect:
    if _skip_space(text, error.pos) == len(text):
        return Defect("it ends before it is complete", error.pos)
    return Defect(f"it is not valid JSON ({error.msg})", error.pos)


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _children(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


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


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant
)
