"""The scope of an audit, as its owner states it: which logs there should be."""

from datetime import UTC, datetime

from msgspec import Struct

from checker.aws import Json
from checker.aws.period import PERIOD_HINT, parse_since
from checker.policy.needs_shapes import REGIONS, RESOURCE_TYPES, SOURCES
from checker.policy.nodes import Node, quoted
from checker.policy.scalars import ONE_LINE, Flag, Instant, Text
from checker.policy.shape import Field, Many, Record, Shape, defect

_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # any will do, to see whether a text can be read


class Declared(Struct, frozen=True, kw_only=True):
    """What the owner says of the logs without their showing it.

    Hours are declared complete, unless it names sources, resource types or read-only events: then
    it is these that are declared to be logged.

    Attributes:
        accounts: All when empty, and likewise the regions.
        start: From this instant on; None for ever, and likewise until.
    """

    reason: str
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    start: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    resource_types: tuple[str, ...] = ()
    read_only: bool = False

    @property
    def is_of_hours(self) -> bool:
        """Whether it says that hours are complete, not what is logged in them."""
        return not (self.sources or self.resource_types or self.read_only)

    def speaks_of(self, account: str) -> bool:
        """Whether it is about an account."""
        return not self.accounts or account in self.accounts


class AuditScope(Struct, frozen=True, kw_only=True):
    """Which logs there should be; what is empty is not stated.

    Attributes:
        accounts: Expected ones.
        regions: Expected in every account.
        trails: Names or ARNs of the trails that the logs are from; changes of others do not count.
        since: Where the period begins, as --since has it.
        until: Where it ends, as --until has it.
    """

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    trails: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    declared: tuple[Declared, ...] = ()


UNSTATED = AuditScope()


class _Bounds(Struct, frozen=True, kw_only=True):
    since: str = ""
    until: str = ""


class BoundShape(Struct, frozen=True):
    """Where a period begins or ends, as --since and --until have it."""

    def read(self, node: Node) -> str:
        text = Text(expected="a time").read(node)
        try:
            parse_since(text, _SOME_TIME)
        except ValueError as error:
            raise defect(node.place, f"{quoted(text)}: {error}", PERIOD_HINT) from error
        return text

    def schema(self) -> dict[str, Json]:
        return {"type": ["string", "integer"], "examples": ["2026-Q3", "2026-07-01"]}


def _scope(
    *,
    accounts: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    trails: tuple[str, ...] = (),
    period: _Bounds | None = None,
    declared: tuple[Declared, ...] = (),
) -> AuditScope:
    return AuditScope(
        accounts=accounts,
        regions=regions,
        trails=trails,
        since=period.since if period else "",
        until=period.until if period else "",
        declared=declared,
    )


class DeclaredShape(Struct, frozen=True):
    """A declaration whose first instant is before its last."""

    record: Shape[Declared]

    def read(self, node: Node) -> Declared:
        declared = self.record.read(node)
        if declared.start and declared.until and not declared.start < declared.until:
            raise defect(node.place, "declared: 'from' is not before 'until'")
        return declared

    def schema(self) -> dict[str, Json]:
        return self.record.schema()


_ACCOUNTS = Many(
    item=Text(expected="an account id", pattern="[0-9]{12}", hint="twelve digits, in quotes"),
    expected="a list of account ids",
    or_one=True,
    least=1,
)
_LINE = Text(expected="a reason", pattern=ONE_LINE, hint="one line without control characters")

DECLARED = DeclaredShape(
    Record(
        make=Declared,
        expected="a declaration",
        fields=(
            Field(name="reason", shape=_LINE, doc="How the owner knows.", required=True),
            Field(name="accounts", shape=_ACCOUNTS, doc="In these accounts; in all when absent."),
            Field(name="regions", shape=REGIONS, doc="In these Regions; in all when absent."),
            Field(
                name="from",
                attribute="start",
                shape=Instant(),
                doc="The logs are complete from this instant on.",
            ),
            Field(name="until", shape=Instant(), doc="The logs are complete before this instant."),
            Field(
                name="sources",
                shape=SOURCES,
                doc="Not hours: the trail does log these event sources.",
            ),
            Field(
                name="resource_types",
                shape=RESOURCE_TYPES,
                doc="Not hours: the trail does log data events of these resource types.",
            ),
            Field(
                name="read_only",
                shape=Flag("whether reads are logged"),
                doc="Not hours: the trail does log management events that only read.",
            ),
        ),
        hint="write {reason: weekend shutdown, from: 2026-07-04, until: 2026-07-06}",
    )
)

SCOPE: Record[AuditScope] = Record(
    make=_scope,
    expected="the scope",
    fields=(
        Field(
            name="accounts",
            shape=_ACCOUNTS,
            doc="Accounts that must have logs; without them their verdicts are `no_evidence`.",
        ),
        Field(
            name="regions",
            shape=REGIONS,
            doc="Regions of which every account must have logs.",
        ),
        Field(
            name="trails",
            shape=Many(
                item=Text(expected="a trail"), expected="a list of trails", or_one=True, least=1
            ),
            doc="Names or ARNs of the trails that the logs are from; only their changes leave time uncovered.",
        ),
        Field(
            name="period",
            shape=Record(
                make=_Bounds,
                expected="a period",
                fields=(
                    Field(
                        name="from",
                        attribute="since",
                        shape=BoundShape(),
                        doc="Where it begins, as `since` has it.",
                    ),
                    Field(
                        name="until", shape=BoundShape(), doc="Where it ends, as `until` has it."
                    ),
                ),
                hint="write period: {from: 2026-Q3, until: 2026-Q3}",
            ),
            doc="The period that is answered for, where `since` and `until` do not say.",
        ),
        Field(
            name="declared",
            shape=Many(item=DECLARED, expected="a list of declarations", or_one=True),
            doc="What the owner declares of the logs: hours that are complete, or what is logged.",
        ),
    ),
)
