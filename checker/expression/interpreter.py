"""Compiles expressions to functions of an event, by interpreting the tree within a budget."""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from jmespath.exceptions import JMESPathError, JMESPathTypeError
from jmespath.functions import TYPES_MAP, Functions
from jmespath.visitor import Options, TreeInterpreter

from checker.aws import Json
from checker.errors import did_you_mean
from checker.expression.budget import Budget, repeated, weight
from checker.expression.check import check_constants
from checker.expression.expression import Expression
from checker.expression.extension import TYPE_NAMES, type_of, wrong_type
from checker.expression.faults import EvaluationError, ExpressionError
from checker.expression.functions import EXTENSIONS_BY_NAME
from checker.expression.syntax import Ast
from checker.limits import DEFAULT, Limits

__all__ = ["Evaluate", "EvaluationError", "compile_expression", "holds"]

Evaluate: TypeAlias = Callable[[Json], Json]
"""Gives an expression's value on an event, or raises EvaluationError."""

_EXCERPT = 60


def compile_expression(
    expression: Expression, parameters: Mapping[str, Json], limits: Limits = DEFAULT
) -> Evaluate:
    """Make the function that evaluates an expression.

    Args:
        expression: As `parse_expression` gives it.
        parameters: A value for each of its parameters; others are ignored.
        limits: What one evaluation may cost.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    ast = _bind(expression.ast, parameters)
    check_constants(ast)
    return _Interpreter(expression.text, ast, limits).evaluate


def holds(value: Json) -> bool:
    """Tell whether a value is true in JMESPath: not null, false, '', [] or {}; 0 is true."""
    return value is not None and value is not False and value not in ("", [], {})


class _Interpreter(TreeInterpreter):
    """The library's interpreter with parameters bound, `$event`, and a budget."""

    def __init__(self, text: str, ast: Ast, limits: Limits) -> None:
        self._budget = Budget(limits)
        super().__init__(Options(custom_functions=_Functions(self._budget)))
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
        """Compare; the library raises a bare TypeError for `1 < 'a'`."""
        left, right = (self.visit(child, value) for child in node["children"])
        kinds = {type_of(left), type_of(right)}
        if node["value"] in {"eq", "ne"}:
            if kinds <= {"array", "object"}:
                self._budget.charge_whole(left)
                self._budget.charge_whole(right)
        elif kinds == {"string", "number"}:
            cause = f"cannot tell the order of {_named(left)} and {_named(right)}"
            raise EvaluationError(f"{self._excerpt(node)}: {cause}")
        return super().visit_comparator(_settled(node, left, right), value)

    def visit_function_expression(self, node: Json, value: Json) -> Json:
        """Call a function; whatever it raises names the call."""
        arguments = [self.visit(child, value) for child in node["children"]]
        for child in node["children"]:
            if child["type"] == "expref":
                times = max((len(one) for one in arguments if isinstance(one, list)), default=0)
                self._budget.charge(repeated(times, child["size"]))
        try:
            return super().visit_function_expression(_settled(node, *arguments), value)
        except JMESPathTypeError as error:
            cause = _type_cause(error, arguments)
            raise EvaluationError(f"{self._excerpt(node)}: {cause}") from error
        except (JMESPathError, TypeError, ValueError, OverflowError) as error:
            raise EvaluationError(f"{self._excerpt(node)}: {error}") from error

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
            size = sum(len(one) if isinstance(one, list) else 1 for one in base)
            self._budget.charge(len(base) + size)
            self._budget.admit(size)
        return super().visit_flatten(_settled(node, base), value)

    def visit_slice(self, node: Json, value: Json) -> Json:
        """Slice, charged by the elements."""
        self._charge_elements(value, 0)
        return super().visit_slice(node, value)

    def _charge_elements(self, base: Json, size: int) -> None:
        if isinstance(base, list | dict):
            self._budget.charge(repeated(len(base), size))

    def _excerpt(self, node: Ast) -> str:
        start, end = node["span"]
        shown = " ".join(self._text[start:end].split())
        return shown if len(shown) <= _EXCERPT else shown[: _EXCERPT - 1] + "…"


class _Functions(Functions):
    """The library's functions and the extensions, charged for what they are given."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def call_function(self, function_name: str, resolved_args: Json) -> Json:
        """Call a function with arguments that were evaluated."""
        extension = EXTENSIONS_BY_NAME.get(function_name)
        if extension:
            combine = math.prod if extension.crosses else sum
            self._budget.charge(combine(weight(argument) for argument in resolved_args))
            if extension.walks:
                self._budget.charge_whole(resolved_args)
            result = extension.call(resolved_args)
        else:
            self._budget.charge(sum(weight(argument) for argument in resolved_args))
            self._charge_standard(function_name, resolved_args)
            result = super().call_function(function_name, resolved_args)
        if isinstance(result, str | list | dict):
            self._budget.admit(len(result))
        if isinstance(result, float) and not math.isfinite(result):
            raise ValueError("the result is no finite number")
        return result

    def _charge_standard(self, name: str, arguments: list[Json]) -> None:
        """Charge for what a function does beyond the length of its arguments, before it does."""
        first, last = arguments[0], arguments[-1]
        if name == "to_string" and not isinstance(first, str):
            self._budget.charge_whole(first)
        elif name == "contains" and isinstance(first, str) and not isinstance(last, str):
            raise ValueError(f"a string contains strings, not {_named(last)}")
        elif name == "contains" and isinstance(last, list | dict):
            self._budget.charge_whole(first)
            self._budget.charge_whole(last)
        elif name == "join" and isinstance(first, str) and isinstance(last, list):
            texts = [one for one in last if isinstance(one, str)]
            self._budget.admit(len(first) * len(texts) + sum(map(len, texts)))


def _bind(node: Ast, parameters: Mapping[str, Json]) -> Ast:
    """Copy a tree with the values of parameters as literals, where the parameters stood."""
    if node["type"] == "slice":
        return node
    if node["type"] == "parameter":
        name = node["value"]
        if name not in parameters:
            start, end = node["span"]
            hint = did_you_mean(name, sorted(parameters))
            raise ExpressionError(f"the parameter '${name}' has no value", start, end, hint)
        return {**node, "type": "literal", "value": parameters[name]}
    return {**node, "children": [_bind(child, parameters) for child in node["children"]]}


def _settled(node: Ast, *values: Json) -> Json:
    """Give a node whose first children have been evaluated, for the library to go on with."""
    literals = [{"type": "literal", "children": [], "value": value} for value in values]
    return {**node, "children": [*literals, *node["children"][len(values) :]]}


def _named(value: Json) -> str:
    return TYPE_NAMES[type_of(value)]


def _type_cause(error: JMESPathTypeError, arguments: list[Json]) -> str:
    found = TYPES_MAP.get(error.actual_type, error.actual_type)
    cause = wrong_type(error.expected_types, found)
    of_element = any("-" in name for name in error.expected_types)
    if of_element and any(isinstance(argument, list) for argument in arguments):
        return f"{cause} among its elements"
    return cause
