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
from checker.engine.scope import CompiledEntry, Scope, text_of

Alternatives: TypeAlias = Sequence[Sequence[CompiledEntry]]
Values: TypeAlias = tuple[str | None, ...]

_ALWAYS: Final = ("eventSource", "eventName")
_MOST_FIELDS: Final = 6
_MOST_COMBINATIONS: Final = 100_000

# Fields with a value of their own for nearly every event: remembering those would be in vain.
_TOO_MANY_VALUES: Final = frozenset(
    {"eventID", "eventTime", "requestID", "sharedEventID", "sourceIPAddress", "userAgent"}
)


class ScopeIndex:
    """Tells for an event which rules could be about it.

    Attributes:
        fields: The indexed fields of the event, the most telling first.
    """

    def __init__(self, scopes: Sequence[Alternatives]) -> None:
        self._scopes = scopes
        self._all = tuple(range(len(scopes)))
        self._known: dict[Values, tuple[int, ...]] = {}
        self.fields = _indexed_fields(scopes)

    def candidates(self, event: Mapping[str, Json]) -> tuple[int, ...]:
        """Give the rules that could be about an event, ascending."""
        values = []
        for field in self.fields:
            value = event.get(field)
            text = value if value is None or isinstance(value, str) else text_of(value)
            if text is None and value is not None:
                return self._all
            values.append(text)
        return self.candidates_for(tuple(values))

    def candidates_for(self, values: Values) -> tuple[int, ...]:
        """Give the rules that could be about an event whose indexed fields have these values.

        Args:
            values: In the order of `fields`; numbers and booleans as their text, None for null.
        """
        known = self._known.get(values)
        return self._narrow(values) if known is None else known

    def _narrow(self, values: Values) -> tuple[int, ...]:
        """Narrow the rules down field by field, so that the first ones leave few for the rest."""
        if not values:
            return self._all
        known = self._known.get(values)
        if known is not None:
            return known
        event = dict(zip(self.fields, values, strict=False))
        remaining = tuple(
            number for number in self._narrow(values[:-1]) if _may_hold(self._scopes[number], event)
        )
        if len(self._known) >= _MOST_COMBINATIONS:
            self._known.clear()
        self._known[values] = remaining
        return remaining


def _may_hold(alternatives: Alternatives, event: Mapping[str, Json]) -> bool:
    return any(_may_all_hold(entries, event) for entries in alternatives)


def _may_all_hold(entries: Iterable[CompiledEntry], event: Mapping[str, Json]) -> bool:
    return all(entry.field not in event or entry.scope(event) is not Scope.OUT for entry in entries)


def _indexed_fields(scopes: Sequence[Alternatives]) -> tuple[str, ...]:
    """Choose the fields that most rules name in their scopes."""
    named: Counter[str] = Counter()
    for alternatives in scopes:
        named.update({entry.field for entries in alternatives for entry in entries})
    others = sorted(
        (field for field in named if field and field not in {*_ALWAYS, *_TOO_MANY_VALUES}),
        key=lambda field: (-named[field], field),
    )
    return (*_ALWAYS, *others[: _MOST_FIELDS - len(_ALWAYS)])
