"""Grouping: by which values a rule over many events takes events together."""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final, TypeAlias

from checker.aws import Json
from checker.engine.finding import Finding, Judged, Sighting
from checker.engine.scope import text_of
from checker.engine.subject import Subject
from checker.expression.compiler import Compile, compile_expression
from checker.expression.expression import Expression, Read
from checker.limits import Limits
from checker.policy.rule import Per, Rule, Step
from checker.trail.event import event_account

Key: TypeAlias = tuple[str | None, ...]
"""The values that a group has in common, as text; None where they are absent or null."""

GROUP_WIDTH: Final = 12
VALUE_WIDTH: Final = 10

_PLACES: Final = {
    Per.ACCOUNT: ("account",),
    Per.REGION: ("region",),
    Per.BOTH: ("account", "region"),
}


class Grouping:
    """Tells which group an event in scope belongs to, and the value that is counted in it."""

    def __init__(
        self,
        rule: Rule,
        step: Step,
        limits: Limits,
        compile_with: Compile = compile_expression,
    ) -> None:
        self._per = rule.cadence.per if rule.cadence else None
        self._field = rule.correlation.field if rule.correlation else None
        read = [*step.group_by, *([self._field] if self._field else [])]
        self._reads: tuple[Read, ...] = tuple(one for each in read for one in each.reads)
        # What depends on the event alone is the same for every rule that groups by it.
        self._shared = not any(each.parameters for each in step.group_by)
        self._name = (self._per, tuple(each.text for each in step.group_by))
        self._group_by = [compile_with(each, rule.values, limits) for each in step.group_by]
        self._value = compile_with(self._field, rule.values, limits) if self._field else None

    def __call__(self, subject: Subject) -> Judged:
        """Give what is kept of an event; may raise EvaluationError."""
        known = subject.groups.get(self._name)
        if known is not None and self._value is None:
            return known
        hidden = subject.first_hidden(self._reads)
        if hidden is not None:
            reason = f"CloudTrail left out or masked {hidden}, by which events are grouped"
            return Judged(Finding.UNDETERMINED, reason)
        group = digest_of(self.key(subject.event))
        if self._value is not None:
            value = _text(self._value(subject.event))
            counted = b"" if value is None else _digest(value, VALUE_WIDTH)
            return Judged(Finding.COUNTED, sighting=Sighting(group, counted))
        judged = Judged(Finding.COUNTED, sighting=Sighting(group))
        if self._shared:
            subject.groups[self._name] = judged
        return judged

    def key(self, event: Json) -> Key:
        """Give the values that an event is grouped by; may raise EvaluationError."""
        if self._per:
            place = {"account": event_account(event), "region": _text(event.get("awsRegion"))}
            return tuple(place[name] for name in _PLACES[self._per])
        return tuple(_text(evaluate(event)) for evaluate in self._group_by)


def names_of(rule: Rule) -> tuple[str, ...]:
    """Name the values that a rule groups by, as a reader of the report knows them."""
    if rule.cadence and rule.cadence.per:
        return _PLACES[rule.cadence.per]
    group_by: Sequence[Expression] = ()
    if rule.correlation:
        group_by = rule.correlation.group_by or rule.steps[0].group_by
    elif rule.cadence:
        group_by = rule.cadence.group_by
    return tuple(each.text for each in group_by)


@lru_cache(maxsize=1 << 16)
def digest_of(key: Key) -> bytes:
    """Give the bytes that a group is known by."""
    return _digest(json.dumps(key), GROUP_WIDTH)


def _text(value: Json) -> str | None:
    """Write a value as text, so that 111122223333 and "111122223333" are one."""
    if value is None:
        return None
    text = text_of(value)
    return json.dumps(value, sort_keys=True) if text is None else text


def _digest(text: str, width: int) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()[:width]
