"""The rule as the engine and the reports see it: values, no YAML."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from checker.aws import Json
from checker.errors import Place
from checker.expression.expression import Expression
from checker.expression.message import Message
from checker.policy.needs import Needs
from checker.policy.nodes import Node
from checker.policy.parameters import Parameter


class Severity(StrEnum):
    """How bad a violation is, from least to worst."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for `info` to 4 for `critical`."""
        return list(Severity).index(self)


class OutcomeScope(StrEnum):
    """Which outcomes of a call a rule judges."""

    SUCCESS = "success"
    DENIED = "denied"
    FAILED = "failed"
    ANY = "any"


class Relation(StrEnum):
    """Whether a rule tests a control or lends it support."""

    TESTS = "tests"
    SUPPORTS = "supports"


class Expectation(StrEnum):
    """What a rule's own test says an event comes to."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    OUT_OF_SCOPE = "out_of_scope"
    UNDETERMINED = "undetermined"
    NO_EVIDENCE = "no_evidence"
    UPCOMING = "upcoming"
    ERROR = "error"


class CorrelationType(StrEnum):
    """What makes the events of a window a violation; the words are Sigma's."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"

    @property
    def is_count(self) -> bool:
        """Whether events or values are counted, rather than steps found."""
        return self in {CorrelationType.EVENT_COUNT, CorrelationType.VALUE_COUNT}


class Calendar(StrEnum):
    """A calendar period, in UTC."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months it is long."""
        return {Calendar.MONTH: 1, Calendar.QUARTER: 3, Calendar.HALF: 6, Calendar.YEAR: 12}[self]


class Per(StrEnum):
    """Whose cadence it is: of each account, each region, or each pair of both."""

    ACCOUNT = "account"
    REGION = "region"
    BOTH = "account+region"


class ControlRef(Struct, frozen=True):
    """One control of a framework that a rule speaks to."""

    id: str
    relation: Relation = Relation.SUPPORTS


class MatchEntry(Struct, frozen=True):
    """One line of a `match` mapping: a path of the event and what may stand there.

    Attributes:
        key: A path; it never raises.
        patterns: Globs over the text of a string, number or boolean.
        null: Whether absent or null matches too.
    """

    key: Expression
    patterns: tuple[str, ...]
    null: bool


class Effective(Struct, frozen=True, kw_only=True):
    """When a rule is in force: start ≤ eventTime < until, each open when None."""

    start: datetime | None = None
    until: datetime | None = None

    def holds_at(self, instant: datetime) -> bool:
        """Whether the rule is in force at an instant."""
        return (self.start is None or self.start <= instant) and (
            self.until is None or instant < self.until
        )

    def meets(self, first: datetime, last: datetime) -> bool:
        """Whether the rule is in force anywhere from `first` to `last`, both included."""
        return (self.start is None or self.start <= last) and (
            self.until is None or first < self.until
        )


class Step(Struct, frozen=True, kw_only=True):
    """Which events a rule, or one step of it, is about.

    Attributes:
        match: Alternatives; in each, all entries must hold.
        name: Empty for a rule of one step.
        group_by: What puts an event into a group: the step's own, else that of all steps.
        negated: Whether it is the absence of such an event that counts.
    """

    match: tuple[tuple[MatchEntry, ...], ...]
    name: str = ""
    where: Expression | None = None
    outcome: OutcomeScope = OutcomeScope.SUCCESS
    group_by: tuple[Expression, ...] = ()
    negated: bool = False

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression in it, in the order of its keys."""
        keys = (entry.key for alternative in self.match for entry in alternative)
        return (*keys, *((self.where,) if self.where else ()), *self.group_by)


class Correlation(Struct, frozen=True, kw_only=True):
    """Which events, taken together within a span of time, are a violation.

    Attributes:
        timespan: In seconds; a window is closed at both ends.
        at_least: How many events, or distinct values, of a group make a violation.
        field: What value_count counts.
        steps: As written; none for the types that count.
    """

    type: CorrelationType
    timespan: int
    group_by: tuple[Expression, ...] = ()
    at_least: int = 1
    field: Expression | None = None
    steps: tuple[Step, ...] = ()


class Cadence(Struct, frozen=True, kw_only=True):
    """How often an event in scope must occur.

    Attributes:
        every: In seconds; 0 where a calendar says how often.
        per: None where `group_by` says whose cadence it is.
        groups: The name of the list parameter that holds the groups that must occur.
    """

    every: int = 0
    calendar: Calendar | None = None
    per: Per | None = None
    group_by: tuple[Expression, ...] = ()
    groups: str = ""


class Case(Struct, frozen=True, kw_only=True):
    """One test in a rule.

    Attributes:
        events: The records to judge, complete.
        params: Parameter values for this case alone, as written.
        timeline: Whether the events were written as a timeline.
        violations: How many violations there must be; None where the case does not say.
        start: The first instant that the logs cover; None for the time of the first event.
        end: The last instant that the logs cover; None for the time of the last event.
    """

    name: str
    events: tuple[dict[str, Json], ...]
    expect: Expectation
    place: Place
    params: Mapping[str, Node] = field(default_factory=dict)
    timeline: bool = False
    violations: int | None = None
    start: datetime | None = None
    end: datetime | None = None


class Ignore(Struct, frozen=True, kw_only=True):
    """A finding of the linter that a rule does without.

    Attributes:
        code: Of the check.
        place: Where the code is written.
    """

    code: str
    reason: str
    place: Place


class Origin(Struct, frozen=True, kw_only=True):
    """Where a rule came from, and which bytes.

    Attributes:
        pack: The id of its pack, empty when it has none.
        bundled: Whether it came with the program; its path is then that inside of the program.
    """

    path: str
    sha256: str
    pack: str = ""
    bundled: bool = False


class Rule(Struct, frozen=True, kw_only=True):
    """One rule, read and bound; see the rule reference for what each key means.

    Attributes:
        match: Alternatives; in each, all entries must hold. None where the steps of a correlation
            have their own.
        require: True of every event in scope. Exactly one of this and the next three is given.
        forbid: True of a violation.
        correlation: Which events together are a violation.
        cadence: How often there must be an event in scope.
        notice: For so many seconds before it comes into force, what would break it is upcoming.
        needs: What logs must hold for it to be judged; None where that is derived.
        ignores: What the linter finds in it and need not.
        values: Parameter values in force, by name.
    """

    id: str
    title: str
    severity: Severity
    match: tuple[tuple[MatchEntry, ...], ...] = ()
    description: str = ""
    procedure: str = ""
    remediation: str = ""
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    controls: Mapping[str, tuple[ControlRef, ...]] = field(default_factory=dict)
    params: Mapping[str, Parameter] = field(default_factory=dict)
    where: Expression | None = None
    outcome: OutcomeScope = OutcomeScope.SUCCESS
    require: Expression | None = None
    forbid: Expression | None = None
    correlation: Correlation | None = None
    cadence: Cadence | None = None
    requires: tuple[Expression, ...] = ()
    resource: Expression | None = None
    message: Message | None = None
    evidence: Mapping[str, Expression] = field(default_factory=dict)
    effective: Effective = field(default_factory=Effective)
    notice: int = 0
    needs: Needs | None = None
    tests: tuple[Case, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)
    origin: Origin = field(default_factory=lambda: Origin(path="", sha256=""))

    @property
    def is_duty(self) -> bool:
        """Whether nothing in scope means that a duty was not exercised, not that all is well."""
        return self.require is not None

    @property
    def spans_events(self) -> bool:
        """Whether it judges events together, not each by itself."""
        return self.correlation is not None or self.cadence is not None

    @property
    def rests_on_absence(self) -> bool:
        """Whether a violation is that something did not occur, which takes logs that are whole."""
        return self.cadence is not None or any(step.negated for step in self.steps)

    @property
    def reads_time(self) -> bool:
        """Whether an event's time decides what the rule says of it."""
        bounded = self.effective.start is not None or self.effective.until is not None
        return bounded or self.spans_events

    @property
    def steps(self) -> tuple[Step, ...]:
        """Which events it is about: the steps of a temporal correlation, else a single one."""
        if self.correlation is not None and self.correlation.steps:
            return self.correlation.steps
        many = self.correlation or self.cadence
        return (
            Step(
                match=self.match,
                where=self.where,
                outcome=self.outcome,
                group_by=many.group_by if many else (),
            ),
        )

    @property
    def used_parameters(self) -> frozenset[str]:
        """Names of all parameters that any of its expressions read, or that name its groups."""
        used = frozenset().union(*(each.parameters for each in self.expressions))
        return used | {self.cadence.groups} if self.cadence and self.cadence.groups else used

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression in the rule, in the order of its keys."""
        single = (self.where, self.require, self.forbid)
        return (
            *(entry.key for alternative in self.match for entry in alternative),
            *(each for each in single if each is not None),
            *(self._of_many_events if self.spans_events else ()),
            *self.requires,
            *((self.resource,) if self.resource else ()),
            *self.evidence.values(),
            *(self.message.expressions if self.message else ()),
        )

    @property
    def _of_many_events(self) -> Iterable[Expression]:
        """Give the expressions of its correlation or cadence, each once: steps share groups."""
        if self.correlation is None:
            return self.cadence.group_by if self.cadence else ()
        correlation = self.correlation
        of_steps = (each for step in correlation.steps for each in step.expressions)
        counted = (correlation.field,) if correlation.field else ()
        return dict.fromkeys((*correlation.group_by, *counted, *of_steps))
