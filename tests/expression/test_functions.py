"""The law of all extension functions, driven from their table."""

from itertools import product

import pytest
from jmespath.functions import Functions

from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.expression import parse_expression
from checker.expression.extension import ExtensionFunction
from checker.expression.faults import EvaluationError
from checker.expression.functions import CALLS, EXTENSIONS, EXTENSIONS_BY_NAME
from checker.expression.syntax import parse, walk

SAMPLES: tuple[Json, ...] = (None, True, 1.5, "x", ["x"], [1], [[]], {"x": 1})

available = [function for function in EXTENSIONS if function.available()]
each_function = pytest.mark.parametrize(
    "function", available, ids=[function.name for function in available]
)


def evaluate(function: ExtensionFunction, arguments: list[Json]) -> Json:
    """Call a function as a rule does, with arguments that come from the event."""
    names = ", ".join(f"a{position}" for position in range(len(arguments)))
    event = {f"a{position}": value for position, value in enumerate(arguments)}
    return compile_expression(parse_expression(f"{function.name}({names})"), {})(event)


def sample_arguments(function: ExtensionFunction) -> list[Json]:
    """Take the arguments of the function's own example."""
    calls = [node for node in walk(parse(function.example)) if node.get("value") == function.name]
    return [
        compile_expression(parse_expression(function.example[slice(*child["span"])]), {})({})
        for child in calls[0]["children"]
    ]


@each_function
def test_the_example_gives_what_it_says(function: ExtensionFunction) -> None:
    evaluate_on = compile_expression(parse_expression(function.example), {})

    assert evaluate_on({}) == function.gives


@each_function
def test_null_gives_the_stated_value(function: ExtensionFunction) -> None:
    for position, parameter in enumerate(function.parameters):
        arguments = sample_arguments(function)
        arguments[position] = None
        if parameter.subject:
            assert evaluate(function, arguments) == function.when_null


@each_function
def test_any_other_wrong_type_raises(function: ExtensionFunction) -> None:
    for (position, parameter), value in product(enumerate(function.parameters), SAMPLES):
        arguments = sample_arguments(function)
        arguments[position] = value
        if not parameter.takes(value) and not (value is None and parameter.subject):
            with pytest.raises(EvaluationError, match="expected"):
                evaluate(function, arguments)


@each_function
def test_the_first_argument_is_what_is_asked_about(function: ExtensionFunction) -> None:
    assert function.parameters[0].subject


@each_function
def test_the_documentation_is_there(function: ExtensionFunction) -> None:
    assert function.doc.endswith(".")
    assert function.when_null is None or not function.when_null
    assert (
        ("null" in function.returns) or "any" in function.returns or function.when_null is not None
    )


def test_names_are_unique_and_none_hides_a_standard_one() -> None:
    assert len(EXTENSIONS_BY_NAME) == len(EXTENSIONS)
    assert not EXTENSIONS_BY_NAME.keys() & Functions.FUNCTION_TABLE.keys()


def test_standard_functions_are_told_as_exactly_as_ours() -> None:
    assert CALLS["sort_by"].signature == "sort_by(array, expref)"
    assert CALLS["sort_by"].exprefs == {1}
    assert CALLS["merge"].variadic
    assert CALLS["contains"].boolean
    assert CALLS["glob"].boolean
    assert not CALLS["length"].boolean
