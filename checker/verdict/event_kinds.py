"""What the kinds of events in an account's logs tell of what its trail records."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from checker.aws.dictionary import Call, is_excludable, known
from checker.policy.needs import Category
from checker.trail.census import Kind

_CATEGORIES: Final = {each.value: each for each in Category}
_READ_ONLY: Final = {True: True, False: False, "true": True, "false": False}


class Recorded(Struct, frozen=True, kw_only=True):
    """Which kinds of events are there.

    Attributes:
        categories: Those that are seen.
        reads: Whether management events that only read are seen.
        sources: Event sources that are seen.
        data_calls: Sources and names of the data events that are seen.
    """

    categories: frozenset[Category] = frozenset()
    reads: bool = False
    sources: frozenset[str] = frozenset()
    data_calls: frozenset[tuple[str, str]] = frozenset()


def recorded(kinds: Iterable[Kind]) -> Recorded:
    """Sum up the kinds of events of one account."""
    sorted_out = [(category_of(kind), kind) for kind in kinds]
    return Recorded(
        categories=frozenset(category for category, _ in sorted_out),
        reads=any(
            category is Category.MANAGEMENT and _reads(kind) for category, kind in sorted_out
        ),
        sources=frozenset(source for _, (_, source, *_) in sorted_out),
        data_calls=frozenset(
            (source, name)
            for category, (_, source, name, *_) in sorted_out
            if category is Category.DATA
        ),
    )


def category_of(kind: Kind) -> Category:
    """Give the category of a kind of events, from their source and name where it is not written.

    Records before event version 1.07 have none, and several ways to fetch events leave it out.
    """
    _, source, name, written, _ = kind
    if written in _CATEGORIES:
        return _CATEGORIES[written]
    if not source and not name:
        return Category.INSIGHT
    call = known(source, name)
    return Category.DATA if call and is_data_call(call) else Category.MANAGEMENT


def is_data_call(call: Call) -> bool:
    """Tell whether a call is logged as a data event only.

    Calls of the RDS Data API are management events of a source that a trail can leave out, and
    data events besides.
    """
    return bool(call.data_types) and not is_excludable(call.source)


def _reads(kind: Kind) -> bool:
    _, source, name, _, written = kind
    if written in _READ_ONLY:
        return _READ_ONLY[written]
    call = known(source, name)
    return bool(call and call.read_only)
