"""JMESPath text as tokens: the library's lexer, with `$name` and exact ends."""

from collections.abc import Callable
from itertools import pairwise
from json import loads
from typing import TypeAlias, TypedDict

from jmespath.exceptions import LexerError
from jmespath.lexer import Lexer

from checker.aws import Json
from checker.expression.faults import ExpressionError

MAX_LITERAL_DEPTH = 50

_ARITHMETIC = "JMESPath has no arithmetic; a name with such a character takes double quotes"
_STRAIGHT = "use the straight quotes ' and \""
_HINTS = {
    "=": "'==' compares",
    "-": 'a name with a dash takes double quotes: "a-b"; a negative number backquotes: `-1`',
    "+": _ARITHMETIC,
    "/": _ARITHMETIC,
    "%": _ARITHMETIC,
    "^": _ARITHMETIC,
    "\N{LEFT SINGLE QUOTATION MARK}": _STRAIGHT,
    "\N{RIGHT SINGLE QUOTATION MARK}": _STRAIGHT,
    "\N{LEFT DOUBLE QUOTATION MARK}": _STRAIGHT,
    "\N{RIGHT DOUBLE QUOTATION MARK}": _STRAIGHT,
    "#": "an expression has no comments",
    "$": "a parameter is $ and a name that begins with a letter or _: $approved_roles",
}


class Token(TypedDict):
    """One token: the library's type names, and `parameter` for `$name`."""

    type: str
    value: Json
    start: int
    end: int


Tokens: TypeAlias = list[Token]


def tokenize(text: str) -> Tokens:
    """Split an expression into tokens, the last of type `eof`.

    Raises:
        ExpressionError: At a character or quoted text that no token is made of.
    """
    try:
        tokens: Tokens = [{**token} for token in _Lexer().tokenize(text)]
    except LexerError as error:
        raise _explain(error, text) from error
    except ValueError as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError("a number in it has too many digits", 0, len(text)) from error
    # The library's own ends are wrong for literals and operators.
    for token, following in pairwise(tokens):
        written = text[token["start"] : following["start"]].rstrip(" \t\n\r")
        token["end"] = token["start"] + len(written)
    return [_with_parameter(token) for token in tokens]


_TOO_DEEP = "the JSON between the backquotes is nested too deep"


class _Lexer(Lexer):
    START_IDENTIFIER = Lexer.START_IDENTIFIER | {"$"}

    # What the library's stubs leave out.
    _position: int
    _expression: str
    _consume_until: Callable[[str], str]

    def _consume_literal(self) -> Json:
        """Read strict JSON only: the library also takes NaN, Infinity and bare words."""
        start = self._position
        lexeme = self._consume_until("`")
        end = start + len(lexeme) + 2
        try:
            value = loads(lexeme.replace("\\`", "`"), parse_constant=_refuse, parse_float=_finite)
        except RecursionError as error:
            raise ExpressionError(_TOO_DEEP, start, end) from error
        except ValueError as error:
            hint = "a string literal takes single quotes: 'text'; backquotes hold JSON"
            cause = "what stands between the backquotes is not JSON"
            raise ExpressionError(cause, start, end, hint) from error
        if not _is_shallow(value):
            raise ExpressionError(_TOO_DEEP, start, end)
        return {"type": "literal", "value": value, "start": start, "end": end}


def _refuse(constant: str) -> Json:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(digits)
    return number


def _is_shallow(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_LITERAL_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return True
    return False


def _inside(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _with_parameter(token: Token) -> Token:
    value = token["value"]
    if token["type"] != "unquoted_identifier" or not value.startswith("$"):
        return token
    name = value[1:]
    if not name or name[0].isdigit():
        cause = f"'{value}' names no parameter"
        raise ExpressionError(cause, token["start"], token["end"], _HINTS["$"])
    return {**token, "type": "parameter", "value": name}


def _explain(error: LexerError, text: str) -> ExpressionError:
    start = error.lexer_position
    found = text[start]
    if error.message.startswith("Unclosed"):
        hint = f"inside, write \\{found}" if found in "'\"`" else ""
        return ExpressionError(
            f"the {found} that opens here is never closed", start, len(text), hint
        )
    if found == '"':
        cause = "what stands between the double quotes is not a JSON string"
        hint = "double quotes hold a field's name; a string literal takes single quotes: 'text'"
        return ExpressionError(cause, start, start + len(error.lexer_value), hint)
    return ExpressionError(f"'{found}' means nothing here", start, start + 1, _HINTS.get(found, ""))
