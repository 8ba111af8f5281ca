"""`trailcheck report`: render a saved JSON report again."""

import sys
from pathlib import Path

import click

from checker.cli.outputs import output_option, parse_outputs, prepare_outputs, write_outputs
from checker.cli.style import terminal_style, terminal_width
from checker.report.saved import load_report
from checker.report.text import render_text


@click.command("report")
@click.argument("results", metavar="RESULTS.JSON")
@output_option
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="List every rule, every kept exception and every problem in the table.",
)
def command(*, results: str, outputs: tuple[str, ...], verbose: bool) -> None:
    """Render a report that `trailcheck check -o json=FILE` saved.

    Without -o it prints the table. The exit code is 0 when all was written, whatever the verdicts.
    """
    path = Path(results)
    wanted = prepare_outputs(parse_outputs(outputs), (path,))
    report = load_report(path)
    written = write_outputs(report, wanted)
    if not wanted:
        style, width = terminal_style(sys.stdout), terminal_width(sys.stdout)
        click.echo(render_text(report, style, verbose=verbose, width=width), nl=False)
    elif all(each.path != "-" for each in wanted):
        for line in written:
            click.echo(line)
