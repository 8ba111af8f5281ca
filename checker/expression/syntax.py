"""Parses the text of an expression into a tree whose nodes know where they stand."""

from collections.abc import Iterator

from checker.expression.faults import ExpressionError
from checker.expression.grammar import MAX_DEPTH, Ast, Grammar, too_deep
from checker.expression.tokens import tokenize

__all__ = ["MAX_LENGTH", "MAX_NODES", "Ast", "ExpressionError", "nodes_below", "parse", "walk"]

MAX_LENGTH = 10_000
MAX_NODES = 3_000


def parse(text: str) -> Ast:
    """Parse JMESPath with `$name` and `$event`.

    The nodes are the `jmespath` library's, and `{'type': 'parameter', 'value': name}` and
    `{'type': 'event'}`. Every node also has `span`, the (start, end) of its text in characters, and
    `size`, how many nodes it is made of.

    Raises:
        ExpressionError: When the text is not an expression, or beyond a limit.
    """
    # The length first: the library's lexer takes time in the square of a literal's length.
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH:,} characters", MAX_LENGTH, len(text))
    if not text.strip(" \t\n\r"):
        raise ExpressionError("the expression is empty", 0, len(text))
    try:
        root = Grammar(tokenize(text)).read()
    except RecursionError as error:
        # Reached only by a caller whose own stack is deep.
        raise too_deep(0, len(text)) from error
    nodes = _bounded(root)
    for node in reversed(nodes):
        _measure(node)
    for node in nodes:
        for child in nodes_below(node):
            child.setdefault("span", node["span"])
    return root


def nodes_below(node: Ast) -> list[Ast]:
    """List the nodes directly below one; the children of a slice are numbers."""
    children: list[Ast] = node["children"]
    return [] if node["type"] == "slice" else children


def walk(root: Ast) -> Iterator[Ast]:
    """Yield a node and all below it, each before those below it."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(nodes_below(node)))


def _bounded(root: Ast) -> list[Ast]:
    """List all nodes, each before those below it, within the limits of number and depth."""
    nodes = []
    level = [root]
    for _ in range(MAX_DEPTH):
        nodes += level
        level = [child for node in level for child in nodes_below(node)]
        if len(nodes) > MAX_NODES:
            start, end = root["span"]
            hint = "split the rule in several"
            raise ExpressionError(f"made of more than {MAX_NODES:,} parts", start, end, hint)
        if not level:
            return nodes
    raise too_deep(*root["span"])


def _measure(node: Ast) -> None:
    below = nodes_below(node)
    node["size"] = 1 + sum(child["size"] for child in below)
    spans = [child["span"] for child in below if "span" in child]
    if spans and "span" not in node:
        node["span"] = (min(start for start, _ in spans), max(end for _, end in spans))
