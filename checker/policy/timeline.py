"""A timeline in a test case: events by their distance from a fixed beginning."""

import re
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.aws.time import format_time, parse_instant
from checker.errors import Place
from checker.policy.edits import EDITS, Edit, edited
from checker.policy.nodes import Mapping, Node, entries_of, quoted
from checker.policy.scalars import SPAN, SPAN_HINT, Duration, JsonObject, WholeNumber
from checker.policy.shape import Field, Many, Record, Shape, as_scalar, defect

BEGINNING = datetime(2024, 5, 1, tzinfo=UTC)
"""When a replay begins: what `+0s` stands for."""

MOST_REPEATS = 1_000
"""How many events one item may stand for."""

Bounds: TypeAlias = tuple[datetime | None, datetime | None]

_NONE_OR_SPAN = f"0[smhdw]|{SPAN}"
_OFFSET = rf"\+(?:{_NONE_OR_SPAN})"
_INSTANT = "[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt].*)?"
_MOMENT_HINT = (
    "write +0s, +3m or +90d, counted from the beginning of the replay, or 2024-05-01T10:00:00Z"
)


class Moment(Struct, frozen=True):
    """An offset from the beginning of the replay, or an instant."""

    def read(self, node: Node) -> datetime:
        scalar = as_scalar(node, "a moment", _MOMENT_HINT)
        offset = Duration(expected="a moment", pattern=_OFFSET, hint=_MOMENT_HINT)
        if not re.match("[0-9]{4}-", scalar.text):
            return BEGINNING + timedelta(seconds=offset.read(node))
        try:
            return parse_instant(scalar.text)
        except ValueError as error:
            raise defect(scalar.place, f"{quoted(scalar.text)}: {error}", _MOMENT_HINT) from error

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^(?:{_OFFSET}|{_INSTANT})$"}


class Item(Struct, frozen=True, kw_only=True):
    """One item of a timeline.

    Attributes:
        event: A whole event; None where the base is changed.
        each: Seconds from one of its events to the next.
        place: Where the item stands, for who reads it later.
    """

    at: datetime
    event: dict[str, Json] | None = None
    set: tuple[Edit, ...] = ()
    unset: tuple[Edit, ...] = ()
    repeat: int = 1
    each: int = 0
    place: Place = Place(path="")

    @property
    def times(self) -> list[datetime]:
        """When its events occur.

        Raises:
            ShapeError: After the last year of the calendar.
        """
        try:
            return [self.at + timedelta(seconds=n * self.each) for n in range(self.repeat)]
        except OverflowError as error:
            cause = "the last of these events lies after the year 9999"
            raise defect(self.place, cause, "an earlier 'at', or a shorter 'each'") from error

    def record(self, base: dict[str, Json] | None) -> dict[str, Json]:
        """Give its event, still with the time of the base.

        Raises:
            ShapeError: There is no base, or a path of the changes cannot be followed.
        """
        if self.event is not None:
            return self.event
        if base is None:
            cause = "no event: there is neither a base nor an event here"
            raise defect(self.place, cause, "write event: {…} beside 'at', or tests: {base: {…}}")
        return edited(base, (*self.unset, *self.set))

    @property
    def says_id(self) -> bool:
        """Whether it decides itself on the eventID."""
        paths = {edit.path.text for edit in (*self.set, *self.unset)}
        return "eventID" in paths or "eventID" in (self.event or {})


class Timeline(Struct, frozen=True):
    """Events of one case, in the order written."""

    items: tuple[Item, ...]

    @property
    def size(self) -> int:
        """How many events it stands for."""
        return sum(item.repeat for item in self.items)

    def replay(self, base: dict[str, Json] | None) -> tuple[dict[str, Json], ...]:
        """Give the events, each with its eventTime, and an eventID if it has none of its own.

        Raises:
            ShapeError: An item cannot be made into events.
        """
        events: list[dict[str, Json]] = []
        for item in self.items:
            record = item.record(base)
            for time in item.times:
                own = {} if item.says_id else {"eventID": f"event-{len(events) + 1}"}
                events.append({**record, **own, "eventTime": format_time(time)})
        return tuple(events)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The times of the first and the last event."""
        times = [time for item in self.items for time in item.times]
        return min(times), max(times)


class _ItemShape(Struct, frozen=True):
    """An item whose keys go together."""

    record: Shape[Item]

    def read(self, node: Node) -> Item:
        given = entries_of(node)
        if isinstance(node, Mapping) and "at" not in given:
            hint = "write at: +3m beside event: {…} or set: {…}; one item with 'at' makes all of them a timeline"
            raise defect(node.place, "an item of a timeline lacks 'at'", hint, "rule-missing-key")
        item = self.record.read(node)
        if item.event is not None and (item.set or item.unset):
            cause = "set and unset change the base; this item has a whole event"
            raise defect(node.place, cause, "use one or the other", "rule-keys")
        for one, other in (("repeat", "each"), ("each", "repeat")):
            if one in given and other not in given:
                hint = "write repeat: 5 and each: 30s; each: 0s puts all of them at one instant"
                raise defect(given[one][0].place, f"'{one}' without '{other}'", hint, "rule-keys")
        for edit in (*item.set, *item.unset):
            if edit.path.text == "eventTime":
                hint = "leave it out; an event without a time goes into a list of whole events"
                raise defect(edit.path.place, "'at' says when the event is", hint, "rule-keys")
        return replace(item, place=node.place)

    def schema(self) -> dict[str, Json]:
        timed = {"required": ["eventTime"]}
        untimed = [{"const": "eventTime"}, {"type": "array", "contains": {"const": "eventTime"}}]
        return {
            **self.record.schema(),
            "dependentRequired": {"repeat": ["each"], "each": ["repeat"]},
            "dependentSchemas": {
                "event": {"properties": {"set": False, "unset": False}},
                "set": {"properties": {"set": {"not": timed}}},
                "unset": {"properties": {"unset": {"not": {"anyOf": untimed}}}},
            },
        }


_ITEMS = Many(
    item=_ItemShape(
        Record(
            make=Item,
            expected="an item of a timeline",
            fields=(
                Field(
                    name="at",
                    shape=Moment(),
                    doc="When, from the beginning of the replay on: `+0s`, `+3m`, `+90d`; or an instant.",
                    required=True,
                ),
                Field(
                    name="event",
                    shape=JsonObject("an event"),
                    doc="A whole event, instead of the base.",
                ),
                *EDITS,
                Field(
                    name="repeat",
                    shape=WholeNumber(most=MOST_REPEATS),
                    doc="How many such events there are.",
                ),
                Field(
                    name="each",
                    shape=Duration(
                        pattern=_NONE_OR_SPAN, hint=f"{SPAN_HINT}; 0s for all at one instant"
                    ),
                    doc="With `repeat`: the time from one of them to the next.",
                ),
            ),
            hint="write {at: +3m, set: {sourceIPAddress: 192.0.2.1}}",
        )
    ),
    expected="a list of events",
    least=1,
)


class TimelineShape(Struct, frozen=True):
    """Items with `at`."""

    def read(self, node: Node) -> Timeline:
        return Timeline(_ITEMS.read(node))

    def schema(self) -> dict[str, Json]:
        return _ITEMS.schema()


def _make_covers(*, start: datetime | None = None, end: datetime | None = None) -> Bounds:
    return start, end


_COVERS = Record(
    make=_make_covers,
    expected="covers",
    fields=(
        Field(
            name="from",
            attribute="start",
            shape=Moment(),
            doc="The first instant; by default that of the first event.",
        ),
        Field(
            name="until",
            attribute="end",
            shape=Moment(),
            doc="The last instant; by default that of the last event.",
        ),
    ),
    hint="write covers: {from: +0s, until: +100d}",
)


class CoversShape(Struct, frozen=True):
    """`from` and `until`, the first not after the second, with their place."""

    def read(self, node: Node) -> tuple[Bounds, Place]:
        start, end = _COVERS.read(node)
        if not start and not end:
            raise defect(node.place, "covers: neither 'from' nor 'until'", _COVERS.hint)
        if start and end and end < start:
            raise defect(node.place, "covers: 'until' lies before 'from'", _COVERS.hint)
        return (start, end), node.place

    def schema(self) -> dict[str, Json]:
        return {**_COVERS.schema(), "minProperties": 1}
