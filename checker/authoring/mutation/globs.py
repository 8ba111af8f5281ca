"""Patterns: which of a list are idle beside others, and how one matches a little less."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from checker.aws.glob import compile_glob, is_glob, literals_of

_SPECIAL: Final = re.compile(r"\\[*?\\]|\*+|\?")
_ARN_PARTS: Final = 6

Covers = Callable[[str, str], bool]
"""Tells of two patterns whether all that the second matches is surely matched by the first."""


def covers(wide: str, narrow: str) -> bool:
    """Tell whether one glob surely matches all that another one does."""
    if wide == narrow:
        return True
    if not is_glob(narrow):
        return any(map(compile_glob(wide), literals_of([narrow]) or ()))
    if not is_glob(wide) or "?" in wide or "\\" in wide + narrow:
        # Of a pattern as a text, only a star can take the other's wildcards for what they mean.
        return False
    return compile_glob(wide)(narrow)


def covers_arn(wide: str, narrow: str) -> bool:
    """Tell the same of patterns of ARNs, whose parts are compared one by one."""
    parts = [pattern.split(":", _ARN_PARTS - 1) for pattern in (wide, narrow)]
    if len(parts[0]) != len(parts[1]):
        return False
    return all(covers(one, other) for one, other in zip(*parts, strict=True))


def same(one: str, other: str) -> bool:
    """Tell whether two texts that are no patterns are one."""
    return one == other


def missed_members(members: Sequence[str], is_covered: Covers) -> Iterator[int]:
    """Give the positions of the members whose loss can be noticed: no other member covers them."""
    for at, member in enumerate(members):
        others = (*members[:at], *members[at + 1 :])
        if not any(is_covered(other, member) for other in others):
            yield at


def narrowed(pattern: str) -> Iterator[str]:
    """Give the pattern without each of its stars: it then matches nothing in their place.

    Of an ARN, in its resource alone: one without an account matches nothing, which comes to the
    same as its loss, and partitions are a habit that few tests are about.
    """
    *parts, resource = pattern.split(":", _ARN_PARTS - 1)
    begin = len(pattern) - len(resource) if len(parts) == _ARN_PARTS - 1 else 0
    for found in _SPECIAL.finditer(pattern):
        if found[0].startswith("*") and found.start() >= begin:
            yield pattern[: found.start()] + pattern[found.end() :]
