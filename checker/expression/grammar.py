"""The grammar of conditions: the library's parser, strict where it is lax, and `$name`."""

from collections.abc import Callable
from typing import NoReturn, TypeAlias

from jmespath.parser import Parser

from checker.aws import Json
from checker.expression.faults import ExpressionError
from checker.expression.tokens import Token, Tokens

MAX_DEPTH = 120

Ast: TypeAlias = dict[str, Json]
"""A node as the library makes it (`type`, `value`, `children`), with a `span` where known."""

_NAMES = {
    "rbracket": "']'",
    "rparen": "')'",
    "rbrace": "',' or '}'",
    "comma": "',' or ']'",
    "colon": "':'",
    "star": "a number, ':', '*' or '?'",
}
_ELEMENT_HINT = "an element is list[0], a filter list[?name == 'x'], a field a.b"
_WORDS = {
    "and": "'and' is written &&",
    "or": "'or' is written ||",
    "not": "'not' is written !",
    "in": "membership is written contains(list, value) or any_in(values, list)",
    "like": "a pattern is written glob(text, 'pattern*')",
    "matches": "a pattern is written glob(text, 'pattern*') or regex(text, 'pattern')",
}
_SYMBOLS = {
    "number": "a number literal takes backquotes: `5`",
    "expref": "'and' is written &&",
    "lt": "the comparisons are == != < <= > >=",
    "gt": "the comparisons are == != < <= > >=",
    "eq": "the comparisons are == != < <= > >=",
    "parameter": "a parameter is a value: compare with it, or give it to a function",
    "colon": 'a name with a colon takes double quotes: "a:b"',
    "literal": "a string literal stands where a value is expected, after an operator or a comma",
}


def too_deep(start: int, end: int) -> ExpressionError:
    """Say that an expression is nested beyond `MAX_DEPTH`."""
    hint = "split the rule, or use contains(list, value) for a long chain of ||"
    return ExpressionError(f"nested deeper than {MAX_DEPTH}", start, end, hint)


class Grammar(Parser):
    """Parses one list of tokens, once.

    Unlike the library it refuses `f(a b)`, `f(a,)`, `{a: b c: d}`, `[1:2 3]`, `(f)(x)` and a slice
    step of 0, which it takes or fails on later; it keeps no cache of what it parsed.
    """

    BINDING_POWER = Parser.BINDING_POWER | {"parameter": 0}

    # What the library's stubs leave out.
    _tokens: Tokens
    _index: int
    _advance: Callable[[], None]
    _match: Callable[[str], None]
    _current_token: Callable[[], str]

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._nesting = 0

    def read(self) -> Ast:
        """Give the tree of all tokens.

        Raises:
            ExpressionError: At the first token that does not fit.
        """
        node = self._expression()
        if self._current_token() != "eof":
            self._fail(self._tokens[self._index], "the end of the expression or an operator")
        return node

    def _expression(self, binding_power: int = 0) -> Ast:
        first = self._index
        token = self._tokens[first]
        self._nesting += 1
        if self._nesting > MAX_DEPTH:
            raise too_deep(token["start"], token["end"])
        self._advance()
        prefix = getattr(self, f"_token_nud_{token['type']}", self._error_nud_token)
        node = self._spanned(prefix(token), first)
        while binding_power < self.BINDING_POWER[self._current_token()]:
            infix = getattr(self, f"_token_led_{self._current_token()}", None)
            if infix is None:
                self._fail(self._tokens[self._index], "the end of the expression or an operator")
            self._advance()
            node = self._spanned(infix(node), first)
        self._nesting -= 1
        return node

    def _spanned(self, node: Ast, first: int) -> Ast:
        node["span"] = (self._tokens[first]["start"], self._tokens[self._index - 1]["end"])
        return node

    def _token_nud_parameter(self, token: Token) -> Ast:
        if token["value"] == "event":
            return {"type": "event", "children": []}
        return {"type": "parameter", "children": [], "value": token["value"]}

    def _token_nud_quoted_identifier(self, token: Token) -> Ast:
        return {"type": "field", "children": [], "value": token["value"]}

    def _token_led_lparen(self, left: Ast) -> Ast:
        name = self._tokens[self._index - 2]
        if left["type"] != "field" or name["type"] != "unquoted_identifier":
            hint = "a function's name takes no quotes" if left["type"] == "field" else ""
            self._fail(name, "a function's name before '('", hint)
        arguments = []
        if self._current_token() != "rparen":
            arguments.append(self._expression())
            while self._current_token() == "comma":
                self._advance()
                arguments.append(self._expression())
        if self._current_token() != "rparen":
            self._fail(self._tokens[self._index], "',' or ')'")
        self._advance()
        return {"type": "function_expression", "children": arguments, "value": left["value"]}

    def _parse_multi_select_hash(self) -> Ast:
        pairs = [self._key_value()]
        while self._current_token() == "comma":
            self._advance()
            pairs.append(self._key_value())
        self._match("rbrace")
        return {"type": "multi_select_dict", "children": pairs}

    def _key_value(self) -> Ast:
        first = self._index
        key = self._tokens[first]
        if key["type"] not in {"quoted_identifier", "unquoted_identifier"}:
            self._fail(key, "a key")
        self._advance()
        self._match("colon")
        node = {"type": "key_val_pair", "children": [self._expression()], "value": key["value"]}
        return self._spanned(node, first)

    def _parse_slice_expression(self) -> Ast:
        first = self._index
        start = self._bound()
        self._match("colon")
        stop = self._bound()
        step = None
        if self._current_token() == "colon":
            self._advance()
            step = self._bound()
        self._match("rbracket")
        node = self._spanned({"type": "slice", "children": [start, stop, step]}, first)
        if step == 0:
            raise ExpressionError("the step of a slice cannot be 0", *node["span"])
        return node

    def _bound(self) -> int | None:
        token = self._tokens[self._index]
        if token["type"] != "number":
            return None
        self._advance()
        number: int = token["value"]
        return number

    def _error_nud_token(self, token: Token) -> NoReturn:
        self._fail(token, "a value")

    def _raise_parse_error_for_token(self, token: Token, _reason: str) -> NoReturn:
        self._fail(token, "a field, '*', '[' or '{'")

    def _raise_parse_error_maybe_eof(self, expected: str, token: Token) -> NoReturn:
        hint = _ELEMENT_HINT if expected == "star" else ""
        self._fail(token, _NAMES[expected], _hint(None, token) or hint)

    def _fail(self, token: Token, expected: str, hint: str = "") -> NoReturn:
        index = self._tokens.index(token)
        before = self._tokens[index - 1] if index else None
        start, end = token["start"], token["end"]
        if token["type"] == "eof":
            cause = f"expected {expected}, but the expression ends"
        else:
            cause = f"expected {expected}, found {_shown(token)}"
        raise ExpressionError(cause, start, end, hint or _hint(before, token))


def _shown(token: Token) -> str:
    match token["type"]:
        case "literal":
            return "a literal"
        case "quoted_identifier":
            return "a name in double quotes"
        case "parameter":
            return f"'${token['value']}'"
        case _:
            return f"'{token['value']}'"


def _hint(before: Token | None, token: Token) -> str:
    for word in (token, before):
        if word and word["type"] == "unquoted_identifier" and word["value"] in _WORDS:
            return _WORDS[word["value"]]
    if before and before["type"] == "dot" and token["type"] == "number":
        return "an element of a list is written list[0]"
    return _SYMBOLS.get(token["type"], "")
