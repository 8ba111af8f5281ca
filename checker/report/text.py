"""The text report: a table for a terminal, plain when piped."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from checker.report.coverage import coverage_lines
from checker.report.model import ProblemEntry, Report, VerdictName
from checker.report.provenance import stated
from checker.report.text_exceptions import exception_lines
from checker.report.text_lines import Look, Style, counted, plain
from checker.report.text_rules import SHOWN, table
from checker.visible import inert

_SHOWN_PROBLEMS: Final = 10

_VERDICT_WORDS: Mapping[VerdictName, tuple[str, str]] = {
    "pass": ("passed", "passed"),
    "fail": ("failed", "failed"),
    "waived": ("waived", "waived"),
    "no_occurrence": ("no occurrence", "no occurrence"),
    "no_evidence": ("no evidence", "no evidence"),
    "not_applicable": ("not applicable", "not applicable"),
    "error": ("error", "errors"),
}


def render_text(
    report: Report, style: Style = plain, *, verbose: bool = False, width: int | None = None
) -> str:
    """Give the report as text.

    Args:
        report: What to show.
        style: Called with a piece of text and what it is: a verdict, a severity, `heading`, `faint`.
        verbose: Show every exhibit that the report carries, and where it was found.
        width: Columns of the terminal; None for lines of any length.
    """
    look = Look(style, verbose, width)
    lines = [*(line for each in _head(report) for line in look.lines(each, hang=2)), ""]
    if report.problems:
        heading = f"Problems with the input ({len(report.problems)})"
        lines += [style(heading, "heading"), *_problems(report, look), ""]
    lines += [*table(report, look), ""]
    exceptions = list(exception_lines(report, look))
    lines += [*exceptions, ""] if exceptions else []
    lines += [line for each in report.notes for line in look.lines(f"Note: {each}", "faint")]
    lines += ["", *_closing(report, look)]
    return "\n".join(lines) + "\n"


def lost_lines(report: Report) -> list[str]:
    """Give the lines that tell what was lost of the input, all of it."""
    lost = [each for each in report.problems if each.level == "error"]
    return list(_problem_lines(lost, Look()))


def closing_line(report: Report, style: Style = plain) -> str:
    """Give the one line that says it all: every verdict, and what decided the exit code."""
    parts = [
        style(f"{count} {word if count == 1 else words}", verdict if count else "faint")
        for verdict, (word, words) in _VERDICT_WORDS.items()
        for count in [report.verdicts.get(verdict, 0)]
    ]
    rules = counted(len(report.rules), "rule")
    reasons = inert("; ".join(report.gate.reasons))
    return f"{rules}: {', '.join(parts)}. Exit {report.gate.exit_code}: {reasons}."


def _closing(report: Report, look: Look) -> Iterator[str]:
    bare = closing_line(report)
    if look.width is None or len(bare) <= look.width:
        yield closing_line(report, look.style)
    else:
        yield from look.lines(bare)


def _head(report: Report) -> Iterator[str]:
    accounts = {each.account for each in report.population if each.account}
    totals = report.totals
    read = f"{counted(totals.read, 'event')} in {counted(len(report.inputs), 'file')}"
    yield f"trailcheck {report.tool.version}: {read}, {counted(len(accounts), 'account')}"
    if report.period.first and report.period.last:
        yield f"period {report.period.first} to {report.period.last} ({report.period.source})"
    yield (
        f"{totals.in_scope} in the scope of a rule; "
        f"{totals.read} read = {totals.judged} judged + {counted(totals.duplicates, 'duplicate')}"
        f" + {totals.outside_period} outside the period + {totals.refused} refused"
    )
    yield from coverage_lines(report.coverage)
    if report.set_aside:
        names = ", ".join(each.path for each in report.set_aside[:SHOWN])
        more = "" if len(report.set_aside) <= SHOWN else ", …"
        aside = counted(len(report.set_aside), "file")
        yield f"{aside} set aside, no trail log by content or name: {names}{more}"
    yield f"input manifest sha256 {report.provenance.manifest.sha256}"
    yield from (f"{name}: {text}" for name, text in stated(report))


def _problems(report: Report, look: Look) -> Iterator[str]:
    """Tell of the problems; of many, the first, errors before warnings, and how many more."""
    if look.verbose or len(report.problems) <= _SHOWN_PROBLEMS:
        yield from _problem_lines(report.problems, look)
        return
    worst = sorted(report.problems, key=lambda each: each.level != "error")
    yield from _problem_lines(worst[:_SHOWN_PROBLEMS], look)
    yield f"  … {len(worst) - _SHOWN_PROBLEMS} more, -v shows them"


def _problem_lines(problems: Sequence[ProblemEntry], look: Look) -> Iterator[str]:
    """Give problems with their hints, a hint that several have with the first of them only."""
    told = set()
    for problem in problems:
        place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part)
        head = f"{place}: {problem.cause}" if place else problem.cause
        level = look.style(problem.level, problem.level)
        first, *others = look.lines(f"{problem.level}  {head} [{problem.code}]", indent=2, hang=7)
        yield first.replace(problem.level, level, 1)
        yield from others
        if problem.hint and problem.hint not in told:
            yield from look.lines(f"hint: {problem.hint}", indent=9, hang=6)
        told.add(problem.hint)
