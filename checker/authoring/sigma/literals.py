"""Texts of Sigma as JMESPath literals, globs and field names."""

import json
import re

from checker.authoring.sigma.condition import Pattern, Wildcard

_BACKQUOTE = "\\u0060"
_SPECIAL = re.compile(r"[*?\\]")
_BARE_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")


def quoted_text(text: str) -> str:
    """Write a JMESPath literal for a text, in single quotes where that is exact."""
    if text.isprintable() and "'" not in text and not text.endswith("\\"):
        return f"'{text}'"
    written = json.dumps(text, ensure_ascii=not text.isprintable())
    # A backquote ends the literal, whatever stands before it.
    return f"`{written.replace('`', _BACKQUOTE)}`"


def glob_of(pattern: Pattern, *, cased: bool = False) -> str:
    """Write a pattern as a glob, in lower case unless case counts."""
    return "".join(
        part.value if isinstance(part, Wildcard) else _escaped(part if cased else part.lower())
        for part in pattern
    )


def globs_in_json(pattern: Pattern, *, cased: bool = False) -> tuple[str, ...]:
    """Write a pattern as globs over JSON, where it is part of a text in it.

    Quotes, backslashes and what is not ASCII are written otherwise there. The latter by its number,
    which a change to lower case leaves as it is: hence a second glob.
    """
    as_written = "".join(_in_json(part) for part in pattern)
    if cased:
        return (as_written,)
    lower = "".join(
        _in_json(part if isinstance(part, Wildcard) else part.lower()) for part in pattern
    )
    return tuple(dict.fromkeys((lower, as_written.lower())))


def _in_json(part: str) -> str:
    return part.value if isinstance(part, Wildcard) else _escaped(json.dumps(part)[1:-1])


def path_of(parts: tuple[str, ...]) -> str:
    """Write a path of keys, quoted where a key is no plain name."""
    return ".".join(
        part if _BARE_NAME.fullmatch(part) else json.dumps(part, ensure_ascii=False)
        for part in parts
    )


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
