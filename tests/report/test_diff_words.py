import re

from msgspec.structs import replace

from checker.report.diff import compare_reports
from checker.report.diff_html import render_diff_html
from checker.report.diff_model import Difference
from checker.report.diff_words import render_diff_markdown, render_diff_text, sections
from checker.report.exceptions_model import ViolationGroups
from checker.report.html import content_policy
from tests.report.html_page import Page
from tests.report.sample import HOSTILE, hostile_report, sample_report
from tests.report.sample_rules import sample_group


def difference() -> Difference:
    before = sample_report()
    failed, *others = before.rules
    groups = [*failed.groups.shown[1:], sample_group(90, count=2)]
    rules = [
        replace(failed, groups=ViolationGroups(total=3, shown=groups)),
        *(each for each in others if each.verdict != "pass"),
    ]
    return compare_reports(before, replace(before, rules=rules))


def hostile() -> Difference:
    before = hostile_report()
    return compare_reports(before, replace(before, rules=before.rules[:2], inputs=[]))


def test_text_says_what_is_worse_first() -> None:
    lines = render_diff_text(difference()).splitlines()

    assert lines[0] == ("New or worse: 1 new group of violations; 1 rule not judged any more.")
    assert lines[2] == "New violations (1): rule, severity, account, times, what"
    assert lines[3].startswith(
        "  iot-policy-attached-by-approved-role  high  111122223333  0 → 2  "
    )
    titles = [line.partition(" (")[0] for line in lines]
    assert "Violations that are gone" not in titles  # the newer run is incomplete
    assert "Could not be told" in titles


def test_nothing_new_is_one_line_and_what_is_still_there() -> None:
    same = compare_reports(sample_report(), sample_report())

    assert render_diff_text(same).splitlines()[0] == (
        "Nothing is new and nothing is worse; 6 groups of violations are still there."
    )
    assert [each.title for each in sections(same)] == [
        "Violations that no report shows one by one",
        "Violations still there",
    ]


def test_a_section_shows_so_many_rows_and_counts_the_rest() -> None:
    before = sample_report()
    groups = [sample_group(number, count=1) for number in range(60)]
    failed = replace(before.rules[0], groups=ViolationGroups(total=60, shown=groups))
    found = compare_reports(replace(before, rules=[]), replace(before, rules=[failed]))

    assert "New violations (60)" in render_diff_text(found)
    assert "  … 10 more" in render_diff_text(found).splitlines()
    assert "10 more" in render_diff_markdown(found).splitlines()
    assert "10 more are not listed." in Page(render_diff_html(found)).text


def test_markdown_is_tables_that_hold_together() -> None:
    for found in (difference(), hostile()):
        text = render_diff_markdown(found)
        assert not re.search(r"(?<!\\)[<>`@]", text)
        for line in text.splitlines():
            cells = line.replace("\\|", "").count("|")
            assert not line.startswith("|") or cells in {4, 5, 6, 7}


def test_a_page_is_complete_in_itself_and_runs_nothing() -> None:
    page = Page(render_diff_html(difference()))

    policy = next(each for each in page.values("content") if each.startswith("default-src"))
    assert policy == content_policy(page.raw["style"], "")
    assert page.open == []
    assert not page.values("src")
    assert "script" not in page.raw
    assert "1 new group of violations" in page.text


def test_a_hostile_report_adds_nothing_to_a_page() -> None:
    page = Page(render_diff_html(hostile()))

    assert "script" not in page.raw
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text


def test_a_hostile_report_commands_no_terminal() -> None:
    text = render_diff_text(hostile())

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert HOSTILE not in text
