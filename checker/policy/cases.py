"""The tests that a rule carries, as written: a base event, and what each case changes in it."""

from collections.abc import Mapping

from msgspec import Struct, field

from checker.aws import Json
from checker.errors import Problem
from checker.expression.syntax import ExpressionError
from checker.policy.event_edit import parse_steps, with_value, without
from checker.policy.nodes import Mapping as MappingNode
from checker.policy.nodes import Node, Scalar, kind_of
from checker.policy.rule import Case, Expectation
from checker.policy.scalars import ONE_LINE, JsonObject, JsonValue, Text
from checker.policy.shape import Field, Many, Record, ShapeError, as_scalar, defect

_EXPECTATION = Text(expected="an expectation", choices=tuple(each.value for each in Expectation))
_CASE_NAME = Text(expected="a name", pattern=ONE_LINE, hint="one line without control characters")


class _Edit(Struct, frozen=True):
    """A path as written, and the value put there; no value takes away what is there."""

    path: Scalar
    value: Json = None
    removes: bool = False


class _Name(Struct, frozen=True):
    """A case's name, with its place."""

    def read(self, node: Node) -> Scalar:
        _CASE_NAME.read(node)
        return as_scalar(node, "a name")

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


class _Set(Struct, frozen=True):
    """Values by path."""

    def read(self, node: Node) -> tuple[_Edit, ...]:
        if not isinstance(node, MappingNode):
            raise defect(node.place, f"expected paths and values, found {kind_of(node)}")
        return tuple(_Edit(path, JsonValue().read(value)) for path, value in node.entries)

    def schema(self) -> dict[str, Json]:
        return {"type": "object"}


class _Unset(Struct, frozen=True):
    """One path."""

    def read(self, node: Node) -> _Edit:
        return _Edit(as_scalar(node, "a path"), removes=True)

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


class _Params(Struct, frozen=True):
    """Parameter values by name, typed later by what the rule declares."""

    def read(self, node: Node) -> Mapping[str, Node]:
        if not isinstance(node, MappingNode):
            raise defect(node.place, f"expected parameters by name, found {kind_of(node)}")
        return {key.text: value for key, value in node.entries}

    def schema(self) -> dict[str, Json]:
        return {"type": "object"}


class _Expect(Struct, frozen=True):
    """What the case comes to."""

    def read(self, node: Node) -> Expectation:
        return Expectation(_EXPECTATION.read(node))

    def schema(self) -> dict[str, Json]:
        return _EXPECTATION.schema()


class _Draft(Struct, frozen=True, kw_only=True):
    """A case before the base is put in."""

    name: Scalar
    expect: Expectation
    set: tuple[_Edit, ...] = ()
    unset: tuple[_Edit, ...] = ()
    event: dict[str, Json] | None = None
    events: tuple[dict[str, Json], ...] = ()
    params: Mapping[str, Node] = field(default_factory=dict)


def _make_tests(
    *, cases: tuple[_Draft, ...], base: dict[str, Json] | None = None
) -> tuple[Case, ...]:
    problems: list[Problem] = []
    built: list[Case] = []
    for draft in cases:
        try:
            built.append(_case(draft, base))
        except ShapeError as error:
            problems.extend(error.problems)
    if problems:
        raise ShapeError(*problems)
    return tuple(built)


def _case(draft: _Draft, base: dict[str, Json] | None) -> Case:
    whole = (*((draft.event,) if draft.event is not None else ()), *draft.events)
    edits = (*draft.unset, *draft.set)
    if whole and edits:
        cause = "set and unset change the base; this case has whole events"
        raise defect(draft.name.place, cause, "use one or the other")
    if not whole and base is None:
        raise defect(draft.name.place, "no event: there is neither a base nor an event here")
    return Case(
        name=draft.name.text,
        events=whole or (_edited(base or {}, edits),),
        expect=draft.expect,
        place=draft.name.place,
        params=draft.params,
    )


def _edited(event: dict[str, Json], edits: tuple[_Edit, ...]) -> dict[str, Json]:
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


_CASE = Record(
    make=_Draft,
    expected="a test case",
    fields=(
        Field(
            name="name", shape=_Name(), doc="What the case shows, in a few words.", required=True
        ),
        Field(name="set", shape=_Set(), doc="Values put into the base, by path."),
        Field(
            name="unset",
            shape=Many(item=_Unset(), expected="a list of paths", or_one=True),
            doc="Paths taken out of the base.",
        ),
        Field(
            name="event", shape=JsonObject("an event"), doc="A whole event, instead of the base."
        ),
        Field(
            name="events",
            shape=Many(item=JsonObject("an event"), expected="a list of events", least=1),
            doc="Several whole events, instead of the base.",
        ),
        Field(name="params", shape=_Params(), doc="Parameter values for this case."),
        Field(name="expect", shape=_Expect(), doc="What the rule must say.", required=True),
    ),
)

TESTS = Record(
    make=_make_tests,
    expected="tests",
    fields=(
        Field(name="base", shape=JsonObject("an event"), doc="An event that the cases share."),
        Field(
            name="cases",
            shape=Many(item=_CASE, expected="a list of test cases", least=1),
            doc="The test cases.",
            required=True,
        ),
    ),
)
