"""Trying an expression: its value on one event after the other, and where it raises."""

from collections.abc import Iterator, Mapping

from checker.aws import Json
from checker.errors import Place, Problem, UsageError
from checker.expression.expression import Expression, ExpressionError, parse_expression
from checker.expression.trace import Part, State, trace_expression
from checker.limits import DEFAULT, Limits
from checker.policy.excerpt import excerpt
from checker.policy.nodes import Node, Scalar
from checker.policy.parameters import Settings
from checker.policy.scalars import JsonValue
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import load_bytes


class Trial:
    """An expression that is tried, outside of any rule."""

    def __init__(self, text: str, values: Mapping[str, Json], limits: Limits = DEFAULT) -> None:
        """Parse it and bind its parameters.

        Args:
            text: The expression.
            values: For its parameters.
            limits: What one evaluation may cost.

        Raises:
            UsageError: It cannot be used as it is written, or with these values.
        """
        self._text = text
        try:
            expression = parse_expression(text)
            self._trace = trace_expression(expression, values, limits)
        except ExpressionError as error:
            raise UsageError(
                [self._problem(error.cause, error.start, error.end, error.hint)]
            ) from error
        _refuse_unused(expression, values)

    def __call__(self, event: Json) -> Part:
        """Evaluate it on one canonical event, and give the whole with its parts."""
        return self._trace(event)

    def fault(self, part: Part, place: Place) -> Problem:
        """Say where and why it raised on the event of some place."""
        raised = _innermost(part)
        problem = self._problem(raised.cause, *raised.span, "")
        return Problem(
            code="expression-raises", cause=problem.cause, place=place, excerpt=problem.excerpt
        )

    def _problem(self, cause: str, start: int, end: int, hint: str) -> Problem:
        start = min(start, len(self._text))
        line_start = self._text.rfind("\n", 0, start) + 1
        line = self._text[line_start:].partition("\n")[0]
        shown = excerpt(line, start - line_start, end - start)
        return Problem(code="expression", cause=cause, excerpt=shown, hint=hint)


def values_of(settings: Settings) -> dict[str, Json]:
    """Give parameter values without declared types: as JSON spells numbers and the like, else text.

    Raises:
        UsageError: One is neither.
    """
    try:
        return dict(_values(settings))
    except ShapeError as error:
        raise UsageError(error.problems) from error


def _values(settings: Settings) -> Iterator[tuple[str, Json]]:
    for layer in reversed(settings.layers):
        for name, node in layer.items():
            yield name, JsonValue().read(_as_written(node))


def _as_written(node: Node) -> Node:
    """Give what an option holds as YAML would read it: `5` is a number, `'5'` a text."""
    if not isinstance(node, Scalar) or node.plain or node.lines:
        return node
    if node.text[:1] in {"'", '"'}:
        return load_bytes(node.text.encode(errors="surrogateescape"), node.place.path).root
    return Scalar(text=node.text, style="plain", place=node.place)


def _refuse_unused(expression: Expression, values: Mapping[str, Json]) -> None:
    unused = sorted(values.keys() - expression.parameters)
    if unused:
        cause = f"the expression reads no parameter '{unused[0]}'"
        hint = ", ".join(f"${name}" for name in sorted(expression.parameters))
        shown = f"it reads {hint}" if hint else "it reads none"
        raise UsageError([Problem(code="param-unknown", cause=cause, hint=shown)])


def _innermost(part: Part) -> Part:
    below = next((each for each in part.parts if each.state is State.RAISED), None)
    return part if part.cause or below is None else _innermost(below)
