"""A mutant: a rule that differs from its author's in one place, and what that place is."""

from typing import Final, TypeAlias

from msgspec import Struct

from checker.policy.rule import Rule

Path: TypeAlias = tuple[str | int, ...]
"""Keys and positions from the root of the rule document, or of its pack's for shared parameters."""

_SHOWN: Final = 60


class Change(Struct, frozen=True, kw_only=True):
    """What was changed.

    Attributes:
        path: Of the changed value.
        what: The change in words, such as `&& became ||`.
        old: The text of the value; empty where it is no single text, or was not written.
        new: The text in its place; None where the value was taken out.
        hint: Which test would notice.
        member: The text of the one value of a list that was changed, where it has no position.
    """

    path: Path
    what: str
    hint: str
    old: str = ""
    new: str | None = None
    member: str = ""


class Mutant(Struct, frozen=True, kw_only=True):
    """A rule with one change."""

    rule: Rule
    change: Change


def short(text: str) -> str:
    """Give text on one line and not long, for a sentence about it."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
