"""The filters and tests of a user's template; text and lists that they make are bounded."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Undefined
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.tests import TESTS as JINJA_TESTS
from markupsafe import Markup, escape

from checker.aws import Json
from checker.aws.depth import children
from checker.visible import inert, visible, visible_json

_MOST_CHARACTERS: Final = 1 << 24
"""Of one text that a filter or `~` makes."""
_MOST_VALUES: Final = 1_000_000
_MOST_DIGITS: Final = 15

# What a spreadsheet takes for a formula at the beginning of a cell.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")


def printed(value: Any) -> Any:
    """Make what a template prints: text visible, yes and no as JSON has them, null as nothing."""
    if isinstance(value, Markup | Undefined):
        return value
    return visible(text_of(value), keep_newlines=True)


def text_of(value: Any) -> str:
    """Give a value as text: null is nothing, lists and mappings are JSON.

    Raises:
        SecurityError: It is too large.
        TypeError: It is no plain value.
    """
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case dict() | list() | tuple():
            return json_text(value)
        case Undefined():
            return str(value)
        case _:
            raise TypeError("this is no plain value; write |list, |join or |json behind a filter")


def json_text(value: Any) -> str:
    """Give a value as JSON on one line, with nothing hidden in it."""
    plain = list(value) if not isinstance(value, Mapping) and _is_lazy(value) else value
    _refuse_large(plain)
    return visible_json(plain, indent=None)


def joined(values: Iterable[Any], between: str = "") -> str:
    """Join values as text; what is markup already stays so, and makes the rest markup."""
    parts = [each if isinstance(each, str) else text_of(each) for each in values]
    within(sum(map(len, parts)) + len(between) * len(parts))
    if any(isinstance(each, Markup) for each in parts):
        return Markup(between).join(parts)  # noqa: S704 - what is not markup is escaped by join
    return between.join(parts)


def within(characters: int) -> None:
    """Refuse text of more than so many characters, before it is made."""
    if characters > _MOST_CHARACTERS:
        raise SecurityError(f"a text of more than {_MOST_CHARACTERS:,} characters")


def csv_cell(value: Any) -> str:
    """Give a cell of CSV: quoted, and never a formula."""
    text = visible(text_of(value), keep_newlines=True)
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"'


def markdown(value: Any) -> str:
    """Give text on one line that Markdown shows as it is."""
    line = " ".join(visible(text_of(value), keep_newlines=True).split())
    return _MARKUP.sub(r"\\\1", line)


def line(value: Any) -> str:
    """Give text on one line that no CI server takes for a command."""
    return inert(text_of(value))


def _is_lazy(value: Any) -> bool:
    return not isinstance(value, str) and hasattr(value, "__next__")


def _refuse_large(value: Json) -> None:
    """Refuse a value that refers to itself over and over: written out, it would fill the memory."""
    left = _MOST_VALUES
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        left -= 1
        if left < 0:
            raise SecurityError(f"a value of more than {_MOST_VALUES:,} parts")
        if isinstance(inner, dict | list | tuple):
            waiting.extend(children(list(inner) if isinstance(inner, tuple) else inner))


def _on_text(change: Callable[[str], str]) -> Callable[[Any], str]:
    return lambda value: change(text_of(value))


def _replace(value: Any, old: str, new: str) -> str:
    text = text_of(value)
    within(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _truncate(value: Any, length: int = 255, end: str = "…") -> str:
    text = text_of(value)
    return text if len(text) <= length else text[: max(length - len(end), 0)] + end


def _indent(value: Any, width: int = 4) -> str:
    text = text_of(value)
    within(len(text) + max(width, 0) * (text.count("\n") + 1))
    return text.replace("\n", "\n" + " " * width)


def _join(values: Iterable[Any], between: str = "") -> str:
    return joined(list(values), between)


def _sum(values: Iterable[float], start: float = 0) -> float:
    numbers = [start, *values]
    if not all(isinstance(each, int | float) for each in numbers):
        raise TypeError("sum adds numbers; select them with map(attribute=…)")
    return sum(numbers)


def _round(value: float, precision: int = 0) -> float:
    if not 0 <= precision <= _MOST_DIGITS:
        raise SecurityError(f"round to 0 to {_MOST_DIGITS} digits")
    return round(value, precision)


def _escape(value: Any) -> Markup:
    return value if isinstance(value, Markup) else escape(printed(value))


_OF_JINJA: Final = (
    *("abs", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items"),
    *("last", "length", "list", "map", "max", "min", "reject", "rejectattr", "reverse", "select"),
    *("selectattr", "sort", "unique"),
)

_JINJA: Final[Mapping[str, Any]] = JINJA_FILTERS
_JINJA_TESTS: Final[Mapping[str, Any]] = JINJA_TESTS

FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    **{name: _JINJA[name] for name in _OF_JINJA},
    "capitalize": _on_text(str.capitalize),
    "csv_cell": csv_cell,
    "e": _escape,
    "escape": _escape,
    "indent": _indent,
    "join": _join,
    "json": json_text,
    "line": line,
    "lower": _on_text(str.lower),
    "markdown": markdown,
    "replace": _replace,
    "round": _round,
    "string": text_of,
    "sum": _sum,
    "trim": _on_text(str.strip),
    "truncate": _truncate,
    "upper": _on_text(str.upper),
    "urlencode": _on_text(lambda text: quote(text, safe="", errors="replace")),
}
"""By their names: those of Jinja that only choose among what there is, and ours."""

TESTS: Final[Mapping[str, Callable[..., Any]]] = {
    name: _JINJA_TESTS[name]
    for name in (
        *("boolean", "defined", "undefined", "divisibleby", "even", "odd", "false", "true"),
        *("in", "integer", "float", "iterable", "lower", "upper", "mapping", "none", "number"),
        *("sameas", "sequence", "string"),
        *("==", "!=", "<", "<=", ">", ">=", "eq", "equalto", "ne", "lt", "lessthan", "le"),
        *("gt", "greaterthan", "ge"),
    )
}
