"""Extension functions over lists and objects."""

from checker.aws import Json
from checker.expression.extension import ExtensionFunction, Parameter


def as_list(value: Json) -> list[Json]:
    """Give a list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def has_any(values: Json, accepted: Json) -> bool:
    """Tell whether one of the values is among the accepted ones; either may be a single one."""
    wanted = {_key(value) for value in as_list(accepted)}
    return any(_key(value) in wanted for value in as_list(values))


def get(mapping: dict[str, Json], key: str) -> Json:
    """Give the value at a key that is itself a value, None where there is none."""
    return mapping.get(key)


def _key(value: Json) -> tuple[bool, Json]:
    """Tell true from 1, as JMESPath does and a Python set does not."""
    return isinstance(value, bool), value


_SCALARS = ("string", "number", "boolean", "array-scalar")


EXTENSIONS = (
    ExtensionFunction(
        name="as_list",
        parameters=(Parameter(name="x", types=("any",), subject=True),),
        returns=("array",),
        when_null=[],
        doc="A list as it is, anything else as a list of one, null as an empty one.",
        example="as_list('a')",
        gives=["a"],
        implementation=as_list,
    ),
    ExtensionFunction(
        name="any_in",
        parameters=(
            Parameter(name="values", types=_SCALARS, subject=True),
            Parameter(name="list", types=_SCALARS, subject=True),
        ),
        returns=("boolean",),
        when_null=False,
        doc="Whether one of the values is in the list; either may be a single value.",
        example="any_in(['a', 'b'], ['b', 'c'])",
        gives=True,
        implementation=has_any,
    ),
    ExtensionFunction(
        name="get",
        parameters=(
            Parameter(name="map", types=("object",), subject=True),
            Parameter(name="key", types=("string",), subject=True),
        ),
        returns=("any",),
        when_null=None,
        doc="The value at a key that is itself computed; null where there is none.",
        example="get(`{\"a\": 1}`, 'a')",
        gives=1,
        implementation=get,
    ),
)
