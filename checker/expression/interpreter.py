"""Evaluates expressions by walking their tree with the library's interpreter, within a budget.

It is the plain way, kept as the measure of the compiled one, and for showing how a value came about.
"""

from collections.abc import Mapping

from jmespath.visitor import Options, TreeInterpreter

from checker.aws import Json
from checker.expression.budget import Budget, charge_flatten, longest, repeated
from checker.expression.check import bind
from checker.expression.evaluation import (
    ChargedFunctions,
    Evaluate,
    call,
    equal,
    excerpt,
    ordered,
)
from checker.expression.expression import Expression
from checker.expression.faults import EvaluationError
from checker.expression.syntax import Ast
from checker.limits import DEFAULT, Limits


def interpret_expression(
    expression: Expression, parameters: Mapping[str, Json], limits: Limits = DEFAULT
) -> Evaluate:
    """Make the function that evaluates an expression by interpreting it.

    Args:
        expression: As `parse_expression` gives it.
        parameters: A value for each of its parameters; others are ignored.
        limits: What one evaluation may cost.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    return Interpreter(expression.text, bind(expression.ast, parameters), limits).evaluate


class Interpreter(TreeInterpreter):
    """The library's interpreter with parameters bound, `$event`, and a budget."""

    def __init__(self, text: str, ast: Ast, limits: Limits) -> None:
        self._budget = Budget(limits)
        self._charged = ChargedFunctions(self._budget)
        super().__init__(Options(custom_functions=self._charged))
        self._text = text
        self._ast: Json = ast
        self._event: Json = None

    def evaluate(self, event: Json) -> Json:
        """Give the value on one event.

        Raises:
            EvaluationError: It has none, or it costs too much.
        """
        self._budget.renew()
        self._event = event
        try:
            result = self.visit(self._ast, event)
        except RecursionError as error:
            raise EvaluationError("a value is nested too deep") from error
        if isinstance(result, list | dict):
            # The result is about to be written or walked by someone who has no budget.
            self._budget.charge_whole(result)
        return result

    def visit_event(self, _node: Json, _value: Json) -> Json:
        """Give the whole event, wherever `$event` stands."""
        return self._event

    def visit_comparator(self, node: Json, value: Json) -> Json:
        """Compare; the library raises a bare TypeError for `1 < 'a'`, and charges nothing."""
        left, right = (self.visit(child, value) for child in node["children"])
        if node["value"] in {"eq", "ne"}:
            return equal(left, right, self._budget) is (node["value"] == "eq")
        return ordered(node["value"], left, right, excerpt(self._text, node))

    def visit_function_expression(self, node: Json, value: Json) -> Json:
        """Call a function, charged for the times that an expression in it is evaluated."""
        arguments = [self.visit(child, value) for child in node["children"]]
        for child in node["children"]:
            if child["type"] == "expref":
                self._budget.charge(repeated(longest(arguments), child["size"]))
        return call(self._charged, node["value"], arguments, excerpt(self._text, node))

    def visit_projection(self, node: Json, value: Json) -> Json:
        """Project, charged by the elements."""
        base = self.visit(node["children"][0], value)
        self._charge_elements(base, node["children"][1]["size"])
        return super().visit_projection(_settled(node, base), value)

    def visit_value_projection(self, node: Json, value: Json) -> Json:
        """Project, charged by the values."""
        base = self.visit(node["children"][0], value)
        self._charge_elements(base, node["children"][1]["size"])
        return super().visit_value_projection(_settled(node, base), value)

    def visit_filter_projection(self, node: Json, value: Json) -> Json:
        """Filter and project, charged by the elements."""
        base = self.visit(node["children"][0], value)
        self._charge_elements(base, node["children"][1]["size"] + node["children"][2]["size"])
        return super().visit_filter_projection(_settled(node, base), value)

    def visit_flatten(self, node: Json, value: Json) -> Json:
        """Flatten, charged by the elements of the result before there is one."""
        base = self.visit(node["children"][0], value)
        if isinstance(base, list):
            charge_flatten(base, self._budget)
        return super().visit_flatten(_settled(node, base), value)

    def visit_slice(self, node: Json, value: Json) -> Json:
        """Slice, charged by the elements."""
        self._charge_elements(value, 0)
        return super().visit_slice(node, value)

    def _charge_elements(self, base: Json, size: int) -> None:
        if isinstance(base, list | dict):
            self._budget.charge(repeated(len(base), size))


def _settled(node: Ast, *values: Json) -> Json:
    """Give a node whose first children have been evaluated, for the library to go on with."""
    literals = [{"type": "literal", "children": [], "value": value} for value in values]
    return {**node, "children": [*literals, *node["children"][len(values) :]]}
