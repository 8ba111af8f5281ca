"""The words of a report: what a verdict means and what it does not, and how a test is described."""

from collections.abc import Sequence

from checker.aws.period import Period
from checker.policy.rule import Cadence, MatchEntry, OutcomeScope, Rule, Step
from checker.report.asks import asks, one_line, period_name
from checker.verdict.verdicts import Verdict

STATEMENTS: dict[Verdict, str] = {
    Verdict.FAIL: (
        "At least one exception was noted: an event in the rule's scope that breaks the rule, "
        "events that together break it, or too long a time without an event that must occur. "
        "Every exception counts; none was sampled away."
    ),
    Verdict.ERROR: (
        "The rule raised on an event in its scope, or the input could not be read whole. "
        "The rule could not be tested; this is not a pass."
    ),
    Verdict.NO_EVIDENCE: (
        "The logs cannot answer: what the rule reads was left out of an event, what it needs is "
        "not in the logs, there were no events, a trail was stopped or changed, or the logs begin "
        "too late or end too soon to tell. The rule could not be tested; this is not a pass."
    ),
    Verdict.WAIVED: "Every exception is covered by a written, approved waiver that has not expired.",
    Verdict.PASS: (
        "All events supplied for the stated period, accounts and regions that fell in this rule's "
        "scope were tested, without sampling, and no exception was noted. It says nothing about "
        "activity that CloudTrail does not record, about hours, accounts or regions that the logs "
        "do not cover, or about configuration; it is not an opinion on a control. Of coverage it "
        "was assessed whether the logs hold what the rule needs, whether they are of the accounts "
        "and regions that were stated as expected, and whether a trail was stopped or changed."
    ),
    Verdict.NO_OCCURRENCE: (
        "What the rule asks for never had occasion: nothing in its scope happened. It did not "
        "occur, so its operation could not be tested."
    ),
    Verdict.NOT_APPLICABLE: (
        "The rule was not in force in the period, or in the time of the account's logs, or the owner "
        "declares it not applicable for a stated reason. Nothing was asked of the logs."
    ),
}

NOTES: tuple[str, ...] = (
    (
        "Coverage is what the logs themselves show: an hour without an event proves no gap, and "
        "one with events does not prove that all of them are there."
    ),
    "Duplicates, and copies of one eventID that differ, are told among events in a rule's scope.",
    "The integrity of the logs was not verified; the hashes are of the bytes as read.",
)

NOTHING_IN_SCOPE = (
    "No event was in the scope of a rule: a rule that forbids passes without an event to test. "
    "See that the rules are those meant for these logs."
)
MASKED_SECRETS = (
    "Access key ids are masked to their last four characters; values of fields that hold secrets "
    "are removed."
)
REDACTED = (
    "Addresses, and the names and ids of principals, users and sessions, are replaced by pseudonyms "
    "(--redact): the same value has the same one in every report made with the same key. Account ids, "
    "paths of files, names of resources that are no principals, and what people state stay. "
    "Fingerprints are replaced, too; they differ from those of a baseline."
)
SHOWN_SECRETS = "Access key ids and secrets are shown as found, as asked for with --show-secrets."


def period_source(period: Period) -> str:
    """Say where the bounds of the period come from."""
    if period.is_open:
        return "span of the logs supplied"
    if period.start is None:
        return "as asked for, from the first event supplied"
    return "as asked for" if period.stop else "as asked for, to the last event supplied"


def procedure(rule: Rule) -> str:
    """Give the rule's own procedure, or one made from its scope and condition."""
    if rule.procedure:
        return rule.procedure.strip()
    if rule.correlation and rule.correlation.steps:
        steps = [f"{step.name}: {_scope(step)}." for step in rule.correlation.steps]
        taken = f"Took every event supplied that belongs to a step. {' '.join(steps)}"
    else:
        (step,) = rule.steps
        taken = f"Took every event supplied with {_scope(step)}."
    return f"{taken} {_test(rule)}"


def _scope(step: Step) -> str:
    parts = [match_in_words(step.match)]
    if step.outcome is not OutcomeScope.ANY:
        parts.append(f"whose outcome was {step.outcome}")
    if step.where:
        parts.append(f"for which this holds: {one_line(step.where.text)}")
    return ", ".join(parts)


def match_in_words(match: Sequence[Sequence[MatchEntry]]) -> str:
    """Say which events a `match` is about."""
    return " or ".join(
        " and ".join(_entry(entry) for entry in alternative) for alternative in match
    )


def _entry(entry: MatchEntry) -> str:
    values = [*entry.patterns, *(["no value"] if entry.null else [])]
    return f"{entry.key.text} {' or '.join(values)}"


def _test(rule: Rule) -> str:
    if rule.correlation:
        counted = "Each such group of events is an exception; those that overlap are one."
        return f"Looked for {asks(rule)}. {counted}"
    if rule.cadence:
        return f"Such an event must occur {asks(rule)}. {_overdue(rule.cadence)} is an exception."
    if rule.require:
        return f"An event conforms when this holds: {one_line(rule.require.text)}."
    if rule.forbid and rule.forbid.text != "`true`":
        return f"An event is an exception when this holds: {one_line(rule.forbid.text)}."
    return "Each such event is an exception."


def _overdue(cadence: Cadence) -> str:
    if cadence.calendar:
        return f"Each whole {period_name(cadence.calendar)} of the period without one"
    return "Each longer time without one, from the beginning to the end of the period,"
