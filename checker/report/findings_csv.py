"""The findings as CSV: one row for each rule and account, to filter and to pivot."""

from collections.abc import Iterator
from typing import Final

from checker.report.csv_cells import Cell, csv_text
from checker.report.model import AccountVerdict, Report, RuleResult

COLUMNS: Final = (
    "verdict",
    "severity",
    "rule",
    "title",
    "pack",
    "kind",
    "account",
    "account_name",
    "in_scope",
    "conforming",
    "violations",
    "waived",
    "known",
    "undetermined",
    "errors",
    "uncertain",
    "upcoming",
    "hours",
    "hours_with_events",
    "gaps",
    "reason",
    "controls",
    "control_owners",
    "tags",
    "effective_from",
    "effective_until",
    "rule_path",
    "rule_sha256",
    "period_first",
    "period_last",
    "evaluated_at",
    "run_complete",
    "input_manifest_sha256",
    "tool_version",
)


def render_csv(report: Report) -> str:
    """Give the report as CSV.

    Counts add up over rows: a rule has one row for each account, and without any one of its own.
    So controls share a cell, `framework:id (relation)` each, rather than have rows of their own.
    """
    return csv_text(COLUMNS, (row for rule in report.rules for row in _rows(rule, report)))


def _rows(rule: RuleResult, report: Report) -> Iterator[list[Cell]]:
    whole = AccountVerdict(
        account="", verdict=rule.verdict, reason=rule.reason, counts=rule.counts, coverage=None
    )
    for each in rule.by_account or [whole]:
        yield [*_judgement(rule, each, report), *_background(rule), *_run(report)]


def _judgement(rule: RuleResult, judged: AccountVerdict, report: Report) -> list[Cell]:
    counts = judged.counts
    return [
        judged.verdict,
        rule.severity,
        rule.id,
        rule.title,
        rule.pack,
        rule.kind,
        judged.account,
        report.account_names.get(judged.account, ""),
        counts.in_scope,
        counts.conforming,
        counts.violations,
        counts.waived,
        counts.known,
        counts.undetermined,
        counts.errors,
        counts.uncertain,
        counts.upcoming,
        *_hours(judged),
        judged.reason,
    ]


def _hours(judged: AccountVerdict) -> list[Cell]:
    known = judged.coverage
    return [known.hours, known.observed, known.gaps] if known else [None, None, None]


def _background(rule: RuleResult) -> list[Cell]:
    controls = [f"{each.framework}:{each.id} ({each.relation})" for each in rule.controls]
    owners = dict.fromkeys(each.owner for each in rule.controls if each.owner)
    return [
        "; ".join(controls),
        "; ".join(owners),
        "; ".join(rule.tags),
        rule.effective_from,
        rule.effective_until,
        rule.path,
        rule.sha256,
    ]


def _run(report: Report) -> list[Cell]:
    return [
        report.period.first,
        report.period.last,
        report.evaluated_at,
        "yes" if report.gate.complete else "no",
        report.provenance.manifest.sha256,
        report.tool.version,
    ]
