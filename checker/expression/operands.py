"""The operands of a condition: what its `&&`, `||` and `!` are made of, and what each came to."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from checker.aws import Json
from checker.expression.check import bind
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression
from checker.expression.interpreter import Interpreter
from checker.expression.syntax import Ast, nodes_below
from checker.limits import DEFAULT, Limits

Span: TypeAlias = tuple[int, int]
"""Where the text of an operand begins and ends."""

_JOINING: Final = frozenset({"and_expression", "or_expression", "not_expression"})
_CONDITION_OF_FILTER: Final = 2


def operands_of(expression: Expression) -> tuple[Span, ...]:
    """Give the operands of a condition, and of the filters in it, in the order of their text.

    What is a literal is none: it comes to the same always.
    """
    return tuple(sorted({node["span"] for node in _operands(expression.ast)}))


def watch_expression(
    expression: Expression,
    parameters: Mapping[str, Json],
    see: Callable[[Span, bool], None],
    limits: Limits = DEFAULT,
) -> Evaluate:
    """Make the function that evaluates a condition, and tells what its operands come to.

    Args:
        expression: As `parse_expression` gives it.
        parameters: A value for each of its parameters; others are ignored.
        see: Called with each operand that is evaluated and whether it holds; of a filter's
            operands for each element.
        limits: What one evaluation may cost.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    ast = bind(expression.ast, parameters)
    return _Watching(expression.text, ast, limits, see).evaluate


class _Watching(Interpreter):
    """The interpreter, with an ear at the operands."""

    def __init__(
        self, text: str, ast: Ast, limits: Limits, see: Callable[[Span, bool], None]
    ) -> None:
        super().__init__(text, ast, limits)
        self._see = see
        self._watched = {id(node) for node in _operands(ast)}

    def visit(self, node: Json, *args: Json, **kwargs: Json) -> Json:
        """Evaluate a node, and tell of it if it is an operand."""
        value = super().visit(node, *args, **kwargs)
        if id(node) in self._watched:
            self._see(node["span"], holds(value))
        return value


def _operands(root: Ast) -> Iterator[Ast]:
    stack = [(root, True)]
    while stack:
        node, is_condition = stack.pop()
        joins = is_condition and node["type"] in _JOINING
        if is_condition and not joins and node["type"] not in {"literal", "parameter"}:
            yield node
        for at, child in enumerate(nodes_below(node)):
            of_filter = node["type"] == "filter_projection" and at == _CONDITION_OF_FILTER
            stack.append((child, joins or of_filter))
