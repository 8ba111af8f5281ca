"""The piece of a line that a problem is about, with carets under it, short enough to be read."""

from typing import Final

WIDTH: Final = 100
"""Characters of a longer line that are shown."""

_LEAD: Final = 40
_CUT: Final = "…"


def excerpt(line: str, start: int, width: int = 1) -> str:
    """Give the line, or what surrounds the fault in a long one, and carets on a second line.

    Args:
        line: Without a line end.
        start: Where the fault begins, in characters from 0.
        width: How many characters it has; at least one caret is drawn.

    Returns:
        Two lines; nothing when the line is blank.
    """
    if not line.strip():
        return ""
    width = max(1, min(width, len(line) - start))
    if len(line) > WIDTH:
        line, start = _window(line, start)
        width = min(width, len(line) - start)
    return f"{line}\n{' ' * start}{'^' * max(1, width)}"


def _window(line: str, start: int) -> tuple[str, int]:
    first = max(0, min(start - _LEAD, len(line) - WIDTH))
    last = first + WIDTH
    before = _CUT if first else ""
    after = _CUT if last < len(line) else ""
    return f"{before}{line[first:last]}{after}", start - first + len(before)
