"""`trailcheck test`: run the tests in the rules."""

import sys

import click

from checker.authoring.rule_tests import CaseResult, run_tests
from checker.cli.layers import find_configuration
from checker.cli.options import DEFAULT_RULES, param_option, params_option, settings_from
from checker.cli.style import terminal_style
from checker.errors import UsageError
from checker.policy.loader import read_rules, used_parameters
from checker.policy.parameters import unknown_settings
from checker.report.text_lines import counted
from checker.verdict.exit_codes import ExitCode
from checker.visible import inert


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

    RULES are rule files, folders and names of bundled packs; by default those of the configuration,
    else the pack starter. Failures come last. A rule without tests counts as a failure: nothing shows
    that it works. Exit codes: 0 all passed; 1 some failed; 2 the rules cannot be loaded.
    """
    configuration = find_configuration(None)
    given = settings_from(param_files, param_options)
    judged = locations or configuration.rules or DEFAULT_RULES
    book = read_rules(judged, configuration.limits)
    unknown = unknown_settings(given, used_parameters(book.rules))
    if unknown:
        raise UsageError(unknown)
    results = list(run_tests(book.rules, given.over(configuration.params), configuration.limits))
    untested = [rule for rule in book.rules if not rule.tests]
    failed = [result for result in results if not result.passed]
    if verbose:
        for result in results:
            if result.passed:
                click.echo(inert(f"ok    {result.rule.id}: {result.case.name}"))
    for result in failed:
        click.echo(_failure(result))
    for rule in untested:
        click.echo(
            f"{rule.origin.path}: rule {rule.id}: no tests\n    hint: write them under tests:"
        )
    passed = len(results) - len(failed)
    rules, tests = counted(len(book.rules), "rule"), counted(len(results), "test")
    line = f"{', '.join(judged)}: {rules}, {tests}: {passed} passed, {len(failed)} failed"
    if untested:
        line += f", {counted(len(untested), 'rule')} without tests"
    bad = bool(failed or untested)
    click.echo(terminal_style(sys.stdout)(line, "fail" if bad else "pass"))
    return ExitCode.VIOLATIONS if bad else ExitCode.OK


def _failure(result: CaseResult) -> str:
    lines = [f"{result.case.place}: rule {result.rule.id}: {result.case.name}"]
    if result.found:
        lines.append(f"expected {result.case.expect}, found {result.found}")
    if result.reason:
        lines.append(result.reason)
    return "\n    ".join(inert(line) for line in lines)
