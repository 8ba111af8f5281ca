"""Bounds what one evaluation may cost, because a short expression can cost any amount.

Charged is only what the length of an expression does not bound: the elements that projections,
flatten and slices handle, and what functions are given. Whatever evaluates expressions charges by
the rules of this module, so that an expression meets its limit on the same events everywhere.
"""

from collections.abc import Sequence

from checker.aws import Json
from checker.expression.faults import EvaluationError
from checker.limits import Limits

CHARACTERS_PER_STEP = 64
NODES_PER_STEP = 8


class Budget:
    """The steps left for one evaluation; `renew` starts the next one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.evaluation_steps

    def renew(self) -> None:
        """Start another evaluation."""
        self._left = self._limits.evaluation_steps

    def charge(self, steps: int) -> None:
        """Take steps.

        Raises:
            EvaluationError: None are left.
        """
        self._left -= steps
        if self._left < 0:
            raise EvaluationError(f"it takes more than {self._limits.evaluation_steps:,} steps")

    def admit(self, size: int) -> None:
        """Accept an intermediate result by its elements or characters.

        Raises:
            EvaluationError: It is too large.
        """
        most = self._limits.evaluation_result
        if size > most:
            raise EvaluationError(f"a result has more than {most:,} elements or characters")

    def charge_whole(self, value: Json) -> None:
        """Take steps for a value and all that is below it, counted each time it occurs.

        A value can be far larger than the memory that it takes: `[@,@]` doubles it for nothing.
        """
        waiting = [value]
        while waiting:
            current = waiting.pop()
            self.charge(weight(current))
            if isinstance(current, dict):
                waiting.extend(current.values())
            elif isinstance(current, list):
                waiting.extend(current)


def weight(value: Json) -> int:
    """Count the steps for handling a value, not what is below it."""
    if isinstance(value, str):
        return 1 + len(value) // CHARACTERS_PER_STEP
    if isinstance(value, list | dict):
        return 1 + len(value)
    return 1


def repeated(times: int, size: int) -> int:
    """Count the steps for evaluating a part of an expression several times.

    Args:
        times: The elements of a list.
        size: The nodes that the part is made of.
    """
    return times * (1 + size // NODES_PER_STEP)


def longest(arguments: Sequence[Json]) -> int:
    """Count how often a function evaluates an expression in it: once an element of a list."""
    return max((len(one) for one in arguments if isinstance(one, list)), default=0)


def charge_flatten(base: list[Json], budget: Budget) -> None:
    """Charge for flattening a list, by the elements of the result before there is one."""
    size = sum(len(one) if isinstance(one, list) else 1 for one in base)
    budget.charge(len(base) + size)
    budget.admit(size)
