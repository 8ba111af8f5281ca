"""A condition written as JMESPath, in lines that a person can read."""

from collections.abc import Sequence
from typing import Final, assert_never

from msgspec import Struct

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
    literal_of,
)
from checker.authoring.sigma.fields import Field, Kind, field_of
from checker.authoring.sigma.literals import glob_of, globs_in_json, quoted_text
from checker.aws.glob import glob_matches

_WIDTH: Final = 96
_NULL: Final = "`null`"


def expression_lines(condition: Condition) -> list[str]:
    """Write a condition; it is yes or no by its form, and is false where a field is absent.

    Nothing in it raises, but for a field that CloudTrail defines as text and that holds none.
    """
    return _lines(condition, _WIDTH)


class _Call(Struct, frozen=True):
    """A piece of JMESPath with a list in it that may be broken into lines."""

    head: str
    items: tuple[str, ...] = ()
    tail: str = ""

    def __str__(self) -> str:
        return f"{self.head}{', '.join(self.items)}{self.tail}"


def _lines(condition: Condition, width: int) -> list[str]:
    line = _one_line(condition)
    if len(line) <= width:
        return [line]
    match condition:
        case And(parts=parts):
            return _joined(parts, "&& ", width)
        case Or(parts=parts):
            return _joined(parts, "|| ", width)
        case Not(part=part):
            return _in_brackets("!(", part, width)
        case _:
            return _broken(_leaf(condition), width)


def _joined(parts: Sequence[Condition], operator: str, width: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        within = isinstance(part, Or) and operator.startswith("&")
        room = width - len(operator)
        single = _bracketed(part) if within else _one_line(part)
        if len(single) <= room:
            own = [single]
        else:
            own = _in_brackets("(", part, room) if within else _lines(part, room)
        lines += [f"{operator}{own[0]}" if lines else own[0], *own[1:]]
    return lines


def _in_brackets(opening: str, part: Condition, width: int) -> list[str]:
    return [opening, *(f"  {line}" for line in _lines(part, width - 2)), ")"]


def _broken(call: _Call, width: int) -> list[str]:
    """Put the items of a list into lines of their own, as many in each as fit."""
    rows: list[str] = []
    for item in call.items:
        if rows and len(rows[-1]) + len(item) + 5 <= width:
            rows[-1] += f" {item},"
        else:
            rows.append(f"  {item},")
    if not rows:
        return [str(call)]
    return [call.head, *rows[:-1], rows[-1].rstrip(","), call.tail]


def _one_line(condition: Condition) -> str:
    match condition:
        case And(parts=parts):
            return " && ".join(
                _bracketed(part) if isinstance(part, Or) else _one_line(part) for part in parts
            )
        case Or(parts=parts):
            return " || ".join(_one_line(part) for part in parts)
        case Not(part=part):
            return f"!({_one_line(part)})"
        case _:
            return str(_leaf(condition))


def _bracketed(part: Condition) -> str:
    return f"({_one_line(part)})"


def _leaf(leaf: Leaf) -> _Call:
    field = field_of(leaf.field)
    match leaf:
        case Texts():
            call = _texts(leaf, field)
        case Null():
            call = _Call(f"{field.path} == {_NULL}")
        case Exists():
            # Along the one path: elements of lists would have to be read, and a masked one hides.
            call = _Call(f"{field.path} != {_NULL}")
        case Regex(pattern=pattern):
            call = _asked(field, "regex(", (quoted_text(pattern),), ")")
        case Networks(cidrs=cidrs):
            call = _asked(field, "ip_in(", _quoted(cidrs), "])", opening="[")
        case Compared(order=order, number=number):
            call = _Call(f"({field.values} | [?to_number(@) {order} `{number}`]) != `[]`")
        case Refers():
            call = _Call(_reference(leaf, field))
        case _:
            assert_never(leaf)
    return call


def _quoted(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(quoted_text(text) for text in texts)


def _texts(leaf: Texts, field: Field) -> _Call:
    literals = [literal_of(pattern) for pattern in leaf.patterns]
    found = [text for text in literals if text is not None]
    if len(found) < len(leaf.patterns):
        return _globs(leaf, field)
    items = _quoted([text if leaf.cased else text.lower() for text in found])
    if field.kind is Kind.ANYTHING:
        each = _folded("to_string(@)", cased=leaf.cased)
        return _Call(f"any_in({field.each}.{each}, [", items, "])")
    text = _folded(_text_of(field), cased=leaf.cased)
    if len(items) == 1:
        return _guarded(leaf, field, _Call(f"{text} == {items[0]}"))
    return _guarded(leaf, field, _Call(f"any_in({text}, [", items, "])"))


def _globs(leaf: Texts, field: Field) -> _Call:
    written = [glob_of(pattern, cased=leaf.cased) for pattern in leaf.patterns]
    if field.kind in {Kind.ANYTHING, Kind.OBJECT}:
        # Where an object stands, its JSON is searched, and the texts in it as they are meant.
        for pattern in leaf.patterns:
            written += globs_in_json(pattern, cased=leaf.cased)
    items = _quoted(tuple(dict.fromkeys(written)))
    opening, closing = ("", ")") if len(items) == 1 else ("[", "])")
    if field.kind is Kind.ANYTHING:
        each = _folded("to_string(@)", cased=leaf.cased)
        head = f"contains({field.each}.glob({each}, {opening}"
        return _Call(head, items, f"{closing}, `true`)")
    text = _folded(_text_of(field), cased=leaf.cased)
    return _guarded(leaf, field, _Call(f"glob({text}, {opening}", items, closing))


def _guarded(leaf: Texts, field: Field, call: _Call) -> _Call:
    """Keep null away from a pattern that would match its text."""
    if field.kind is Kind.TEXT or not any(_matches_null(leaf, each) for each in leaf.patterns):
        return call
    return _Call(f"({field.path} != {_NULL} && {call.head}", call.items, f"{call.tail})")


def _matches_null(leaf: Texts, pattern: Pattern) -> bool:
    return glob_matches("null", glob_of(pattern, cased=leaf.cased))


def _folded(text: str, *, cased: bool) -> str:
    return text if cased else f"lower({text})"


def _text_of(field: Field) -> str:
    return field.path if field.kind is Kind.TEXT else f"to_string({field.path})"


def _asked(
    field: Field, function: str, items: tuple[str, ...], tail: str, opening: str = ""
) -> _Call:
    """Call a function of a text, for which null is no."""
    match field.kind:
        case Kind.TEXT:
            return _Call(f"{function}{field.path}, {opening}", items, tail)
        case Kind.SCALAR | Kind.OBJECT:
            head = f"({field.path} != {_NULL} && {function}to_string({field.path}), {opening}"
            return _Call(head, items, f"{tail})")
        case Kind.ANYTHING:
            head = f"contains({field.each}.{function}to_string(@), {opening}"
            return _Call(head, items, f"{tail}, `true`)")
        case _:
            assert_never(field.kind)


def _reference(leaf: Refers, field: Field) -> str:
    other = field_of(leaf.other)
    texts = {field.kind, other.kind} == {Kind.TEXT}
    if leaf.place is Place.WHOLE and texts:
        return f"({field.path} != {_NULL} && lower({field.path}) == lower({other.path}))"
    if leaf.place is Place.WHOLE:
        one, two = (f"{side.each}.lower(to_string(@))" for side in (field, other))
        return f"any_in({one}, {two})"
    sought = f"lower(to_string($event.{other.path}))"
    called = f"{leaf.place}(lower(to_string(@)), {sought})"
    return f"({other.path} != {_NULL} && contains({field.each}.{called}, `true`))"
