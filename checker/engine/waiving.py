"""Waiving: which waivers are about an event, and which of them cover it at its time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum, auto
from typing import TypeAlias

from msgspec import Struct

from checker.aws import Json
from checker.engine.scope import CompiledEntry, Scope, compile_entry, is_hidden, scope_of
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import Evaluate, holds
from checker.expression.expression import Expression
from checker.expression.faults import EvaluationError
from checker.expression.reads import Path
from checker.limits import Limits
from checker.policy.waiver import Waiver


class Standing(IntEnum):
    """How a violation stands to a waiver whose scope it is in."""

    COVERED = auto()
    COVERED_RETROACTIVELY = auto()
    BEFORE_APPROVAL = auto()
    AFTER_END = auto()


COVERING = frozenset({Standing.COVERED, Standing.COVERED_RETROACTIVELY})

Mark: TypeAlias = tuple[int, Standing]
"""The number of a waiver, and how a violation stands to it."""


class _Compiled(Struct, frozen=True):
    number: int
    waiver: Waiver
    alternatives: tuple[tuple[CompiledEntry, ...], ...]
    where: Evaluate | None

    @property
    def reads(self) -> frozenset[Path]:
        """Paths of all that the scope reads."""
        scope = self.waiver.scope
        listed = [entry.key.reads for alternative in scope.match for entry in alternative]
        listed += [scope.where.reads] if scope.where else []
        return frozenset(read.path for reads in listed for read in reads)


class Waiving:
    """The waivers of one rule, ready to be asked."""

    def __init__(self, waivers: Iterable[tuple[int, Waiver]], limits: Limits) -> None:
        """Compile waivers.

        Args:
            waivers: Of one rule, with their numbers.
            limits: What one evaluation may cost.
        """

        def compiled(expression: Expression) -> Evaluate:
            return compile_expression(expression, {}, limits)

        self._waivers = tuple(
            _Compiled(
                number,
                waiver,
                tuple(
                    tuple(compile_entry(entry, compiled) for entry in alternative)
                    for alternative in waiver.scope.match
                ),
                compiled(waiver.scope.where) if waiver.scope.where else None,
            )
            for number, waiver in waivers
        )

    def about(self, event: dict[str, Json]) -> tuple[int, ...]:
        """Give the numbers of the waivers whose scope an event is in."""
        return tuple(each.number for each in self._waivers if _is_about(each, event))

    def about_place(self, place: Mapping[str, Json]) -> tuple[int, ...]:
        """Give the numbers of the waivers in whose scope all is that could happen at a place.

        Args:
            place: Fields that events there have in common; of what else a scope reads, nothing is
                known, so that nothing is waived by it.
        """
        known = {(name,) for name in place}
        return tuple(
            each.number
            for each in self._waivers
            if each.reads <= known and _is_about(each, dict(place))
        )

    def marks(self, numbers: Sequence[int], first: datetime, last: datetime) -> tuple[Mark, ...]:
        """Tell how something that lasted from one instant to another stands to waivers.

        Args:
            numbers: The waivers whose scope it is in.
            first: Its first instant.
            last: Its last instant; the same for an event.
        """
        return tuple(
            (each.number, _standing(each.waiver, first, last))
            for each in self._waivers
            if each.number in numbers
        )


NO_WAIVING = Waiving((), Limits())


def waivings(waivers: Sequence[Waiver], limits: Limits) -> dict[str, Waiving]:
    """Compile waivers, by the ids of the rules that they are about."""
    of_rules: dict[str, list[tuple[int, Waiver]]] = {}
    for number, waiver in enumerate(waivers):
        of_rules.setdefault(waiver.rule, []).append((number, waiver))
    return {rule: Waiving(each, limits) for rule, each in of_rules.items()}


def cover(marks: Iterable[Mark]) -> int | None:
    """Give the number of the waiver that covers a violation, the first of several; None for none."""
    return min((number for number, standing in marks if standing in COVERING), default=None)


def _is_about(compiled: _Compiled, event: dict[str, Json]) -> bool:
    """Tell whether a waiver's scope holds of an event; what cannot be told is not waived."""
    try:
        if compiled.alternatives and scope_of(compiled.alternatives, event) is not Scope.IN:
            return False
        where = compiled.waiver.scope.where
        if compiled.where is None or where is None:
            return True
        return not is_hidden(event, where.reads) and holds(compiled.where(event))
    except EvaluationError:
        return False


def _standing(waiver: Waiver, first: datetime, last: datetime) -> Standing:
    if last >= waiver.expires:
        return Standing.AFTER_END
    if first >= waiver.approved_on:
        return Standing.COVERED
    return Standing.COVERED_RETROACTIVELY if waiver.retroactive else Standing.BEFORE_APPROVAL
