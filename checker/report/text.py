"""The text report: a table for a terminal, plain when piped."""

from collections.abc import Callable, Iterator

from checker.report.model import Evidence, ProblemEntry, Report, RuleResult
from checker.report.visible import visible

Style = Callable[[str, str], str]

_SHOWN = 3
_VERDICT_WORDS = {
    "fail": ("failed", "failed"),
    "error": ("error", "errors"),
    "no_evidence": ("no evidence", "no evidence"),
    "waived": ("waived", "waived"),
    "pass": ("passed", "passed"),
    "no_occurrence": ("no occurrence", "no occurrence"),
    "not_applicable": ("not applicable", "not applicable"),
}


def plain(text: str, kind: str) -> str:  # noqa: ARG001 - the signature of a style
    """Style nothing."""
    return text


def render_text(report: Report, style: Style = plain, *, verbose: bool = False) -> str:
    """Give the report as text.

    Args:
        report: What to show.
        style: Called with a piece of text and what it is: a verdict, a severity, `heading`, `faint`.
        verbose: Show every exhibit that the report carries, and where it was found.
    """
    lines = [*map(visible, _head(report)), "", *_table(report, style, verbose=verbose)]
    if report.problems:
        lines += ["", style("Problems with the input", "heading")]
        lines += [line for problem in report.problems for line in _problem(problem, style)]
    lines += ["", closing_line(report, style)]
    return "\n".join(lines) + "\n"


def closing_line(report: Report, style: Style = plain) -> str:
    """Give the one line that says it all: the verdicts, and what decided the exit code."""
    parts = [
        style(f"{count} {_VERDICT_WORDS[verdict][count != 1]}", verdict)
        for verdict, count in report.verdicts.items()
        if count or verdict in {"fail", "pass"}
    ]
    rules = counted(len(report.rules), "rule")
    reasons = visible("; ".join(report.gate.reasons))
    return f"{rules}: {', '.join(parts)}. Exit {report.gate.exit_code}: {reasons}."


def counted(count: int, word: str) -> str:
    """Give a number with its noun: `1 rule`, `2 rules`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _head(report: Report) -> Iterator[str]:
    accounts = {each.account for each in report.population if each.account}
    totals = report.totals
    read = f"{counted(totals.read, 'event')} in {counted(len(report.inputs), 'file')}"
    yield f"trailcheck {report.tool.version}: {read}, {counted(len(accounts), 'account')}"
    if report.period.first and report.period.last:
        yield f"period {report.period.first} to {report.period.last} ({report.period.source})"
    yield (
        f"{totals.read} read = {totals.judged} judged + {counted(totals.duplicates, 'duplicate')}"
        f" + {totals.outside_period} outside the period + {totals.refused} refused"
    )
    if report.set_aside:
        yield f"{counted(len(report.set_aside), 'file')} set aside: no trail log by content or name"


def _table(report: Report, style: Style, *, verbose: bool) -> Iterator[str]:
    ids = {rule.id: visible(rule.id) for rule in report.rules}
    width = max((len(shown) for shown in ids.values()), default=4)
    header = (
        f"{'VERDICT':<14}  {'SEVERITY':<8}  {'RULE':<{width}}  {'IN SCOPE':>8}  {'EXCEPTIONS':>10}"
    )
    yield style(header, "heading")
    for rule in report.rules:
        verdict = rule.verdict.replace("_", " ")
        yield (
            f"{style(f'{verdict:<14}', rule.verdict)}  {style(f'{rule.severity:<8}', rule.severity)}"
            f"  {ids[rule.id]:<{width}}  {rule.counts.in_scope:>8}  {rule.counts.violations:>10}"
        )
        yield from _details(rule, style, verbose=verbose)


def _details(rule: RuleResult, style: Style, *, verbose: bool) -> Iterator[str]:
    if rule.verdict in {"fail", "error", "no_evidence"}:
        yield f"    {style(visible(rule.title), 'faint')}"
        yield f"    {visible(rule.reason)}"
    for exhibits in (rule.violations, rule.errors, rule.undetermined):
        shown = exhibits.shown if verbose else exhibits.shown[:_SHOWN]
        for each in shown:
            yield f"    - {visible(_exhibit(each))}"
            if verbose:
                found = f"event {each.event_id or 'without an id'} in {each.path}#{each.index}"
                yield f"      {style(visible(found), 'faint')}"
        if exhibits.total > len(shown):
            yield f"    … {exhibits.total - len(shown)} more of {exhibits.total}"


def _exhibit(evidence: Evidence) -> str:
    where = " ".join(part for part in (evidence.account, evidence.region) if part)
    what = f"{evidence.message} ({evidence.reason})" if evidence.reason else evidence.message
    return f"{evidence.time or 'no time'}  {where}  {what}"


def _problem(problem: ProblemEntry, style: Style) -> Iterator[str]:
    place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part)
    head = f"{place}: {problem.cause}" if place else problem.cause
    yield f"  {style(problem.level, problem.level)}  {visible(head)}"
    if problem.hint:
        yield f"         hint: {visible(problem.hint)}"
