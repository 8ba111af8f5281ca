"""The rule as the engine and the reports see it: values, no YAML."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from checker.aws import Json
from checker.errors import Place
from checker.expression.expression import Expression
from checker.expression.message import Message
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
    ERROR = "error"


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


class Case(Struct, frozen=True, kw_only=True):
    """One test in a rule.

    Attributes:
        events: The records to judge, complete.
        params: Parameter values for this case alone, as written.
    """

    name: str
    events: tuple[dict[str, Json], ...]
    expect: Expectation
    place: Place
    params: Mapping[str, Node] = field(default_factory=dict)


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
        match: Alternatives; in each, all entries must hold.
        require: True of every event in scope; None when the rule forbids.
        forbid: True of a violation; None when the rule requires.
        values: Parameter values in force, by name.
    """

    id: str
    title: str
    severity: Severity
    match: tuple[tuple[MatchEntry, ...], ...]
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
    requires: tuple[Expression, ...] = ()
    resource: Expression | None = None
    message: Message | None = None
    evidence: Mapping[str, Expression] = field(default_factory=dict)
    effective: Effective = field(default_factory=Effective)
    tests: tuple[Case, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)
    origin: Origin = field(default_factory=lambda: Origin(path="", sha256=""))

    @property
    def is_duty(self) -> bool:
        """Whether nothing in scope means that a duty was not exercised, not that all is well."""
        return self.require is not None

    @property
    def reads_time(self) -> bool:
        """Whether an event's time decides if the rule is about it."""
        return self.effective.start is not None or self.effective.until is not None

    @property
    def used_parameters(self) -> frozenset[str]:
        """Names of all parameters that any of its expressions read."""
        return frozenset().union(*(each.parameters for each in self.expressions))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression in the rule, in the order of its keys."""
        single = (self.where, self.require, self.forbid, self.resource)
        return (
            *(entry.key for alternative in self.match for entry in alternative),
            *(each for each in single if each is not None),
            *self.requires,
            *self.evidence.values(),
            *(self.message.expressions if self.message else ()),
        )
