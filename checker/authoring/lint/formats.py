"""The forms in which findings are told: text, JSON, GitHub's workflow commands, SARIF."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from checker.aws import Json
from checker.errors import Level, Problem
from checker.report.text_lines import counted
from checker.visible import inert, visible_json

_VERSION: Final = 1


class Linted(Struct, frozen=True, kw_only=True):
    """What a run of the linter found.

    Attributes:
        judged: The locations that were given.
        rules: How many rules were read; 0 where not all of them could be.
        problems: Sorted by place.
    """

    judged: tuple[str, ...]
    rules: int
    problems: tuple[Problem, ...]

    def count(self, level: Level) -> int:
        """Count the problems of a level."""
        return sum(problem.level is level for problem in self.problems)


def render_text(linted: Linted) -> str:
    """Give the findings for a person to read."""
    if not linted.problems:
        return f"{', '.join(linted.judged)}: {counted(linted.rules, 'rule')}, no problems\n"
    told = [str(problem) for problem in linted.problems]
    errors, warnings = (linted.count(level) for level in (Level.ERROR, Level.WARNING))
    of = f" ({counted(errors, 'error')}, {counted(warnings, 'warning')})" if warnings else ""
    return "\n".join([*told, f"{counted(len(told), 'problem')}{of}"]) + "\n"


def render_json(linted: Linted) -> str:
    """Give the findings as JSON, in a shape with a version of its own."""
    document = {
        "format": "trailcheck-lint",
        "version": _VERSION,
        "rules": linted.rules,
        "errors": linted.count(Level.ERROR),
        "warnings": linted.count(Level.WARNING),
        "problems": [_entry(problem) for problem in linted.problems],
    }
    return visible_json(document) + "\n"


def render_github(linted: Linted) -> str:
    """Give the findings as commands of a GitHub workflow, which annotate the lines they are about."""
    return "".join(f"{_command(problem)}\n" for problem in linted.problems)


def render_sarif(linted: Linted) -> str:
    """Give the findings as a SARIF log."""
    # Imported here: the other formats do without it.
    from checker.authoring.lint.sarif import sarif_log  # noqa: PLC0415

    return visible_json(sarif_log(linted.problems)) + "\n"


FORMATS: Final[Mapping[str, Callable[[Linted], str]]] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
    "sarif": render_sarif,
}
"""The formats by name."""


def _entry(problem: Problem) -> dict[str, Json]:
    place = problem.place
    return {
        "code": problem.code,
        "level": problem.level.value,
        "path": place.path if place else None,
        "line": (place.line if place else 0) or None,
        "column": (place.column if place else 0) or None,
        "cause": problem.cause,
        "excerpt": problem.excerpt or None,
        "hint": problem.hint or None,
    }


def _command(problem: Problem) -> str:
    place = problem.place
    given = {
        "file": place.path if place else "",
        "line": str(place.line) if place and place.line else "",
        "col": str(place.column) if place and place.column else "",
        "title": problem.code,
    }
    properties = ",".join(f"{name}={_property(text)}" for name, text in given.items() if text)
    message = f"{problem.cause}\nhint: {problem.hint}" if problem.hint else problem.cause
    return f"::{problem.level.value} {properties}::{_data(message)}"


def _data(text: str) -> str:
    """Escape text so that no line end ends the command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return inert(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
