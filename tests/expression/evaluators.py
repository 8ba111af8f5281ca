"""Both ways to evaluate, which must agree on every value and every error."""

from checker.aws import Json
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate
from checker.expression.expression import parse_expression
from checker.expression.faults import EvaluationError
from checker.expression.interpreter import interpret_expression


def both(text: str, parameters: dict[str, Json] | None = None) -> Evaluate:
    """Give a function that evaluates in both ways and asserts that they agree."""
    expression = parse_expression(text)
    compiled = compile_expression(expression, parameters or {})
    interpreted = interpret_expression(expression, parameters or {})

    def evaluate(event: Json) -> Json:
        assert outcome_of(compiled, event) == outcome_of(interpreted, event)
        return compiled(event)

    return evaluate


def outcome_of(evaluate: Evaluate, event: Json) -> tuple[str, str]:
    """Give what comes of evaluating, so that it can be compared: true is not 1 here."""
    try:
        return ("value", repr(evaluate(event)))
    except EvaluationError as error:
        return ("error", error.cause)
