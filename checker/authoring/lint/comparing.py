"""What a comparison comes to, and what is hardly meant by it."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from checker.authoring.lint.check import Check
from checker.authoring.lint.facts import Facts
from checker.authoring.lint.texts_expressions import (
    ALWAYS_FALSE,
    ALWAYS_TRUE,
    BOOLEAN_AS_TEXT,
    LIST_COMPARED,
    NEVER_WRITTEN,
    ORDER_OF_TEXTS,
    TYPES_DIFFER,
)
from checker.authoring.lint.values import ANY, NULL, Constant, Value, at
from checker.aws.fields import record_field
from checker.errors import among

_SINGLE: Final = frozenset({"string", "number", "boolean"})
_ORDERED: Final = frozenset({"string", "number"})


class Finding(Struct, frozen=True):
    """What is wrong with a comparison as a whole."""

    check: Check
    cause: str
    hint: str = ""


def truth_of_equality(left: Value, right: Value, *, negated: bool) -> bool | None:
    """Tell what `==` or `!=` comes to, where that is certain."""
    if not left.types or not right.types:
        return None
    if not left.types & right.types:
        return negated
    nulls = (left.may_be_null, right.may_be_null)
    if left.constants is None or right.constants is None or all(nulls):
        return None
    if not left.constants & right.constants:
        return negated
    same = len(left.constants) == 1 and left.constants == right.constants
    return not negated if same and not any(nulls) else None


def equality_findings(left: Value, right: Value, *, truth: bool | None) -> Iterator[Finding]:
    """Find what is wrong with `==` or `!=`, the plainest first.

    Args:
        left: The left side, as far as it is known here.
        right: The right side.
        truth: What the comparison comes to, if that is certain.
    """
    for one, other in ((left, right), (right, left)):
        yield from _boolean_as_text(one, other)
        yield from _never_written(one, other)
    if truth is None:
        return
    if not left.types & right.types and not (left.types <= NULL or right.types <= NULL):
        yield _different(left, right)
    elif not (truth and NULL in {left.types, right.types}):
        # `x != null` behind what shows that x is there does no harm, and says what is meant.
        holds = "always holds" if truth else "never holds"
        cause = f"this {holds} here: {_known(left, right)}"
        yield Finding(ALWAYS_TRUE if truth else ALWAYS_FALSE, cause)


def order_findings(left: Value, right: Value) -> Iterator[Finding]:
    """Find what is wrong with `<` and its like."""
    kinds = left.types - NULL, right.types - NULL
    for mine, other in (kinds, reversed(kinds)):
        if mine and not mine & _ORDERED:
            cause = f"{_kind(mine)} has no order, so this is null and never holds"
            yield Finding(TYPES_DIFFER, cause)
            return
        if mine == {"string"} and other == {"number"}:
            hint = "a number literal takes backquotes: `5`; to_number() reads a text"
            yield Finding(TYPES_DIFFER, "a text is compared with a number, which raises", hint)
            return
    if kinds == (frozenset({"string"}), frozenset({"string"})):
        times = any(each.path == ("eventTime",) for each in (left, right))
        hint = "time_before(a, b) and time_after(a, b) compare times" if times else ""
        cause = "texts are compared character by character"
        yield Finding(ORDER_OF_TEXTS, cause, hint or "to_number() reads a number from a text")


def facts_of_equality(
    left: Value, right: Value, facts: Facts, *, negated: bool
) -> tuple[Facts, Facts]:
    """Give what is known where `==` (or `!=`) holds, and where it does not."""
    same, other = facts, facts
    for one, against in ((left, right), (right, left)):
        if against.types <= NULL:
            same = same.with_types(one, NULL)
            other = other.with_types(one, ANY - NULL)
        elif not against.may_be_null:
            same = same.with_types(one, against.types)
            if against.constants:
                same = same.with_constants(one, against.constants)
            if against.constants and len(against.constants) == 1:
                other = other.without(one, against.constants)
    return (other, same) if negated else (same, other)


def facts_of_order(left: Value, right: Value, facts: Facts) -> tuple[Facts, Facts]:
    """Give what is known where an order holds; where it does not, a side may be null."""
    holds = facts
    for one in (left, right):
        holds = holds.with_types(one, _ORDERED)
    return holds, facts


def _boolean_as_text(field: Value, other: Value) -> Iterator[Finding]:
    if not field.is_of_event or other.constants is None or len(other.constants) != 1:
        return
    ((kind, constant),) = other.constants
    types = at(field.path).types - NULL
    if kind == "boolean" and types == {"string"}:
        written = record_field(_names(field))
        yes, no = written.values if written and len(written.values) == 2 else ("true", "false")  # noqa: PLR2004
        cause = f"CloudTrail writes {_shown(field)} as a text, which is never equal to a boolean"
        yield Finding(BOOLEAN_AS_TEXT, cause, f"write '{yes if constant else no}'")
    if types == {"boolean"} and constant in {"true", "false"}:
        cause = f"CloudTrail writes {_shown(field)} as a boolean, which is never equal to a text"
        yield Finding(BOOLEAN_AS_TEXT, cause, f"write `{constant}`, or ask in match for either")


def _never_written(field: Value, other: Value) -> Iterator[Finding]:
    if other.constants is None or len(other.constants) != 1 or field.path is None:
        return
    ((kind, constant),) = other.constants
    if kind == "string":
        yield from never_written(field, str(constant))


def never_written(field: Value, text: str) -> Iterator[Finding]:
    """Find a text that the field, or the function, never gives."""
    written = record_field(_names(field)) if field.is_of_event else None
    values = written.values if written else ()
    if values and text.casefold() not in {each.casefold() for each in values}:
        yield Finding(NEVER_WRITTEN, f"{_shown(field)} is never '{text}'", among(text, values))


def never_given(name: str, values: tuple[str, ...], other: Value) -> Iterator[Finding]:
    """Find a text that a function with few results never gives."""
    for kind, constant in sorted(other.constants or (), key=str):
        if kind == "string" and constant not in values:
            cause = f"{name}() never gives '{constant}'"
            yield Finding(NEVER_WRITTEN, cause, among(str(constant), values))


def _different(left: Value, right: Value) -> Finding:
    kinds = (left.types, right.types)
    for mine, other in (kinds, kinds[::-1]):
        if mine - NULL == {"array"} and other & _SINGLE:
            hint = "contains(list, value) asks whether any element is equal"
            return Finding(LIST_COMPARED, "a list is never equal to a single value", hint)
    cause = f"{_kind(left.types)} is never equal to {_kind(right.types)}"
    numbers = {"string", "number"} <= left.types | right.types
    hint = "a number literal takes backquotes: `5`" if numbers else ""
    return Finding(TYPES_DIFFER, cause, hint)


def _kind(types: frozenset[str]) -> str:
    names = {"string": "a text", "number": "a number", "boolean": "a boolean", "array": "a list"}
    listed = [names.get(each, f"an {each}") for each in sorted(types - NULL)]
    return " or ".join(listed) or "null"


def _known(left: Value, right: Value) -> str:
    for each in (left, right):
        if each.path is not None:
            return f"{_shown(each)} is {_values(each)}"
    return f"both sides are known, {_values(left)} and {_values(right)}"


def _values(value: Value) -> str:
    if value.types <= NULL:
        return "null"
    if value.constants is None:
        return _kind(value.types)
    shown = [_constant(each) for each in sorted(value.constants, key=str)]
    listed = ", ".join(shown[:4]) + (", …" if len(shown) > 4 else "")  # noqa: PLR2004 - enough to see
    return f"{listed or 'nothing that is left'}{' or null' if value.may_be_null else ''}"


def _constant(constant: Constant) -> str:
    kind, value = constant
    return f"'{value}'" if kind == "string" else str(value).lower()


def _names(value: Value) -> tuple[str, ...]:
    path = value.path or ()
    names = tuple(step for step in path if isinstance(step, str))
    return names if len(names) == len(path) else ()


def _shown(value: Value) -> str:
    """Name a value as an expression would."""
    text = ""
    for step in value.path or ():
        if step is None:
            text += "[]"
        elif isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step.removeprefix('=')}" if text else step.removeprefix("=")
    return text
