"""The scope of a rule: which events it is about, told from its `match` alone."""

import json
from collections.abc import Callable, Iterable
from enum import Enum, auto

from msgspec import Struct

from checker.aws import Json
from checker.aws.glob import compile_glob, literals_of
from checker.aws.hidden import path_is_hidden
from checker.expression.evaluation import Evaluate
from checker.expression.expression import Expression, Read
from checker.policy.rule import MatchEntry


class Scope(Enum):
    """Whether an event is one that a rule is about, when some of it may be hidden."""

    IN = auto()
    OUT = auto()
    UNKNOWN = auto()


class CompiledEntry(Struct, frozen=True):
    """One line of a `match` mapping.

    Attributes:
        key: The path, as written.
        field: The field of the event that alone it reads, empty for a longer path.
        literals: The only texts that it matches; None when it matches by glob, or null.
        projects: Whether the path goes through the elements of a list.
    """

    key: str
    evaluate: Evaluate
    matchers: tuple[Callable[[str], bool], ...]
    null: bool
    reads: tuple[Read, ...]
    field: str
    literals: frozenset[str] | None
    projects: bool

    def scope(self, event: Json) -> Scope:
        """Tell whether it holds of an event."""
        value = self.evaluate(event)
        if value == [] and self.projects:
            # A projection gives no null: where no element has the field, it gives no element.
            value = None
        matches = self._matches(value)
        if matches and value is not None:
            return Scope.IN
        if is_hidden(event, self.reads):
            return Scope.UNKNOWN
        return Scope.IN if matches else Scope.OUT

    def _matches(self, value: Json) -> bool:
        if isinstance(value, list):
            return any(self._matches_one(each) for each in value)
        return self._matches_one(value)

    def _matches_one(self, value: Json) -> bool:
        if value is None:
            return self.null
        text = text_of(value)
        return text is not None and any(matches(text) for matches in self.matchers)


def compile_entry(
    entry: MatchEntry, compile_key: Callable[[Expression], Evaluate]
) -> CompiledEntry:
    """Make a line of a `match` mapping ready to be asked."""
    ast = entry.key.ast
    field = ast["value"] if ast["type"] == "field" else ""
    return CompiledEntry(
        entry.key.text,
        _getter(field) if field else compile_key(entry.key),
        tuple(compile_glob(pattern) for pattern in entry.patterns),
        entry.null,
        entry.key.reads,
        field,
        None if entry.null else literals_of(entry.patterns),
        "projection" in ast["type"],
    )


def _getter(field: str) -> Evaluate:
    """Give the value of a field of the event; most keys are no more than that."""
    return lambda event: event.get(field)


def scope_of(alternatives: Iterable[Iterable[CompiledEntry]], event: Json) -> Scope:
    """Tell whether any alternative holds, where in each all lines must."""
    best = Scope.OUT
    for entries in alternatives:
        scope = _all_of(entries, event)
        if scope is Scope.IN:
            return scope
        if scope is Scope.UNKNOWN:
            best = scope
    return best


def why_out(alternatives: Iterable[Iterable[CompiledEntry]], event: Json) -> str:
    """Name the line of each alternative that an event fails."""
    failing = [
        next(entry for entry in entries if entry.scope(event) is Scope.OUT)
        for entries in alternatives
    ]
    return " and ".join(
        f"match: {entry.key} is {json.dumps(entry.evaluate(event))}" for entry in failing
    )


def _all_of(entries: Iterable[CompiledEntry], event: Json) -> Scope:
    scope = Scope.IN
    for entry in entries:
        each = entry.scope(event)
        if each is Scope.OUT:
            return each
        if each is Scope.UNKNOWN:
            scope = each
    return scope


def text_of(value: Json) -> str | None:
    """Give a scalar as the text that JSON writes for it; CloudTrail has both true and "true"."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case _:
            return None


def is_hidden(event: Json, reads: tuple[Read, ...]) -> bool:
    """Tell whether CloudTrail left out any of what is read."""
    return any(path_is_hidden(event, read.path, presence=read.presence) for read in reads)
