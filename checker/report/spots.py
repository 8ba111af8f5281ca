"""Spots: the place in a repository that a finding is shown at, by its log or else by its rule."""

import re
from collections.abc import Iterable

from msgspec import Struct

from checker.report.model import Evidence, Lines, RuleResult
from checker.visible import inert

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]")


class Spot(Struct, frozen=True):
    """A file of a repository, by its path from the top, and a part of it."""

    path: str
    lines: Lines


def spot_of(rule: RuleResult, evidence: Iterable[Evidence]) -> Spot:
    """Give where the first of the events stands whose place is known, or else the rule."""
    return next((spot for each in evidence if (spot := event_spot(each))), rule_spot(rule))


def event_spot(evidence: Evidence) -> Spot | None:
    """Give where an event stands, as far as a repository may hold it, in a file that is text."""
    path = relative(evidence.path)
    return Spot(path, evidence.lines) if path and evidence.lines else None


def rule_spot(rule: RuleResult) -> Spot:
    """Give the beginning of a rule's file.

    Of one outside of the working directory, the path is that of a bundled pack.
    """
    path = relative(rule.path) or f"rules/{_name(rule.pack)}/{_name(rule.id)}.yaml"
    return line_spot(path, 1, 1)


def line_spot(path: str, line: int, column: int) -> Spot:
    """Give a character of a file, the first one where line and column are 0."""
    at, begin = max(line, 1), max(column, 1)
    return Spot(path, Lines(first_line=at, first_column=begin, last_line=at, last_column=begin + 1))


def relative(path: str) -> str:
    """Give a path from the working directory down, plainly written; empty for any other."""
    if path.startswith(("/", "<")) or re.match(r"[A-Za-z]:", path) or "\\" in path:
        return ""
    parts = [part for part in path.split("/") if part not in {"", "."}]
    shown = "/".join(parts)
    # One that would have to be written otherwise would name another file, or none.
    return shown if ".." not in parts and inert(shown) == shown else ""


def _name(text: str) -> str:
    return _NO_NAME.sub("_", text).strip(".") or "rule"
