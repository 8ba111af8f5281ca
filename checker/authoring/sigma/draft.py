"""A rule as the import makes it, before it is written."""

from collections.abc import Mapping as AbcMapping

from msgspec import Struct, field

from checker.authoring.sigma.condition import Condition
from checker.authoring.sigma.scope import Mapping
from checker.aws import Json
from checker.policy.rule import CorrelationType, Severity


class Source(Struct, frozen=True, kw_only=True):
    """What is told of the Sigma rule that a rule was made from.

    Attributes:
        path: Its file, as the user named it.
        identifier: Its UUID; empty when it has none.
        licence: As stated; empty when it states none.
        status: How mature it is, by Sigma's word.
        parts: Titles of the rules of a correlation, and of the filters that went into it.
    """

    path: str
    title: str
    identifier: str = ""
    author: str = ""
    licence: str = ""
    status: str = ""
    date: str = ""
    modified: str = ""
    description: str = ""
    false_positives: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: Severity = Severity.MEDIUM
    parts: tuple[str, ...] = ()


class StepDraft(Struct, frozen=True, kw_only=True):
    """One step of a temporal correlation, or the events that a counting one counts.

    Attributes:
        condition: All that is asked of one of its events.
        groups: Fields, one for each of the correlation's group-by.
    """

    name: str
    condition: Condition
    match: tuple[Mapping, ...]
    where: Condition | None
    groups: tuple[str, ...] = ()


class CorrelationDraft(Struct, frozen=True, kw_only=True):
    """A correlation.

    Attributes:
        timespan: As it is written in a rule.
        at_least: How many events or values; 0 for the types that have steps.
        counted: The field whose values are counted.
        steps: One for the types that count.
    """

    type: CorrelationType
    timespan: str
    steps: tuple[StepDraft, ...]
    at_least: int = 0
    counted: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """A rule.

    Attributes:
        condition: All that is asked of an event; None for a correlation.
        forbid: What is asked beside `match`; None forbids all of the scope.
        notes: What its user should know; written into the file, too.
        base: The event of its tests; None where there are no tests.
        cases: Its tests, as they are written.
    """

    id: str
    source: Source
    match: tuple[Mapping, ...] = ()
    condition: Condition | None = None
    forbid: Condition | None = None
    correlation: CorrelationDraft | None = None
    notes: tuple[str, ...] = ()
    base: AbcMapping[str, Json] | None = None
    cases: tuple[AbcMapping[str, Json], ...] = field(default=())
