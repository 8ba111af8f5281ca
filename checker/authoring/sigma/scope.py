"""Which part of a condition can stand in a rule's `match`: event sources and names as AWS spells them.

`match` compares exactly, Sigma without regard to case. For a call that the event dictionary knows
that is the same, since CloudTrail spells it in one way; whatever else is asked stays an expression.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Final, TypeAlias

from msgspec import Struct

from checker.authoring.sigma.condition import (
    And,
    Condition,
    Or,
    Texts,
    all_of,
    literal_of,
)
from checker.aws.dictionary import known, live_spellings, names_of, sources, sources_of

Mapping: TypeAlias = tuple[tuple[str, tuple[str | None, ...]], ...]
"""Keys of a `match` and the values that may stand there."""

ANY_EVENT: Final[Mapping] = (("eventName", ("*", None)),)
"""A `match` that leaves out no event."""

_MOST_ALTERNATIVES: Final = 24
_SOURCE: Final = "eventSource"
_NAME: Final = "eventName"


class Scope(Struct, frozen=True):
    """The scope that a condition implies.

    Attributes:
        match: Alternatives; an event for which none holds is none that the condition means.
        rest: What must hold besides; None when `match` says all.
    """

    match: tuple[Mapping, ...]
    rest: Condition | None


def scope_of(condition: Condition) -> Scope:
    """Divide a condition into a `match` and the rest."""
    found = _alternatives(condition)
    if not found:
        return Scope((ANY_EVENT,), condition)
    return Scope(found, _rest(condition))


def doubts(scope: Scope) -> Iterator[str]:
    """Say which calls in a scope no service is known to make."""
    for mapping in scope.match:
        found = dict(mapping)
        named_sources = [each for each in found.get(_SOURCE, ()) if each]
        names = [each for each in found.get(_NAME, ()) if each and each != "*"]
        for name in names if named_sources else ():
            if not any(known(source, name) for source in named_sources):
                yield _unknown(name, named_sources)


def spellings(field: str, text: str) -> tuple[str, ...]:
    """Give how AWS spells an event source or name; nothing for other fields, and for others."""
    return _SPELLINGS[field](text) if field in _SPELLINGS else ()


def unknown_names(condition: Condition) -> tuple[str, ...]:
    """Give the literal event sources and names that the dictionary lacks in any spelling."""
    match condition:
        case And(parts=parts) | Or(parts=parts):
            return tuple(name for part in parts for name in unknown_names(part))
        case Texts(field=field, patterns=patterns) if field in _SPELLINGS:
            literals = (literal_of(pattern) for pattern in patterns)
            return tuple(text for text in literals if text and not _SPELLINGS[field](text))
        case _:
            return ()


def _unknown(name: str, among: Sequence[str]) -> str:
    live = [spelt for source in among for spelt in live_spellings(source, name)]
    elsewhere = sources_of(name)
    instead = f", but of {', '.join(elsewhere)}" if elsewhere else ""
    instead = f"; CloudTrail writes {', '.join(live)}" if live else instead
    return f"{name} is not known as a call of {', '.join(among)}{instead}"


def _alternatives(condition: Condition) -> tuple[Mapping, ...]:
    """Give what the condition implies of sources and names; nothing where it leaves them open."""
    match condition:
        case Texts():
            values = _spelt(condition)
            return (((condition.field, values),),) if values else ()
        case And(parts=parts):
            return _all(tuple(found for part in parts if (found := _alternatives(part))))
        case Or(parts=parts):
            each = [_alternatives(part) for part in parts]
            together = tuple(dict.fromkeys(one for found in each for one in found))
            fits = all(each) and len(together) <= _MOST_ALTERNATIVES
            return together if fits else ()
        case _:
            return ()


def _all(found: tuple[tuple[Mapping, ...], ...]) -> tuple[Mapping, ...]:
    """Combine alternatives of several conditions that must all hold."""
    size = 1
    for each in found:
        size *= len(each)
    if not found or size > _MOST_ALTERNATIVES:
        return ()
    merged = (_merged(each) for each in product(*found))
    return tuple(dict.fromkeys(one for one in merged if one is not None))


def _merged(mappings: Sequence[Mapping]) -> Mapping | None:
    """Join mappings of which all must hold; None where they exclude one another."""
    joined: dict[str, tuple[str | None, ...]] = {}
    for key, values in (entry for mapping in mappings for entry in mapping):
        both = tuple(value for value in joined.get(key, values) if value in values)
        if not both:
            return None
        joined[key] = both
    if _SOURCE in joined and _NAME in joined:
        joined[_NAME] = tuple(_spelt_by(joined[_SOURCE], joined[_NAME]))
    return tuple((key, joined[key]) for key in (_SOURCE, _NAME) if key in joined)


def _spelt_by(among: Sequence[str | None], names: Sequence[str | None]) -> Iterator[str | None]:
    """Leave out the spellings of other services, where these have one of their own."""
    own = {name for name in names if name and any(each and known(each, name) for each in among)}
    ours = {name.casefold() for name in own}
    yield from (name for name in names if name in own or (name and name.casefold() not in ours))


def _rest(condition: Condition) -> Condition | None:
    """Give what the alternatives of a condition do not say."""
    if _is_said(condition):
        return None
    if isinstance(condition, And):
        return all_of(part for part in condition.parts if not _is_said(part))
    return condition


def _is_said(condition: Condition) -> bool:
    """Tell whether the alternatives of a condition are all that it asks."""
    match condition:
        case Texts():
            return bool(_alternatives(condition))
        case And(parts=parts) | Or(parts=parts):
            return bool(_alternatives(condition)) and all(_is_said(part) for part in parts)
        case _:
            return False


def _spelt(texts: Texts) -> tuple[str, ...]:
    """Give how AWS spells all of some names; nothing where one of them is not known."""
    if texts.field not in _SPELLINGS:
        return ()
    spelt: list[str] = []
    for pattern in texts.patterns:
        text = literal_of(pattern)
        found = _SPELLINGS[texts.field](text) if text else ()
        spelt += [each for each in found if not texts.cased or each == text]
        if not found:
            return ()
    return tuple(dict.fromkeys(spelt))


def _source_spellings(text: str) -> tuple[str, ...]:
    return _source_index().get(text.casefold(), ())


def _name_spellings(text: str) -> tuple[str, ...]:
    return _name_index().get(text.casefold(), ())


_SPELLINGS: Final = {_SOURCE: _source_spellings, _NAME: _name_spellings}


@cache
def _source_index() -> dict[str, tuple[str, ...]]:
    return {source.casefold(): (source,) for source in sources()}


@cache
def _name_index() -> dict[str, tuple[str, ...]]:
    index: dict[str, dict[str, None]] = {}
    for source in sources():
        for name in names_of(source):
            index.setdefault(name.casefold(), {})[name] = None
    return {name: tuple(sorted(spelt)) for name, spelt in index.items()}
