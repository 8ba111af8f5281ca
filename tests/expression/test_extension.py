import pytest

from checker.aws import Json
from checker.expression.extension import ExtensionFunction, Parameter, type_of, wrong_type


def refuse(_value: Json) -> Json:
    raise ValueError("cannot be read")


FUNCTION = ExtensionFunction(
    name="f",
    parameters=(
        Parameter(name="x", types=("array",), subject=True),
        Parameter(name="y", types=("string", "array-string")),
    ),
    returns=("array",),
    when_null=[],
    doc="",
    example="",
    gives=None,
    implementation=lambda x, y: [*x, y],
)


def test_null_for_the_subject_gives_the_stated_value_afresh() -> None:
    first = FUNCTION.call([None, "a"])
    first.append("changed")

    assert FUNCTION.call([None, "a"]) == []


@pytest.mark.parametrize("arguments", [[[], None], [None, None], ["a", "a"], [None, 1], [[], [1]]])
def test_any_other_wrong_type_raises(arguments: list[Json]) -> None:
    with pytest.raises(ValueError, match="expected"):
        FUNCTION.call(arguments)


def test_a_call_is_shown_by_its_parameters() -> None:
    assert FUNCTION.signature == "f(x, y)"


@pytest.mark.parametrize(
    ("types", "value", "accepted"),
    [
        (("number",), True, False),
        (("boolean",), 1, False),
        (("array-string",), [], True),
        (("array-string",), ["a", None], False),
        (("array-scalar",), ["a", None, 1, True], True),
        (("array-scalar",), [[]], False),
        (("any",), None, True),
        (("string",), None, False),
    ],
)
def test_types_are_json_s_not_python_s(
    types: tuple[str, ...], value: Json, *, accepted: bool
) -> None:
    assert Parameter(name="x", types=types).takes(value) is accepted


def test_a_wrong_list_is_told_from_no_list() -> None:
    assert wrong_type(["array-string"], "array").endswith("found an array with other elements")
    assert wrong_type(["array-string"], "string", "x") == (
        "expected an array of strings as x, found a string"
    )


def test_every_value_has_a_type() -> None:
    values: list[Json] = [None, True, 1, 1.5, "", [], {}]

    assert [type_of(value) for value in values] == [
        *("null", "boolean", "number", "number", "string", "array", "object")
    ]
