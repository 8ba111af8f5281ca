"""Sigma correlations as ours: the words are the same, what they cannot both say is refused."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    SigmaCorrelationCondition,
    SigmaCorrelationConditionOperator,
    SigmaCorrelationRule,
    SigmaCorrelationType,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)
from sigma.rule import SigmaRule, SigmaRuleBase

from checker.authoring.sigma.condition import Condition, any_of
from checker.authoring.sigma.draft import CorrelationDraft, StepDraft
from checker.authoring.sigma.fields import field_of
from checker.authoring.sigma.metadata import slug, title_of
from checker.authoring.sigma.refusal import Refusal
from checker.authoring.sigma.scope import scope_of
from checker.policy.rule import CorrelationType

_TYPES: Final = {
    SigmaCorrelationType.EVENT_COUNT: CorrelationType.EVENT_COUNT,
    SigmaCorrelationType.VALUE_COUNT: CorrelationType.VALUE_COUNT,
    SigmaCorrelationType.TEMPORAL: CorrelationType.TEMPORAL,
    SigmaCorrelationType.TEMPORAL_ORDERED: CorrelationType.TEMPORAL_ORDERED,
}
_SHORT_UNITS: Final = frozenset("smhdw")
_LEAST_STEPS, _MOST_STEPS = 2, 16
_MOST_GROUPS: Final = 8
_LONGEST_NAME: Final = 60


def references_of(rule: SigmaCorrelationRule) -> tuple[str, ...]:
    """Give the ids or names of the rules that a correlation refers to, in order."""
    if rule.rules is not None:
        return tuple(dict.fromkeys(str(each.reference) for each in rule.rules))
    if isinstance(rule.condition, SigmaExtendedCorrelationCondition):
        return tuple(rule.condition.get_referenced_rules())
    return ()


def correlation_of(
    rule: SigmaCorrelationRule,
    bases: Mapping[str, SigmaRule],
    translate: Callable[[SigmaRule], Condition],
) -> CorrelationDraft:
    """Translate a correlation.

    Args:
        rule: The correlation.
        bases: The rules that it refers to, by how it names them, in order.
        translate: Gives what a rule asks of one event.

    Raises:
        Refusal: It asks for something that our correlation does not say.
    """
    if rule.type not in _TYPES:
        why = "only event_count, value_count, temporal and temporal_ordered are evaluated"
        raise Refusal(str(rule.type).lower(), why, "type:")
    kind = _TYPES[rule.type]
    groups = tuple(rule.group_by or ())
    if len(groups) > _MOST_GROUPS:
        raise Refusal("group-by", f"more than {_MOST_GROUPS} fields", "group-by")
    timespan = _timespan(rule)
    if kind.is_count:
        at_least, counted = _threshold(rule, kind)
        step = _counted(rule, bases, translate, groups)
        return CorrelationDraft(
            type=kind, timespan=timespan, steps=(step,), at_least=at_least, counted=counted
        )
    _refuse_other_than_all(rule, len(bases))
    if not _LEAST_STEPS <= len(bases) <= _MOST_STEPS:
        why = f"from {_LEAST_STEPS} to {_MOST_STEPS} rules are taken together, not {len(bases)}"
        raise Refusal("rules", why, "rules:")
    names = _step_names(bases)
    steps = tuple(
        _step(names[reference], translate(base), _groups_in(rule, groups, reference, base))
        for reference, base in bases.items()
    )
    return CorrelationDraft(type=kind, timespan=timespan, steps=steps)


def _timespan(rule: SigmaCorrelationRule) -> str:
    """Write a timespan; months and years are so many seconds, by Sigma."""
    span = rule.timespan
    return f"{span.count}{span.unit}" if span.unit in _SHORT_UNITS else f"{span.seconds}s"


def _threshold(rule: SigmaCorrelationRule, kind: CorrelationType) -> tuple[int, str]:
    condition = rule.condition
    if not isinstance(condition, SigmaCorrelationCondition):
        raise Refusal("condition", "a count wants a number", "condition:")
    match condition.op:
        case SigmaCorrelationConditionOperator.GTE:
            at_least = math.ceil(condition.count)
        case SigmaCorrelationConditionOperator.GT:
            at_least = math.floor(condition.count) + 1
        case _:
            name = condition.op.name.lower()
            why = "a window shows what occurred; that something occurred too seldom is cadence"
            raise Refusal(f"condition {name}", why, f"{name}:")
    if at_least < 1:
        raise Refusal("condition", "no event at all would be enough", "condition:")
    counted = condition.fieldref or ""
    if isinstance(counted, list):
        raise Refusal("condition field", "the values of one field are counted, not of several")
    if kind is CorrelationType.VALUE_COUNT:
        _checked(counted)
    return at_least, counted


def _counted(
    rule: SigmaCorrelationRule,
    bases: Mapping[str, SigmaRule],
    translate: Callable[[SigmaRule], Condition],
    groups: tuple[str, ...],
) -> StepDraft:
    """Give the events that are counted: those of any of the rules."""
    own = {_groups_in(rule, groups, reference, base) for reference, base in bases.items()}
    if len(own) > 1:
        why = "the fields of the rules differ, and events are counted in one group-by"
        raise Refusal("aliases", why, "aliases:")
    (fields,) = own
    return _step("counted", any_of(translate(base) for base in bases.values()), fields)


def _step(name: str, condition: Condition, groups: tuple[str, ...]) -> StepDraft:
    scope = scope_of(condition)
    return StepDraft(
        name=name, condition=condition, match=scope.match, where=scope.rest, groups=groups
    )


def _refuse_other_than_all(rule: SigmaCorrelationRule, count: int) -> None:
    """Accept a temporal correlation that wants all of its rules, and none but that."""
    condition = rule.condition
    if isinstance(condition, SigmaExtendedCorrelationCondition):
        if not _is_conjunction(condition.parsed):
            why = "of the conditions over rules only `a and b and …` is evaluated"
            raise Refusal(f"condition {condition.expression}", why, "condition:")
        return
    least = {
        SigmaCorrelationConditionOperator.GTE: condition.count,
        SigmaCorrelationConditionOperator.GT: condition.count + 1,
        SigmaCorrelationConditionOperator.EQ: condition.count,
    }.get(condition.op)
    if least != count:
        name = condition.op.name.lower()
        why = f"a violation is all {count} rules within the timespan, not another number of them"
        raise Refusal(f"condition {name} {condition.count}", why, "condition:")


def _is_conjunction(node: CorrelationConditionItem | SigmaRuleReference) -> bool:
    if isinstance(node, SigmaRuleReference):
        return True
    return isinstance(node, CorrelationConditionAND) and all(map(_is_conjunction, node.args))


def _groups_in(
    rule: SigmaCorrelationRule, groups: tuple[str, ...], reference: str, base: SigmaRuleBase
) -> tuple[str, ...]:
    """Give the fields of one rule that the group-by means."""
    names = {reference, str(base.id), base.name}
    meant = {
        alias.alias: name
        for alias in rule.aliases
        for target, name in alias.mapping.items()
        if target.reference in names
    }
    aliases = {alias.alias for alias in rule.aliases}
    for group in groups:
        if group in aliases and group not in meant:
            why = f"the alias {group} names no field of the rule '{title_of(base)}'"
            raise Refusal("aliases", why, "aliases:")
    return tuple(_checked(meant.get(group, group)) for group in groups)


def _checked(name: str) -> str:
    try:
        field_of(name)
    except ValueError as error:
        raise Refusal(f"field {name}", str(error), name) from error
    return name


def _step_names(bases: Mapping[str, SigmaRule]) -> dict[str, str]:
    names: dict[str, str] = {}
    for number, (reference, base) in enumerate(bases.items(), start=1):
        name = slug(base.name or title_of(base))[:_LONGEST_NAME].strip("-") or "step"
        names[reference] = f"step-{number}" if name in names.values() else name
    return names
