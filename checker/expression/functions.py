"""All functions of expressions: the one table of extensions, and the standard ones beside it."""

from jmespath.functions import Functions
from msgspec import Struct

from checker.expression import (
    aws_functions,
    list_functions,
    network_functions,
    text_functions,
    time_functions,
)
from checker.expression.extension import ExtensionFunction

EXTENSIONS: tuple[ExtensionFunction, ...] = (
    *text_functions.EXTENSIONS,
    *aws_functions.EXTENSIONS,
    *network_functions.EXTENSIONS,
    *list_functions.EXTENSIONS,
    *time_functions.EXTENSIONS,
)
EXTENSIONS_BY_NAME = {function.name: function for function in EXTENSIONS}

_STANDARD_BOOLEANS = frozenset({"contains", "ends_with", "starts_with"})


class Call(Struct, frozen=True, kw_only=True):
    """What a call of a function must look like, whichever kind of function it is.

    Attributes:
        arguments: How many it takes, at least that many when it is variadic.
        exprefs: The positions that take an expression (`&name`), counted from 0.
        boolean: Whether it gives true or false and nothing else.
    """

    signature: str
    arguments: int
    variadic: bool = False
    exprefs: frozenset[int] = frozenset()
    boolean: bool = False


def _standard(name: str) -> Call:
    parameters = Functions.FUNCTION_TABLE[name]["signature"]
    variadic = bool(parameters and parameters[-1].get("variadic"))
    shown = [" or ".join(parameter["types"]) or "any" for parameter in parameters]
    return Call(
        signature=f"{name}({', '.join(shown)}{', …' if variadic else ''})",
        arguments=len(parameters),
        variadic=variadic,
        exprefs=frozenset(
            position
            for position, parameter in enumerate(parameters)
            if "expref" in parameter["types"]
        ),
        boolean=name in _STANDARD_BOOLEANS,
    )


def _extension(function: ExtensionFunction) -> Call:
    return Call(
        signature=function.signature,
        arguments=len(function.parameters),
        boolean=function.returns == ("boolean",),
    )


CALLS = {name: _standard(name) for name in Functions.FUNCTION_TABLE} | {
    function.name: _extension(function) for function in EXTENSIONS
}
"""Every function that an expression may call."""
