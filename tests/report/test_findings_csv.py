import csv
import io

from msgspec.structs import replace

from checker.report.findings_csv import COLUMNS, render_csv
from checker.report.model import Report
from tests.report.sample import sample_report


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_csv(report), newline="")))


def test_there_is_a_row_for_each_rule_and_account() -> None:
    report = sample_report()

    found = [(row["rule"], row["account"], row["verdict"]) for row in rows(report)]

    assert found == [
        (rule.id, each.account, each.verdict) for rule in report.rules for each in rule.by_account
    ]


def test_a_rule_without_accounts_has_a_row_of_its_own() -> None:
    report = sample_report()
    rule = replace(report.rules[0], by_account=[])

    (row,) = rows(replace(report, rules=[rule]))

    assert (row["account"], row["verdict"]) == ("", "fail")
    assert int(row["violations"]) == rule.counts.violations


def test_a_row_has_all_that_is_filtered_and_pivoted_by() -> None:
    row = rows(sample_report())[0]

    assert tuple(row) == COLUMNS
    assert row["account_name"] == "production"
    assert (row["waived"], row["known"]) == ("2", "1")
    assert "nist-800-53-r5:ac-6.9 (tests)" in row["controls"].split("; ")
    assert row["control_owners"] == "Platform Security"
    assert row["run_complete"] == "no"
