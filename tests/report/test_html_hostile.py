"""What comes out of a log or a rule stays text on the page."""

import re
from collections import Counter

import pytest

from checker.report.html import pretty_json, render_html
from checker.resources import bundled
from checker.visible import visible
from tests.report.html_page import Page
from tests.report.sample import HOSTILE, harmless_report, hostile_report

TEMPLATES = sorted((bundled("reports") / "html").glob("*.j2"))


@pytest.fixture(scope="module")
def hostile_html() -> str:
    return render_html(hostile_report())


@pytest.mark.parametrize("timed", [False, True])
def test_hostile_text_changes_no_tag_and_no_attribute(timed: bool) -> None:  # noqa: FBT001
    hostile = Page(render_html(hostile_report(timed=timed)))
    harmless = Page(render_html(harmless_report(timed=timed)))

    assert hostile.tags == harmless.tags
    assert not hostile.open


def test_what_is_drawn_is_drawn_of_numbers_alone() -> None:
    names = {"class", "d", "x", "y", "width", "height", "viewBox", "viewbox"}

    drawn = {
        kind: [
            each
            for each in Page(render_html(report)).attributes
            if each[0] in {"svg", "path", "rect"} and each[1] in names
        ]
        for kind, report in (
            ("hostile", hostile_report(timed=True)),
            ("harmless", harmless_report(timed=True)),
        )
    }

    assert drawn["hostile"] == drawn["harmless"]
    assert len(drawn["hostile"]) > 50


def test_hostile_text_is_never_raw(hostile_html: str) -> None:
    for raw in (
        "<script>alert",
        "<img",
        "<svg/",
        "<!-- ",
        "\x1b",
        "\x00",
        "\u202e",
        "\x9b",
        "\ufffe",
    ):
        assert raw not in hostile_html
    assert visible(hostile_html, keep_newlines=True) == hostile_html


def test_hostile_text_is_shown_as_it_was_written(hostile_html: str) -> None:
    first, second = (visible(" ".join(part.split(" "))) for part in HOSTILE.split("\n\n"))

    assert " ".join(f"{first}\\x0a\\x0a{second}".split()) in Page(hostile_html).text


def test_hostile_addresses_are_no_links(hostile_html: str) -> None:
    assert all(link.startswith("#") for link in Page(hostile_html).values("href"))


def test_a_value_forges_no_line_of_the_facts(hostile_html: str) -> None:
    facts = re.findall(r'<pre class="facts">\n(.*?)</pre>', hostile_html, re.DOTALL)

    assert facts
    for line in [line for each in facts for line in each.splitlines()]:
        assert line.count("\t") == 1


def test_text_that_is_kept_out_of_scripts_styles_and_handlers(hostile_html: str) -> None:
    page = Page(hostile_html)

    assert "alert(" not in page.raw["script"] + page.raw["style"]
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert len(Counter(page.values("id"))) == len(page.values("id"))


def test_an_event_is_escaped_for_where_it_stands() -> None:
    assert pretty_json({"</pre>": '"&'}) == '{\n\t"&lt;/pre&gt;": "\\"&amp;"\n}'
    for template in TEMPLATES:
        uses = re.findall(r"(\S*){{[^}]*pretty_json[^}]*}}(\S*)", template.read_text("utf-8"))
        assert all((before[-1], after[0]) == (">", "<") for before, after in uses)


def test_no_template_marks_a_value_as_safe() -> None:
    assert TEMPLATES
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|<script>[^{]|<style>[^{]", text), (
            template
        )


def test_the_style_sheets_and_scripts_are_plain_text_of_our_own() -> None:
    for path in (bundled("reports") / "html").glob("_*.[cj]s*"):
        assert "</" not in path.read_text(encoding="utf-8")
