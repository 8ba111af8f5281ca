"""`trailcheck lint`: find what is wrong with rules before they judge anything."""

from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from checker.authoring.lint.catalogue import CHECKS, CHECKS_BY_CODE
from checker.authoring.lint.formats import FORMATS, Linted
from checker.authoring.lint.linter import lint
from checker.cli.layers import find_configuration
from checker.cli.options import DEFAULT_RULES
from checker.errors import Level, Problem, RulesError, UsageError, did_you_mean
from checker.limits import Limits
from checker.policy.loader import read_rules
from checker.policy.packs import bundled_packs
from checker.verdict.exit_codes import ExitCode


@click.command("lint")
@click.argument("locations", metavar="[RULES]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    default="text",
    help="How findings are told (default: text); github annotates the lines of a pull request.",
)
@click.option(
    "--fail-on",
    type=click.Choice([level.value for level in Level]),
    default=Level.WARNING.value,
    help="The least level of a finding that exits 1 (default: warning).",
)
@click.option(
    "--select",
    metavar="CODE",
    multiple=True,
    help="Only these checks: a code, or how codes begin (TC3); may be given several times.",
)
@click.option(
    "--ignore",
    metavar="CODE",
    multiple=True,
    help="None of these checks. One rule ignores a check by its key lint, with a reason.",
)
@click.option(
    "--waivers",
    metavar="FILE",
    help="A file of waivers to lint as well (default: that of the configuration).",
)
@click.option("--codes", is_flag=True, help="List all checks, and read no rules.")
def command(  # noqa: PLR0913 - one argument for each option
    *,
    locations: tuple[str, ...],
    form: str,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    waivers: str | None,
    codes: bool,
) -> int:
    """Find what is wrong with rules: their YAML, keys, expressions and parameters.

    What is sound and yet hardly meant is a problem, too: a text in double quotes, an event that no
    service has, a condition that always holds, a field that no event has. Each finding has a code,
    with a page in the reference.

    RULES are rule files, folders and names of bundled packs; by default those of the configuration,
    else the pack starter. Exit codes: 0 no problems; 1 problems; 2 there are no rules there.
    """
    if codes:
        click.echo("\n".join(f"{each.code}  {each.level:<7}  {each.meaning}" for each in CHECKS))
        return ExitCode.OK
    _refuse_unknown((*select, *ignore))
    configuration = find_configuration(None)
    judged = locations or configuration.rules or DEFAULT_RULES
    linted = _linted(judged, configuration.limits, select, ignore)
    given = waivers or configuration.waivers
    if given:
        problems = (*linted.problems, *_of_waivers(given, judged, configuration.limits))
        linted = replace(linted, problems=problems)
    click.echo(FORMATS[form](linted), nl=False)
    failing = linted.count(Level.ERROR)
    if fail_on == Level.WARNING:
        failing += linted.count(Level.WARNING)
    return ExitCode.VIOLATIONS if failing else ExitCode.OK


def _linted(
    judged: tuple[str, ...], limits: Limits, select: tuple[str, ...], ignore: tuple[str, ...]
) -> Linted:
    try:
        book = read_rules(judged, limits)
        found = lint(book.rules, book.packs)
    except RulesError as error:
        # What stops the rules from being read is no check that could be left out.
        return Linted(judged=judged, rules=0, problems=error.problems)
    problems = tuple(
        problem
        for problem in found
        if problem.code.startswith(select or ("",)) and not problem.code.startswith(ignore)
    )
    return Linted(judged=judged, rules=len(book.rules), problems=problems)


def _of_waivers(path: str, judged: tuple[str, ...], limits: Limits) -> tuple[Problem, ...]:
    """Lint a file of waivers against the rules at hand and those that are bundled."""
    # Imported here: most runs lint rules alone.
    from checker.authoring.waiver_lint import lint_waivers  # noqa: PLC0415
    from checker.policy.waiver_document import load_waivers, refuse_unknown_rules  # noqa: PLC0415

    try:
        book = load_waivers(Path(path), limits)
        rules = {rule.id: rule for rule in read_rules(bundled_packs(), limits).rules}
        rules |= {rule.id: rule for rule in read_rules(judged, limits).rules}
        refuse_unknown_rules(book, rules)
    except RulesError:
        return ()  # told already: what is wrong with the rules
    except UsageError as error:
        return error.problems
    return lint_waivers(book, rules, datetime.now(UTC))


def _refuse_unknown(codes: tuple[str, ...]) -> None:
    unknown = [code for code in codes if not any(each.startswith(code) for each in CHECKS_BY_CODE)]
    if unknown:
        raise UsageError(
            Problem(
                code="lint-code",
                cause=f"no check has a code that begins with '{code}'",
                hint=_near(code),
            )
            for code in unknown
        )


def _near(code: str) -> str:
    hint = did_you_mean(code, CHECKS_BY_CODE)
    return hint if hint.startswith("did") else "trailcheck lint --codes lists them"
