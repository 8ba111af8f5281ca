"""Events that a condition holds of, or not: guesses, for whoever judges them."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from itertools import chain, islice, product
from typing import Final, assert_never

from checker.authoring.sigma.condition import (
    And,
    Compared,
    Condition,
    Exists,
    Leaf,
    Networks,
    Not,
    Null,
    Or,
    Pattern,
    Place,
    Refers,
    Regex,
    Texts,
    Wildcard,
)
from checker.authoring.sigma.fields import Field, Kind, field_of
from checker.authoring.sigma.scope import spellings
from checker.aws import Json

Values = Mapping[str, str | None]
"""Texts by field; None where the field is to be absent."""

_MOST: Final = 40
_WORD: Final = "example"


def guesses(condition: Condition, *, holds: bool) -> Iterator[Values]:
    """Give values of fields for which a condition perhaps holds, or does not; the likeliest first."""
    return islice(_guesses(condition, holds=holds), _MOST)


def event_with(base: Mapping[str, Json], values: Values) -> dict[str, Json]:
    """Give an event with texts at fields, what lies on the way made as objects.

    Args:
        base: The event without them; it is not changed.
        values: The shorter field first, so that one within it is put into its object.
    """
    event = _copied(base)
    for name, text in sorted(values.items(), key=lambda entry: entry[0].count(".")):
        field = field_of(name)
        _put(event, field, None if text is None else _value(field, text))
    return event


def _guesses(condition: Condition, *, holds: bool) -> Iterator[Values]:
    match condition:
        case Not(part=part):
            yield from _guesses(part, holds=not holds)
        case And(parts=parts) if holds:
            yield from _together(parts, holds=True)
        case Or(parts=parts) if not holds:
            yield from _together(parts, holds=False)
        case And(parts=parts) | Or(parts=parts):
            yield from chain.from_iterable(_guesses(part, holds=holds) for part in parts)
        case _:
            yield from _leaf(condition) if holds else _other(condition)


def _together(parts: tuple[Condition, ...], *, holds: bool) -> Iterator[Values]:
    options = [list(islice(_guesses(part, holds=holds), 4)) for part in parts]
    for combination in islice(product(*options), _MOST):
        merged: dict[str, str | None] = {}
        for values in combination:
            for name, text in values.items():
                merged[name] = _merged(merged[name], text) if name in merged else text
        yield merged


def _merged(one: str | None, two: str | None) -> str | None:
    """Give a text that perhaps serves both: one has the other in it, or both stand in a row."""
    if one is None or two is None:
        return two if one is None else one
    if two in one:
        return one
    return two if one in two else f"{one} {two}"


def _leaf(leaf: Leaf) -> Iterator[Values]:
    match leaf:
        case Texts(field=field, patterns=patterns):
            yield from ({field: _text(field, pattern)} for pattern in patterns)
        case Null(field=field):
            yield {field: None}
        case Exists(field=field):
            yield {field: _WORD}
        case Regex(field=field, pattern=pattern):
            yield {field: _like(pattern)}
        case Networks(field=field, cidrs=cidrs):
            yield from ({field: str(ip_network(each)[0])} for each in cidrs)
        case Compared(field=field, number=number):
            yield from ({field: str(float(number) + step)} for step in (0, 1, -1))
        case Refers(field=field, other=other, place=place):
            yield {field: _WORD if place is Place.WHOLE else f"{_WORD}{_WORD}", other: _WORD}
        case _:
            assert_never(leaf)


def _other(leaf: Leaf) -> Iterator[Values]:
    """Give what a question about a field is answered no for: mostly that it is not there."""
    absent, other = {leaf.field: None}, {leaf.field: f"{_WORD}-other"}
    match leaf:
        case Null():
            yield other
        case Exists():
            yield absent
        case _ if field_of(leaf.field).kind is Kind.TEXT and not leaf.field.startswith("error"):
            yield from (other, absent)
        case _:
            yield from (absent, other)


def _text(field: str, pattern: Pattern) -> str:
    """Give a text that a pattern matches; a call as AWS spells it."""
    written = {Wildcard.MANY: "", Wildcard.ONE: "x"}
    text = "".join(written[part] if isinstance(part, Wildcard) else part for part in pattern)
    return next(iter(spellings(field, text)), text)


def _like(pattern: str) -> str:
    """Guess a text that a simple regex matches."""
    text = re.sub(r"\(\?[a-z]+\)|[$^]|\\b", "", pattern)
    text = re.sub(r"\(\?:|[()]|\|[^)]*", "", text)
    text = re.sub(r"\\d|\[0-9\]", "1", text)
    text = re.sub(r"(?<!\\)\.|\\[sSwW]|\[[^\]]*\]", "x", text)
    text = re.sub(r"(?<!\\)([*+?]|\{[^}]*\})", "", text)
    return re.sub(r"\\(.)", r"\1", text)


def _value(field: Field, text: str) -> Json:
    if field.kind is Kind.OBJECT:
        return {_WORD: text}
    # CloudTrail writes yes and no as booleans in most fields, and as texts in some.
    if field.kind is not Kind.TEXT and text in {"true", "false"}:
        return text == "true"
    return text


def _put(event: dict[str, Json], field: Field, value: Json) -> None:
    *way, last = field.parts
    current = event
    for step in way:
        if not isinstance(current.get(step), dict):
            if value is None:
                return
            current[step] = {}
        current = current[step]
    if value is None:
        current.pop(last, None)
    else:
        current[last] = value


def _copied(value: Mapping[str, Json]) -> dict[str, Json]:
    return {key: _copied(each) if isinstance(each, dict) else each for key, each in value.items()}
