"""Looks event names and sources up in the event dictionary."""

from collections.abc import Iterable, Iterator
from functools import cache

from checker.authoring.lint.comparing import Finding
from checker.authoring.lint.facts import Facts
from checker.authoring.lint.texts_scopes import (
    DEAD_EVENT,
    NEVER_LOGGED,
    NO_SOURCE,
    OTHER_SOURCE,
    UNKNOWN_EVENT,
    UNKNOWN_SOURCE,
)
from checker.aws.dictionary import (
    is_known_source,
    is_never_logged,
    known,
    live_spellings,
    names_of,
    sources,
    sources_of,
)
from checker.aws.glob import compile_glob, is_glob
from checker.errors import did_you_mean

_MOST = 4


def findings(field: str, pattern: str, facts: Facts) -> Iterator[Finding]:
    """Find what is wrong with a name that a condition compares.

    Args:
        field: `eventName` or `eventSource`.
        pattern: The text.
        facts: What is known of the event there.
    """
    if field == "eventSource":
        return source_findings(pattern)
    known_sources = facts.at(("eventSource",)).constants
    listed = None if known_sources is None else sorted(str(each) for _, each in known_sources)
    return name_findings(pattern, listed)


def source_findings(pattern: str) -> Iterator[Finding]:
    """Find an event source that the dictionary does not have."""
    matches = compile_glob(pattern)
    if is_glob(pattern):
        if not any(matches(each) for each in sources()):
            yield Finding(UNKNOWN_SOURCE, f"no known event source is like '{pattern}'")
        return
    if not is_known_source(pattern):
        hint = did_you_mean(f"{pattern.partition('.')[0]}.amazonaws.com", sources())
        hint = hint if hint.startswith("did") else ""
        yield Finding(UNKNOWN_SOURCE, f"'{pattern}' is no known event source", hint)


def name_findings(pattern: str, named: Iterable[str] | None) -> Iterator[Finding]:
    """Find what is wrong with an event name.

    Args:
        pattern: The name, or a glob.
        named: The event sources that it can be of; None where they are not known.
    """
    own = None if named is None else tuple(named)
    if own is not None and not (own and all(map(is_known_source, own))):
        return
    if is_glob(pattern):
        yield from _glob(pattern, own)
    elif own is None:
        yield from _anywhere(pattern)
    else:
        yield from _of_sources(pattern, own)


def source_missing(pattern: str) -> Iterator[Finding]:
    """Find a name that several services have, where no source is named."""
    having = () if is_glob(pattern) else sources_of(pattern)
    if len(having) > 1:
        cause = f"{pattern} is an event of {_listed(having)}, and no eventSource is named"
        yield Finding(NO_SOURCE, cause, "add the eventSource that is meant")


def _of_sources(name: str, own: tuple[str, ...]) -> Iterator[Finding]:
    calls = [call for source in own if (call := known(source, name))]
    if any(call.is_logged for call in calls):
        return
    if calls:
        cause = f"CloudTrail never logs {name} of {_listed(call.source for call in calls)}"
        yield Finding(NEVER_LOGGED, cause, "no log can show it: take it out")
        return
    live = [(source, live_spellings(source, name)) for source in own]
    for source, spellings in live:
        if spellings:
            yield _dead(source, name, spellings)
            return
    others = sources_of(name)
    if others:
        cause = f"{name} is an event of {_listed(others)}, not of {_listed(own)}"
        hint = _near(name, own)
        yield Finding(OTHER_SOURCE, cause, hint)
        return
    cause = f"the event dictionary has no {name} of {_listed(own)}"
    yield Finding(UNKNOWN_EVENT, cause, _near(name, own))


def _anywhere(name: str) -> Iterator[Finding]:
    having = sources_of(name)
    if having:
        if all(is_never_logged(source, name) for source in having):
            cause = f"CloudTrail never logs {name} of {_listed(having)}"
            yield Finding(NEVER_LOGGED, cause, "no log can show it: take it out")
        return
    for source in sources():
        spellings = live_spellings(source, name)
        if spellings:
            yield _dead(source, name, spellings)
            return
    hint = did_you_mean(name, _all_names())
    yield Finding(
        UNKNOWN_EVENT,
        f"the event dictionary has no {name} of any source",
        hint if hint.startswith("did") else "",
    )


def _glob(pattern: str, own: tuple[str, ...] | None) -> Iterator[Finding]:
    matches = compile_glob(pattern)
    names = _all_names() if own is None else tuple(n for source in own for n in names_of(source))
    if not any(map(matches, names)):
        of = "any source" if own is None else _listed(own)
        cause = f"the event dictionary has no event like '{pattern}' of {of}"
        yield Finding(UNKNOWN_EVENT, cause)


def _dead(source: str, name: str, spellings: tuple[str, ...]) -> Finding:
    cause = f"CloudTrail does not write {name} for a call of {source}"
    return Finding(DEAD_EVENT, cause, f"it writes {' or '.join(spellings)}")


def _near(name: str, own: tuple[str, ...]) -> str:
    hint = did_you_mean(name, [each for source in own for each in names_of(source)])
    return hint if hint.startswith("did") else ""


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return ", ".join(listed[:_MOST]) + more


@cache
def _all_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for source in sources() for name in names_of(source)))
