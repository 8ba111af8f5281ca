"""The index by scope: an event meets only the rules that its few indexed fields do not rule out.

The fields of an event on which most rules turn (its source, its name, …) take few combinations of
values. For each combination that is met, the `match` of every rule is evaluated once with what is
known, a line about anything else counting as unknown; the rules that remain are remembered. So
globs, alternatives and null are indexed as plain values are, and the cost of an event does not
grow with the number of rules.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from checker.aws import Json
from checker.aws.hidden import is_masked, is_omitted
from checker.engine.scope import CompiledEntry, Scope, text_of

Alternatives: TypeAlias = Sequence[Sequence[CompiledEntry]]
Values: TypeAlias = tuple[str | None, ...]
Met: TypeAlias = tuple[tuple[int, bool], ...]
"""Rules that an event meets, ascending, each with whether its `match` is already known to hold."""

_ALWAYS: Final = ("eventSource", "eventName")
_MOST_FIELDS: Final = 6
_MOST_COMBINATIONS: Final = 100_000

# Fields with a value of their own for nearly every event, where remembering would be in vain, and
# those whose values are no scalars.
_NEVER: Final = frozenset({
    "eventID", "eventTime", "requestID", "sharedEventID", "sourceIPAddress", "userAgent",
    "addendum", "additionalEventData", "edgeDeviceDetails", "insightDetails", "requestParameters",
    "resources", "responseElements", "serviceEventDetails", "tlsDetails", "userIdentity",
})  # fmt: skip


class ScopeIndex:
    """Tells for an event which rules could be about it.

    Attributes:
        fields: The indexed fields of the event, the most telling first.
    """

    def __init__(self, scopes: Sequence[Alternatives]) -> None:
        self._scopes = scopes
        self._all: Met = tuple((number, False) for number in range(len(scopes)))
        self._known: dict[Values, Met] = {}
        self._by_source = _by_literal(scopes, _ALWAYS[0])
        self.fields = _indexed_fields(scopes)

    def met(self, event: Mapping[str, Json]) -> Met:
        """Give the rules that could be about an event."""
        if is_omitted(event):
            return self._all
        values = []
        for field in self.fields:
            value = event.get(field)
            text = value if value is None or isinstance(value, str) else text_of(value)
            if text is None and value is not None:
                return self._all
            values.append(text)
        return self.met_by(tuple(values))

    def met_by(self, values: Values) -> Met:
        """Give the rules that could be about an event whose indexed fields have these values.

        Args:
            values: In the order of `fields`; numbers and booleans as their text, None for null.
        """
        known = self._known.get(values)
        return self._narrow(values) if known is None else known

    def _narrow(self, values: Values) -> Met:
        """Narrow the rules down field by field, so that the first ones leave few for the rest."""
        if not values:
            return self._all
        known = self._known.get(values)
        if known is not None:
            return known
        event = dict(zip(self.fields, values, strict=False))
        remaining = tuple(
            (number, _holds(self._scopes[number], event))
            for number, _ in self._before(values)
            if _may_hold(self._scopes[number], event)
        )
        if len(self._known) >= _MOST_COMBINATIONS:
            self._known.clear()
        self._known[values] = remaining
        return remaining

    def _before(self, values: Values) -> Met:
        """Give the rules that are left before the last of some values is looked at."""
        source = values[-1]
        if len(values) > 1 or source is None or is_masked(source):
            return self._narrow(values[:-1])
        return self._by_source.get(source, self._by_source[None])


def _by_literal(scopes: Sequence[Alternatives], field: str) -> Mapping[str | None, Met]:
    """Give for each text of a field the rules that it leaves; under None those for any other."""
    named: dict[str, list[int]] = {}
    rest: list[int] = []
    for number, alternatives in enumerate(scopes):
        literals = _literals(alternatives, field)
        if literals is None:
            rest.append(number)
        for text in literals or ():
            named.setdefault(text, []).append(number)
    return {
        None: tuple((number, False) for number in rest),
        **{
            text: tuple((number, False) for number in sorted([*numbers, *rest]))
            for text, numbers in named.items()
        },
    }


def _literals(alternatives: Alternatives, field: str) -> set[str] | None:
    """Give the only texts of a field with which a scope can hold; None if there may be others."""
    texts: set[str] = set()
    for entries in alternatives:
        entry = next((entry for entry in entries if entry.field == field), None)
        if entry is None or entry.literals is None:
            return None
        texts |= entry.literals
    return texts


def _may_hold(alternatives: Alternatives, event: Mapping[str, Json]) -> bool:
    return any(_may_all_hold(entries, event) for entries in alternatives)


def _may_all_hold(entries: Iterable[CompiledEntry], event: Mapping[str, Json]) -> bool:
    return all(entry.field not in event or entry.scope(event) is not Scope.OUT for entry in entries)


def _holds(alternatives: Alternatives, event: Mapping[str, Json]) -> bool:
    """Tell whether a scope holds whatever the fields are that are not known here.

    A field that is null proves nothing: CloudTrail may have left the event out as a whole. Nor does
    an alternative that stands behind one that cannot be told: evaluating that one may raise.
    """
    for entries in alternatives:
        if any(event.get(entry.field) is None for entry in entries):
            return False
        if all(entry.scope(event) is Scope.IN for entry in entries):
            return True
    return False


def _indexed_fields(scopes: Sequence[Alternatives]) -> tuple[str, ...]:
    """Choose the fields that most rules name in their scopes."""
    named: Counter[str] = Counter()
    for alternatives in scopes:
        named.update({entry.field for entries in alternatives for entry in entries})
    others = sorted(
        (field for field in named if field and field not in {*_ALWAYS, *_NEVER}),
        key=lambda field: (-named[field], field),
    )
    return (*_ALWAYS, *others[: _MOST_FIELDS - len(_ALWAYS)])
