"""What a rule over many events looks for, in one plain sentence without its full stop."""

from collections.abc import Sequence
from typing import assert_never

from checker.engine.grouping import names_of
from checker.policy.rule import (
    Cadence,
    Calendar,
    Correlation,
    CorrelationType,
    Per,
    Rule,
    Step,
)
from checker.report.durations import stated

_PERIODS = {
    Calendar.MONTH: "calendar month",
    Calendar.QUARTER: "calendar quarter",
    Calendar.HALF: "calendar half-year",
    Calendar.YEAR: "calendar year",
}
_PLACES = {
    Per.ACCOUNT: "in every account",
    Per.REGION: "in every region",
    Per.BOTH: "in every account and region",
}


def asks(rule: Rule) -> str:
    """Say what the rule looks for; empty for a rule that judges each event by itself."""
    if rule.correlation:
        return _together(rule.correlation, group_names(rule))
    if rule.cadence:
        return f"at least once {_often(rule.cadence)} {_whose(rule.cadence, group_names(rule))}"
    return ""


def group_names(rule: Rule) -> tuple[str, ...]:
    """Name the values that a rule groups by, each on one line."""
    return tuple(one_line(name) for name in names_of(rule))


def period_name(calendar: Calendar) -> str:
    """Give the words for a calendar period: `calendar month`."""
    return _PERIODS[calendar]


def one_line(text: str) -> str:
    """Give an expression without the line breaks of the rule's file."""
    return " ".join(text.split())


def _together(correlation: Correlation, names: Sequence[str]) -> str:
    of_one = f" of {' and '.join(f'one {name}' for name in names)}" if names else ""
    within = f"within {stated(correlation.timespan)}"
    least = f"at least {correlation.at_least:,}"
    many = correlation.at_least > 1
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return f"{least} {'events' if many else 'event'}{of_one} {within}"
        case CorrelationType.VALUE_COUNT:
            field = one_line(correlation.field.text) if correlation.field else ""
            values = "distinct values" if many else "value"
            return f"{least} {values} of {field}{of_one and f' in events{of_one}'} {within}"
        case CorrelationType.TEMPORAL:
            return f"{_listed(correlation.steps)}, in any order, {within}{of_one and f',{of_one}'}"
        case CorrelationType.TEMPORAL_ORDERED:
            turns = ", then ".join(_in_turn(step) for step in correlation.steps)
            return f"{turns} {within}{of_one and f',{of_one}'}"
        case _:
            assert_never(correlation.type)


def _in_turn(step: Step) -> str:
    return f"no {step.name}" if step.negated else step.name


def _listed(steps: Sequence[Step]) -> str:
    *others, last = [step.name for step in steps]
    return f"{', '.join(others)} and {last}" if others else last


def _often(cadence: Cadence) -> str:
    if cadence.calendar:
        return f"in every {period_name(cadence.calendar)} (UTC)"
    return f"every {stated(cadence.every)}"


def _whose(cadence: Cadence, names: Sequence[str]) -> str:
    if cadence.per:
        return _PLACES[cadence.per]
    listed = f" listed in {cadence.groups}" if cadence.groups else ""
    return f"for every {' and '.join(names)}{listed}"
