"""Gaps: times for which a change to a trail leaves it open whether everything was logged."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from checker.aws.arn import parse_arn
from checker.engine.trail_changes import TrailChange
from checker.policy.audit_scope import AuditScope, Declared

_STOPS: Final = frozenset({"StopLogging", "DeleteTrail"})
_NARROWS: Final = frozenset({"PutEventSelectors", "UpdateTrail"})


class Gap(Struct, frozen=True, order=True):
    """A time that is not covered, because of what was done to a trail.

    Attributes:
        stop: None where nothing in the logs ends it.
        account: Whose trail it is.
        region: Where the call was made.
        cause: The eventName of the call.
        trail: As the call names it.
    """

    start: datetime
    account: str
    region: str
    cause: str
    trail: str
    stop: datetime | None = None

    def meets(self, first: datetime, last: datetime) -> bool:
        """Whether any of it lies from `first` to `last`."""
        return self.start <= last and (self.stop is None or first < self.stop)


class _Trail(Struct, frozen=True):
    """A trail as far as its name or ARN tells: the account is empty in a name."""

    name: str
    account: str

    def may_be(self, other: "_Trail") -> bool:
        same = not (self.account and other.account) or self.account == other.account
        return same and self.name == other.name


def gaps_of(account: str, changes: Iterable[TrailChange], scope: AuditScope) -> tuple[Gap, ...]:
    """Give the times of one account that are not covered, in order.

    The changes of one trail follow one another: what stops it, or changes what it records, opens a
    gap. StartLogging closes it, and the next change of what is recorded opens another in its place.
    A trail that was just created and not yet started has nothing to lose.

    Args:
        account: The account.
        changes: Of all accounts, sorted by time.
        scope: Where it lists trails, changes of others do not count; a listed one counts for all
            accounts that have none of their own in the list.
    """
    # A trail is changed from its home Region, and another Region may have one of the same name.
    by_trail: dict[tuple[_Trail, str], list[TrailChange]] = {}
    for change in changes:
        trail = _trail_of(change)
        if _counts(trail, account, scope.trails):
            by_trail.setdefault((trail, change.region), []).append(change)
    found = [gap for each in by_trail.values() for gap in _gaps(each)]
    declared = [each for each in scope.declared if _covers_account(each, account)]
    return tuple(sorted(_left(found, declared), key=lambda gap: (gap.start, gap.trail, gap.cause)))


def _trail_of(change: TrailChange) -> _Trail:
    named = _named(change.trail)
    return named if named.account else replace(named, account=change.account)


def _named(text: str) -> _Trail:
    try:
        arn = parse_arn(text)
    except ValueError:
        return _Trail(text, "")
    return _Trail(arn.resource, arn.account)


def _counts(trail: _Trail, account: str, listed: Sequence[str]) -> bool:
    if not listed:
        return trail.account == account
    named = [_named(text) for text in listed]
    own = [each for each in named if each.account == account]
    # An organization's trail is one account's, and holds the events of all.
    return any(trail.may_be(each) for each in own or named)


def _gaps(changes: Sequence[TrailChange]) -> Iterator[Gap]:
    """Give the gaps that the changes of one trail open."""
    gap: Gap | None = None
    is_new = False
    for change in changes:
        opened = Gap(change.time, change.account, change.region, change.name, change.trail)
        if change.name == "CreateTrail":
            is_new = gap is None
        elif change.name == "StartLogging":
            if gap:
                yield replace(gap, stop=change.time)
            gap, is_new = None, False
        elif change.name in _STOPS:
            if gap and gap.cause in _NARROWS:
                yield replace(gap, stop=change.time)
                gap = None
            gap, is_new = gap or opened, False
        elif change.name in _NARROWS and not is_new and not (gap and gap.cause in _STOPS):
            if gap:
                yield replace(gap, stop=change.time)
            gap = opened
    if gap:
        yield gap


def _covers_account(declared: Declared, account: str) -> bool:
    # A trail's change may concern every Region, so hours of some Regions do not fill its gap.
    return declared.is_of_hours and declared.speaks_of(account) and not declared.regions


def _left(gaps: Iterable[Gap], declared: Iterable[Declared]) -> list[Gap]:
    """Take from gaps what the owner declares complete."""
    left = list(gaps)
    for each in declared:
        left = [part for gap in left for part in _without(gap, each)]
    return left


def _without(gap: Gap, declared: Declared) -> Iterator[Gap]:
    start, until = declared.start, declared.until
    if (until and until <= gap.start) or (start and gap.stop and gap.stop <= start):
        yield gap
        return
    if start and gap.start < start:
        yield replace(gap, stop=start)
    if until and (gap.stop is None or until < gap.stop):
        yield replace(gap, start=until)
