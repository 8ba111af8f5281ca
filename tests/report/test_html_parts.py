"""The parts of the page that an auditor goes through, each with what it has to say."""

import pytest
from msgspec.structs import replace

from checker.report.exceptions_model import Baseline, Waivers
from checker.report.html import render_html
from checker.report.model import Report
from tests.report.html_page import Page
from tests.report.sample import sample_report


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


def section(report: Report, name: str) -> str:
    """Give the text of one section of the page."""
    html = render_html(report)
    return Page(html.partition(f'<section id="{name}"')[2].partition("</section>")[0]).text


def waivers(report: Report) -> Waivers:
    assert report.waivers
    return report.waivers


def baseline(report: Report) -> Baseline:
    assert report.baseline
    return report.baseline


def test_waivers_tell_their_status_and_what_came_of_them(report: Report) -> None:
    text = section(report, "waivers")

    for words in (
        "Approval as stated in waivers.yaml (SHA-256",
        "not verified",
        "Expired debug-2024-11 authorised change",
        "3 came back after its end",
        "Ending within 30 days root-billing-2025-01 risk accepted",
        "also before its approval the incident of 2025-01-15 was approved the next day",
        "1 covered, 1 from before its approval",
        "Live rollout-2024-12",
        "1 before its approval, not waived",
        "not judged another-pack",
        "(no rule of this run)",
        "Not yet begun migration-2025-03 false positive",
    ):
        assert words in text
    assert "unused" not in text
    assert "are the same" not in text


def test_a_waiver_that_covers_nothing_and_one_by_its_own_owner_are_pointed_out(
    report: Report,
) -> None:
    entry = replace(waivers(report).entries[2], covered=0, approved_by="b. example ")

    text = section(
        replace(report, waivers=replace(waivers(report), entries=[entry], applied=False)), "waivers"
    )

    assert "Live unused rollout-2024-12" in text
    assert "owner and approver are the same" in text
    assert "Not applied : no exception was waived in this run" in text


def test_a_file_without_waivers_and_no_file_are_told_apart(report: Report) -> None:
    empty = replace(report, waivers=replace(waivers(report), entries=[]))

    assert "The file has no waiver." in section(empty, "waivers")
    assert "No waivers were given." in section(replace(report, waivers=None), "answer")
    assert 'id="waivers"' not in render_html(replace(report, waivers=None))


def test_a_baseline_tells_what_is_new_known_and_fixed(report: Report) -> None:
    text = section(report, "baseline")

    for words in (
        "3 New: not in the baseline 1 Known: in the baseline 1 Fixed: not found again",
        "They do not fail the gate; no verdict changes by them.",
        "2024-11-02 by A. Example known when the pipeline was set up",
    ):
        assert words in text
    nothing = replace(report, baseline=replace(baseline(report), fixed=[]))
    assert "They can leave the baseline" not in section(nothing, "baseline")
    assert "No baseline was given." in section(replace(report, baseline=None), "answer")


def test_rules_that_failed_with_what_was_known_alone_are_named(report: Report) -> None:
    known = replace(report, gate=replace(report.gate, known_only=[report.rules[0].id]))

    assert "all that failed was known before" in section(known, "rules")
    assert f"do not count: {report.rules[0].id}" in section(known, "answer")
    assert "all that failed was known before" not in section(report, "rules")


def test_controls_without_a_rule_and_those_beyond_logs_are_told(report: Report) -> None:
    text = section(report, "controls")

    for words in (
        "No rule here speaks to 1 control of which CloudTrail can tell something",
        "5.5 Changes of trails could support",
        "The framework has 48 more controls, of which CloudTrail tells nothing",
        "There is no catalogue of this framework",
        "5.3 Use of root",
        "owner: Platform Security",
    ):
        assert words in text
    assert "2 fail , 1 waived , 1 without a rule" in section(report, "answer")


def test_findings_are_summed_up_by_severity(report: Report) -> None:
    text = section(report, "answer")

    assert (
        "Severity Rules Failed Exceptions Waived Known critical 1 0 1 1 0 high 3 2 10 2 1" in text
    )
    assert "All 10 3 12 3 1" in text
    assert "Integrity not verified" in text


def test_the_timeline_has_the_same_numbers_as_a_table(report: Report) -> None:
    text = section(report, "timeline")

    assert "11 exceptions of 12 by day (UTC). Most were on 2025-01-15: 11." in text
    assert "2025-01-15: 7 high, 1 medium, 3 waived" in text
    assert "Day High Medium Waived All 2025-01-15 7 1 3 11" in text


def test_exceptions_are_grouped_where_that_says_more_than_one_by_one(report: Report) -> None:
    text = section(report, "rules")

    assert "Exceptions by who did what to which resources 3 of 3 shown" in text
    assert text.count("Exceptions by who did what") == 1
    assert "waived: 2 by rollout-2024-12" in text
    assert "111122223333, eu-west-1 known before" in text


def test_a_sample_stands_apart_and_says_what_it_is_for(report: Report) -> None:
    text = section(report, "rules")

    assert "Sample for re-performance 2 events in which no exception was noted" in text
    assert "the rule was applied to every event in its scope" in text


def test_every_rule_has_an_owner_or_says_that_none_is_named_and_room_for_a_response(
    report: Report,
) -> None:
    text = section(report, "rules")

    assert "Control owner Platform Security" in text
    assert "Control owner none named" in text
    assert text.count("Management response") == len(report.rules)


def test_coverage_of_many_accounts_is_first_told_by_account(report: Report) -> None:
    accounts = [
        replace(report.coverage.accounts[0], account=f"{number:012}") for number in range(9)
    ]

    text = section(
        replace(report, coverage=replace(report.coverage, accounts=accounts)), "coverage"
    )

    assert "Hours of the period by account, in any region" in text
    assert "By account and region" in text
    assert "By account and region" not in section(report, "coverage")


def test_where_a_record_stands_is_told_by_lines_where_they_are_known(report: Report) -> None:
    assert "record 1 (the first is 0), lines 41 to 77" in section(report, "rules")


def test_accounts_that_are_expected_but_not_seen_are_named_in_the_answer(report: Report) -> None:
    seen = [each for each in report.population if each.account != "444455556666"]

    text = section(replace(report, population=seen), "answer")

    assert "expected, but not seen: 444455556666" in text


def test_many_packs_are_counted_beside_what_chose_them(report: Report) -> None:
    packs = [replace(report.packs[0], id=f"pack-{number}") for number in range(5)]
    settings = {**report.provenance.settings, "rules": ["starter"]}
    provenance = replace(report.provenance, settings=settings)

    text = section(replace(report, packs=packs, provenance=provenance), "answer")

    assert f"{len(report.rules)} rules of 1 pack, chosen as starter" in " ".join(
        text.split()
    ).replace(" ,", ",")
