"""Expressions changed in one place: operators, operands, negations and literals."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from checker.authoring.mutation.literals import Literal, changed_literals
from checker.authoring.mutation.mutant import short
from checker.expression.check import check_constants
from checker.expression.expression import Expression
from checker.expression.faults import ExpressionError
from checker.expression.reads import reads_of
from checker.expression.syntax import Ast, nodes_below

_JOINING: Final = {"and_expression": "&&", "or_expression": "||"}
_OTHER: Final = {"and_expression": "or_expression", "or_expression": "and_expression"}
_SIGNS: Final = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_INSTEAD: Final = {
    "eq": ("ne",),
    "ne": ("eq",),
    "lt": ("lte", "gte"),
    "lte": ("lt", "gt"),
    "gt": ("gte", "lte"),
    "gte": ("gt", "lt"),
}
_BOUNDARY: Final = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
_SELDOM_NEGATED: Final = frozenset({*_JOINING, "comparator", "not_expression", "literal"})
_NEEDS_NO_PARENTHESES: Final = frozenset({"field", "function_expression"})
_CONDITION_OF_FILTER: Final = 2


class Variant(Struct, frozen=True, kw_only=True):
    """An expression with one change."""

    expression: Expression
    what: str
    hint: str


class _Edit(Struct, frozen=True, kw_only=True):
    """A node in place of another, and the pieces of text that say the same."""

    node: Ast
    pieces: tuple[tuple[int, int, str], ...]
    what: str
    hint: str


class _Site(Struct, frozen=True, kw_only=True):
    """A node of the tree and where it stands.

    Attributes:
        way: Positions of children, from the root down.
        parents: The nodes above it, the nearest last.
        boolean: Whether only its truth counts.
    """

    node: Ast
    way: tuple[int, ...]
    parents: tuple[Ast, ...]
    boolean: bool


def variants(expression: Expression, *, condition: bool = True) -> Iterator[Variant]:
    """Give an expression's variants, each once, from left to right.

    Args:
        expression: As parsed.
        condition: Whether only its truth counts.
    """
    root = expression.ast
    seen = {expression.text}
    for site in _sites(_Site(node=root, way=(), parents=(), boolean=condition)):
        for edit in _edits(expression.text, site):
            text = _spliced(expression.text, edit.pieces)
            changed = _rebuilt(root, site.way, edit.node)
            if text not in seen and _can_work(changed):
                seen.add(text)
                reads = reads_of(changed)
                yield Variant(
                    expression=Expression(
                        text=text, ast=changed, parameters=expression.parameters, reads=reads
                    ),
                    what=edit.what,
                    hint=edit.hint,
                )


def _sites(site: _Site) -> Iterator[_Site]:
    yield site
    node = site.node
    for at, child in enumerate(nodes_below(node)):
        boolean = (
            (node["type"] in _JOINING and site.boolean)
            or node["type"] == "not_expression"
            or (node["type"] == "filter_projection" and at == _CONDITION_OF_FILTER)
        )
        below = _Site(
            node=child, way=(*site.way, at), parents=(*site.parents, node), boolean=boolean
        )
        yield from _sites(below)


def _edits(text: str, site: _Site) -> Iterator[_Edit]:
    node = site.node
    match node["type"]:
        case "and_expression" | "or_expression":
            if site.boolean:
                yield _swapped(text, site)
            if not _continues_chain(site):
                yield from _dropped(text, node)
        case "comparator" if not (_is_negated(site) and node["value"] in {"eq", "ne"}):
            yield from _compared(text, node)
        case "not_expression":
            yield _unnegated(text, node)
        case "multi_select_list":
            yield from _members_dropped(text, node)
        case "literal":
            yield from _literals(text, site)
    if site.boolean and not _is_negated(site) and node["type"] not in _SELDOM_NEGATED:
        yield _negated(text, node)


def _is_negated(site: _Site) -> bool:
    """Tell whether a `!` stands before it: to leave that out comes to the same as another one."""
    return bool(site.parents and site.parents[-1]["type"] == "not_expression")


def _swapped(text: str, site: _Site) -> _Edit:
    node = site.node
    left, right = node["children"]
    other = _OTHER[node["type"]]
    before, after = _JOINING[node["type"]], _JOINING[other]
    at = text.index(before, left["span"][1], right["span"][0])
    pieces = [(at, at + len(before), after)]
    if other == "and_expression":
        for child in (left, right):
            if child["type"] == "or_expression" and not _in_parentheses(child):
                pieces += _around(child)
    elif site.parents and site.parents[-1]["type"] == "and_expression":
        pieces += [] if _in_parentheses(node) else _around(node)
    one, two = (short(text[slice(*child["span"])]) for child in (left, right))
    return _Edit(
        node={**node, "type": other},
        pieces=tuple(pieces),
        what=f"{before} became {after}",
        hint=f"a case in which one of these holds and the other does not: {one}; {two}",
    )


def _dropped(text: str, node: Ast) -> Iterator[_Edit]:
    """Leave each operand of a chain out."""
    operands = _chain(node)
    sign = _JOINING[node["type"]]
    alone = "fails" if sign == "&&" else "holds"
    for at, operand in enumerate(operands):
        start, end = operand["span"]
        if at:
            start = operands[at - 1]["span"][1]
        else:
            end = operands[1]["span"][0]
        rest = (*operands[:at], *operands[at + 1 :])
        said = short(text[slice(*operand["span"])])
        yield _Edit(
            node=_joined(node["type"], rest),
            pieces=((start, end, ""),),
            what=f"an operand of {sign} left out: {said}",
            hint=f"a case in which, of the operands of this {sign}, this alone {alone}: {said}",
        )


def _compared(text: str, node: Ast) -> Iterator[_Edit]:
    left, right = node["children"]
    sign = _SIGNS[node["value"]]
    at = text.index(sign, left["span"][1], right["span"][0])
    for other in _INSTEAD[node["value"]]:
        if other == _BOUNDARY.get(node["value"]):
            hint = f"a case in which both sides are equal: {short(text[slice(*node['span'])])}"
        else:
            hint = f"a case that it decides: {short(text[slice(*node['span'])])}"
        yield _Edit(
            node={**node, "value": other},
            pieces=((at, at + len(sign), _SIGNS[other]),),
            what=f"{sign} became {_SIGNS[other]}",
            hint=hint,
        )


def _unnegated(text: str, node: Ast) -> _Edit:
    (child,) = node["children"]
    start, end = text.index("!", node["span"][0]), child["span"][0]
    said = short(text[slice(*child["span"])])
    hint = f"a case that this decides: {said}"
    return _Edit(node=child, pieces=((start, end, ""),), what="! left out", hint=hint)


def _negated(text: str, node: Ast) -> _Edit:
    start, end = node["span"]
    said = text[start:end]
    bare = node["type"] in _NEEDS_NO_PARENTHESES and not said.startswith("(")
    pieces = ((start, start, "!"),) if bare else ((start, start, "!("), (end, end, ")"))
    return _Edit(
        node={"type": "not_expression", "children": [node], "span": node["span"]},
        pieces=pieces,
        what="! put in",
        hint=f"a case that this decides: {short(said)}",
    )


def _members_dropped(text: str, node: Ast) -> Iterator[_Edit]:
    """Leave each literal of a list of literals out."""
    members = node["children"]
    if len(members) < 2 or any(each["type"] != "literal" for each in members):  # noqa: PLR2004 - a list of one is changed, not emptied
        return
    for at, member in enumerate(members):
        start, end = member["span"]
        if at:
            start = members[at - 1]["span"][1]
        else:
            end = members[1]["span"][0]
        said = short(text[slice(*member["span"])])
        yield _Edit(
            node={**node, "children": [*members[:at], *members[at + 1 :]]},
            pieces=((start, end, ""),),
            what=f"left out of a list: {said}",
            hint=f"a case that this decides: {said}",
        )


def _literals(text: str, site: _Site) -> Iterator[_Edit]:
    parent = site.parents[-1] if site.parents else None
    start, end = site.node["span"]
    written = text[start:end]
    at = site.way[-1] if site.way else 0
    for each in changed_literals(Literal(site.node["value"], written, parent, at)):
        yield _Edit(
            node={**site.node, "value": each.value},
            pieces=((start, end, each.written),),
            what=f"{short(written)} became {short(each.written)}",
            hint=each.hint,
        )


def _chain(node: Ast) -> list[Ast]:
    """Give the operands of `a || b || c`, which is a tree of two and two."""
    left, right = node["children"]
    if left["type"] == node["type"] and not _in_parentheses(left):
        return [*_chain(left), right]
    return [left, right]


def _continues_chain(site: _Site) -> bool:
    """Tell whether its operands are among those of the node above it."""
    if not site.parents or site.way[-1] or _in_parentheses(site.node):
        return False
    return bool(site.parents[-1]["type"] == site.node["type"])


def _joined(kind: str, operands: Sequence[Ast]) -> Ast:
    first, *others = operands
    for each in others:
        span = (first["span"][0], each["span"][1])
        first = {"type": kind, "children": [first, each], "span": span}
    return first


def _in_parentheses(node: Ast) -> bool:
    """Tell it of a node with operands: its text begins before that of the first of them."""
    return bool(node["span"][0] < node["children"][0]["span"][0])


def _around(node: Ast) -> list[tuple[int, int, str]]:
    start, end = node["span"]
    return [(start, start, "("), (end, end, ")")]


def _spliced(text: str, pieces: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(pieces, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _rebuilt(root: Ast, way: Sequence[int], node: Ast) -> Ast:
    if not way:
        return _sized(node)
    at, *rest = way
    children = list(root["children"])
    children[at] = _rebuilt(children[at], rest, node)
    return _sized({**root, "children": children})


def _sized(node: Ast) -> Ast:
    """Give a node with the number of nodes that it is made of, which evaluation is charged by."""
    if "size" in node and not nodes_below(node):
        return node
    below = [child if "size" in child else _sized(child) for child in nodes_below(node)]
    children = node["children"] if node["type"] == "slice" else below
    return {**node, "children": children, "size": 1 + sum(child["size"] for child in below)}


def _can_work(root: Ast) -> bool:
    """Tell whether no function refuses a literal that it is given."""
    try:
        check_constants(root)
    except ExpressionError:
        return False
    return True
