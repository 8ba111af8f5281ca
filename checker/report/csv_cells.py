"""CSV that a spreadsheet shows as text: every cell quoted, and none taken for a formula.

Excel, LibreOffice and others run a cell as a formula that begins with `=`, `+`, `-`, `@`, or a
full-width form of those. Such a text gets an apostrophe before it, which they take for "this is
text". Numbers are ours and stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from checker.visible import inert

Cell: TypeAlias = str | int | float | None

MAX_TEXT: Final = 32_000
"""Characters of one cell; Excel drops the rest of a longer one, and other readers refuse it."""

_TRIGGERS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Give a table as CSV (RFC 4180)."""
    return "".join([csv_line(header), *(csv_line(row) for row in rows)])


def csv_line(cells: Sequence[Cell]) -> str:
    """Give one line of CSV, with its line end."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([guarded(cell) for cell in cells])
    return line.getvalue()


def guarded(cell: Cell) -> Cell:
    r"""Give a cell in which nothing hides and that no spreadsheet takes for a formula.

    What would hide is written out, TAB, CR and LF among it: `\x09`, `\x0d`, `\x0a`.
    """
    if not isinstance(cell, str):
        return cell
    shown = inert(cell)
    if len(shown) > MAX_TEXT:
        shown = f"{shown[: MAX_TEXT - 1]}…"
    return f"'{shown}" if shown.lstrip().startswith(_TRIGGERS) else shown
