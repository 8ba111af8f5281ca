"""Shapes: how a YAML node is read into a value, and the JSON Schema that says the same.

A document's structure is declared once, as shapes. From that declaration come the reading, with a
place and a hint for every defect, and the schema that editors use, so the two cannot drift.
"""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbcMapping
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from checker.aws import Json
from checker.errors import Place, Problem, did_you_mean
from checker.policy.nodes import Mapping, Node, Scalar, Sequence, kind_of, quoted

T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S")
T = TypeVar("T")

MOST_PROBLEMS = 50
"""Defects of one document after which reading stops."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ShapeError(Exception):
    """A node does not have its shape.

    Attributes:
        problems: Every defect found in it.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.cause for problem in problems))


class Shape(Protocol[T_co]):
    """Reads a node into a value."""

    def read(self, node: Node) -> T_co:
        """Give the node's value, or raise `ShapeError` with every defect."""
        ...

    def schema(self) -> dict[str, Json]:
        """Give the JSON Schema of the nodes that `read` takes."""
        ...


def defect(place: Place, cause: str, hint: str = "", code: str = "rule-value") -> ShapeError:
    """Make the error for one defect."""
    return ShapeError(Problem(code=code, cause=cause, place=place, hint=hint))


def gather(read: Callable[[S], T], parts: Iterable[S]) -> list[T]:
    """Read all parts, so that one run reports the defects of all, up to a number one can read."""
    values: list[T] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            values.append(read(part))
        except ShapeError as error:
            problems.extend(error.problems)
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise ShapeError(*problems)
    return values


def as_scalar(node: Node, expected: str, hint: str = "") -> Scalar:
    """Give a node as a scalar with something in it."""
    if not isinstance(node, Scalar) or node.is_null or (node.plain and not node.text):
        raise defect(node.place, f"expected {expected}, found {kind_of(node)}", hint)
    return node


class Many(Struct, Generic[T], frozen=True, kw_only=True):
    """A list, or one item alone where that is allowed."""

    item: Shape[T]
    expected: str
    or_one: bool = False
    least: int = 0
    most: int = 0
    hint: str = ""

    def read(self, node: Node) -> tuple[T, ...]:
        if not isinstance(node, Sequence):
            if self.or_one:
                return (self.item.read(node),)
            cause = f"expected {self.expected}, found {kind_of(node)}"
            raise defect(node.place, cause, self.hint)
        if len(node.items) < self.least:
            found = f"{len(node.items)} of them" if node.items else "an empty list"
            raise defect(node.place, f"expected {self.expected}, found {found}", self.hint)
        if self.most and len(node.items) > self.most:
            cause = f"expected {self.expected}, found {len(node.items)} of them"
            raise defect(node.place, cause, f"at most {self.most}")
        return tuple(gather(self.item.read, node.items))

    def schema(self) -> dict[str, Json]:
        many: dict[str, Json] = {"type": "array", "items": self.item.schema()}
        if self.least:
            many["minItems"] = self.least
        if self.most:
            many["maxItems"] = self.most
        return {"anyOf": [self.item.schema(), many]} if self.or_one else many


class Table(Struct, Generic[T], frozen=True, kw_only=True):
    """A mapping from keys that the author chooses to values of one shape."""

    key: Shape[object]
    value: Shape[T]
    expected: str
    least: int = 0

    def read(self, node: Node) -> AbcMapping[str, T]:
        if not isinstance(node, Mapping):
            raise defect(node.place, f"expected {self.expected}, found {kind_of(node)}")
        if len(node.entries) < self.least:
            raise defect(node.place, f"expected {self.expected}, found an empty mapping")
        return dict(gather(self._read_entry, node.entries))

    def _read_entry(self, entry: tuple[Scalar, Node]) -> tuple[str, T]:
        key, value = entry
        self.key.read(key)
        return key.text, self.value.read(value)

    def schema(self) -> dict[str, Json]:
        schema: dict[str, Json] = {
            "type": "object",
            "propertyNames": self.key.schema(),
            "additionalProperties": self.value.schema(),
        }
        if self.least:
            schema["minProperties"] = self.least
        return schema


class Later(Struct, Generic[T], frozen=True):
    """A shape that few documents need: its module is imported when the first of them is read."""

    fetch: Callable[[], Shape[T]]

    def read(self, node: Node) -> T:
        return self.fetch().read(node)

    def schema(self) -> dict[str, Json]:
        return self.fetch().schema()


class Field(Struct, frozen=True, kw_only=True):
    """One key of a record.

    Attributes:
        name: As written in YAML.
        doc: One sentence for editors and the reference page.
        attribute: The argument it becomes, if the name cannot be one.
    """

    name: str
    shape: Shape[object]
    doc: str
    required: bool = False
    attribute: str = ""


class Record(Struct, Generic[T], frozen=True, kw_only=True):
    """A mapping with known keys: anything else is a defect.

    Attributes:
        make: Called with the fields that were given; may raise `ShapeError`.
        expected: What it is, for messages.
        hint: What it looks like, for who wrote something else.
        exactly_one_of: Groups of names; exactly one of each group must be given.
    """

    make: Callable[..., T]
    expected: str
    fields: tuple[Field, ...]
    hint: str = ""
    exactly_one_of: tuple[tuple[str, ...], ...] = ()

    def read(self, node: Node) -> T:
        if not isinstance(node, Mapping):
            cause = f"expected {self.expected}, found {kind_of(node)}"
            raise defect(node.place, cause, self.hint)
        problems = self._missing(node)
        known = {each.name: each for each in self.fields}
        try:
            values = dict(gather(lambda entry: self._read_field(entry, known), node.entries))
        except ShapeError as error:
            raise ShapeError(*problems, *error.problems) from error
        if problems:
            raise ShapeError(*problems)
        return self.make(**values)

    def _read_field(
        self, entry: tuple[Scalar, Node], known: AbcMapping[str, Field]
    ) -> tuple[str, object]:
        key, value = entry
        if key.text not in known:
            cause = f"unknown key {quoted(key.text)} in {self.expected}"
            raise defect(key.place, cause, did_you_mean(key.text, known), "rule-unknown-key")
        field = known[key.text]
        return field.attribute or field.name, field.shape.read(value)

    def _requires(self, field: Field, node: Mapping) -> bool:  # noqa: ARG002 - for who has other keys to ask
        """Whether a required field that is not there is missed in this mapping."""
        return field.required

    def _missing(self, node: Mapping) -> list[Problem]:
        given = {key.text for key, _ in node.entries}
        lacking = [
            f"'{each.name}'"
            for each in self.fields
            if each.required and each.name not in given and self._requires(each, node)
        ]
        causes = [f"{self.expected} lacks {', '.join(lacking)}"] if lacking else []
        for names in self.exactly_one_of:
            one_of = [name for name in names if name in given]
            if len(one_of) != 1:
                found = " and ".join(one_of) or "none"
                listed = ", ".join(names)
                causes.append(f"{self.expected} has exactly one of {listed}; found {found}")
        return [
            Problem(code="rule-missing-key", cause=cause, place=node.place, hint=self.hint)
            for cause in causes
        ]

    def schema(self) -> dict[str, Json]:
        schema: dict[str, Json] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                each.name: {"description": each.doc, **each.shape.schema()} for each in self.fields
            },
        }
        required = [each.name for each in self.fields if each.required]
        if required:
            schema["required"] = required
        if self.exactly_one_of:
            schema["allOf"] = [
                {"oneOf": [{"required": [name]} for name in names]} for names in self.exactly_one_of
            ]
        return schema
