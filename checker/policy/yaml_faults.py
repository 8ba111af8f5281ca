"""What YAML's parsers complain of, in words that help whoever wrote the file."""

import re
from collections.abc import Sequence
from typing import Final, Protocol

import yaml
from msgspec import Struct

MAX_DEPTH: Final = 32
"""Levels of lists and mappings in one document."""

BLOCK_HINT: Final = (
    "an expression that starts with !, *, {, [, a quote or a backquote, or that has ': ' or ' #' "
    "in it, goes into a block: write >- after the colon and the expression indented below it"
)
_COLUMN_HINT: Final = (
    "the keys of one mapping begin in one column, and what belongs to a key is indented deeper"
)
_ONE_KEY: Final = r"""\s*([\w.$-]+|"[^"]*"|'[^']*')?\s*"""


class Mark(Protocol):
    """A position as either of PyYAML's parsers gives it, both counted from 0."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def column(self) -> int:
        """The character in it."""
        ...


class Fault(Struct, frozen=True, kw_only=True):
    """One syntax error.

    Attributes:
        mark: Where it is, or where what is wrong began.
    """

    cause: str
    hint: str
    mark: Mark | None


class _Known(Struct, frozen=True, kw_only=True):
    """A complaint, by what it says; of the two parsers of PyYAML each has its own wording.

    Attributes:
        context: Part of what the parser says that it was doing.
        problem: Parts of what it says is wrong, any of them.
        opening: Whether the fault is where the parser began, not where it gave up.
        first_in_line: Whether at most one key stands before the fault in its line; None if it
            does not matter.
    """

    cause: str
    hint: str
    problem: tuple[str, ...] = ("",)
    context: str = ""
    opening: bool = False
    first_in_line: bool | None = None


_KNOWN: Final = (
    _Known(
        problem=("a tab character", "'\\t'"),
        cause="a tab where YAML wants spaces",
        hint="indent with spaces",
    ),
    _Known(
        problem=("unexpected end of stream", "unexpected document separator"),
        context="quoted scalar",
        cause="the quote that opens here is never closed",
        hint="close it; inside single quotes, a single quote is written twice",
        opening=True,
    ),
    _Known(
        context="flow sequence",
        cause="the '[' that opens here is not closed, or lacks a comma",
        hint="a list is [a, b]; text that begins with a bracket takes quotes",
        opening=True,
    ),
    _Known(
        context="flow mapping",
        cause="the '{' that opens here is not closed, or lacks a comma",
        hint="a mapping is {a: b, c: d}; text that begins with a brace takes quotes",
        opening=True,
    ),
    _Known(
        problem=("could not find expected ':'",),
        cause="a key without a value",
        hint="write key: value, with a space after the colon; the lines of a text are indented "
        "deeper than its key",
        opening=True,
    ),
    _Known(
        problem=("mapping values are not allowed", "expected key", "expected <block end>"),
        cause="this line belongs to no key above it",
        hint=_COLUMN_HINT,
        first_in_line=True,
    ),
    _Known(
        problem=("mapping values are not allowed",),
        cause="a second colon in one line",
        hint=f"text with ': ' in it takes quotes; {BLOCK_HINT}",
    ),
    _Known(
        problem=("cannot start any token",),
        cause="plain text cannot begin with this character",
        hint=f"put text in quotes; {BLOCK_HINT}",
    ),
    _Known(
        problem=("did not find expected key", "expected <block end>"),
        cause="more text after a value that is complete",
        hint=f"quotes go around the whole of a text; {BLOCK_HINT}",
    ),
    _Known(
        problem=("unknown escape character",),
        cause="a backslash escape that YAML does not have",
        hint="in double quotes a backslash is written twice; in single quotes it is itself",
    ),
    _Known(
        problem=("invalid Unicode character escape",),
        cause="an escape that stands for no character",
        hint="a backslash itself is written twice in double quotes",
    ),
    _Known(
        problem=("incompatible YAML document",),
        cause="a version of YAML that is not read",
        hint="leave out the line with %YAML",
    ),
    _Known(
        problem=("<document start>",),
        cause="text after the end of the document",
        hint="one document in each file",
    ),
    _Known(
        problem=("did not find expected node content", "expected the node content"),
        cause="a value is missing here",
        hint="write the value, or close what is open before it",
    ),
    _Known(
        # The parser of PyYAML 6.0.4 gives up by itself, before it tells of the first level too many.
        problem=("exceeded maximum nesting depth",),
        cause=f"nested deeper than {MAX_DEPTH} levels",
        hint="no rule needs that; aliases count, too",
    ),
    _Known(
        context="scanning a tag",
        cause="YAML takes this for a tag",
        hint=BLOCK_HINT,
        opening=True,
    ),
    _Known(
        context="scanning an alias",
        cause="YAML takes this for an alias",
        hint=BLOCK_HINT,
        opening=True,
    ),
)


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Fault:
    """Say what is wrong, where, and what to write; a rare complaint is passed on as it is.

    Args:
        error: As one of PyYAML's parsers raised it.
        lines: Of the document.
    """
    context, problem = error.context or "", error.problem or ""
    at = error.problem_mark or error.context_mark
    first = at is not None and _is_first_in_line(at, lines)
    for known in _KNOWN:
        if known.first_in_line not in {None, first}:
            continue
        if known.context in context and any(each in problem for each in known.problem):
            mark = (error.context_mark or at) if known.opening else at
            return Fault(cause=known.cause, hint=known.hint, mark=mark)
    return Fault(cause=problem or context or "not valid YAML", hint=BLOCK_HINT, mark=at)


def _is_first_in_line(mark: Mark, lines: Sequence[str]) -> bool:
    before = lines[mark.line][: mark.column] if mark.line < len(lines) else ""
    return re.fullmatch(_ONE_KEY, before) is not None
