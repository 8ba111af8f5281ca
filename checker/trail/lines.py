"""Where records stand in a trail log that is text: the lines and columns of each."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.trail.container import container_of
from checker.trail.decode import documents
from checker.trail.defect import Defect
from checker.trail.record import CLOUDTRAIL_FILE

# Containers that list their records under a key, one element each; what CloudWatch Logs delivers
# to subscribers is none of them, for not each of its elements is a record.
_KEYS: Final[Mapping[str, str]] = {
    CLOUDTRAIL_FILE: "Records",
    "lookup-events output": "Events",
    "CloudWatch Logs output": "events",
    "CloudTrail Lake audit events": "auditEvents",
}
_SPACE: Final = " \t\r\n"
_DECODER: Final = json.JSONDecoder()


class Span(Struct, frozen=True):
    """The lines and columns of a record, counted from 1; `last_column` is behind its end.

    Lines end with LF, as CRLF does; columns are characters, not bytes.
    """

    first_line: int
    first_column: int
    last_line: int
    last_column: int


def spans_of(content: bytes, indexes: Collection[int]) -> dict[int, Span]:
    """Give the spans of records by their 0-based positions, refused ones counted.

    Of text that is not plain UTF-8, of compressed text, and from the first document on that cannot
    be read strictly, none are given: a wrong line is worse than none.

    Args:
        content: The bytes of a trail log.
        indexes: The positions that are asked for.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return {}
    # A byte order mark takes no column, a lone CR may or may not begin a line.
    if text.startswith("\ufeff") or text.count("\r") != text.count("\r\n"):
        return {}
    found = dict(_found(text, frozenset(indexes)))
    return _placed(text, found)


def _found(text: str, wanted: frozenset[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Give the offsets of the wanted records, in order."""
    most, number = max(wanted, default=-1), 0
    for offset, document in documents(text):
        if number > most:
            return
        try:
            bounds = _bounds(text, offset, document)
        except (ValueError, RecursionError):  # it was only read once text behind it was cut off
            return
        if bounds is None:
            return
        for each in bounds:
            if number in wanted:
                yield number, each
            number += 1


def _bounds(text: str, offset: int, document: Json) -> list[tuple[int, int]] | None:
    """Give the offsets of a document's records; None where they are doubtful."""
    container = container_of(document)
    if isinstance(container, Defect):
        return None
    if container.holds_one:
        return [(offset, _end(text, offset))]
    if isinstance(document, list):
        elements, start = document, offset
    elif container.name in _KEYS:
        key = _KEYS[container.name]
        elements, start = document[key], _value_of(text, offset, key)
    else:
        return None
    # Such a list was mended by the reader: it is not what the text says.
    if any(isinstance(each, Defect) for each in elements):
        return None
    return list(_elements(text, start))


def _value_of(text: str, offset: int, key: str) -> int:
    """Give where the value of a key begins, of the well-formed object at an offset."""
    position = _skip(text, offset + 1)
    while True:
        name, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)  # behind the colon
        if name == key:
            return position
        position = _skip(text, _skip(text, _end(text, position)) + 1)  # behind the comma


def _elements(text: str, offset: int) -> Iterator[tuple[int, int]]:
    """Give the offsets of the elements of the well-formed list at an offset."""
    position = _skip(text, offset + 1)
    while text[position] != "]":
        end = _end(text, position)
        yield position, end
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _end(text: str, offset: int) -> int:
    return _DECODER.raw_decode(text, offset)[1]


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _placed(text: str, found: Mapping[int, tuple[int, int]]) -> dict[int, Span]:
    """Turn offsets, which go up with the numbers, into lines and columns."""
    spans: dict[int, Span] = {}
    line, seen = 1, 0
    for number, (start, end) in found.items():
        line += text.count("\n", seen, start)
        last = line + text.count("\n", start, end)
        spans[number] = Span(line, _column(text, start), last, _column(text, end))
        line, seen = last, end
    return spans


def _column(text: str, offset: int) -> int:
    return offset - text.rfind("\n", 0, offset)
