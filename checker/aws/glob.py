"""Globs as rules and IAM write them: `*` any run of characters, `?` exactly one."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

_TOKENS = re.compile(r"\\[*?\\]|\*+|\?|[^*?\\]+|\\", re.DOTALL)


def glob_matches(text: str, pattern: str) -> bool:
    r"""Tell whether a glob matches the whole text, case-sensitively.

    Args:
        text: Any text; `*` runs across `/` and `:` in it.
        pattern: A backslash makes the `*`, `?` or `\` behind it literal, and is itself elsewhere.
    """
    return compile_glob(pattern)(text)


@lru_cache(maxsize=4096)
def compile_glob(pattern: str) -> Callable[[str], bool]:
    """Make the test for one pattern; it takes at most len(text) times len(pattern) steps."""
    if not is_glob(pattern):
        return _unescape(pattern).__eq__
    fullmatch = re.compile(_regex(pattern), re.DOTALL).fullmatch
    return lambda text: fullmatch(text) is not None


def literals_of(patterns: Iterable[str]) -> frozenset[str] | None:
    """Give the only texts that some patterns match; None when one of them is a glob."""
    listed = tuple(patterns)
    return None if any(map(is_glob, listed)) else frozenset(map(_unescape, listed))


def is_glob(pattern: str) -> bool:
    """Tell whether a pattern has a `*` or `?` that no backslash makes literal."""
    return _may_be_special(pattern) and any(part[0] in "*?" for part in _tokens(pattern))


def _may_be_special(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern or "\\" in pattern


def _regex(pattern: str) -> str:
    """Translate to a regex in which no run of `*` is ever tried twice.

    The part between two stars is matched leftmost inside an atomic group: for globs the leftmost
    match is always as good as any other, so there is nothing to go back to.
    """
    parts = [""]
    for part in _tokens(pattern):
        if part[0] == "*":
            parts.append("")
        else:
            parts[-1] += "." if part == "?" else re.escape(_unescape(part))
    first, *middle = parts
    if not middle:
        return first
    last = middle.pop()
    return first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"


def _tokens(pattern: str) -> Iterator[str]:
    return (match.group() for match in _TOKENS.finditer(pattern))


def _unescape(pattern: str) -> str:
    return re.sub(r"\\([*?\\])", r"\1", pattern) if "\\" in pattern else pattern
