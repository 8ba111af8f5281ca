"""A waiver: a written, approved exception to one rule that expires."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import Place
from checker.expression.expression import Expression
from checker.policy.rule import MatchEntry
from checker.policy.yaml_source import FileRead


class WaiverKind(StrEnum):
    """Why a violation need not count."""

    AUTHORISED_CHANGE = "authorised_change"
    RISK_ACCEPTED = "risk_accepted"
    FALSE_POSITIVE = "false_positive"
    REMEDIATED = "remediated"


class WaiverScope(Struct, frozen=True, kw_only=True):
    """Which violations of its rule a waiver is about; all of them where it has no condition.

    Attributes:
        match: Alternatives, as in a rule; in each, all entries must hold.
        where: True of the events it is about.
    """

    match: tuple[tuple[MatchEntry, ...], ...] = ()
    where: Expression | None = None

    @property
    def is_all(self) -> bool:
        """Whether it is about every violation of the rule."""
        return not self.match and self.where is None


class Waiver(Struct, frozen=True, kw_only=True):
    """One waiver as it is written; nothing in it was verified.

    Attributes:
        rule: The id of the rule that it is an exception to.
        approved_on: The first instant that it covers.
        expires: The first instant that it does not cover any more.
        retroactive: Why it covers what happened before its approval; empty where it does not.
        place: Where it is written.
    """

    id: str
    rule: str
    scope: WaiverScope
    kind: WaiverKind
    reason: str
    owner: str
    approved_by: str
    ticket: str
    approved_on: datetime
    expires: datetime
    retroactive: str
    place: Place

    def as_of(self, now: datetime) -> "Waiver":
        """Give it as it stands at an instant: what nobody approved yet covers nothing of before."""
        return self if self.approved_on <= now else replace(self, retroactive="")


class WaiverBook(Struct, frozen=True, kw_only=True):
    """The waivers of one file, in the order of their ids."""

    waivers: tuple[Waiver, ...]
    file: FileRead
