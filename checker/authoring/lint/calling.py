"""What a call of a function takes, gives, and tells about its arguments."""

from collections.abc import Mapping, Sequence
from typing import Final

from jmespath.functions import Functions
from msgspec.structs import replace

from checker.authoring.lint.facts import Facts
from checker.authoring.lint.values import (
    ANY,
    BOOLEAN,
    NULL,
    UNKNOWN,
    Constant,
    Value,
    either,
    element_of,
)
from checker.expression.functions import EXTENSIONS_BY_NAME
from checker.expression.time_functions import WEEKDAYS

_GIVES: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(types.split())
    for name, types in {
        "abs": "number",
        "avg": "number null",
        "ceil": "number",
        "contains": "boolean",
        "ends_with": "boolean",
        "floor": "number",
        "join": "string",
        "keys": "array",
        "length": "number",
        "map": "array",
        "max": "number string null",
        "merge": "object",
        "min": "number string null",
        "reverse": "array string",
        "sort": "array",
        "sort_by": "array",
        "starts_with": "boolean",
        "sum": "number",
        "to_array": "array",
        "to_number": "number null",
        "to_string": "string",
        "type": "string",
        "values": "array",
    }.items()
}
"""What the functions of the standard give; any value, where one is not listed."""

RESULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity_type": (
        *("root", "iam_user", "role", "sso_role", "service_linked_role", "federated_user"),
        *("saml_user", "web_identity_user", "identity_center_user", "aws_service"),
        *("aws_account", "unknown"),
    ),
    "outcome": ("success", "denied", "failed"),
    "type": ("array", "boolean", "null", "number", "object", "string"),
    "weekday": tuple(WEEKDAYS),
}
"""The functions that give one of a few texts."""

_TEXT: Final = Value(types=frozenset({"string"}))
_TEXTS: Final = Value(types=frozenset({"array"}), element=_TEXT)
_PRINCIPALS: Final = Value(
    types=frozenset({"array"}),
    element=Value(types=frozenset({"object"}), fields={"type": _TEXT, "id": _TEXT}),
)
_MADE: Final[Mapping[str, Value]] = {
    "arn": Value(
        types=frozenset({"object", "null"}),
        fields={
            **dict.fromkeys(("partition", "service", "resource"), _TEXT),
            **dict.fromkeys(
                ("region", "account", "resource_type"), Value(types=_TEXT.types | NULL)
            ),
        },
    ),
    "policy": Value(
        types=frozenset({"array", "null"}),
        element=Value(
            types=frozenset({"object"}),
            fields={
                **dict.fromkeys(("Sid", "Effect"), _TEXT),
                **dict.fromkeys(("Action", "NotAction", "Resource", "NotResource"), _TEXTS),
                **dict.fromkeys(("Principals", "NotPrincipals"), _PRINCIPALS),
                "Condition": Value(types=frozenset({"object"})),
            },
        ),
    ),
    "policy_accounts": _TEXTS,
}
"""What functions give whose results have fields of their own."""

_SAME_ELEMENTS: Final = frozenset({"reverse", "sort", "sort_by"})


def accepted(name: str, position: int) -> frozenset[str]:
    """Give the types that an argument may have without the function raising."""
    extension = EXTENSIONS_BY_NAME.get(name)
    if extension:
        parameter = extension.parameters[position]
        types = {each.partition("-")[0] for each in parameter.types}
        types |= {"null"} if parameter.subject else set()
    else:
        signature = Functions.FUNCTION_TABLE[name]["signature"]
        types = {
            each.partition("-")[0] for each in signature[min(position, len(signature) - 1)]["types"]
        }
    return ANY if not types or "any" in types else frozenset(types)


def result(name: str, arguments: Sequence[Value]) -> Value:
    """Give what is known of what a function gives."""
    extension = EXTENSIONS_BY_NAME.get(name)
    types = frozenset(extension.returns) if extension else _GIVES.get(name, ANY)
    types = ANY if "any" in types else frozenset(each.partition("-")[0] for each in types)
    if name == "not_null":
        return _first(arguments)
    if name == "as_list":
        return Value(types=types, element=_as_element(arguments[0]))
    if name in _SAME_ELEMENTS:
        return Value(types=types, element=element_of(arguments[0]))
    made = _MADE.get(name) or Value(types=types, constants=_constants(name))
    if name in _KEEPS and not any(each.may_be_null for each in arguments):
        return replace(made, types=made.types - NULL)
    return made


_KEEPS: Final = frozenset(
    {"arn", "identity_type", "lower", "outcome", "policy", "split", "trim", "upper"}
)
"""Extension functions that give null for null alone, or for text as good as none."""


def _constants(name: str) -> frozenset[Constant] | None:
    texts = RESULTS.get(name)
    return frozenset(("string", text) for text in texts) if texts else None


def _first(arguments: Sequence[Value]) -> Value:
    known = arguments[0]
    for each in arguments[1:]:
        known = either(known, each)
    if all(each.may_be_null for each in arguments):
        return known
    return Value(types=known.types - NULL, constants=known.constants)


def _as_element(value: Value) -> Value:
    if value.types - NULL == {"array"}:
        return element_of(value)
    if "array" in value.types:
        return UNKNOWN if value.path is None else Value(types=ANY - NULL, path=(*value.path, None))
    return Value(types=value.types - NULL, constants=value.constants)


def facts_of_call(
    name: str, arguments: Sequence[Value], facts: Facts
) -> tuple[Facts, Facts, bool | None]:
    """Give what is known where a call gives true, where it does not, and its truth if certain."""
    after = facts
    for position, argument in enumerate(arguments):
        types = accepted(name, position)
        if types != ANY:
            # It would have raised on anything else.
            after = after.with_types(argument, types)
    if name in {"contains", "any_in"}:
        return _facts_of_membership(name, arguments, after)
    extension = EXTENSIONS_BY_NAME.get(name)
    yes = after
    if extension and extension.when_null is False:
        for parameter, argument in zip(extension.parameters, arguments, strict=True):
            if parameter.subject:
                yes = yes.with_types(argument, ANY - NULL)
    return yes, after, None


def _facts_of_membership(
    name: str, arguments: Sequence[Value], after: Facts
) -> tuple[Facts, Facts, bool | None]:
    """Follow `contains(list, x)` and `any_in(x, list)`, where the list is of constants."""
    listed, sought = arguments if name == "contains" else arguments[::-1]
    if name == "any_in" and "array" in sought.types:
        return after.with_types(sought, ANY - NULL), after, None
    element = listed.element
    if listed.types != {"array"} or element is None or element.constants is None:
        return after, after, None
    yes, no, truth = after, after, None
    known = after.of(sought)
    if known.constants is not None and known.types:
        common = known.constants & element.constants
        if not common and not (known.may_be_null and element.may_be_null):
            truth = False
        elif common == known.constants and not known.may_be_null:
            truth = True
    if not element.may_be_null:
        yes = after.with_constants(sought, element.constants)
    no = after.without(sought, element.constants)
    return yes, no, truth


def is_boolean(value: Value) -> bool:
    """Tell whether a value is true or false, or null."""
    return value.types - NULL <= BOOLEAN
