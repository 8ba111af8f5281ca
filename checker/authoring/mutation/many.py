"""Rules over many events, changed in one place: thresholds, spans, steps, groups, calendars."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from checker.authoring.mutation.mutant import Change, Mutant, Path, short
from checker.authoring.mutation.scopes import changed_steps
from checker.authoring.mutation.spans import spans_beside, written_span
from checker.expression.expression import Expression
from checker.policy.rule import Cadence, Calendar, Correlation, CorrelationType, Per, Rule, Step

_LEAST_STEPS: Final = 2
_CALENDARS: Final = tuple(Calendar)


def changed_correlation(rule: Rule, correlation: Correlation) -> Iterator[Mutant]:
    """Give a rule with each variant of its correlation."""
    path = ("correlation",)
    for changed, change in (
        *_timespans(correlation),
        *_thresholds(correlation),
        *_types(correlation),
        *_groups(correlation),
        *_steps(correlation),
    ):
        whole = replace(change, path=(*path, *change.path))
        yield Mutant(rule=replace(rule, correlation=changed), change=whole)


def changed_cadence(rule: Rule, cadence: Cadence) -> Iterator[Mutant]:
    """Give a rule with each variant of its cadence."""
    for changed, change in (*_often(cadence), *_whose(cadence)):
        whole = replace(change, path=("cadence", *change.path))
        yield Mutant(rule=replace(rule, cadence=changed), change=whole)


def _timespans(correlation: Correlation) -> Iterator[tuple[Correlation, Change]]:
    for seconds in spans_beside(correlation.timespan):
        near, far = sorted((seconds, correlation.timespan))
        unit = far - near
        hint = f"events more than {written_span(near, unit)} apart, and no more than {written_span(far, unit)}"
        yield (
            replace(correlation, timespan=seconds),
            _of_span("timespan", correlation.timespan, seconds, hint),
        )


def _of_span(key: str, old: int, new: int, hint: str) -> Change:
    before, after = written_span(old), written_span(new, abs(new - old))
    what = f"{key} {before} became {after}"
    return Change(path=(key,), what=what, hint=hint, old=before, new=after)


def _thresholds(correlation: Correlation) -> Iterator[tuple[Correlation, Change]]:
    if not correlation.type.is_count:
        return
    old = correlation.at_least
    for new in (old - 1, old + 1):
        if new:
            what = f"condition: {old} or more became {new} or more"
            told = f"exactly {old}, which is a violation" if new > old else f"{new}, which is none"
            change = Change(path=("condition",), what=what, hint=f"a case of {told}")
            yield replace(correlation, at_least=new), change


def _types(correlation: Correlation) -> Iterator[tuple[Correlation, Change]]:
    kind = correlation.type
    if kind is CorrelationType.VALUE_COUNT:
        other = CorrelationType.EVENT_COUNT
        changed = replace(correlation, type=other, field=None)
        hint = "a case of enough events whose values are too few"
    elif kind is CorrelationType.TEMPORAL_ORDERED and not any(
        step.negated for step in correlation.steps
    ):
        other = CorrelationType.TEMPORAL
        changed = replace(correlation, type=other)
        hint = "a case of all steps in another order, which is no violation"
    else:
        return
    what = f"type {kind} became {other}"
    yield changed, Change(path=("type",), what=what, hint=hint, old=kind.value, new=other.value)


def _groups(correlation: Correlation) -> Iterator[tuple[Correlation, Change]]:
    """Leave each expression of the groups out, of all steps that group alike."""
    for at, expression in enumerate(correlation.group_by):
        rest = (*correlation.group_by[:at], *correlation.group_by[at + 1 :])
        steps = tuple(
            replace(step, group_by=(*step.group_by[:at], *step.group_by[at + 1 :]))
            for step in correlation.steps
        )
        yield (
            replace(correlation, group_by=rest, steps=steps),
            _ungrouped(expression, ("group_by", at)),
        )


def _ungrouped(expression: Expression, path: Path) -> Change:
    said = short(expression.text)
    hint = f"a case of events that would be a violation, were it not for different values of {said}"
    return Change(path=path, what=f"left out of group_by: {said}", hint=hint, old=expression.text)


def _steps(correlation: Correlation) -> Iterator[tuple[Correlation, Change]]:
    steps = correlation.steps
    for at, step in enumerate(steps):
        path: Path = ("steps", at)
        for changed in changed_steps(step, path):
            yield _with_step(correlation, at, changed.step), changed.change
        if step.negated:
            hint = f"a case in which {step.name} does happen, and one in which it does not"
            change = Change(
                path=(*path, "negated"), what=f"step {step.name} is no longer negated", hint=hint
            )
            yield _with_step(correlation, at, replace(step, negated=False)), change
        rest = (*steps[:at], *steps[at + 1 :])
        if len(rest) >= _LEAST_STEPS and not all(each.negated for each in rest):
            hint = f"a case that step {step.name} alone decides"
            change = Change(path=path, what=f"step {step.name} left out", hint=hint)
            yield replace(correlation, steps=rest), change
    yield from _swaps(correlation)


def _with_step(correlation: Correlation, at: int, step: Step) -> Correlation:
    steps = correlation.steps
    return replace(correlation, steps=(*steps[:at], step, *steps[at + 1 :]))


def _swaps(correlation: Correlation) -> Iterator[tuple[Correlation, Change]]:
    if correlation.type is not CorrelationType.TEMPORAL_ORDERED:
        return
    for at in range(len(correlation.steps) - 1):
        one, two = correlation.steps[at : at + 2]
        if one.negated and two.negated:
            continue
        steps = (*correlation.steps[:at], two, one, *correlation.steps[at + 2 :])
        hint = f"a case in which {two.name} comes before {one.name}"
        what = f"steps {one.name} and {two.name} changed places"
        yield replace(correlation, steps=steps), Change(path=("steps", at), what=what, hint=hint)


def _often(cadence: Cadence) -> Iterator[tuple[Cadence, Change]]:
    if cadence.calendar is None:
        for seconds in spans_beside(cadence.every):
            near, far = sorted((seconds, cadence.every))
            unit = far - near
            hint = f"events more than {written_span(near, unit)} apart, and no more than {written_span(far, unit)}"
            yield (
                replace(cadence, every=seconds),
                _of_span("every", cadence.every, seconds, hint),
            )
        return
    at = _CALENDARS.index(cadence.calendar)
    for other in (*_CALENDARS[max(at - 1, 0) : at], *_CALENDARS[at + 1 : at + 2]):
        what = f"calendar {cadence.calendar} became {other}"
        hint = f"a case with an event in every {max(cadence.calendar, other, key=_months)}, and not in every {min(cadence.calendar, other, key=_months)}"
        change = Change(
            path=("calendar",), what=what, hint=hint, old=cadence.calendar.value, new=other.value
        )
        yield replace(cadence, calendar=other), change


def _months(calendar: Calendar) -> int:
    return calendar.months


def _whose(cadence: Cadence) -> Iterator[tuple[Cadence, Change]]:
    for per in Per if cadence.per else ():
        if per is not cadence.per:
            hint = "a case with events of two accounts, and of two regions"
            what = f"per {cadence.per} became {per}"
            change = Change(
                path=("per",), what=what, hint=hint, old=str(cadence.per), new=per.value
            )
            yield replace(cadence, per=per), change
    if len(cadence.group_by) > 1:
        for at, expression in enumerate(cadence.group_by):
            rest = (*cadence.group_by[:at], *cadence.group_by[at + 1 :])
            yield replace(cadence, group_by=rest), _ungrouped(expression, ("group_by", at))
    if cadence.groups:
        hint = "a case in which a listed group never occurs"
        change = Change(path=("groups",), what="groups left out", hint=hint)
        yield replace(cadence, groups=""), change
