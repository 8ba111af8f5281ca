"""What a Sigma detection asks of one event, free of how Sigma or JMESPath writes it."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct


class Wildcard(StrEnum):
    """A part of a pattern that stands for any text, or any one character."""

    MANY = "*"
    ONE = "?"


Pattern: TypeAlias = tuple[str, ...]
"""Texts and wildcards, one after the other; a `Wildcard` among them is no text."""


class Order(StrEnum):
    """How a number is compared, by the name of the modifier."""

    LT = "<"
    LTE = "<="
    GT = ">"
    GTE = ">="


class Texts(Struct, frozen=True, kw_only=True):
    """A field is, by its text, one of some patterns.

    Attributes:
        cased: Whether upper and lower case differ.
    """

    field: str
    patterns: tuple[Pattern, ...]
    cased: bool = False


class Null(Struct, frozen=True):
    """A field is absent or null."""

    field: str


class Exists(Struct, frozen=True):
    """A field is there and not null."""

    field: str


class Regex(Struct, frozen=True):
    """An RE2 pattern is found in the text of a field."""

    field: str
    pattern: str


class Networks(Struct, frozen=True):
    """A field is an address in one of some networks."""

    field: str
    cidrs: tuple[str, ...]


class Compared(Struct, frozen=True):
    """A field is a number that is less or greater than another."""

    field: str
    order: Order
    number: str


class Place(StrEnum):
    """Where in the one field the text of the other stands, by the function that tells."""

    WHOLE = "=="
    START = "starts_with"
    END = "ends_with"
    ANYWHERE = "contains"


class Refers(Struct, frozen=True):
    """The text of a field is, or has in it, that of another field."""

    field: str
    other: str
    place: Place


class Not(Struct, frozen=True):
    """Something does not hold."""

    part: "Condition"


class And(Struct, frozen=True):
    """All hold."""

    parts: tuple["Condition", ...]


class Or(Struct, frozen=True):
    """One holds."""

    parts: tuple["Condition", ...]


Leaf: TypeAlias = Texts | Null | Exists | Regex | Networks | Compared | Refers
Condition: TypeAlias = Leaf | Not | And | Or


def all_of(parts: Iterable[Condition]) -> Condition:
    """Join conditions of which all must hold, without And in And."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: Iterable[Condition]) -> Condition:
    """Join conditions of which one must hold; patterns and networks of one field become one list."""
    joined: list[Condition] = []
    for part in parts:
        for each in part.parts if isinstance(part, Or) else (part,):
            _join(joined, each)
    return joined[0] if len(joined) == 1 else Or(tuple(joined))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Give the questions about single fields, in order."""
    match condition:
        case Not(part=part):
            yield from leaves(part)
        case And(parts=parts) | Or(parts=parts):
            for each in parts:
                yield from leaves(each)
        case _:
            yield condition


def fields_of(condition: Condition) -> tuple[str, ...]:
    """Give the fields that a condition asks about, each once, in order."""
    named = (
        name
        for leaf in leaves(condition)
        for name in ((leaf.field, leaf.other) if isinstance(leaf, Refers) else (leaf.field,))
    )
    return tuple(dict.fromkeys(named))


def literal_of(pattern: Pattern) -> str | None:
    """Give the only text that a pattern matches; None when it has wildcards."""
    return None if any(isinstance(part, Wildcard) for part in pattern) else "".join(pattern)


def _join(joined: list[Condition], part: Condition) -> None:
    """Add an alternative, within the last of its kind for the same field where there is one."""
    last = joined[-1] if joined else None
    match last, part:
        case Texts(), Texts() if (last.field, last.cased) == (part.field, part.cased):
            patterns = dict.fromkeys((*last.patterns, *part.patterns))
            joined[-1] = Texts(field=part.field, patterns=tuple(patterns), cased=part.cased)
        case Networks(), Networks() if last.field == part.field:
            joined[-1] = Networks(part.field, tuple(dict.fromkeys((*last.cidrs, *part.cidrs))))
        case _:
            joined.append(part)
