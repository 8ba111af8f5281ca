"""Fuzzes the expression compiler: any text is refused with a place, or evaluates within a budget."""

import sys

import atheris

with atheris.instrument_imports(include=["checker"]):
    from checker.expression.compiler import compile_expression
    from checker.expression.expression import ExpressionError, parse_expression
    from checker.expression.faults import EvaluationError
    from checker.expression.message import compile_message, parse_message

_EVENT = {
    "eventName": "AttachPolicy",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
    "requestParameters": {"names": ["a", "b"], "count": 3, "nothing": None},
}


def check_place(error: ExpressionError, text: str) -> None:
    """Raise unless what is wrong is somewhere in the text."""
    if not 0 <= error.start <= error.end <= len(text):
        raise AssertionError(f"{error.start}:{error.end} is outside of {text!r}")


def fuzz(content: bytes) -> None:
    """Use the text as a condition and as a message."""
    text = atheris.FuzzedDataProvider(content).ConsumeUnicode(len(content))
    try:
        condition = parse_expression(text)
        compile_expression(condition, dict.fromkeys(condition.parameters, "x"))(_EVENT)
    except ExpressionError as error:
        check_place(error, text)
    except EvaluationError:
        pass
    try:
        message = parse_message(text)
        names = {name for each in message.expressions for name in each.parameters}
        assert isinstance(compile_message(message, dict.fromkeys(names, "x"))(_EVENT), str)
    except ExpressionError as error:
        check_place(error, text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
