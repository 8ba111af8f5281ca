"""A table of a TOML file as the nodes that YAML gives, so that one declaration reads both.

The standard library's parser keeps no positions: a key's line is looked up in the text, and where
it is written in a way that is not found there, the nearest key above it stands in.
"""

import hashlib
import re
from collections.abc import Mapping as AbcMapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.errors import Place, error_at
from checker.limits import DEFAULT, Limits
from checker.policy.nodes import Mapping, Node, Scalar, Sequence
from checker.policy.yaml_faults import MAX_DEPTH
from checker.policy.yaml_source import Document

_KEY: Final = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_KEYS: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = rf"\s*\[\[?\s*({_KEYS})\s*\]"
_ENTRY: Final = rf"\s*({_KEYS})\s*="
_POSITION: Final = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"

_Keys = tuple[str, ...]


def load_table(
    path: Path, shown_as: str, table: _Keys, limits: Limits = DEFAULT
) -> Document | None:
    """Read one table of a TOML file; None where the file has no such table.

    Args:
        path: The file.
        shown_as: Its name in messages.
        table: The keys that lead to the table.
        limits: How large the file may be.

    Raises:
        UsageError: It cannot be read, is too large, or is no sound TOML.
    """
    content = _read(path, shown_as, limits)
    # A file that does not even name the table need not be sound, nor the parser be asked.
    if table[-1].encode() not in content:
        return None
    value: Json = _parse(content, shown_as)
    for key in table:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None:
        return None
    text = content.decode(errors="replace")
    places = _Places(shown_as, _positions(text))
    root = _node(value, table, places)
    return Document(path=shown_as, root=root, sha256=hashlib.sha256(content).hexdigest())


def _read(path: Path, shown_as: str, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limits.rule_file_bytes + 1)
    except OSError as error:
        cause = f"cannot be read: {error.strerror or error}"
        raise error_at("file-unreadable", cause, Place(path=shown_as)) from error
    if len(content) > limits.rule_file_bytes:
        cause = f"the file is larger than {limits.rule_file_bytes:,} bytes"
        raise error_at("yaml-too-large", cause, Place(path=shown_as))
    return content


def _parse(content: bytes, shown_as: str) -> dict[str, Json]:
    import tomllib  # noqa: PLC0415 - most projects have no such table

    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(path=shown_as, line=line)
        raise error_at("toml-syntax", "not text in UTF-8", place) from error
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        found = re.search(_POSITION, told)
        line, column = (int(each or 0) for each in found.groups()) if found else (0, 0)
        cause = f"not valid TOML: {_lowered(told[: found.start()] if found else told)}"
        place = Place(path=shown_as, line=line, column=column)
        raise error_at("toml-syntax", cause, place) from error
    except RecursionError as error:
        raise error_at("toml-syntax", "nested too deep", Place(path=shown_as)) from error


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


class _Places(Struct, frozen=True):
    """Where the keys of a file stand."""

    path: str
    positions: AbcMapping[_Keys, tuple[int, int]]

    def of(self, keys: _Keys) -> Place:
        """Give the place of a key, else of the nearest one above it."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.positions:
                line, column = self.positions[keys[:length]]
                return Place(path=self.path, line=line, column=column)
        return Place(path=self.path)


def _positions(text: str) -> dict[_Keys, tuple[int, int]]:
    """Find the line and column of every key that stands at the beginning of a line."""
    found: dict[_Keys, tuple[int, int]] = {}
    table: _Keys = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, entry = re.match(_HEADER, line), re.match(_ENTRY, line)
        if header:
            table = _split(header[1])
            found.setdefault(table, (number, header.start(1) + 1))
        elif entry:
            found.setdefault((*table, *_split(entry[1])), (number, entry.start(1) + 1))
    return found


def _split(dotted: str) -> _Keys:
    return tuple(each[1:-1] if each[0] in "\"'" else each for each in re.findall(_KEY, dotted))


def _node(value: Json, keys: _Keys, places: _Places, depth: int = 1) -> Node:
    place = places.of(keys)
    if depth > MAX_DEPTH:
        raise error_at("toml-syntax", f"nested deeper than {MAX_DEPTH} levels", place)
    if isinstance(value, dict):
        entries = tuple(
            (
                Scalar(text=key, style="plain", place=places.of((*keys, key))),
                _node(inner, (*keys, key), places, depth + 1),
            )
            for key, inner in value.items()
        )
        return Mapping(entries=entries, place=place)
    if isinstance(value, list):
        items = tuple(_node(each, keys, places, depth + 1) for each in value)
        return Sequence(items=items, place=place)
    return _scalar(value, place)


def _scalar(value: Json, place: Place) -> Scalar:
    if isinstance(value, bool):
        return Scalar(text=str(value).lower(), style="plain", place=place)
    if isinstance(value, int | float):
        return Scalar(text=str(value), style="plain", place=place)
    # Texts, and TOML's dates and times, whose ISO form every shape of a time reads.
    text = value if isinstance(value, str) else value.isoformat()
    return Scalar(text=text, style="double", place=place)
