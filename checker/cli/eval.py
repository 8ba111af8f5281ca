"""`trailcheck eval`: try an expression on events."""

import click

from checker.authoring.explain import named_value
from checker.authoring.trial import Trial, values_of
from checker.cli.events import read_events
from checker.cli.explain import told
from checker.cli.layers import find_configuration
from checker.cli.options import param_option, params_option, settings_from
from checker.errors import Place
from checker.expression.trace import State
from checker.report.mask import Masked, Shown
from checker.verdict.exit_codes import ExitCode
from checker.visible import visible_json


@click.command("eval")
@click.argument("expression", metavar="EXPRESSION")
@click.argument("events", metavar="EVENT...", nargs=-1, required=True)
@param_option
@params_option
@click.option("--show-secrets", is_flag=True, help="Show access keys and secrets as found.")
def command(
    *,
    expression: str,
    events: tuple[str, ...],
    param_options: tuple[str, ...],
    param_files: tuple[str, ...],
    show_secrets: bool,
) -> int:
    """Print the value of an expression on every event, as JSON: one line each.

    An EVENT is a trail log (a file, folder, glob, or - for standard input), or one event of it:
    FILE#INDEX, counted from 0, or PATH#EVENTID; of a single event the value is indented. The EXPRESSION
    is what a rule's conditions are: JMESPath with functions, $event, and $name for a --param. A value
    is read as JSON spells numbers, true, false and null, else as text.

    What raises is told on standard error, with the part that raised; its line is then null. Exit codes:
    0 there is a value for every event; 1 for some there is none; 2 the expression, an option or an event
    is wrong; 3 something of the logs could not be read.
    """
    configuration = find_configuration(None)
    values = values_of(settings_from(param_files, param_options))
    trial = Trial(expression, values, configuration.limits)
    read = read_events(events, configuration.limits)
    indent = 2 if len(read.located) == 1 else None
    raised = False
    for path, record in read.located:
        part = trial(record.event)
        if part.state is State.RAISED:
            raised = True
            place = Place(path=f"{path}#{record.index}")
            click.echo(str(trial.fault(part, place)), err=True)
        mask = (Shown if show_secrets else Masked)(record.original)
        click.echo(visible_json(named_value(expression, part.value, mask), indent=indent))
    code = told(read)
    return code if code is not ExitCode.OK or not raised else ExitCode.VIOLATIONS
