"""Literals in expressions, changed a little: texts, patterns, times, numbers, lists."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec import Struct

from checker.authoring.mutation.globs import narrowed
from checker.authoring.mutation.mutant import short
from checker.aws import Json
from checker.aws.time import format_time, parse_instant
from checker.expression.syntax import Ast

OTHER: Final = "~"
"""What makes a text another one, when put behind it."""

SHIFTS: Final = (
    ("a second", timedelta(seconds=1)),
    ("a second", timedelta(seconds=-1)),
    ("a day", timedelta(days=1)),
    ("a day", timedelta(days=-1)),
)
"""By how much an instant is moved."""

_PATTERN_AT: Final = {"glob": 1, "arn_like": 1}
# `x > 5` with 4 in place of 5 is `x >= 5`, which the comparison's own change tries already.
_OTHER_WAY: Final = {
    ("gt", 1): (1,),
    ("gte", 1): (-1,),
    ("lt", 1): (-1,),
    ("lte", 1): (1,),
    ("gt", 0): (-1,),
    ("gte", 0): (1,),
    ("lt", 0): (1,),
    ("lte", 0): (-1,),
}


class Literal(Struct, frozen=True):
    """A literal where it stands.

    Attributes:
        written: As text of the expression.
        parent: The node above it; None for none.
        at: Its position among that node's children.
    """

    value: Json
    written: str
    parent: Ast | None
    at: int


class NewLiteral(Struct, frozen=True):
    """A literal in place of another."""

    value: Json
    written: str
    hint: str


def changed_literals(literal: Literal) -> Iterator[NewLiteral]:
    """Give what may stand in a literal's place."""
    value, written = literal.value, short(literal.written)
    match value:
        case bool():
            yield NewLiteral(not value, _json(not value), f"a case that {written} decides")
        case int() | float():
            for step in _steps(literal):
                hint = f"cases on both sides of {written}, as near to it as can be"
                yield NewLiteral(value + step, _json(value + step), hint)
        case str():
            yield from _texts(literal, value)
        case list():
            for at, member in enumerate(value):
                rest = [*value[:at], *value[at + 1 :]]
                hint = f"a case that this member decides: {short(json.dumps(member))}"
                yield NewLiteral(rest, _json(rest), hint)


def instants_beside(text: str) -> Iterator[tuple[str, str]]:
    """Give an instant moved by a second and by a day, with the test that would notice."""
    try:
        instant = parse_instant(text)
        moved = [(size, by, instant + by) for size, by in SHIFTS]
    except (ValueError, OverflowError):
        return
    for size, by, new in moved:
        when = format_time(instant if by > timedelta() else instant + by)
        hint = f"an event at {when}, {size} from the boundary or less"
        yield format_time(new), hint


def _texts(literal: Literal, value: str) -> Iterator[NewLiteral]:
    parent = literal.parent
    if parent and parent["type"] == "multi_select_list" and len(parent["children"]) > 1:
        # Its loss is tried, which comes to the same.
        return
    if _is_asked_of_policy(literal) and "*" in value:
        # A policy that allows `iam:*` allows every other text that begins so, too.
        return
    times = list(instants_beside(value))
    if times:
        yield from (NewLiteral(text, _quoted(text), hint) for text, hint in times)
        return
    hint = f"a case that {short(literal.written)} decides"
    yield NewLiteral(value + OTHER, _quoted(value + OTHER), hint)
    if _is_pattern(literal):
        for text in narrowed(value):
            hint = f"a case in which something stands in the place of the star of {value}"
            yield NewLiteral(text, _quoted(text), hint)


def _is_pattern(literal: Literal) -> bool:
    parent = literal.parent
    if parent is None or parent["type"] != "function_expression":
        return False
    return _PATTERN_AT.get(parent["value"]) == literal.at


def _is_asked_of_policy(literal: Literal) -> bool:
    parent = literal.parent
    return (
        parent is not None
        and parent["type"] == "function_expression"
        and parent["value"] == "policy_allows"
    )


def _steps(literal: Literal) -> tuple[int, ...]:
    parent = literal.parent
    if parent is None or parent["type"] != "comparator" or isinstance(literal.value, float):
        return (1,)
    return _OTHER_WAY.get((parent["value"], literal.at), (1,))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _json(value: Json) -> str:
    escaped = json.dumps(value, ensure_ascii=False).replace("`", "\\`")
    return f"`{escaped}`"
