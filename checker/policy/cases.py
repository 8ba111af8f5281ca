"""Test cases as written: a base event, and what each case changes in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct, field

from checker.aws import Json
from checker.aws.time import format_time
from checker.errors import Place
from checker.policy.edits import EDITS, Edit, edited
from checker.policy.nodes import Mapping as MappingNode
from checker.policy.nodes import Node, Scalar, Sequence, entries_of, kind_of
from checker.policy.rule import Case, Expectation
from checker.policy.scalars import ONE_LINE, JsonObject, Text, WholeNumber
from checker.policy.shape import (
    Field,
    Later,
    Many,
    Record,
    Shape,
    as_scalar,
    defect,
    gather,
)
from checker.policy.side_file import SideFile

_EXPECTATION = Text(expected="an expectation", choices=tuple(each.value for each in Expectation))
_COUNT = WholeNumber(expected="a number of violations", least=0)
_MOST_REPLAYED = 20_000
_WHOLE = Many(item=JsonObject("an event"), expected="a list of events", least=1)
_MARKS = frozenset({"at", "event", "set", "unset", "repeat", "each"})
"""Keys of an item of a timeline; no record of CloudTrail has one of them."""

_Bounds: TypeAlias = tuple[datetime | None, datetime | None]
_CASE_NAME = Text(expected="a name", pattern=ONE_LINE, hint="one line without control characters")


class _Name(Struct, frozen=True):
    """A case's name, with its place."""

    def read(self, node: Node) -> Scalar:
        _CASE_NAME.read(node)
        return as_scalar(node, "a name")

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


class _Violations(Struct, frozen=True):
    """How many violations there must be, with the place where it says so."""

    def read(self, node: Node) -> tuple[int, Place]:
        return _COUNT.read(node), node.place

    def schema(self) -> dict[str, Json]:
        return _COUNT.schema()


class _Replay(Protocol):
    """A timeline, as a case sees it."""

    @property
    def size(self) -> int:
        """How many events it stands for."""
        ...

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The times of the first and the last event."""
        ...

    def replay(self, base: dict[str, Json] | None) -> tuple[dict[str, Json], ...]:
        """Give the events, complete."""
        ...


def _timeline() -> Shape[_Replay]:
    # Imported here: a check with rules of one event alone starts faster without it.
    from checker.policy.timeline import TimelineShape  # noqa: PLC0415

    return TimelineShape()


def _covers() -> Shape[tuple[_Bounds, Place]]:
    # Imported here: as above.
    from checker.policy.timeline import CoversShape  # noqa: PLC0415

    return CoversShape()


class _Events(Struct, frozen=True):
    """Whole events, or a timeline."""

    def read(self, node: Node) -> tuple[dict[str, Json], ...] | _Replay:
        items = node.items if isinstance(node, Sequence) else ()
        if any(not _MARKS.isdisjoint(entries_of(item)) for item in items):
            return _timeline().read(node)
        return _WHOLE.read(node)

    def schema(self) -> dict[str, Json]:
        whole = _WHOLE.schema()
        marks = [{"required": [mark]} for mark in sorted(_MARKS)]
        whole["items"] = {**whole["items"], "not": {"anyOf": marks}}
        return {"anyOf": [_timeline().schema(), whole]}


class _Draft(Struct, frozen=True, kw_only=True):
    """A case before the base is put in."""

    name: Scalar
    expect: Expectation
    set: tuple[Edit, ...] = ()
    unset: tuple[Edit, ...] = ()
    event: dict[str, Json] | None = None
    events: tuple[dict[str, Json], ...] | _Replay = ()
    covers: tuple[_Bounds, Place] | None = None
    violations: tuple[int, Place] | None = None
    params: Mapping[str, Node] = field(default_factory=dict)


class Drafts(Struct, frozen=True, kw_only=True):
    """Cases before the base is put in, and the base."""

    cases: tuple[_Draft, ...] = ()
    files: tuple[SideFile, ...] = ()
    base: dict[str, Json] | None = None

    def complete(self, base: dict[str, Json] | None) -> tuple[Case, ...]:
        """Give the cases, over a base unless they have their own."""
        _check_size(self.cases)
        own = base if self.base is None else self.base
        return tuple(gather(lambda draft: _case(draft, own), self.cases))


def _check_size(cases: tuple[_Draft, ...]) -> None:
    """Refuse timelines whose events would fill the memory before anything is judged."""
    size = 0
    for draft in cases:
        size += 0 if isinstance(draft.events, tuple) else draft.events.size
        if size > _MOST_REPLAYED:
            cause = f"the timelines of this rule's tests have more than {_MOST_REPLAYED:,} events"
            raise defect(draft.name.place, cause, "repeat fewer", "rule-test")


def _case(draft: _Draft, base: dict[str, Json] | None) -> Case:
    start, end = _checked_bounds(draft)
    return Case(
        name=draft.name.text,
        events=_events(draft, base),
        expect=draft.expect,
        place=draft.name.place,
        params=draft.params,
        timeline=not isinstance(draft.events, tuple),
        violations=_checked_count(draft),
        start=start,
        end=end,
    )


def _events(draft: _Draft, base: dict[str, Json] | None) -> tuple[dict[str, Json], ...]:
    edits = (*draft.unset, *draft.set)
    if not isinstance(draft.events, tuple):
        if edits or draft.event is not None:
            cause = "the events of this case are a timeline, which says all of what happens"
            hint = "put set, unset and event into its items, beside 'at'"
            raise defect(draft.name.place, cause, hint, "rule-keys")
        return draft.events.replay(base)
    whole = (*((draft.event,) if draft.event is not None else ()), *draft.events)
    if whole and edits:
        cause = "set and unset change the base; this case has whole events"
        raise defect(draft.name.place, cause, "use one or the other")
    if not whole and base is None:
        raise defect(draft.name.place, "no event: there is neither a base nor an event here")
    return whole or (edited(base or {}, edits),)


def _checked_bounds(draft: _Draft) -> _Bounds:
    """Give what the logs cover by what the case says, which is not less than what is in them."""
    if draft.covers is None:
        return None, None
    (start, end), place = draft.covers
    if not isinstance(draft.events, tuple):
        first, last = draft.events.span
        if (start and first < start) or (end and end < last):
            outside = first if start and first < start else last
            cause = f"covers: the event at {format_time(outside)} lies outside of it"
            hint = "logs cover the events that are in them: widen it, or move the event"
            raise defect(place, cause, hint, "rule-test")
    return start, end


def _checked_count(draft: _Draft) -> int | None:
    """Give the number of violations that a case states, in keeping with what it expects."""
    if draft.violations is None:
        return None
    count, place = draft.violations
    if (draft.expect is Expectation.FAIL) != (count > 0):
        cause = f"expect: {draft.expect} does not go with violations: {count}"
        hint = "a rule fails when there are violations, and only then"
        raise defect(place, cause, hint, "rule-test")
    return count


_CASE = Record(
    make=_Draft,
    expected="a test case",
    fields=(
        Field(
            name="name", shape=_Name(), doc="What the case shows, in a few words.", required=True
        ),
        *EDITS,
        Field(
            name="event", shape=JsonObject("an event"), doc="A whole event, instead of the base."
        ),
        Field(
            name="events",
            shape=_Events(),
            doc="Several whole events, instead of the base; or a timeline, whose items have `at`.",
        ),
        Field(
            name="covers",
            shape=Later(_covers),
            doc="What the logs cover, for a rule over many events; by default first to last event.",
        ),
        Field(
            name="violations",
            shape=_Violations(),
            doc="How many violations there must be, for a rule over many events.",
        ),
        Field(name="params", shape=_Params(), doc="Parameter values for this case."),
        Field(name="expect", shape=_Expect(), doc="What the rule must say.", required=True),
    ),
)

BASE_AND_CASES = (
    Field(name="base", shape=JsonObject("an event"), doc="An event that the cases share."),
    Field(
        name="cases",
        shape=Many(item=_CASE, expected="a list of test cases", least=1),
        doc="The test cases.",
    ),
)
