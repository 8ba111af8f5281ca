"""The shapes that only rules have: conditions, match mappings, messages, controls, types."""

from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from checker.aws import Json
from checker.errors import Problem
from checker.expression.expression import (
    Expression,
    is_path,
    parse_expression,
)
from checker.expression.message import Message, parse_message
from checker.expression.syntax import ExpressionError
from checker.policy.excerpt import excerpt
from checker.policy.nodes import Mapping, Node, Scalar, Sequence, kind_of, locate, quoted
from checker.policy.parameters import KINDS, ParameterType
from checker.policy.rule import (
    ControlRef,
    Effective,
    MatchEntry,
)
from checker.policy.scalars import Text, refuse_other_spelling
from checker.policy.shape import Many, Shape, ShapeError, as_scalar, defect, gather

E = TypeVar("E", bound=StrEnum)

ID_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
NAME_PATTERN = "[A-Za-z_][A-Za-z0-9_]*"

_TYPE_HINT = f"one of {', '.join(KINDS)}; in brackets for a list of it: [string]"
_COMMENT_HINT = (
    "YAML takes what follows ' #' for a comment: "
    "write >- after the colon and the expression indented below it"
)

_BLOCK_HINT = "text; an expression that begins with [ or { stands after >- in a line of its own"

_MATCH_HINTS: dict[type[Node], str] = {
    Scalar: "write null for an absent field",
    Mapping: "a key is the whole path: requestParameters.policyName: Example",
    Sequence: "one list of values: any of them may stand there",
}

NAME = Text(
    expected="a name",
    pattern=NAME_PATTERN,
    hint="letters, digits and underscores, not beginning with a digit",
)


def expression_problem(error: ExpressionError, scalar: Scalar, what: str) -> Problem:
    """Place an expression's error in its file, with carets under the offending text."""
    text = scalar.text
    start = min(error.start, len(text))
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:].partition("\n")[0]
    return Problem(
        code="rule-expression",
        cause=f"{what}: {error.cause}",
        place=locate(scalar, start),
        excerpt=excerpt(line, start - line_start, error.end - start),
        hint=_COMMENT_HINT if scalar.is_cut else error.hint,
    )


class Condition(Struct, frozen=True):
    """A JMESPath expression."""

    what: str

    def read(self, node: Node) -> Expression:
        scalar = as_scalar(node, "a JMESPath expression", _BLOCK_HINT)
        if scalar.plain and scalar.text in {"true", "false"}:
            hint = f"for the boolean, write\n  {self.what}: >-\n    `{scalar.text}`"
            cause = f"{self.what}: '{scalar.text}' would read a field of that name"
            raise defect(scalar.place, cause, hint, "rule-expression")
        return self._parse(scalar)

    def _parse(self, scalar: Scalar) -> Expression:
        try:
            return parse_expression(scalar.text)
        except ExpressionError as error:
            raise ShapeError(expression_problem(error, scalar, self.what)) from error

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


GROUP_BY = Many(
    item=Condition("group_by"),
    expected="a list of expressions",
    or_one=True,
    least=1,
    most=8,
    hint="write group_by: sourceIPAddress; leave it out to take all events together",
)


class Forbidden(Condition, frozen=True):
    """The condition of a violation; a plain `true` forbids all of the scope."""

    def read(self, node: Node) -> Expression:
        if isinstance(node, Scalar) and node.plain and node.text == "true":
            return parse_expression("`true`")
        return Condition.read(self, node)

    def schema(self) -> dict[str, Json]:
        return {"anyOf": [{"type": "string", "minLength": 1}, {"const": True}]}


class MessageText(Struct, frozen=True):
    """Text with `{JMESPath}` placeholders."""

    def read(self, node: Node) -> Message:
        scalar = as_scalar(node, "a message")
        try:
            return parse_message(scalar.text)
        except ExpressionError as error:
            raise ShapeError(expression_problem(error, scalar, "message")) from error

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


class MatchMapping(Struct, frozen=True):
    """Paths of the event and the values that may stand there; all must hold."""

    def read(self, node: Node) -> tuple[MatchEntry, ...]:
        if not isinstance(node, Mapping) or not node.entries:
            cause = f"match: expected paths and values, found {kind_of(node)}"
            raise defect(node.place, cause, "match: {eventSource: iam.amazonaws.com}")
        return tuple(gather(_entry, node.entries))

    def schema(self) -> dict[str, Json]:
        scalar = {"type": ["string", "number", "boolean", "null"]}
        value = {"anyOf": [scalar, {"type": "array", "minItems": 1, "items": scalar}]}
        return {"type": "object", "minProperties": 1, "additionalProperties": value}


def _entry(entry: tuple[Scalar, Node]) -> MatchEntry:
    key, value = entry
    try:
        path = parse_expression(key.text)
    except ExpressionError as error:
        raise ShapeError(expression_problem(error, key, "match")) from error
    if not is_path(path) or path.parameters:
        cause = f"match: {quoted(key.text)} is more than a path of the event"
        raise defect(key.place, cause, "conditions go into where")
    if isinstance(value, Mapping):
        cause = f"match: expected a value or a list of values, found {kind_of(value)}"
        raise defect(value.place, cause, f"write the path: {_flattened(key.text, value)}")
    values = value.items if isinstance(value, Sequence) else (value,)
    if not values:
        hint = "write null for an absent field, and leave the key out for any value"
        raise defect(value.place, f"match: no value for {quoted(key.text)}", hint)
    texts = gather(_match_value, values)
    return MatchEntry(
        key=path, patterns=tuple(text for text in texts if text is not None), null=None in texts
    )


def _flattened(path: str, value: Mapping) -> str:
    """Give the first line that was meant by a mapping in a mapping."""
    node: Node = value
    while isinstance(node, Mapping) and node.entries:
        key, node = node.entries[0]
        path = f"{path}.{key.text}"
    return f"{path}: {node.text if isinstance(node, Scalar) else '…'}"


def _match_value(node: Node) -> str | None:
    if isinstance(node, Scalar) and node.is_null:
        return None
    scalar = node if isinstance(node, Scalar) else None
    if scalar is None or (scalar.plain and not scalar.text):
        cause = f"match: expected a value or a list of values, found {kind_of(node)}"
        raise defect(node.place, cause, _MATCH_HINTS.get(type(node), ""))
    refuse_other_spelling(scalar)
    return scalar.text


class OneOrMore(Struct, frozen=True):
    """The `match` of a rule: one mapping, or a list of alternatives."""

    def read(self, node: Node) -> tuple[tuple[MatchEntry, ...], ...]:
        one = MatchMapping()
        if isinstance(node, Sequence):
            return Many(item=one, expected="a list of match mappings", least=1).read(node)
        return (one.read(node),)

    def schema(self) -> dict[str, Json]:
        one = MatchMapping().schema()
        return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


class Choice(Struct, Generic[E], frozen=True):
    """One of an enumeration's values, as the enumeration."""

    text: Text
    make: type[E]

    def read(self, node: Node) -> E:
        return self.make(self.text.read(node))

    def schema(self) -> dict[str, Json]:
        return self.text.schema()


def choice(make: type[E], what: str) -> Choice[E]:
    """Make the shape for an enumeration."""
    return Choice(Text(expected=what, choices=tuple(each.value for each in make)), make)


class ControlShape(Struct, frozen=True):
    """A control's id, or an `id` with a `relation`."""

    full: Shape[ControlRef]

    def read(self, node: Node) -> ControlRef:
        if isinstance(node, Mapping):
            return self.full.read(node)
        return ControlRef(Text(expected="a control id").read(node))

    def schema(self) -> dict[str, Json]:
        return {"anyOf": [{"type": ["string", "number"]}, self.full.schema()]}


class TypeShape(Struct, frozen=True):
    """A parameter's type: `string`, or `[string]` for a list."""

    def read(self, node: Node) -> ParameterType:
        many = isinstance(node, Sequence) and len(node.items) == 1
        inner = node.items[0] if isinstance(node, Sequence) and many else node
        if not isinstance(inner, Scalar):
            raise defect(inner.place, f"expected a type, found {kind_of(inner)}", _TYPE_HINT)
        if inner.text in {"list", "array", "strings"}:
            raise defect(inner.place, f"expected a type, found {kind_of(inner)}", _TYPE_HINT)
        kind = Text(expected="a type", choices=KINDS).read(inner)
        return ParameterType(kind, many)

    def schema(self) -> dict[str, Json]:
        one = {"enum": list(KINDS)}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 1}]}


class Raw(Struct, frozen=True):
    """Any node, read later by whoever knows its type."""

    def read(self, node: Node) -> Node:
        return node

    def schema(self) -> dict[str, Json]:
        return {}


class EffectiveShape(Struct, frozen=True):
    """`from` and `until`, the first before the second."""

    record: Shape[Effective]

    def read(self, node: Node) -> Effective:
        effective = self.record.read(node)
        start, until = effective.start, effective.until
        if not start and not until:
            raise defect(node.place, "effective: neither 'from' nor 'until'")
        if start and until and not start < until:
            raise defect(node.place, "effective: 'from' is not before 'until'")
        return effective

    def schema(self) -> dict[str, Json]:
        return self.record.schema()
