"""What can be wrong with an expression: in its text, or on one event."""


class ExpressionError(ValueError):
    """An expression cannot be used as it is written.

    Attributes:
        cause: What was found and what was expected, lower case, no final full stop.
        start: Where the fault begins in the text, in characters.
        end: Where it ends, exclusive.
        hint: What to write instead; may be empty.
    """

    def __init__(self, cause: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(cause, start, end, hint)
        self.cause = cause
        self.start = start
        self.end = end
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.cause}; {self.hint}" if self.hint else self.cause

    def moved(self, offset: int) -> "ExpressionError":
        """Give the same fault for a text in which the expression begins at `offset`."""
        return ExpressionError(self.cause, self.start + offset, self.end + offset, self.hint)


class EvaluationError(Exception):
    """An expression raised on one event: it has no value there.

    Attributes:
        cause: What went wrong, lower case, no final full stop; may quote the event.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause
