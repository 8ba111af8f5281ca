"""Colours and the width of a terminal, and none elsewhere."""

import os
import shutil
from typing import TextIO

import click

from checker.report.text_lines import Style, plain

_COLOURS = {
    "fail": "red",
    "error": "magenta",
    "no_evidence": "yellow",
    "waived": "cyan",
    "pass": "green",
    "no_occurrence": "blue",
    "not_applicable": "bright_black",
    "critical": "red",
    "high": "red",
    "medium": "yellow",
    "warning": "yellow",
    "faint": "bright_black",
}


def terminal_style(stream: TextIO) -> Style:
    """Give the style for a stream: colours only on a terminal, and not where NO_COLOR is set."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return plain
    return _coloured


def terminal_width(stream: TextIO) -> int | None:
    """Give the columns of a stream that is a terminal, as COLUMNS or it says; None of any other."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def _coloured(text: str, kind: str) -> str:
    if kind == "heading":
        return click.style(text, bold=True)
    return click.style(text, fg=_COLOURS[kind]) if kind in _COLOURS else text
