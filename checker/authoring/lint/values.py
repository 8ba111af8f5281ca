"""What the value of an expression can be, as far as it can be told without an event."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.aws.fields import is_field_of_a_resource, record_field
from checker.expression.extension import type_of

Path: TypeAlias = tuple[str | int | None, ...]
"""Where a value stands: keys, indexes, None for each element of a list.

What an expression computes stands below a key of its own, `=` and its text, so that two mentions of
it are known to be the same value.
"""

Constant: TypeAlias = tuple[str, Json]
"""The JMESPath type of a text, number or boolean, and itself: so true is not 1."""

ANY: Final = frozenset({"null", "boolean", "number", "string", "array", "object"})
NULL: Final = frozenset({"null"})
BOOLEAN: Final = frozenset({"boolean"})


class Value(Struct, frozen=True, kw_only=True):
    """What is known of a value.

    Attributes:
        types: The JMESPath types that it can have.
        constants: All that it can be, besides null; None where that is not known.
        path: Where it stands; None for what has no name.
        element: What each element is, of a list.
        fields: What each field is, of an object that can have no others.
        holds: Whether it counts as true, where that is certain and its types do not tell.
    """

    types: frozenset[str] = ANY
    constants: frozenset[Constant] | None = None
    path: Path | None = None
    element: "Value | None" = None
    fields: "Mapping[str, Value] | None" = None
    holds: bool | None = None

    @property
    def may_be_null(self) -> bool:
        """Whether it can be null, or absent."""
        return "null" in self.types

    @property
    def is_of_event(self) -> bool:
        """Whether it is a field of the event, not something computed."""
        return self.path is not None and not any(
            isinstance(step, str) and step.startswith("=") for step in self.path
        )

    @property
    def truth(self) -> bool | None:
        """Whether it counts as true, where that is certain."""
        if self.holds is not None:
            return self.holds
        if self.types <= NULL or self.types == {"number"}:
            return self.types == {"number"}
        if self.constants is None or self.types & {"array", "object"}:
            return None
        truths = {kind == "number" or bool(constant) for kind, constant in self.constants}
        if self.may_be_null:
            truths.add(False)
        return truths.pop() if len(truths) == 1 else None


NOTHING: Final = Value(types=NULL)
UNKNOWN: Final = Value()
EVENT: Final = Value(types=frozenset({"object"}), path=())


def literal(value: Json) -> Value:
    """Give the value of a literal."""
    kind = type_of(value)
    if kind == "array":
        return listed([literal(each) for each in value])
    if kind in {"null", "object"}:
        return Value(types=frozenset({kind}))
    return Value(types=frozenset({kind}), constants=frozenset({(kind, value)}))


def truth_value(*, truth: bool | None) -> Value:
    """Give a boolean."""
    constants = None if truth is None else frozenset({("boolean", truth)})
    return Value(types=BOOLEAN, constants=constants)


def listed(elements: Iterable[Value]) -> Value:
    """Give a list of elements that are each known."""
    known = list(elements)
    element = UNKNOWN
    if known:
        element = known[0]
        for each in known[1:]:
            element = either(element, each)
    return Value(types=frozenset({"array"}), element=element)


def either(left: Value, right: Value) -> Value:
    """Give what is known of a value that is one of two."""
    constants = None
    if _is_enumerated(left) and _is_enumerated(right):
        constants = (left.constants or frozenset()) | (right.constants or frozenset())
    return Value(
        types=left.types | right.types,
        constants=constants,
        path=left.path if left.path == right.path else None,
        element=_either_element(left, right),
        fields=left.fields if left.fields == right.fields else None,
    )


def _either_element(left: Value, right: Value) -> Value | None:
    if "array" not in right.types:
        return left.element
    if "array" not in left.types:
        return right.element
    if left.element is None or right.element is None:
        return None
    return either(left.element, right.element)


def _is_enumerated(value: Value) -> bool:
    return value.constants is not None or value.types <= NULL


def element_of(value: Value) -> Value:
    """Give what is known of the elements of a list; projections pass no null on."""
    if value.element is not None:
        return replace(value.element, types=value.element.types - NULL)
    return at((*value.path, None) if value.path is not None else None, types=ANY - NULL)


def flattened(base: Value) -> Value:
    """Give what is known of the elements of a list that is made flat by one level."""
    element = element_of(base)
    if "array" not in element.types or base.element is None:
        return element
    inner = element_of(element)
    others = element.types - {"array"}
    if not others:
        return inner
    if element.path is not None:
        return at((*element.path, None), types=ANY - NULL)
    return either(inner, replace(element, types=others, element=None))


def at(path: Path | None, types: frozenset[str] = ANY) -> Value:
    """Give what the record's own format says of a path."""
    names = tuple(step for step in path or () if isinstance(step, str))
    if path is None or not names:
        return Value(types=types, path=path)
    if path[0] == "resources" and len(path) == _IN_A_RESOURCE and is_field_of_a_resource(names[-1]):
        return Value(types=frozenset({"string", "null"}), path=path)
    if path == ("resources", None):
        return Value(types=frozenset({"object"}), path=path)
    field = record_field(names) if len(names) == len(path) else None
    if field is None:
        return Value(types=types, path=path)
    absent = frozenset() if field.always else NULL
    return Value(types=frozenset({field.type}) | absent, path=path)


_IN_A_RESOURCE: Final = 3
