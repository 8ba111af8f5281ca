"""The report as Markdown, for the summary of a pipeline's step: what matters most first."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checker.report.findings import Finding, count_of_findings, findings_of, standing
from checker.report.markdown_text import code, escaped
from checker.report.model import Evidence, Gate, Report, RuleResult
from checker.report.text import closing_line
from checker.resources import bundled

TEMPLATE: Final = "markdown/report.md.j2"

MAX_BYTES: Final = 1 << 20
"""GitHub refuses a larger summary of a step."""

FINDINGS: Final = 10
"""Findings of one rule that are shown."""

_CUT: Final = (
    "\n\n**This summary was cut at 1 MiB; the other reports have all of it.**\n"  # as GitHub has it
)


class _Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def render_markdown(report: Report) -> str:
    """Give the report as Markdown of at most 1 MiB."""
    text = _environment().get_template(TEMPLATE).render(report=report, closing=closing_line(report))
    content = text.encode()
    if len(content) <= MAX_BYTES:
        return text
    # At the end of a line: each is a paragraph, a row or an item, and none is open beyond it.
    kept = content[: MAX_BYTES - len(_CUT.encode())].rpartition(b"\n")[0]
    return kept.decode(errors="ignore") + _CUT


def finalize(value: object) -> object:
    """Escape text; every value that the template prints passes here."""
    if isinstance(value, str) and not isinstance(value, _Markdown):
        return escaped(value)
    return value


def failing(rules: Iterable[RuleResult]) -> list[RuleResult]:
    """Give the rules that failed or could not be judged, the most severe first."""
    return [rule for rule in rules if rule.verdict in {"fail", "error", "no_evidence"}]


def waived(rules: Iterable[RuleResult]) -> list[RuleResult]:
    """Give the rules all exceptions of which are waived."""
    return [rule for rule in rules if rule.verdict == "waived"]


def shown_findings(rule: RuleResult, gate: Gate) -> list[Finding]:
    """Give the findings of a rule to show: first what fails the gate."""
    return sorted(findings_of(rule), key=lambda each: bool(standing(each, gate)))[:FINDINGS]


def unshown(rule: RuleResult, gate: Gate) -> int:
    """Give how many findings of a rule are not shown."""
    return max(count_of_findings(rule) - len(shown_findings(rule, gate)), 0)


def unjudged(rule: RuleResult) -> list[Evidence]:
    """Give events to show that a rule could not judge."""
    return [*rule.errors.shown, *rule.undetermined.shown][:FINDINGS]


def as_code(text: str) -> _Markdown:
    """Give text as a code span; for use outside of tables only."""
    return _Markdown(code(text) or "-")


def place(evidence: Evidence) -> str:
    """Give where an event stands: its file, and its line or else the number of its record."""
    where = f":{evidence.lines.first_line}" if evidence.lines else f"#{evidence.index}"
    return f"{evidence.path}{where}"


def words(name: str) -> str:
    """Give a name of the model in words: `no_evidence` as `no evidence`."""
    return name.replace("_", " ")


@cache
def _environment() -> Environment:
    environment = Environment(
        # Markdown needs another escape than HTML: `finalize`, which nothing printed gets around.
        autoescape=False,  # noqa: S701
        finalize=finalize,
        keep_trailing_newline=True,
        loader=FileSystemLoader(bundled("reports")),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.clear()
    environment.globals.update(
        failing=failing,
        shown_findings=shown_findings,
        standing=standing,
        unjudged=unjudged,
        unshown=unshown,
        waived=waived,
    )
    environment.filters.update(code=as_code, place=place, words=words)
    return environment
