"""`trailcheck lint`: find what is wrong with rules before they judge anything."""

import click

from checker.authoring.lint import lint
from checker.cli.layers import find_configuration
from checker.cli.options import DEFAULT_RULES
from checker.errors import RulesError
from checker.policy.loader import read_rules
from checker.report.text_lines import counted
from checker.verdict.exit_codes import ExitCode


@click.command("lint")
@click.argument("locations", metavar="[RULES]...", nargs=-1)
def command(*, locations: tuple[str, ...]) -> int:
    """Find what is wrong with rules: their YAML, keys, expressions and parameters.

    What is sound and yet hardly meant is a problem, too: a condition that is no yes or no, a text in
    double quotes.

    RULES are rule files, folders and names of bundled packs; by default those of the configuration,
    else the pack starter. Exit codes: 0 no problems; 1 problems; 2 there are no rules there.
    """
    configuration = find_configuration(None)
    judged = locations or configuration.rules or DEFAULT_RULES
    try:
        rules = read_rules(judged, configuration.limits).rules
        problems = tuple(lint(rules))
    except RulesError as error:
        problems = error.problems
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(counted(len(problems), "problem"))
        return ExitCode.VIOLATIONS
    click.echo(f"{', '.join(judged)}: {counted(len(rules), 'rule')}, no problems")
    return ExitCode.OK
