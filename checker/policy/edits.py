"""What a test case, or an item of its timeline, changes in the base event, as written."""

from collections.abc import Iterable

from msgspec import Struct

from checker.aws import Json
from checker.expression.syntax import ExpressionError
from checker.policy.event_edit import parse_steps, with_value, without
from checker.policy.nodes import Mapping, Node, Scalar, kind_of
from checker.policy.scalars import JsonValue
from checker.policy.shape import Field, Many, as_scalar, defect


class Edit(Struct, frozen=True):
    """A path as written, and the value put there; no value takes away what is there."""

    path: Scalar
    value: Json = None
    removes: bool = False


class _Set(Struct, frozen=True):
    """Values by path."""

    def read(self, node: Node) -> tuple[Edit, ...]:
        if not isinstance(node, Mapping):
            raise defect(node.place, f"expected paths and values, found {kind_of(node)}")
        return tuple(Edit(path, JsonValue().read(value)) for path, value in node.entries)

    def schema(self) -> dict[str, Json]:
        return {"type": "object"}


class _Unset(Struct, frozen=True):
    """One path."""

    def read(self, node: Node) -> Edit:
        return Edit(as_scalar(node, "a path"), removes=True)

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


EDITS: tuple[Field, ...] = (
    Field(name="set", shape=_Set(), doc="Values put into the base, by path."),
    Field(
        name="unset",
        shape=Many(item=_Unset(), expected="a list of paths", or_one=True),
        doc="Paths taken out of the base.",
    ),
)


def edited(event: dict[str, Json], edits: Iterable[Edit]) -> dict[str, Json]:
    """Give an event with all changes made.

    Raises:
        ShapeError: A path cannot be followed.
    """
    for edit in edits:
        try:
            steps = parse_steps(edit.path.text)
            event = without(event, steps) if edit.removes else with_value(event, steps, edit.value)
        except ExpressionError as error:
            raise defect(
                edit.path.place, f"'{edit.path.text}': {error.cause}", error.hint
            ) from error
        except ValueError as error:
            raise defect(edit.path.place, f"'{edit.path.text}': {error}") from error
    return event
