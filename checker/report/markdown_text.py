"""Text made fit for Markdown: whatever it holds, it is shown as it is and is no markup."""

import re
from typing import Final

from checker.visible import inert, visible

MAX_TEXT: Final = 600
"""Characters of one text that a summary shows."""

# All that CommonMark or GitHub's extensions of it may read as markup, mathematics, an address or an
# emoji; letters, digits, spaces and a few harmless signs are left.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]()#+\-.!~:=$^]")
_ENTITIES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "|": "&#124;",  # a cell of a table ends at it, and parsers differ on a backslash before it
    "@": "@&#8203;",  # whom it would name is told by it even behind a backslash
}
_ENTITY: Final = re.compile("[&<>|@]")
_SPACES: Final = re.compile(r"[ \t\n]+")


def escaped(text: str) -> str:
    """Give a text as Markdown that shows it, on one line, cut to a readable length."""
    return _escaped(_shown(text))


def code(text: str) -> str:
    """Give a text as a code span, outside of tables; empty for no text."""
    shown = _shown(text)
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    # Spaces that a parser takes off again: at either end a backquote would lengthen the fence.
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def paragraphs(text: str) -> str:
    """Give prose as Markdown: its paragraphs, split at blank lines, each on one line."""
    parts = (_SPACES.sub(" ", visible(part, keep_newlines=True)).strip() for part in _split(text))
    return "\n\n".join(_escaped(part) for part in parts if part)


def _split(text: str) -> list[str]:
    return re.split(r"\n[ \t]*\n", text)


def _shown(text: str) -> str:
    # Inert as well: a summary may be printed to the log of a step, and a code span hides nothing.
    shown = inert(_SPACES.sub(" ", text).strip())
    return shown if len(shown) <= MAX_TEXT else f"{shown[: MAX_TEXT - 1]}…"


def _escaped(shown: str) -> str:
    marked = _MARKUP.sub(r"\\\g<0>", shown)
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], marked)
