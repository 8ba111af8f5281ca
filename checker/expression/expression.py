"""Parsed, checked expressions, and what can be told of them without an event."""

from functools import lru_cache

from msgspec import Struct

from checker.expression.check import check, check_constants
from checker.expression.functions import CALLS
from checker.expression.reads import Read, reads_of
from checker.expression.syntax import Ast, ExpressionError, parse, walk

__all__ = [
    "PATH_NODES",
    "Expression",
    "ExpressionError",
    "Read",
    "is_boolean_node",
    "is_path",
    "parse_expression",
]

PATH_NODES = frozenset(
    {
        *("field", "index", "slice", "flatten", "projection", "value_projection"),
        *("subexpression", "index_expression", "identity", "current", "event"),
    }
)
"""Nodes that only walk into the event."""


class Expression(Struct, frozen=True, kw_only=True, eq=False):
    """An expression that can be compiled; equal to another of the same text.

    Attributes:
        ast: The `jmespath` library's nodes, as `syntax.parse` gives them; not to be changed.
        parameters: The names behind `$`, without `event`.
        reads: The parts of the event that it reads.
    """

    text: str
    ast: Ast
    parameters: frozenset[str]
    reads: tuple[Read, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Parse and check an expression, once: rules ask for the same fields again and again.

    Raises:
        ExpressionError: It cannot be used as it is written.
    """
    ast = parse(text)
    check(ast)
    check_constants(ast)
    return Expression(
        text=text,
        ast=ast,
        parameters=frozenset(node["value"] for node in walk(ast) if node["type"] == "parameter"),
        reads=reads_of(ast),
    )


def is_path(expression: Expression) -> bool:
    """Tell whether it only walks into the event: fields, elements, projections.

    Such an expression raises on no event of a size that CloudTrail writes.
    """
    return all(node["type"] in PATH_NODES for node in walk(expression.ast))


def is_boolean_node(node: Ast) -> bool:
    """Tell whether an expression, or a part, is a yes or no by its form, whatever the event."""
    match node["type"]:
        case "comparator" | "not_expression":
            return True
        case "and_expression" | "or_expression":
            return all(is_boolean_node(child) for child in node["children"])
        case "pipe" | "subexpression":
            return is_boolean_node(node["children"][-1])
        case "function_expression":
            return CALLS[node["value"]].boolean
        case "literal":
            return isinstance(node["value"], bool)
        case _:
            return False
