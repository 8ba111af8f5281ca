"""Values written as YAML that this program reads back as the same values."""

import json
import re
from collections.abc import Iterator
from typing import Final

from checker.aws import Json

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@+=,-]*(?::[A-Za-z0-9_./@+=,:*-]*[A-Za-z0-9_/*])?")
_OTHERWISE_MEANT: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_INDENT: Final = "  "
_LONGEST_IN_LINE: Final = 70


def scalar(value: Json) -> str:
    """Write a text, a number, a yes or no, or null; a text in quotes where it needs them."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _OTHERWISE_MEANT:
        return value
    return json.dumps(value, ensure_ascii=False)


def in_line(value: Json) -> str:
    """Write a value in one line, every text in quotes."""
    return json.dumps(value, ensure_ascii=False)


def block(name: str, value: Json, depth: int) -> Iterator[str]:
    """Write `name: value` in lines of its own, indented."""
    start = f"{_INDENT * depth}{scalar(name)}:"
    if isinstance(value, dict) and value:
        yield start
        for key, each in value.items():
            yield from block(key, each, depth + 1)
    elif isinstance(value, list) and len(in_line(value)) > _LONGEST_IN_LINE:
        yield start
        for each in value:
            yield f"{_INDENT * (depth + 1)}- {in_line(each)}"
    elif isinstance(value, dict | list):
        yield f"{start} {in_line(value)}"
    else:
        yield f"{start} {scalar(value)}"
