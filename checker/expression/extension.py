"""The model of an extension function, and the one law that all of them follow."""

from collections.abc import Callable, Sequence
from copy import copy

from msgspec import Struct

from checker.aws import Json

TYPE_NAMES = {
    "boolean": "a boolean",
    "number": "a number",
    "string": "a string",
    "array": "an array",
    "object": "an object",
    "null": "null",
    "expref": "an expression (&…)",
    "any": "any value",
    "array-string": "an array of strings",
    "array-number": "an array of numbers",
    "array-scalar": "an array of strings, numbers, booleans or nulls",
}

ONE_OR_MORE = ("string", "array-string")
"""The types of an argument that takes one text or several."""


def one_or_more(value: str | list[str]) -> list[str]:
    """Give a list where a function takes one text or several."""
    return [value] if isinstance(value, str) else value


class Parameter(Struct, frozen=True, kw_only=True):
    """One argument that a function takes.

    Attributes:
        name: As the signature in the documentation shows it.
        types: JMESPath types of which the argument has one; `array-string` and the like say what
            the elements are, `any` takes everything.
        subject: Whether null is an answerable question here: the function then gives `when_null`.
        reads: The paths that the function reads of an object; the object whole when empty.
        check: Raises ValueError for a value that the function cannot work with; used when a rule is
            loaded, on arguments that are literals or parameters of the rule.
    """

    name: str
    types: tuple[str, ...]
    subject: bool = False
    reads: tuple[tuple[str, ...], ...] = ()
    check: Callable[[Json], object] | None = None

    def takes(self, value: Json) -> bool:
        """Tell whether a value has one of the types."""
        return any(_is_a(name, value) for name in self.types)

    def refusal(self, value: Json) -> str:
        """Word what is wrong with a value of another type."""
        return wrong_type(self.types, type_of(value), self.name)


class ExtensionFunction(Struct, frozen=True, kw_only=True):
    """One function that expressions have beyond the JMESPath standard.

    The law: null for a subject gives `when_null`; any other wrong type, or text that cannot be
    parsed, raises.

    Attributes:
        parameters: In order; all must be given.
        returns: JMESPath types that it gives.
        when_null: What it gives when a subject is null.
        doc: One sentence for rule authors.
        example: An expression that needs no event.
        gives: The value of the example.
        implementation: Called with arguments whose types were checked; raises ValueError.
        walks: Whether it handles all that is below its arguments, which then is charged.
        crosses: Whether it tries every part of one argument against every part of another.
        extra: The optional dependency that it needs, if any.
        available: Whether that dependency is there.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: tuple[str, ...]
    when_null: Json
    doc: str
    example: str
    gives: Json
    implementation: Callable[..., Json]
    walks: bool = False
    crosses: bool = False
    extra: str = ""
    available: Callable[[], bool] = lambda: True

    @property
    def signature(self) -> str:
        """Show how it is called: `glob(text, patterns)`."""
        return f"{self.name}({', '.join(parameter.name for parameter in self.parameters)})"

    def call(self, arguments: Sequence[Json]) -> Json:
        """Apply the law, and the implementation where the law leaves it to that.

        Raises:
            ValueError: An argument has the wrong type, or its text cannot be parsed.
        """
        asked_of_null = False
        for parameter, argument in zip(self.parameters, arguments, strict=True):
            if argument is None and parameter.subject:
                asked_of_null = True
            elif not parameter.takes(argument):
                raise ValueError(parameter.refusal(argument))
        if asked_of_null:
            return copy(self.when_null)
        return self.implementation(*arguments)


def wrong_type(types: Sequence[str], found: str, parameter: str = "") -> str:
    """Word the cause of a call with a value of the wrong type.

    Args:
        types: What the function takes.
        found: The JMESPath type that it was given.
        parameter: The name of the argument, where known.
    """
    wanted = " or ".join(TYPE_NAMES.get(name, name) for name in types)
    named = f" as {parameter}" if parameter else ""
    got = TYPE_NAMES.get(found, found)
    if found == "array" and any(name.startswith("array") for name in types):
        got = "an array with other elements"
    return f"expected {wanted}{named}, found {got}"


def type_of(value: Json) -> str:
    """Name the JMESPath type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _is_a(name: str, value: Json) -> bool:
    if name == "any":
        return True
    base, _, elements = name.partition("-")
    if type_of(value) != base:
        return False
    if not elements:
        return True
    if elements == "scalar":
        return not any(isinstance(element, list | dict) for element in value)
    return all(type_of(element) == elements for element in value)
