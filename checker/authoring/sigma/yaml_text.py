"""YAML written by hand: blocks for prose and conditions, plain scalars where nobody misreads them."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from checker.aws import Json

# Colons only within a word, as in an ARN or an address.
_PLAIN: Final = re.compile(
    r"[A-Za-z](?:[A-Za-z0-9_./()'=@%&~+? -]|:(?=[A-Za-z0-9_/*:]))*[A-Za-z0-9_/()]|[A-Za-z]|\+[0-9]+s"
)
# What some reader of YAML takes for something else than a text.
_OTHER: Final = frozenset(
    {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
)
_WIDTH: Final = 96


def scalar(value: Json) -> str:
    """Write a value in one line."""
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value, ensure_ascii=False)


def prose(key: str, text: str, indent: str = "") -> Iterator[str]:
    """Write text as a folded block; its paragraphs stay apart."""
    yield f"{indent}{key}: >-"
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    for index, paragraph in enumerate(each for each in paragraphs if each):
        if index:
            yield ""
        for line in textwrap.wrap(
            paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False
        ):
            yield f"{indent}  {line}"


def block(key: str, lines: Sequence[str], indent: str = "") -> Iterator[str]:
    """Write an expression as a folded block."""
    yield f"{indent}{key}: >-"
    for line in lines:
        yield f"{indent}  {line}"


def comment(text: str, indent: str = "") -> Iterator[str]:
    """Write a comment, in as many lines as it takes."""
    for line in textwrap.wrap(
        " ".join(text.split()), _WIDTH - 2, break_long_words=False, break_on_hyphens=False
    ):
        yield f"{indent}# {line}"


def mapping(values: Mapping[str, Json], indent: str = "") -> Iterator[str]:
    """Write a mapping, one key a line."""
    for key, value in values.items():
        yield from _entry(_text(key), value, indent)


def items(key: str, values: Sequence[str], indent: str = "") -> Iterator[str]:
    """Write a list of texts, in one line where it fits."""
    line = f"{indent}{key}: [{', '.join(_text(value) for value in values)}]"
    if len(line) <= _WIDTH and not any("," in _text(value) for value in values):
        yield line
        return
    yield f"{indent}{key}:"
    for value in values:
        yield f"{indent}  - {_text(value)}"


def _entry(key: str, value: Json, indent: str) -> Iterator[str]:
    match value:
        case dict() if value:
            yield f"{indent}{key}:"
            yield from mapping(value, f"{indent}  ")
        case list() if value:
            yield f"{indent}{key}:"
            for element in value:
                yield from _element(element, indent)
        case _:
            yield f"{indent}{key}: {scalar(value)}"


def _element(element: Json, indent: str) -> Iterator[str]:
    if isinstance(element, dict) and element:
        first, *rest = mapping(element, f"{indent}    ")
        yield f"{indent}  - {first.strip()}"
        yield from rest
    else:
        yield f"{indent}  - {scalar(element)}"


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER and "  " not in text:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
