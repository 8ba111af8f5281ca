"""Classes of records: those alike in all that a glance looks at, and what is counted of them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from checker.trail.census import HOUR, Hour, Kind, Place, Spans, spans_of

_TIMES = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)*")
_TIME_LENGTH: Final = 20
_DAY: Final = slice(10)


class RecordClass:
    """Records that are alike in all that a glance looks at, but for their time."""

    __slots__ = ("account", "kind", "purpose", "region")

    def __init__(self, account: str, region: str, kind: Kind, purpose: object) -> None:
        self.account = account
        self.region = region
        self.kind = kind
        self.purpose = purpose

    @property
    def is_doubtful(self) -> bool:
        """Whether it is for the strict reader to say what such records are."""
        _, source, name, *_ = self.kind
        return not source or not name or source.startswith("aws:")


def kinds_of(
    classes: Sequence[RecordClass], met: Iterable[RecordClass], accounts: Sequence[str] | None
) -> frozenset[Kind]:
    """Give the kinds of records, with the accounts that they have where their class has none."""
    if accounts is None:
        return frozenset(each.kind for each in met)
    return frozenset(
        (account, *each.kind[1:]) for account, each in zip(accounts, classes, strict=True)
    )


def span_of(times: Sequence[str]) -> tuple[datetime | None, datetime | None] | None:
    """Give the earliest and the latest time; None unless all are as CloudTrail writes them."""
    if not times:
        return None, None
    if set(map(len, times)) != {_TIME_LENGTH} or not _TIMES.fullmatch("".join(times)):
        return None
    first, last = min(times), max(times)
    try:
        # Equal days sort together: between two times of one day there is no other.
        for day in {first[_DAY]} if first[_DAY] == last[_DAY] else {time[_DAY] for time in times}:
            datetime.fromisoformat(day)
    except ValueError:
        return None
    return datetime.fromisoformat(first), datetime.fromisoformat(last)


def places_of(
    classes: Sequence[RecordClass],
    met: Iterable[RecordClass],
    accounts: Sequence[str] | None,
    times: Sequence[str],
) -> tuple[Mapping[Hour, int], Spans]:
    """Give the records by account, region and hour, and the times of the first and the last."""
    places = {(each.account, each.region) for each in met}
    if accounts is None and len(places) == 1:
        # A file that CloudTrail delivered: one account, one region, most often a few minutes.
        place, first, last = places.pop(), min(times), max(times)
        if first[HOUR] == last[HOUR]:
            return {(*place, first[HOUR]): len(times)}, _read({place: (first, last)})
    owners = accounts or [each.account for each in classes]
    placed = [
        ((account, each.region), time)
        for account, each, time in zip(owners, classes, times, strict=True)
    ]
    hours = Counter((*place, time[HOUR]) for place, time in placed)
    return hours, _read(spans_of(placed))


def _read(spans: Mapping[Place, tuple[str, str]]) -> Spans:
    read = datetime.fromisoformat
    return {place: (read(first), read(last)) for place, (first, last) in spans.items()}
