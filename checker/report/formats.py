"""The formats that a report can be rendered in; one line here adds one."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, Protocol

from msgspec import Struct

from checker.report.model import Report

TEMPLATE: Final = "template:"
"""How the name of a format begins that is a template of the user's own; its path follows."""


class Renderer(Protocol):
    """Makes a report in one format."""

    def render(self, report: Report) -> str:
        """Give the report in this format."""
        ...


class Format(Struct, frozen=True):
    """A name for `-o NAME=PATH`, and how it is made.

    Attributes:
        renderer: `module:function`, imported when a report is wanted: a check starts faster without
            the formats that it does not write.
    """

    name: str
    doc: str
    renderer: str

    def render(self, report: Report) -> str:
        """Give the report in this format."""
        module, _, function = self.renderer.partition(":")
        rendered: str = getattr(import_module(module), function)(report)
        return rendered


FORMATS: tuple[Format, ...] = (
    Format(
        "asff", "findings for AWS Security Hub, a batch a line", "checker.report.asff:render_asff"
    ),
    Format(
        "csv",
        "a row for each rule and account, for a spreadsheet",
        "checker.report.findings_csv:render_csv",
    ),
    Format("github", "annotations of a GitHub Actions step", "checker.report.github:render_github"),
    Format("gitlab", "a GitLab Code Quality report", "checker.report.gitlab:render_gitlab"),
    Format("html", "one self-contained page for an auditor", "checker.report.html:render_html"),
    Format(
        "json",
        "the report model; `trailcheck report` renders it again",
        "checker.report.saved:render_json",
    ),
    Format("junit", "JUnit XML for a CI server", "checker.report.junit:render_junit"),
    Format(
        "manifest",
        "JSON Lines of path, size and SHA-256 of each input",
        "checker.report.manifest:render_manifest",
    ),
    Format(
        "markdown",
        "a summary, such as for a step of GitHub Actions",
        "checker.report.markdown:render_markdown",
    ),
    Format("ocsf", "OCSF Compliance Findings, JSON Lines", "checker.report.ocsf:render_ocsf"),
    Format("oscal", "OSCAL assessment results, JSON", "checker.report.oscal:render_oscal"),
    Format("sarif", "SARIF 2.1.0 for GitHub code scanning", "checker.report.sarif:render_sarif"),
    Format("text", "the table that a terminal shows", "checker.report.text:render_text"),
)

STREAMS: Mapping[str, str] = {
    "evidence-csv": "every exception as CSV, streamed; by `check` only",
    "evidence-jsonl": "every exception as JSON Lines with its record, streamed; by `check` only",
}
"""What a check writes from its logs and not from the report, since no report holds all of it."""

FORMATS_BY_NAME: Mapping[str, Format] = {each.name: each for each in FORMATS}


def renderer_of(name: str) -> Renderer:
    """Give what makes a format; a template is read and checked.

    Raises:
        UsageError: A template cannot be read, or is wrong.
    """
    if template := template_of(name):
        # Imported here: Jinja is slow to import, and few reports want it.
        from checker.report.template import load_template  # noqa: PLC0415

        return load_template(template)
    return FORMATS_BY_NAME[name]


def template_of(name: str) -> str:
    """Give the path of the template that is a format; empty for a format of ours."""
    return name.removeprefix(TEMPLATE) if name.startswith(TEMPLATE) else ""
