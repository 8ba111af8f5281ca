"""Messages of rules: text with `{JMESPath}` placeholders."""

import json
import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.expression import Expression, ExpressionError, parse_expression
from checker.expression.faults import EvaluationError
from checker.expression.syntax import MAX_LENGTH
from checker.limits import DEFAULT, Limits

_ABSENT = "-"
_RAISED = "?"
_TEXT = re.compile(r"(?:[^{}]|\{\{|\}\})+")
_QUOTED_OR_BRACE = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[{}]""", re.DOTALL
)


class Placeholder(Struct, frozen=True):
    """An expression in a message.

    Attributes:
        offset: Where the expression begins in the message, in characters.
    """

    offset: int
    expression: Expression


class Message(Struct, frozen=True):
    """A message that can be compiled: text as it will be shown, and placeholders."""

    parts: tuple[str | Placeholder, ...]

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """The expressions in it, with their places."""
        return tuple(part for part in self.parts if isinstance(part, Placeholder))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in it, in order."""
        return tuple(placeholder.expression for placeholder in self.placeholders)


def parse_message(text: str) -> Message:
    """Parse a message; `{{` and `}}` are single braces, a placeholder ends where braces balance.

    Raises:
        ExpressionError: At a brace without its partner, or inside a placeholder.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH:,} characters", MAX_LENGTH, len(text))
    parts: list[str | Placeholder] = []
    position = 0
    while position < len(text):
        plain = _TEXT.match(text, position)
        if plain:
            parts.append(plain[0].replace("{{", "{").replace("}}", "}"))
            position = plain.end()
        else:
            end = _closing_brace(text, position)
            parts.append(_placeholder(text, position + 1, end))
            position = end + 1
    return Message(tuple(parts))


def compile_message(
    message: Message, parameters: Mapping[str, Json], limits: Limits = DEFAULT
) -> Callable[[Json], str]:
    """Make the function that writes a message for an event; it never raises.

    Null is shown as `-`, what an expression raises on as `?`, text as it is, anything else as
    compact JSON.

    Args:
        message: As `parse_message` gives it.
        parameters: A value for each parameter in it; others are ignored.
        limits: What one placeholder may cost.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    writers = [_writer(part, parameters, limits) for part in message.parts]
    return lambda event: "".join(write(event) for write in writers)


def _closing_brace(text: str, start: int) -> int:
    """Find the partner of the brace at `start`; braces inside of quotes do not count."""
    hint = "a single brace is written twice: {{ or }}"
    if text[start] == "}":
        raise ExpressionError("a '}' closes nothing", start, start + 1, hint)
    depth = 0
    for found in _QUOTED_OR_BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    raise ExpressionError("the '{' that opens here is never closed", start, len(text), hint)


def _placeholder(text: str, start: int, end: int) -> Placeholder:
    try:
        return Placeholder(start, parse_expression(text[start:end]))
    except ExpressionError as error:
        raise error.moved(start) from error


def _writer(
    part: str | Placeholder, parameters: Mapping[str, Json], limits: Limits
) -> Callable[[Json], str]:
    if isinstance(part, str):
        return lambda _event: part
    try:
        evaluate = compile_expression(part.expression, parameters, limits)
    except ExpressionError as error:
        raise error.moved(part.offset) from error

    def write(event: Json) -> str:
        try:
            return _shown(evaluate(event))
        except (EvaluationError, ValueError, RecursionError):
            # JSON has no text for a number of thousands of digits, or for a value too deep.
            return _RAISED

    return write


def _shown(value: Json) -> str:
    if value is None:
        return _ABSENT
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
