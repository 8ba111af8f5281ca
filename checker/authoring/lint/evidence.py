"""What the events of a rule's own tests show of the fields that it reads."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from checker.authoring.lint.values import Path
from checker.aws import Json
from checker.aws.glob import glob_matches
from checker.policy.rule import Expectation, MatchEntry, Rule, Step


class Evidence(Struct, frozen=True):
    """The events of the cases of a rule.

    Attributes:
        events: Of all cases.
        in_scope: Those that the scope at hand is about.
    """

    events: tuple[Json, ...] = ()
    in_scope: tuple[Json, ...] = ()

    def lacks(self, path: Path) -> bool:
        """Whether one event in scope has the field and another lacks it: it was thought of."""
        lacking = {_is_lacking(event, path) for event in self.in_scope}
        return lacking == {True, False}

    def has_list(self, path: Path) -> bool:
        """Whether an event has a list there."""
        return any(
            isinstance(value, list) for event in self.events for value in _values(event, path)
        )


NO_EVIDENCE = Evidence()


def evidence_of(rule: Rule, step: Step) -> Evidence:
    """Gather the events of a rule's tests; those in scope for one of its steps."""
    events = tuple(event for case in rule.tests for event in case.events)
    judged = (
        event
        for case in rule.tests
        if case.expect is not Expectation.OUT_OF_SCOPE
        for event in case.events
    )
    return Evidence(events, tuple(event for event in judged if _matches(event, step)))


def _matches(event: Json, step: Step) -> bool:
    return any(all(_holds(event, entry) for entry in entries) for entries in step.match)


def _holds(event: Json, entry: MatchEntry) -> bool:
    """Tell whether a line of `match` holds, for a path of plain names; else take it that it does."""
    path = tuple(entry.key.text.split("."))
    if not all(name.isidentifier() for name in path):
        return True
    for value in _values(event, path):
        if value is None and entry.null:
            return True
        texts = [_text(each) for each in (value if isinstance(value, list) else [value])]
        if any(glob_matches(text, pattern) for text in texts for pattern in entry.patterns):
            return True
    return False


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_lacking(event: Json, path: Path) -> bool:
    found = list(_values(event, path))
    return not found or any(value is None for value in found)


def _values(event: Json, path: Iterable[str | int | None]) -> Iterator[Json]:
    """Give what stands at a path: several values where it goes through the elements of a list."""
    values: list[Json] = [event]
    for step in path:
        values = [each for value in values for each in _below(value, step)]
    yield from values


def _below(value: Json, step: str | int | None) -> list[Json]:
    if step is None:
        return value if isinstance(value, list) else []
    if isinstance(step, int):
        there = isinstance(value, list) and -len(value) <= step < len(value)
        return [value[step]] if there else [None]
    return [value.get(step) if isinstance(value, dict) else None]
