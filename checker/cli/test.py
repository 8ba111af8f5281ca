"""`trailcheck test`: run the tests in the rules."""

import sys

import click

from checker.authoring.rule_tests import CaseResult, run_tests
from checker.cli.options import DEFAULT_RULES, param_option, params_option, settings_from
from checker.cli.style import terminal_style
from checker.policy.loader import read_rules
from checker.report.text import counted
from checker.verdict.exit_codes import ExitCode


@click.command("test")
@click.argument("locations", metavar="[RULES]...", nargs=-1)
@param_option
@params_option
@click.option("-v", "--verbose", is_flag=True, help="List the cases that pass, too.")
def command(
    *,
    locations: tuple[str, ...],
    param_options: tuple[str, ...],
    param_files: tuple[str, ...],
    verbose: bool,
) -> int:
    """Run the tests in the rules.

    RULES are rule files, folders and names of bundled packs (default: iot). Failures come last.
    A rule without tests counts as a failure: nothing shows that it works.
    """
    settings = settings_from(param_files, param_options)
    book = read_rules(locations or DEFAULT_RULES)
    results = list(run_tests(book.rules, settings))
    untested = [rule for rule in book.rules if not rule.tests]
    failed = [result for result in results if not result.passed]
    if verbose:
        for result in results:
            if result.passed:
                click.echo(f"ok    {result.rule.id}: {result.case.name}")
    for result in failed:
        click.echo(_failure(result))
    for rule in untested:
        click.echo(
            f"{rule.origin.path}: rule {rule.id}: no tests\n    hint: write them under tests:"
        )
    passed = len(results) - len(failed)
    rules, tests = counted(len(book.rules), "rule"), counted(len(results), "test")
    line = f"{rules}, {tests}: {passed} passed, {len(failed)} failed"
    if untested:
        line += f", {counted(len(untested), 'rule')} without tests"
    bad = bool(failed or untested)
    click.echo(terminal_style(sys.stdout)(line, "fail" if bad else "pass"))
    return ExitCode.VIOLATIONS if bad else ExitCode.OK


def _failure(result: CaseResult) -> str:
    found = result.found or "no answer"
    lines = [
        f"{result.case.place}: rule {result.rule.id}: {result.case.name}",
        f"expected {result.case.expect}, found {found}",
    ]
    if result.reason:
        lines.append(result.reason)
    return "\n    ".join(lines)
