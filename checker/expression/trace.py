"""Shows how a value came about: an expression evaluated by the interpreter, each part kept.

The tree that it gives is the expression's own, with what each part came to on one event. Parts that
`&&` and `||` left out are in it, marked; what they would have come to is told beside that.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from checker.aws import Json
from checker.expression.check import bind
from checker.expression.evaluation import holds
from checker.expression.expression import PATH_NODES, Expression
from checker.expression.faults import EvaluationError
from checker.expression.interpreter import Interpreter
from checker.expression.syntax import Ast, nodes_below, walk
from checker.limits import DEFAULT, Limits

MOST_TIMES: Final = 10
"""How many evaluations of one part are kept, where a list makes it be evaluated often."""

_CHOICES: Final = frozenset({"and_expression", "or_expression"})


class State(StrEnum):
    """Whether a part was evaluated, and whether it has a value."""

    VALUE = "value"
    RAISED = "raised"
    SKIPPED = "not_evaluated"


class Part(Struct, frozen=True, kw_only=True):
    """One part of an expression, and what it came to.

    Attributes:
        text: As it was written, on one line.
        span: Where it stands in the expression: the first character, and the one behind the last.
        kind: The type of its node: `and_expression`, `comparator`, `function_expression`, …;
            `parameter` for a `$name`, `path` for whatever only walks into the event.
        name: The function, or the comparison: `eq`, `ne`, `lt`, `lte`, `gt`, `gte`.
        value: Null where it has none.
        cause: Why it raised, where it was this part that did.
        parts: Those below, as written; literals are left out.
        unkept: How many more times it was evaluated, beyond those that are kept.
        would: Of a part that was left out, what it would have come to; None where that cannot be
            told apart from the element of a list that it belongs to.
    """

    text: str
    span: tuple[int, int]
    kind: str
    name: str = ""
    state: State = State.VALUE
    value: Json = None
    cause: str = ""
    parts: tuple["Part", ...] = ()
    unkept: int = 0
    would: "Part | None" = None

    @property
    def is_true(self) -> bool:
        """Whether it has a value that counts as yes."""
        return self.state is State.VALUE and holds(self.value)


Trace: TypeAlias = Callable[[Json], Part]
"""Gives the tree of an expression on one event; it does not raise what evaluating does."""


def trace_expression(
    expression: Expression, parameters: Mapping[str, Json], limits: Limits = DEFAULT
) -> Trace:
    """Make the function that evaluates an expression and keeps what each part came to.

    Args:
        expression: As `parse_expression` gives it.
        parameters: A value for each of its parameters; others are ignored.
        limits: What one evaluation may cost.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    return _Tracer(expression.text, bind(expression.ast, parameters), limits).trace


def deciding(part: Part) -> Iterator[Part]:
    """Give the parts that made a value what it is: sides of `&&` and `||` that told, what raised."""
    match part.kind:
        case "and_expression" | "or_expression":
            sides = telling_sides(part)
            for side in sides:
                yield from deciding(side)
            if not sides:  # it was a literal that told
                yield part
        case "not_expression" if part.parts:
            yield from deciding(part.parts[0])
        case _:
            below = next((each for each in part.parts if each.state is State.RAISED), None)
            if part.cause or below is None:
                yield part
            else:
                yield from deciding(below)


def telling_sides(part: Part) -> tuple[Part, ...]:
    """Give the sides of an `&&` or `||` that made its value: both only where both had to be so."""
    evaluated = tuple(side for side in part.parts if side.state is not State.SKIPPED)
    raised = tuple(side for side in evaluated if side.state is State.RAISED)
    if raised:
        return raised
    alone = part.kind == "or_expression"
    same = tuple(side for side in evaluated if side.is_true is part.is_true)
    return same[-1:] if part.is_true is alone else same


class _Frame(Struct):
    """One evaluation of one node."""

    node: Ast
    current: Json
    state: State = State.SKIPPED
    value: Json = None
    cause: str = ""
    below: list["_Frame"] = field(default_factory=list)
    times: dict[int, int] = field(default_factory=dict)


class _Tracer(Interpreter):
    """The interpreter, which notes what it visits."""

    def __init__(self, text: str, ast: Ast, limits: Limits) -> None:
        super().__init__(text, ast, limits)
        self._text = text
        self._ast = ast
        self._plain = {id(node) for node in walk(ast) if _is_plain(node)}
        self._open: list[_Frame] = []

    def trace(self, event: Json) -> Part:
        """Give the tree on one event."""
        top = _Frame({}, event)
        self._open = [top]
        try:
            self.evaluate(event)
        except EvaluationError as error:
            frame = top.below[0] if top.below else _Frame(self._ast, event)
            if frame.state is not State.RAISED:
                # What raised was no part: the value as a whole costs too much.
                frame.state, frame.value, frame.cause = State.RAISED, None, error.cause
            return self._part(frame, within_list=False)
        return self._part(top.below[0], within_list=False)

    def visit(self, node: Json, value: Json) -> Json:
        """Evaluate a node, and note what came of it."""
        if "span" not in node:  # a literal that stands for what was evaluated already
            return super().visit(node, value)
        above = self._open[-1]
        times = above.times[id(node)] = above.times.get(id(node), 0) + 1
        frame = _Frame(node, value)
        if times <= MOST_TIMES:
            above.below.append(frame)
        self._open.append(frame)
        try:
            # Not by way of the library's own visit: each call that is saved lets trees be deeper.
            frame.value = getattr(self, f"visit_{node['type']}")(node, value)
            frame.state = State.VALUE
        except EvaluationError as error:
            frame.state = State.RAISED
            is_told = any(each.state is State.RAISED for each in frame.below)
            frame.cause = "" if is_told else error.cause
            raise
        finally:
            self._open.pop()
        return frame.value

    def _part(self, frame: _Frame, *, within_list: bool) -> Part:
        node = frame.node
        parts = (
            () if id(node) in self._plain else tuple(self._below(frame, within_list=within_list))
        )
        is_text = isinstance(node.get("value"), str)
        return Part(
            text=self._written(node),
            span=node["span"],
            kind=self._kind(node),
            name=node["value"] if is_text and node["type"] in _NAMED else "",
            state=frame.state,
            value=None if node["type"] == "expref" else frame.value,
            cause=frame.cause,
            parts=parts,
        )

    def _below(self, frame: _Frame, *, within_list: bool) -> Iterator[Part]:
        repeats = "projection" in frame.node["type"]
        for child in nodes_below(frame.node):
            if child["type"] == "identity" or _is_written_value(child, self._text):
                continue  # what is not written, and what is written out
            if child["type"] == "expref":
                yield from self._of_elements(frame, child)
                continue
            visits = [each for each in frame.below if each.node is child]
            if not visits:
                yield self._skipped(frame, child, within_list=within_list)
            is_base = child is frame.node["children"][0]
            for visit in visits[:-1]:
                yield self._part(visit, within_list=within_list or (repeats and not is_base))
            unkept = frame.times.get(id(child), 0) - len(visits)
            for visit in visits[-1:]:
                part = self._part(visit, within_list=within_list or (repeats and not is_base))
                yield part if not unkept else replace(part, unkept=unkept)

    def _of_elements(self, frame: _Frame, expref: Ast) -> Iterator[Part]:
        """Give what a function made of the expression in it, element by element."""
        inner = expref["children"][0]
        visits = [each for each in frame.below if each.node is inner]
        unkept = frame.times.get(id(inner), 0) - len(visits)
        for at, visit in enumerate(visits, start=1):
            part = self._part(visit, within_list=True)
            yield replace(part, unkept=unkept) if unkept and at == len(visits) else part

    def _skipped(self, frame: _Frame, child: Ast, *, within_list: bool) -> Part:
        would = None
        if frame.node["type"] in _CHOICES and frame.state is State.VALUE and not within_list:
            would = self._what_if(child, frame.current)
        text, kind = self._written(child), self._kind(child)
        return Part(text=text, span=child["span"], kind=kind, state=State.SKIPPED, would=would)

    def _what_if(self, node: Ast, current: Json) -> Part:
        """Evaluate a side that was left out, for its own sake."""
        top = _Frame({}, current)
        self._open = [top]
        self._budget.renew()
        try:
            self.visit(node, current)
        except EvaluationError:
            pass  # noted where it was raised
        except RecursionError:
            top.below[0].state, top.below[0].cause = State.RAISED, "a value is nested too deep"
        return self._part(top.below[0], within_list=False)

    def _written(self, node: Ast) -> str:
        start, end = node["span"]
        return _bare(" ".join(self._text[start:end].split()))

    def _kind(self, node: Ast) -> str:
        kind: str = node["type"]
        if kind == "literal":
            return kind if _is_written_value(node, self._text) else "parameter"
        return "path" if id(node) in self._plain else kind


_NAMED: Final = frozenset({"comparator", "function_expression"})


def _is_plain(node: Ast) -> bool:
    """Tell whether a node only walks into the event, so that its parts say nothing more."""
    return all(each["type"] in PATH_NODES for each in walk(node))


def _is_written_value(node: Ast, text: str) -> bool:
    """Tell a literal, or a list of them, whose value is what is written there."""
    if node["type"] == "multi_select_list":
        return all(_is_written_value(child, text) for child in nodes_below(node))
    return node["type"] == "literal" and not text.startswith("$", node["span"][0])


def _bare(text: str) -> str:
    """Give an expression without the parentheses around all of it."""
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for at, each in enumerate(text):
            depth += (each == "(") - (each == ")")
            if not depth and at < len(text) - 1:
                return text
        if depth:  # one of them stands within quotes
            return text
        text = text[1:-1].strip()
    return text
