import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise

import pytest
from msgspec.structs import replace

from checker.report.html import (
    anchor,
    by_verdict,
    counted,
    is_link,
    one_line,
    paragraphs,
    pretty,
    render_html,
    when,
)
from checker.report.model import Exhibits, Report, VerdictName
from tests.report.html_page import Page
from tests.report.sample import hostile_report, sample_report


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="module")
def page(report: Report) -> Page:
    return Page(render_html(report))


def test_every_link_leads_to_a_place_on_the_page_or_to_the_web(page: Page) -> None:
    ids = set(page.values("id"))

    for link in page.values("href"):
        assert link[1:] in ids if link.startswith("#") else link.startswith("https://")


@pytest.mark.parametrize("make", [sample_report, hostile_report])
def test_ids_are_unique(make: Callable[[], Report]) -> None:
    assert not [
        name for name, n in Counter(Page(render_html(make())).values("id")).items() if n > 1
    ]


def test_the_policy_allows_the_inlined_style_and_script_and_nothing_else(page: Page) -> None:
    hashes = {
        kind: b64encode(sha256(page.raw[kind].encode()).digest()).decode()
        for kind in ("style", "script")
    }

    assert page.values("content")[0] == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; "
        f"script-src 'sha256-{hashes['script']}'; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_loaded_and_nothing_is_inline_but_one_style_and_one_script(page: Page) -> None:
    names = Counter(tag for tag, _ in page.tags)

    assert (names["style"], names["script"]) == (1, 1)
    assert not names.keys() & {
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "source",
        "use",
        "image",
    }
    for _, attributes in page.tags:
        assert not set(attributes) & {
            "src",
            "srcset",
            "style",
            "action",
            "formaction",
            "background",
        }
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"@import|url\(|image-set\(", page.raw["style"])
    assert not re.search(r"fetch|XMLHttp|import|innerHTML|eval|https?:", page.raw["script"])


def test_every_rule_and_every_exhibit_can_be_reached(report: Report, page: Page) -> None:
    html = render_html(report)
    ids, links = set(page.values("id")), set(page.values("href"))

    for rule in report.rules:
        assert f"rule-{rule.id}" in ids
        assert f"#rule-{rule.id}" in links
        for kind, exhibits in (
            ("exception", rule.violations),
            ("undetermined", rule.undetermined),
            ("error", rule.errors),
            ("sample", Exhibits(total=len(rule.sample), shown=rule.sample)),
        ):
            for number, evidence in enumerate(exhibits.shown, start=1):
                assert f"rule-{rule.id}-{kind}-{number}" in ids
                assert f"Event id\t{evidence.event_id}\n" in html


def test_what_an_auditor_asks_for_is_on_the_page(report: Report, page: Page) -> None:
    rule = report.rules[0]
    evidence = rule.violations.shown[1]

    for words in (
        "Exceptions were noted under 3 of 10 rules",
        "The run is incomplete",
        "1 rule of severity high failed",
        "2024-12-01 00:00:00 UTC to 2025-01-31 23:59:58 UTC",
        "trail/legacy.jsonl:17:204",
        rule.reason,
        rule.procedure,
        rule.remediation,
        rule.sha256,
        evidence.principal,
        evidence.source_address,
        "3 of 6 shown",
        report.inputs[0].sha256,
        report.packs[0].limits[0],
        report.notes[0],
        *(statement.text for statement in report.statements),
        "Prepared by",
        "Reviewed by",
    ):
        assert words in page.text


def test_the_whole_event_is_on_the_page_as_json(report: Report, page: Page) -> None:
    event = report.rules[0].violations.shown[0].event

    assert json.dumps(event, indent="\t") in page.words


def test_an_event_costs_six_elements_because_there_may_be_many_thousands(report: Report) -> None:
    (rule, *_) = report.rules
    (one, *_) = rule.violations.shown

    def elements(count: int) -> int:
        shown = [replace(one, waiver="", in_baseline=False)] * count
        changed = replace(rule, violations=Exhibits(total=count, shown=shown))
        return len(Page(render_html(replace(report, rules=[changed]))).tags)

    assert elements(70) - elements(20) == 50 * 6


def test_control_totals_are_seen_to_tie(report: Report, page: Page) -> None:
    broken = replace(report, totals=replace(report.totals, refused=3))

    assert "The totals tie" in page.text
    assert "The totals do not tie" in Page(render_html(broken)).text


@pytest.mark.parametrize(
    ("verdicts", "headline"),
    [
        ({"pass": 2, "fail": 1}, "Exceptions were noted under 1 of 10 rules"),
        (
            {"waived": 1, "pass": 2},
            "Every exception noted is covered by a waiver, under 1 of 10 rules",
        ),
        ({"pass": 2}, "No exception was noted under the 2 rules that passed, of 10"),
        ({"no_evidence": 10}, "No rule could be answered with a pass or a fail"),
        ({}, "No rule could be answered with a pass or a fail"),
    ],
)
def test_the_title_is_the_answer(
    report: Report, verdicts: dict[VerdictName, int], headline: str
) -> None:
    html = render_html(replace(report, verdicts=verdicts))

    assert f"<title>CloudTrail policy check: {headline}</title>" in html
    assert f"<h1>{headline}</h1>" in html


def test_a_report_of_nothing_is_a_page_too(report: Report) -> None:
    nothing = replace(
        report, rules=[], inputs=[], population=[], problems=[], packs=[], notes=[], set_aside=[]
    )

    page = Page(render_html(nothing))

    assert not page.open
    assert "No rule was applied." in page.text
    assert "No input was read." in page.text
    assert "problems" not in page.values("id")


def test_the_page_never_promises_more_than_was_tested(page: Page) -> None:
    assert not re.search(r"\b(compliant|compliance|secure|satisfied)\b", page.text, re.IGNORECASE)


def test_headings_descend_one_level_at_a_time(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_header_cell_a_scope(page: Page) -> None:
    names = [tag for tag, _ in page.tags]

    assert names.count("table") == names.count("caption")
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")


def test_equal_reports_give_equal_bytes() -> None:
    assert render_html(sample_report()).encode() == render_html(sample_report()).encode()


def test_rules_are_grouped_worst_verdict_and_highest_severity_first(report: Report) -> None:
    low = replace(report.rules[0], id="a-low", severity="low")

    groups = by_verdict([*reversed(report.rules), low])

    assert [group.verdict for group in groups][:2] == ["fail", "error"]
    assert [rule.severity for rule in groups[0].rules] == ["high", "high", "medium", "low"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iot-root-2.0", "iot-root-2.0"),
        ("a b", "a_20_b"),
        ("a_20_b", "a_5f_20_5f_b"),
        ('"', "_22_"),
    ],
)
def test_anchors_differ_for_different_text(text: str, expected: str) -> None:
    assert anchor(text) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://docs.aws.amazon.com/iot/?a=b#c", True),
        ("http://example.com", True),
        ("HTTPS://example.com", False),
        ("javascript:alert(1)", False),
        ("https:example.com", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://a b", False),
        ("https://a\u202eb", False),
        (" https://example.com", False),
        ("https://example.com\n", False),
    ],
)
def test_only_whole_web_addresses_become_links(address: str, expected: bool) -> None:  # noqa: FBT001
    assert is_link(address) is expected


def test_small_words() -> None:
    assert counted(1, "event") == "1 event"
    assert counted(12_000, "event") == "12,000 events"
    assert counted(2, "entry", "entries") == "2 entries"
    assert when("2024-12-16T00:00:00.5Z") == "2024-12-16 00:00:00.5 UTC"
    assert when("yesterday") == "yesterday"
    assert paragraphs("a\nb\n \n\nc\n") == ["a\nb", "c"]
    assert pretty("5\x00") == r"5\x00"
    assert one_line("5\x00\n\t") == r"5\x00\x0a\x09"
    assert one_line({"a": ["5"]}) == '{"a": ["5"]}'
    assert pretty(["5"]) == '["5"]'
    assert pretty(["5" * 80]).count("\n") == 2
