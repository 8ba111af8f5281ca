"""The text of one Python function under construction, for the compiler of expressions."""

import linecache
from collections.abc import Mapping
from itertools import count
from typing import Final

from checker.aws import Json
from checker.expression.evaluation import Evaluate, holds
from checker.expression.faults import EvaluationError

INDENT: Final = "    "

_NUMBER: Final = count(1)

# CPython compiles at most 20 loops and 100 indents inside of one another.
_MOST_LOOPS: Final = 16
_MOST_BLOCKS: Final = 80


class TooNestedError(Exception):
    """Python takes no more loops or blocks inside of one another."""


class Value:
    """Where a node's value is.

    Attributes:
        code: A local name or a constant: it costs nothing to repeat.
        boolean: Whether it is True or False and nothing else.
        constant: Whether it is a literal, and so known when compiling.
        value: The literal's value.
    """

    __slots__ = ("boolean", "code", "constant", "value")

    def __init__(
        self, code: str, *, boolean: bool = False, constant: bool = False, value: Json = None
    ) -> None:
        self.code = code
        self.boolean = boolean
        self.constant = constant
        self.value = value

    @property
    def truth(self) -> str:
        """Give the code that tells whether it is true in JMESPath."""
        return self.code if self.boolean else f"holds({self.code})"


class FunctionText:
    """Statements of a function of `event`, and the constants that they name.

    Attributes:
        depth: Indents of the next statement.
        loops: Loops that it stands in.
    """

    def __init__(self, text: str, known: Mapping[str, object]) -> None:
        self.depth = 2
        self.loops = 0
        self._text = text
        self._lines: list[str] = []
        self._names = count(1)
        self._known: dict[str, object] = {
            "EvaluationError": EvaluationError,
            "holds": holds,
            **known,
        }

    def function(self, result: Value) -> Evaluate:
        """Give the function, which returns a value; `budget` is among what it knows."""
        if not (result.boolean or result.constant):
            # A container is about to be written or walked by someone who has no budget.
            self.say(f"if type({result.code}) in (list, dict):")
            self.say(f"{INDENT}budget.charge_whole({result.code})")
        self.say(f"return {result.code}")
        source = "\n".join(
            [
                "def evaluate(event):",
                f"{INDENT}budget.renew()",
                f"{INDENT}try:",
                *self._lines,
                f"{INDENT}except RecursionError as error:",
                f'{INDENT * 2}raise EvaluationError("a value is nested too deep") from error',
                "",
            ]
        )
        name = f"<condition {next(_NUMBER)}: {' '.join(self._text.split())!a}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        namespace: dict[str, Json] = dict(self._known)
        exec(compile(source, name, "exec"), namespace)  # noqa: S102 - our own text: no name or value in it is the rule's
        evaluate: Evaluate = namespace["evaluate"]
        return evaluate

    def say(self, line: str) -> None:
        """Write a line at the present depth."""
        if self.depth > _MOST_BLOCKS or self.loops > _MOST_LOOPS:
            raise TooNestedError
        self._lines.append(f"{INDENT * self.depth}{line}")

    def assign(self, code: str, *, boolean: bool = False) -> Value:
        """Write an assignment to a new local."""
        name = self.name()
        self.say(f"{name} = {code}")
        return Value(name, boolean=boolean)

    def name(self) -> str:
        """Give a local name that is not in use."""
        return f"v{next(self._names)}"

    def constant(self, value: object) -> str:
        """Give a name for a value that the function knows from the start."""
        name = f"c{next(self._names)}"
        self._known[name] = value
        return name
