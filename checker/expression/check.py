"""Finds what is wrong with an expression before it meets an event."""

from collections.abc import Mapping

from checker.aws import Json
from checker.errors import did_you_mean
from checker.expression.extension import Parameter
from checker.expression.functions import CALLS, EXTENSIONS_BY_NAME, Call
from checker.expression.syntax import Ast, ExpressionError, nodes_below, walk


def check(root: Ast) -> None:
    """Check every call of a function: its name, its arguments, and whether it can run here.

    Raises:
        ExpressionError: At the first call that could never work.
    """
    if root["type"] == "expref":
        raise _misplaced(root)
    for node in walk(root):
        if node["type"] == "function_expression":
            _check_call(node)
        elif any(child["type"] == "expref" for child in nodes_below(node)):
            raise _misplaced(next(c for c in nodes_below(node) if c["type"] == "expref"))


def bind(root: Ast, parameters: Mapping[str, Json]) -> Ast:
    """Copy a tree with the values of parameters as literals, and check what functions get of them.

    Raises:
        ExpressionError: A parameter has no value, or one that a function cannot work with.
    """
    bound = _bind(root, parameters)
    check_constants(bound)
    return bound


def check_constants(root: Ast) -> None:
    """Check the arguments that are literals: patterns, networks, times, zones.

    Raises:
        ExpressionError: At the first one that its function could never work with.
    """
    for node in walk(root):
        if node["type"] == "function_expression" and node["value"] in EXTENSIONS_BY_NAME:
            extension = EXTENSIONS_BY_NAME[node["value"]]
            for parameter, argument in zip(extension.parameters, node["children"], strict=True):
                if _is_constant(argument):
                    _check_constant(parameter, argument)


def _bind(node: Ast, parameters: Mapping[str, Json]) -> Ast:
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


def _check_call(node: Ast) -> None:
    name = node["value"]
    start, end = node["span"]
    call = CALLS.get(name)
    if call is None:
        hint = did_you_mean(name, sorted(CALLS))
        raise ExpressionError(f"there is no function '{name}'", start, start + len(name), hint)
    given = len(node["children"])
    if given < call.arguments or (given > call.arguments and not call.variadic):
        raise ExpressionError(_arity(name, call, given), start, end, f"it is {call.signature}")
    for position, argument in enumerate(node["children"]):
        _check_expref(call, position, argument)
    extension = EXTENSIONS_BY_NAME.get(name)
    if extension and not extension.available():
        hint = f"install trailcheck[{extension.extra}]"
        cause = f"the function '{name}' needs the extra '{extension.extra}'"
        raise ExpressionError(cause, start, start + len(name), hint)


def _arity(name: str, call: Call, given: int) -> str:
    least = "at least " if call.variadic else ""
    plural = "" if call.arguments == 1 else "s"
    return f"{name}() takes {least}{call.arguments} argument{plural}, {given} given"


def _check_expref(call: Call, position: int, argument: Ast) -> None:
    is_expref = argument["type"] == "expref"
    if is_expref and position not in call.exprefs:
        raise _misplaced(argument)
    if position in call.exprefs and not is_expref:
        start, end = argument["span"]
        cause = "expected an expression that begins with '&'"
        raise ExpressionError(cause, start, end, f"it is {call.signature}; expref is like &name")


def _misplaced(node: Ast) -> ExpressionError:
    start, end = node["span"]
    hint = "'&' begins an argument of map, sort_by, min_by, max_by; 'and' is written &&"
    return ExpressionError("an '&' has no place here", start, end, hint)


def _is_constant(node: Ast) -> bool:
    """Tell a literal, or a list of literals in brackets."""
    if node["type"] == "multi_select_list":
        return all(child["type"] == "literal" for child in node["children"])
    return bool(node["type"] == "literal")


def _constant(node: Ast) -> Json:
    if node["type"] == "literal":
        return node["value"]
    return [child["value"] for child in node["children"]]


def _check_constant(parameter: Parameter, argument: Ast) -> None:
    value = _constant(argument)
    start, end = argument["span"]
    if value is None and parameter.subject:
        return
    if not parameter.takes(value):
        raise ExpressionError(parameter.refusal(value), start, end)
    if parameter.check:
        try:
            parameter.check(value)
        except ValueError as error:
            raise ExpressionError(str(error), start, end) from error
