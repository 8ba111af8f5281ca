"""Problems a user can cause: what was wrong, where, and the way out."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from checker.visible import inert

_TELLING: Final = 4
"""From how many characters on the beginning of a word tells which was meant."""

_MOST_NAMED: Final = 100
"""How many valid words a hint lists at most."""


class Level(StrEnum):
    """How much a problem weighs: evidence or meaning lost, or odd but complete."""

    ERROR = "error"
    WARNING = "warning"


class Place(Struct, frozen=True, kw_only=True):
    """A spot in a file: what a person can jump to.

    Attributes:
        path: As the user would write it, `<stdin>` for standard input.
        line: 1-based, 0 when only the file is known.
        column: 1-based, in characters, 0 when only the line is known.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class Problem(Struct, frozen=True, kw_only=True):
    """One thing wrong with what the user gave.

    Attributes:
        code: Stable kebab-case name of this kind of problem.
        cause: One sentence without its place, lower case, no final full stop.
        place: Where, if anywhere.
        excerpt: The offending text with carets under it, lines joined by newlines; may be empty.
        hint: What is valid or what to do; may be empty.
        level: Whether it stops a pass.
    """

    code: str
    cause: str
    place: Place | None = None
    excerpt: str = ""
    hint: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        head = f"{self.place}: {self.cause}" if self.place else self.cause
        head = f"{head} [{self.code}]"
        lines = [head, *self.excerpt.splitlines()]
        if self.hint:
            lines += f"hint: {self.hint}".splitlines()
        return "\n    ".join(inert(line) for line in lines)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Files in order, then positions, then text."""
        place = self.place or Place(path="")
        return (place.path, place.line, place.column, self.code, self.cause)


class TrailcheckError(Exception):
    """Base of all errors that a user can cause.

    Attributes:
        problems: All that was found, sorted by place.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.sort_key))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(TrailcheckError):
    """The command line, configuration, parameters or rules are wrong: nothing was evaluated."""


class RulesError(UsageError):
    """Rules were found, and not all of them are sound."""


class OutputError(TrailcheckError):
    """A report could not be written."""


def usage_error(code: str, cause: str, hint: str = "") -> UsageError:
    """Make the error of one problem that is in no file."""
    return UsageError([Problem(code=code, cause=cause, hint=hint)])


def error_at(code: str, cause: str, place: Place, hint: str = "") -> UsageError:
    """Make the error of one problem at a place."""
    return UsageError([Problem(code=code, cause=cause, place=place, hint=hint)])


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Give `did you mean 'x'?`, or what is valid when nothing is near and it is not too much.

    Args:
        word: What was written.
        valid: Everything that would have been accepted.
    """
    # Imported here: a run without a mistake starts faster without it.
    from difflib import get_close_matches  # noqa: PLC0415

    choices = list(valid)
    near = [each for each in choices if each.casefold() == word.casefold()]
    if len(word) >= _TELLING:
        # What was broken off is nearer than what is as long.
        begun = (each for each in choices if each.startswith(word))
        near += sorted(begun, key=lambda each: (len(each), each))
    near = near or get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    if not 0 < len(choices) <= _MOST_NAMED:
        return ""
    return f"valid: {', '.join(choices)}"


def among(word: str, choices: Sequence[str]) -> str:
    """Give `did you mean 'x'?` where something is near, and in any case all that is valid."""
    meant = did_you_mean(word, choices)
    valid = f"valid: {', '.join(choices)}"
    return meant if meant == valid else f"{meant} ({valid})"
