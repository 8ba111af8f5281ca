"""`trailcheck lint`: find what is wrong with rules before they judge anything."""

import click

from checker.cli.options import DEFAULT_RULES
from checker.errors import RulesError
from checker.policy.loader import read_rules
from checker.report.text import counted
from checker.verdict.exit_codes import ExitCode


@click.command("lint")
@click.argument("locations", metavar="[RULES]...", nargs=-1)
def command(*, locations: tuple[str, ...]) -> int:
    """Find what is wrong with rules: their YAML, their keys, their expressions, their parameters.

    RULES are rule files, folders and names of bundled packs (default: iot).
    """
    try:
        book = read_rules(locations or DEFAULT_RULES)
    except RulesError as error:
        for problem in error.problems:
            click.echo(str(problem))
        click.echo(counted(len(error.problems), "problem"))
        return ExitCode.VIOLATIONS
    click.echo(f"{counted(len(book.rules), 'rule')}, no problems")
    return ExitCode.OK
