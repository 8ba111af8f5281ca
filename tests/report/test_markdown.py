from markdown_it import MarkdownIt
from msgspec.structs import replace

from checker.report.markdown import FINDINGS, MAX_BYTES, render_markdown
from checker.report.model import Report
from tests.report.sample import sample_report
from tests.report.sample_rules import sample_evidence

PARSER = MarkdownIt("gfm-like")


def headings(text: str) -> list[str]:
    tokens = PARSER.parse(text)
    return [
        "".join(child.content for child in tokens[at + 1].children or ())
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def shown(text: str) -> str:
    """Give the texts as a reader sees them."""
    tokens = PARSER.parse(text)
    parts = [child.content for token in tokens for child in token.children or ()]
    return " ".join(parts)


def test_the_answer_comes_first_then_what_is_wrong_most_severe_first() -> None:
    found = headings(render_markdown(sample_report()))

    assert found[0] == "trailcheck: exit 3"
    assert found[1:3] == ["Problems with the input", "Verdicts"]
    assert found[3] == "fail, high: AWS IoT policy attached by approved role"
    assert found[-2:] == ["Waivers", "Baseline"]


def test_it_says_what_was_waived_known_and_fixed_and_what_a_pass_means() -> None:
    text = shown(render_markdown(sample_report()))

    assert "(waived by rollout-2024-12)" in text
    assert "(in the baseline)" in text
    assert "1 known, 3 new, 1 fixed" in text
    assert "A pass means: " in text


def test_without_waivers_baseline_and_problems_there_is_nothing_about_them() -> None:
    report = replace(sample_report(), waivers=None, baseline=None, problems=[])

    found = headings(render_markdown(report))

    assert not {"Waivers", "Baseline", "Problems with the input"} & set(found)


def test_findings_beyond_the_first_are_counted() -> None:
    text = shown(render_markdown(with_findings(sample_report(), 25)))

    assert "… 15 more" in text
    assert text.count("was attached") == FINDINGS


def test_a_summary_is_cut_at_what_github_takes_and_says_so() -> None:
    report = sample_report()
    rules = [replace(report.rules[0], id=f"rule-{number}") for number in range(2_000)]

    text = render_markdown(replace(report, rules=rules))

    assert len(text.encode()) <= MAX_BYTES
    assert text.endswith("**This summary was cut at 1 MiB; the other reports have all of it.**\n")
    last = PARSER.parse(text)[-2].children or ()
    assert "strong_open" in {token.type for token in last}


def test_many_problems_with_the_input_leave_room_for_findings() -> None:
    report = sample_report()

    text = render_markdown(replace(report, problems=report.problems * 50))

    assert "… 80 more" in text
    assert headings(text) == headings(render_markdown(report))


def with_findings(report: Report, count: int) -> Report:
    events = [
        replace(sample_evidence(0), fingerprint=f"f{number}", message="was attached")
        for number in range(count)
    ]
    rule = report.rules[0]
    grown = replace(
        rule,
        violations=replace(rule.violations, shown=events, total=count),
        groups=replace(rule.groups, shown=[], total=0),
    )
    return replace(report, rules=[grown])
