"""What the logs of an account must hold for a rule to be judged, and what of it they lack.

What a rule does not state under `needs` is derived from the texts that its `match` has for
eventSource and eventName. That a service has no event of its own never counts: one that is not
used looks just the same as one that is not logged.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from checker.aws.dictionary import (
    Call,
    global_endpoint_region,
    home_region,
    is_excludable,
    known,
    names_of,
)
from checker.aws.glob import compile_glob, is_glob, literals_of
from checker.aws.region import partition_of
from checker.policy.needs import Category, Needs
from checker.policy.rule import MatchEntry, Rule
from checker.verdict.coverage import AccountCoverage
from checker.verdict.event_kinds import is_data_call

ANY_SERVICE: Final = ""

_CATEGORIES: Final = {each.value: each for each in Category}
_NOUNS: Final = {
    Category.MANAGEMENT: "management event",
    Category.DATA: "data event",
    Category.INSIGHT: "Insights event",
    Category.NETWORK_ACTIVITY: "network activity event",
}


class Needed(Struct, frozen=True, kw_only=True):
    """What a rule needs; what it does not need is empty.

    Attributes:
        categories: Each must be seen.
        reads: Whether management events that only read must be seen.
        sources: Each must be seen, or declared.
        types: Resource types of data events; one of each set must be seen, or declared.
        services: Sources that decide of which Regions there must be logs.
        regions: Stated in their place; each must be seen, or declared.
        unlogged: The calls that it is about, where CloudTrail logs none of them.
    """

    categories: frozenset[Category] = frozenset()
    reads: bool = False
    sources: frozenset[str] = frozenset()
    types: frozenset[frozenset[str]] = frozenset()
    services: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    unlogged: frozenset[str] = frozenset()


class _Asked(Struct, frozen=True, kw_only=True):
    """What is asked for by one pair of an eventSource and an eventName; each may be any."""

    source: str
    category: Category
    calls: tuple[Call, ...]
    reads: bool


def needs_of(rule: Rule) -> Needed:
    """Give what a rule states, else what follows from its scope."""
    if rule.needs is not None:
        return _stated(rule.needs)
    matches = (match for step in rule.steps for match in step.match)
    asked = [each for match in matches for each in _asked(match)]
    return Needed(
        categories=frozenset(each.category for each in asked),
        reads=any(each.reads for each in asked),
        sources=frozenset(each.source for each in asked if is_excludable(each.source)),
        types=frozenset(_types(each) for each in asked) - {frozenset()},
        services=frozenset(each.source for each in asked),
        unlogged=_unlogged(asked),
    )


def why_lacking(needed: Needed, account: AccountCoverage) -> str:
    """Say what the logs of an account lack that a rule needs; empty when it is all there.

    The words stand after "because".
    """
    if needed.unlogged:
        return f"CloudTrail does not log {_listed(needed.unlogged)}"
    if not account.is_covered:
        return "no logs of the account were supplied, which the scope expects"
    checks = (_categories, _regions, _sources, _types_seen, _reads)
    return next((why for check in checks for why in check(needed, account)), "")


def _stated(needs: Needs) -> Needed:
    return Needed(
        categories=frozenset(needs.categories),
        reads=needs.read_only,
        sources=frozenset(needs.sources),
        types=frozenset(frozenset({each}) for each in needs.resource_types),
        services=frozenset({ANY_SERVICE}),
        regions=frozenset(needs.regions),
    )


def _asked(match: Sequence[MatchEntry]) -> Iterator[_Asked]:
    """Take one alternative of a rule's scope apart."""
    patterns = {entry.key.text: entry.patterns for entry in match}
    sources = [each for each in patterns.get("eventSource", ()) if not is_glob(each)]
    stated = [
        _CATEGORIES[each] for each in patterns.get("eventCategory", ()) if each in _CATEGORIES
    ]
    only_reads = patterns.get("readOnly") == ("true",)
    for source in sorted(literals_of(sources) or {ANY_SERVICE}):
        for name in patterns.get("eventName", ("",)):
            calls = _calls(source, name)
            is_data = bool(calls) and all(map(is_data_call, calls))
            for category in stated or [Category.DATA if is_data else Category.MANAGEMENT]:
                reads = bool(calls) and all(call.read_only for call in calls)
                yield _Asked(
                    source=source,
                    category=category,
                    calls=calls,
                    reads=category is Category.MANAGEMENT and (reads or only_reads),
                )


def _calls(source: str, name: str) -> tuple[Call, ...]:
    """Give the calls of a source that a pattern names, as far as they are known."""
    if is_glob(name):
        matches = compile_glob(name)
        names = [each for each in names_of(source) if matches(each)]
    else:
        names = sorted(literals_of([name]) or ())
    return tuple(call for call in (known(source, each) for each in names) if call)


def _types(asked: _Asked) -> frozenset[str]:
    if asked.category is not Category.DATA:
        return frozenset()
    return frozenset(each for call in asked.calls for each in call.data_types)


def _unlogged(asked: Sequence[_Asked]) -> frozenset[str]:
    """Give the calls asked for, when none of them is logged; empty when one may be."""
    if not all(each.calls for each in asked):
        return frozenset()
    calls = [call for each in asked for call in each.calls]
    if any(call.is_logged for call in calls):
        return frozenset()
    return frozenset(f"{call.name} of {call.source}" for call in calls)


def _categories(needed: Needed, account: AccountCoverage) -> Iterator[str]:
    seen = account.recorded.categories
    # Where nothing happened and the owner declares that, there is nothing that could be missed.
    lacking = [each for each in Category if each in needed.categories - seen] if seen else []
    if lacking:
        yield f"the logs of the account hold no {_NOUNS[lacking[0]]}"


def _regions(needed: Needed, account: AccountCoverage) -> Iterator[str]:
    if needed.regions:
        lacking = [each for each in needed.regions if not account.covers(each)]
        if lacking:
            yield f"there are no logs of {_listed(lacking)}, which the rule needs"
        return
    partition = next((partition_of(each) for each in account.regions if each), "aws")
    homes = {each: home_region(each, partition) for each in needed.services}
    ends = {each: global_endpoint_region(each, partition) for each in needed.services}
    for source in sorted(needed.services):
        home, what = homes[source] or ends[source], "calls" if homes[source] else "global calls"
        if home and not account.covers(home):
            yield f"there are no logs of {home}, where {what} of {source} are logged"
    if all(homes.values()):
        return
    lacking = [
        name for name, each in account.regions.items() if each.expected and not each.is_covered
    ]
    if lacking:
        yield f"there are no logs of {_listed(lacking)}, which the scope expects"


def _sources(needed: Needed, account: AccountCoverage) -> Iterator[str]:
    declared = {source for each in account.declared for source in each.sources}
    for source in sorted(needed.sources - account.recorded.sources - declared):
        yield f"the logs hold no event of {source}, which a trail can leave out"


def _types_seen(needed: Needed, account: AccountCoverage) -> Iterator[str]:
    if not needed.types:
        return
    declared = {each for declared in account.declared for each in declared.resource_types}
    calls = (known(*call) for call in account.recorded.data_calls)
    seen = declared.union(*(call.data_types for call in calls if call))
    for types in sorted(map(sorted, needed.types)):
        if seen.isdisjoint(types):
            yield f"the logs hold no data event of {' or '.join(types)}"


def _reads(needed: Needed, account: AccountCoverage) -> Iterator[str]:
    declared = any(each.read_only for each in account.declared)
    if needed.reads and not account.recorded.reads and not declared:
        yield "the logs hold no read-only event, and the rule is about calls that only read"


def _listed(names: frozenset[str] | Sequence[str]) -> str:
    *others, last = sorted(names)
    return f"{', '.join(others)} and {last}" if others else last
