"""`trailcheck diff`: what changed between two reports."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from checker.cli.outputs import refuse_overwriting
from checker.errors import OutputError, Problem, UsageError, did_you_mean
from checker.report.diff import compare_reports
from checker.report.diff_model import Difference
from checker.report.diff_words import render_diff_markdown, render_diff_text
from checker.report.saved import load_report
from checker.report.write import refuse_unwritable, write_report
from checker.verdict.exit_codes import ExitCode


def _html(found: Difference) -> str:
    # Imported here: Jinja is slow to import, and most want the text.
    from checker.report.diff_html import render_diff_html  # noqa: PLC0415

    return render_diff_html(found)


_FORMATS: Mapping[str, Callable[[Difference], str]] = {
    "html": _html,
    "markdown": render_diff_markdown,
    "text": render_diff_text,
}


@click.command("diff")
@click.argument("old", metavar="OLD.JSON")
@click.argument("new", metavar="NEW.JSON")
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FORMAT=PATH",
    multiple=True,
    help=f"Write what changed; may be given several times. Formats: {', '.join(_FORMATS)}. "
    "PATH - is standard output.",
)
def command(*, old: str, new: str, outputs: tuple[str, ...]) -> int:
    """Say what changed from one report to another, both saved with -o json=FILE.

    New, gone and remaining violations are told by their fingerprints, then verdicts that turned,
    rules, inputs, period and settings. Without -o it prints text. Exit codes: 0 nothing is new and
    nothing is worse; 1 something is; 2 the command line or a report is wrong, or they cannot be
    compared; 4 something could not be written.
    """
    wanted = _parsed(outputs)
    refuse_overwriting(wanted, (old, new))
    refuse_unwritable(Path(path) for path in wanted.values() if path != "-")
    found = compare_reports(load_report(Path(old)), load_report(Path(new)))
    problems: list[Problem] = []
    for name, path in (wanted or {"text": "-"}).items():
        text = _FORMATS[name](found)
        if path == "-":
            click.echo(text.encode(), nl=False)
            continue
        try:
            write_report(Path(path), text)
        except OutputError as error:
            problems += error.problems
    if problems:
        raise OutputError(problems)
    return ExitCode.VIOLATIONS if found.worse else ExitCode.OK


def _parsed(outputs: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for output in outputs:
        name, _, path = output.partition("=")
        if name not in _FORMATS or not path or name in found or path in found.values():
            cause = f"-o {output}: expected FORMAT=PATH, each format and each path once"
            hint = (
                did_you_mean(name, _FORMATS) if name not in _FORMATS else "such as html=diff.html"
            )
            raise UsageError([Problem(code="diff-output", cause=cause, hint=hint)])
        found[name] = path
    return found
