"""A YAML document as it was written: text, positions, nothing guessed."""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from msgspec import Struct

from checker.errors import Place


class Scalar(Struct, frozen=True, kw_only=True):
    """A value as the text that was written; its type is decided by whoever reads it.

    Attributes:
        text: The value after YAML's own unquoting and folding.
        style: `plain`, `single`, `double`, `literal` or `folded`.
        place: Where its first character stands.
        lines: All lines of its file; none for a value that is not from a file.
        end_line: The line of its last character, counted from 0.
        end_column: The column behind that, counted from 0.
    """

    text: str
    style: str
    place: Place
    lines: tuple[str, ...] = ()
    end_line: int = 0
    end_column: int = 0

    @property
    def plain(self) -> bool:
        """Whether it was written without quotes or a block indicator."""
        return self.style == "plain"

    @property
    def is_null(self) -> bool:
        """Whether it is a plain `null` or `~`."""
        return self.plain and self.text in {"null", "~"}

    @property
    def source(self) -> tuple[str, ...]:
        """The lines of the file from its first character to its last, as written."""
        first = self.place.line - 1
        if not 0 <= first < len(self.lines):
            return ()
        if first == self.end_line:
            return (self.lines[first][self.place.column - 1 : self.end_column],)
        opening, *others = self.lines[first : self.end_line + 1]
        return (opening[self.place.column - 1 :], *others)

    @property
    def is_cut(self) -> bool:
        """Whether a comment follows plain text in its line, which may have been meant as text."""
        last = self.lines[self.end_line] if self.end_line < len(self.lines) else ""
        return self.plain and last[self.end_column :].lstrip().startswith("#")


class Sequence(Struct, frozen=True, kw_only=True):
    """A list of nodes."""

    items: tuple["Node", ...]
    place: Place


class Mapping(Struct, frozen=True, kw_only=True):
    """Keys and values in the order written; no key twice."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    place: Place


Node: TypeAlias = Scalar | Sequence | Mapping

_SHOWN: Final = 60


def entries_of(node: Node) -> dict[str, tuple[Scalar, Node]]:
    """Give a mapping's keys and values by the text of the key; nothing of any other node."""
    if not isinstance(node, Mapping):
        return {}
    return {key.text: (key, value) for key, value in node.entries}


def kind_of(node: Node) -> str:
    """Name a node's kind for a message."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar(text=""):
            return "nothing"
        case Scalar() if node.is_null:
            return "null"
        case Scalar():
            return quoted(node.text)


def quoted(text: str) -> str:
    """Give text for a message: in quotes, short, on one line, nothing in it that hides."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    shown = "".join(each if each.isprintable() else _escaped(each) for each in short)
    return f"'{shown}'"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def find_text(node: Node, text: str) -> Place:
    """Find the first place where a text stands, not as the head of a longer name.

    Returns:
        That place; where the node begins, if the text is not in it.
    """
    whole = re.compile(re.escape(text) + r"(?!\w)")
    for scalar in _scalars(node):
        found = whole.search(scalar.text)
        if found:
            return locate(scalar, found.start())
    return node.place


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence(items=items):
            for item in items:
                yield from _scalars(item)
        case Mapping(entries=entries):
            for key, value in entries:
                yield key
                yield from _scalars(value)


def locate(scalar: Scalar, offset: int) -> Place:
    """Find where a character of a scalar's text stands in its file.

    Exact wherever the written text can be followed character by character; else the scalar's own
    place.

    Args:
        scalar: A node that was loaded from a file.
        offset: Into `scalar.text`, in characters.
    """
    if scalar.style in {"literal", "folded"} or len(scalar.source) > 1:
        return _locate_in_block(scalar, offset)
    raw = scalar.source[0] if scalar.source else scalar.text
    return _moved(scalar.place, 0, _raw_offset(raw, scalar.style, offset))


def _moved(place: Place, lines: int, columns: int) -> Place:
    column = columns + 1 if lines else place.column + columns
    return Place(path=place.path, line=place.line + lines, column=column)


def _raw_offset(raw: str, style: str, offset: int) -> int:
    """Walk the written form of a one-line scalar until `offset` characters were produced."""
    if style == "plain":
        return offset
    position = 1
    for _ in range(offset):
        position += _written_length(raw, position, style)
    return position


def _written_length(raw: str, position: int, style: str) -> int:
    if style == "single":
        return 2 if raw.startswith("''", position) else 1
    if not raw.startswith("\\", position):
        return 1
    return {"x": 4, "u": 6, "U": 10}.get(raw[position + 1 : position + 2], 2)


def _locate_in_block(scalar: Scalar, offset: int) -> Place:
    """Follow a block's lines through its folded text: each stands in it stripped, in order."""
    first = 1 if scalar.style in {"literal", "folded"} else 0
    cursor = 0
    for number, line in enumerate(scalar.source[first:], start=first):
        content = line.strip() if number or first else line.rstrip()
        found = scalar.text.find(content, cursor) if content else -1
        if found < 0:
            continue
        if offset <= found + len(content):
            indent = len(line) - len(line.lstrip())
            return _moved(scalar.place, number, indent + max(offset - found, 0))
        cursor = found + len(content)
    return scalar.place
