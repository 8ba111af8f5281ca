"""`trailcheck explain`: why a rule says what it says of an event."""

import sys
from pathlib import Path

import click

from checker.authoring.explain_text import render_explanation
from checker.authoring.explanation import Asking, explain, render_explanation_json
from checker.cli.configuration import Configuration
from checker.cli.events import Given, read_events
from checker.cli.layers import find_configuration
from checker.cli.one_rule import find_rule
from checker.cli.options import param_option, params_option, settings_from
from checker.cli.style import terminal_style, terminal_width
from checker.policy.rule import Rule
from checker.policy.waiver import Waiver
from checker.policy.waiver_document import load_waivers
from checker.report.mask import Masked, Shown
from checker.verdict.exit_codes import ExitCode


@click.command("explain")
@click.argument("rule_name", metavar="RULE")
@click.argument("events", metavar="EVENT...", nargs=-1, required=True)
@click.option(
    "-r", "--rules", "locations", metavar="RULES", multiple=True,
    help="Where RULE is an id: a rule file, a folder, or the name of a bundled pack "
    "(default: the rules of the configuration, then all bundled packs).",
)  # fmt: skip
@param_option
@params_option
@click.option(
    "--waivers",
    metavar="FILE",
    help="Tell how these waivers stand to a violation (default: those of the configuration).",
)
@click.option("--all", "explain_all", is_flag=True, help="Explain every event, in scope or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option("--show-secrets", is_flag=True, help="Show access keys and secrets as found.")
def command(  # noqa: PLR0913 - one argument for each option
    *,
    rule_name: str,
    events: tuple[str, ...],
    locations: tuple[str, ...],
    param_options: tuple[str, ...],
    param_files: tuple[str, ...],
    waivers: str | None,
    explain_all: bool,
    as_json: bool,
    show_secrets: bool,
) -> int:
    """Say why a rule says what it says of an event.

    RULE is a rule's file, or its id. An EVENT is a trail log (a file, folder, glob, or - for standard
    input), or one event of it: FILE#INDEX, counted from 0 as in reports, or PATH#EVENTID. A rule over
    many events takes all of them together, as the whole of the logs.

    Shown is all that the rule asks, with the value of every part of a condition, what decided (>), and
    what would have to be otherwise for the other verdict. Of several events those are explained that
    the rule is about. Exit codes: 0 explained, whatever the verdict; 2 the rule, an option or an event
    is wrong; 3 something of the logs could not be read.
    """
    configuration = find_configuration(None)
    given = settings_from(param_files, param_options)
    rule = find_rule(rule_name, locations, given, configuration)
    read = read_events(events, configuration.limits)
    asking = Asking(
        waivers=_waivers(waivers, rule, configuration),
        all=explain_all,
        mask=Shown if show_secrets else Masked,
    )
    explanation = explain(rule, read.located, asking, configuration.limits)
    if as_json:
        click.echo(render_explanation_json(explanation).encode(), nl=False)
    else:
        style, width = terminal_style(sys.stdout), terminal_width(sys.stdout)
        click.echo(render_explanation(explanation, style, width), nl=False)
    return told(read)


def told(read: Given) -> ExitCode:
    """Say on standard error what was wrong with the logs, and give what to exit with."""
    for problem in read.problems:
        click.echo(str(problem), err=True)
    return ExitCode.OK if read.is_whole else ExitCode.INCOMPLETE


def _waivers(file: str | None, rule: Rule, configuration: Configuration) -> tuple[Waiver, ...]:
    named = file or configuration.waivers
    if not named:
        return ()
    book = load_waivers(Path(named), configuration.limits)
    return tuple(each for each in book.waivers if each.rule == rule.id)
