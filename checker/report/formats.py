"""The formats that a report can be rendered in; one line here adds one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.report.junit import render_junit
from checker.report.model import Report
from checker.report.saved import render_json
from checker.report.text import render_text


@dataclass(frozen=True, slots=True)
class Format:
    """A name for `-o NAME=PATH`, and how it is made."""

    name: str
    doc: str
    render: Callable[[Report], str]


def _html(report: Report) -> str:
    # Jinja is imported only when a page is wanted: a check that writes none starts faster.
    from checker.report.html import render_html  # noqa: PLC0415

    return render_html(report)


FORMATS: tuple[Format, ...] = (
    Format("html", "one self-contained page for an auditor", _html),
    Format("json", "the report model; `trailcheck report` renders it again", render_json),
    Format("junit", "JUnit XML for a CI server", render_junit),
    Format("text", "the table that a terminal shows", render_text),
)

FORMATS_BY_NAME: Mapping[str, Format] = {each.name: each for each in FORMATS}
