"""What evaluating means, for whatever evaluates: truth, comparison, calls, and what is charged."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from jmespath.exceptions import JMESPathError, JMESPathTypeError
from jmespath.functions import TYPES_MAP, Functions

from checker.aws import Json
from checker.expression.budget import Budget, weight
from checker.expression.extension import TYPE_NAMES, type_of, wrong_type
from checker.expression.faults import EvaluationError
from checker.expression.functions import EXTENSIONS_BY_NAME
from checker.expression.syntax import Ast

Evaluate: TypeAlias = Callable[[Json], Json]
"""Gives an expression's value on an event, or raises EvaluationError."""

_ORDERS: Final[Mapping[str, Callable[[Json, Json], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}
_TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
}
_EXCERPT = 60


def holds(value: Json) -> bool:
    """Tell whether a value is true in JMESPath: not null, false, '', [] or {}; 0 is true."""
    return value is not None and value is not False and value not in ("", [], {})


def equal(left: Json, right: Json, budget: Budget) -> bool:
    """Compare two values; true is not 1, and false is not 0."""
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        budget.charge_whole(left)
        budget.charge_whole(right)
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    same: bool = left == right
    return same


def ordered(name: str, left: Json, right: Json, shown: str) -> bool | None:
    """Compare the order of two numbers or two texts; null for anything else.

    Args:
        name: `lt`, `lte`, `gt` or `gte`.
        left: The left side's value.
        right: The right side's value.
        shown: The comparison, for the error.

    Raises:
        EvaluationError: One is a number and the other a text.
    """
    kinds = {type_of(left), type_of(right)}
    if kinds == {"string", "number"}:
        cause = f"cannot tell the order of {_named(left)} and {_named(right)}"
        raise EvaluationError(f"{shown}: {cause}")
    return _ORDERS[name](left, right) if kinds <= {"string", "number"} else None


def call(functions: Functions, name: str, arguments: Sequence[Json], shown: str) -> Json:
    """Call a function; whatever it raises names the call.

    Args:
        functions: Those of the evaluation, charged to its budget.
        name: The function.
        arguments: Evaluated.
        shown: The call, for the error.

    Raises:
        EvaluationError: The function cannot work with them, or it costs too much.
    """
    try:
        return functions.call_function(name, arguments)
    except JMESPathTypeError as error:
        raise EvaluationError(f"{shown}: {_type_cause(error, arguments)}") from error
    except (JMESPathError, TypeError, ValueError, OverflowError) as error:
        raise EvaluationError(f"{shown}: {error}") from error


def excerpt(text: str, node: Ast) -> str:
    """Give the text of a node, on one line and not long."""
    start, end = node["span"]
    shown = " ".join(text[start:end].split())
    return shown if len(shown) <= _EXCERPT else shown[: _EXCERPT - 1] + "…"


class ChargedFunctions(Functions):
    """The library's functions and the extensions, charged for what they are given."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def call_function(self, function_name: str, resolved_args: Json) -> Json:
        """Call a function with arguments that were evaluated."""
        test = _TEXT_TESTS.get(function_name)
        if test and all(isinstance(argument, str) for argument in resolved_args):
            # The commonest calls, without the library's checks of what is known already.
            text, part = resolved_args
            self._budget.charge(weight(text) + weight(part))
            return test(text, part)
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


def _named(value: Json) -> str:
    return TYPE_NAMES[type_of(value)]


def _type_cause(error: JMESPathTypeError, arguments: Sequence[Json]) -> str:
    found = TYPES_MAP.get(error.actual_type, error.actual_type)
    cause = wrong_type(error.expected_types, found)
    of_element = any("-" in name for name in error.expected_types)
    if of_element and any(isinstance(argument, list) for argument in arguments):
        return f"{cause} among its elements"
    return cause
