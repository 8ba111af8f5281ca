r"""Hostile text made visible: what would hide, reorder or command becomes `\xNN` or `\uNNNN`."""

import json
import re
from typing import Any

# Explicit ranges, not `unicodedata`: its tables change with Python's version, a report must not.
# Patterns as text: `re` compiles one when it is first met, and most text is plain ASCII.
_HIDDEN = (
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: terminal escapes, line ends
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # drawn as nothing, within scripts
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidi overrides and isolates
    "\u2028\u2029"  # line and paragraph separator
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, variation selectors, byte order mark
    "\ud800-\udfff"  # lone surrogates, which no encoding can write
    "\ufdd0-\ufdef\ufffe\uffff"  # noncharacters, not legal in XML
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand, music, tags
    "]"
)

_COMMAND = r"(?i)##(?=\[|[a-z]+\[)"

_FORMS = ((0xFF, "\\x{:02x}"), (0xFFFF, "\\u{:04x}"), (0x10FFFF, "\\U{:08x}"))
"""The last code point of each written form."""


def visible(text: str, *, keep_newlines: bool = False) -> str:
    r"""Give the text with every hidden or commanding character written out.

    Args:
        text: Anything from a log or a rule.
        keep_newlines: Leave line feeds and tabs as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_HIDDEN, _written_out_of_lines if keep_newlines else _written_out, text)


def inert(text: str) -> str:
    r"""Give one line of visible text that no CI server takes for a command.

    GitHub and Azure Pipelines read `##[command]` and `##vso[command]` anywhere in a line, TeamCity
    `##teamcity[…]`, and GitHub `::command::` at its beginning.
    """
    shown = visible(text)
    if "##" in shown:
        shown = re.sub(_COMMAND, r"#\\x23", shown)
    if shown.lstrip().startswith("::"):
        shown = shown.replace(":", r"\x3a", 1)
    return shown


def inert_json(text: str) -> str:
    r"""Give JSON text of the same value in which no CI server finds a command: `##[` is none."""
    # A hash stands in strings only, where it may be written so; no line begins with a string.
    return text.replace("##", r"\u0023#")


def visible_json(value: Any, *, indent: int | str | None = 2) -> str:
    """Give JSON in which nothing hides, and which still reads back as the same value.

    Args:
        value: Any JSON value.
        indent: Spaces or a tab for each level, or None for a single line.
    """
    # Outside its strings, JSON text is printable ASCII, line feeds, and tabs where they indent.
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return re.sub(_HIDDEN, _escaped_in_json, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return next(form.format(code) for last, form in _FORMS if code <= last)


def _written_out_of_lines(match: re.Match[str]) -> str:
    return match[0] if match[0] in "\n\t" else _written_out(match)


def _escaped_in_json(match: re.Match[str]) -> str:
    return match[0] if match[0] in "\n\t" else json.dumps(match[0])[1:-1]
