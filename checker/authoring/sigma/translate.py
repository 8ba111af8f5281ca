"""From pySigma's tree of a detection to a condition."""

import re
from functools import singledispatch
from typing import Final

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from checker.authoring.sigma.condition import (
    Compared,
    Condition,
    Exists,
    Networks,
    Not,
    Null,
    Order,
    Pattern,
    Place,
    Refers,
    Regex,
    Texts,
    Wildcard,
    all_of,
    any_of,
)
from checker.authoring.sigma.fields import field_of
from checker.authoring.sigma.refusal import Refusal
from checker.expression.text_functions import compile_regex

_WILDCARDS: Final = {
    SpecialChars.WILDCARD_MULTI: Wildcard.MANY,
    SpecialChars.WILDCARD_SINGLE: Wildcard.ONE,
}
_FILTER_PREFIX: Final = re.compile(r"_filt_[a-z]{10}_")
_ORDERS: Final = {
    CompareOperators.LT: Order.LT,
    CompareOperators.LTE: Order.LTE,
    CompareOperators.GT: Order.GT,
    CompareOperators.GTE: Order.GTE,
}


def condition_of(rule: SigmaRule) -> Condition:
    """Translate a detection; several conditions mean any of them.

    Raises:
        Refusal: Something in it has no translation that means the same.
        SigmaError: The condition cannot be parsed.
    """
    return any_of(_translated(each.parsed) for each in rule.detection.parsed_condition)


@singledispatch
def _translated(node: object) -> Condition:
    if node is None:
        raise Refusal("condition", "nothing is left of it", "condition")
    raise Refusal(type(node).__name__, "this part of a condition is not known here", "condition")


@_translated.register
def _(node: ConditionAND) -> Condition:
    return all_of(_parts(node))


@_translated.register
def _(node: ConditionOR) -> Condition:
    return any_of(_parts(node))


@_translated.register
def _(node: ConditionNOT) -> Condition:
    (part,) = _parts(node)
    return part.part if isinstance(part, Not) else Not(part)


@_translated.register
def _(node: ConditionValueExpression) -> Condition:
    why = "a value without a field is searched in the whole event, of which JMESPath has no text"
    raise Refusal("keywords", why, str(node.value))


@_translated.register
def _(node: ConditionFieldEqualsValueExpression) -> Condition:
    _check_field(node.field)
    return _value(node.value, node.field)


def _parts(node: ConditionItem) -> list[Condition]:
    return [_translated(each) for each in node.args if each is not None]


def _check_field(name: str) -> None:
    try:
        field_of(name)
    except ValueError as error:
        raise Refusal(f"field {name}", str(error), name) from error


@singledispatch
def _value(value: SigmaType, field: str) -> Condition:
    kind = type(value).__name__
    raise Refusal(kind, "this kind of value is not known here", field)


@_value.register
def _(value: SigmaString, field: str) -> Condition:
    pattern = _pattern(value, field)
    if pattern and all(part is Wildcard.MANY for part in pattern):
        return Exists(field)
    return Texts(field=field, patterns=(pattern,), cased=isinstance(value, SigmaCasedString))


@_value.register
def _(value: SigmaNumber, field: str) -> Condition:
    return Texts(field=field, patterns=((str(value.number),),))


@_value.register
def _(value: SigmaBool, field: str) -> Condition:
    return Texts(field=field, patterns=(("true" if value.boolean else "false",),))


@_value.register
def _(_value: SigmaNull, field: str) -> Condition:
    return Null(field)


@_value.register
def _(value: SigmaExists, field: str) -> Condition:
    return Exists(field) if value.exists else Null(field)


@_value.register
def _(value: SigmaExpansion, field: str) -> Condition:
    return any_of(_value(each, field) for each in value.values)


@_value.register
def _(value: SigmaCIDRExpression, field: str) -> Condition:
    return Networks(field, (str(value.network),))


@_value.register
def _(value: SigmaRegularExpression, field: str) -> Condition:
    flags = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
    written = _regex_text(value, field)
    pattern = f"(?{flags}){written}" if flags else written
    try:
        compile_regex(pattern)
    except ValueError as error:
        raise Refusal(f"{field}|re", str(error), f"{field}|re") from error
    return Regex(field, pattern)


@_value.register
def _(value: SigmaCompareExpression, field: str) -> Condition:
    number = str(value.number.number)
    if value.op is CompareOperators.NEQ:
        return Not(Texts(field=field, patterns=((number,),)))
    return Compared(field, _ORDERS[value.op], number)


@_value.register
def _(value: SigmaFieldReference, field: str) -> Condition:
    _check_field(value.field)
    places = {
        (False, False): Place.WHOLE,
        (True, False): Place.START,
        (False, True): Place.END,
        (True, True): Place.ANYWHERE,
    }
    return Refers(field, value.field, places[value.starts_with, value.ends_with])


@_value.register
def _(value: SigmaTimestampPart, field: str) -> Condition:
    unit = value.timestamp_part.name.lower()
    why = "a part of a time is not compared; hour(eventTime, 'UTC') in a rule of your own does it"
    raise Refusal(f"{field}|{unit}", why, f"{field}|{unit}")


def _pattern(text: SigmaString, field: str) -> Pattern:
    return tuple(_part(part, field) for part in text.s)


def _part(part: str | SpecialChars | Placeholder, field: str) -> str:
    match part:
        case str():
            return part
        case SpecialChars():
            return _WILDCARDS[part]
        case _:
            why = f"%{part.name}% stands for values that the rule does not have: write them in its place"
            raise Refusal(f"{field}|expand", why, f"%{part.name}%")


def _regex_text(value: SigmaRegularExpression, field: str) -> str:
    """Give a regex as it was written; pySigma holds it as parts, among them stars."""
    if value.contains_placeholder():
        why = "a placeholder stands for values that the rule does not have"
        raise Refusal(f"{field}|re|expand", why, f"{field}|re")
    return str(value.regexp)


def without_prefixes(text: str) -> str:
    """Take the random names out of a message that pySigma gives the parts of a filter."""
    return _FILTER_PREFIX.sub("", text)
