"""`trailcheck test`: run the tests in the rules, and see which changes they notice."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from checker.authoring.results_text import coverage_text, failure_text, shortfall_text
from checker.authoring.side_files import idle_files, with_side_files
from checker.authoring.tested import Demand, Tested, chosen, operands_in, run
from checker.cli.layers import find_configuration
from checker.cli.options import (
    DEFAULT_RULES,
    param_option,
    params_option,
    settings_from,
)
from checker.cli.outputs import refuse_overwriting
from checker.cli.style import terminal_style
from checker.errors import Problem, RulesError, UsageError
from checker.limits import Limits
from checker.policy.loader import RuleBook, read_rules, used_parameters
from checker.policy.packs import file_of
from checker.policy.parameters import Settings, unknown_settings
from checker.report.text_lines import counted
from checker.report.write import write_report
from checker.verdict.exit_codes import ExitCode
from checker.visible import inert

if TYPE_CHECKING:
    from checker.authoring.mutation.run import MutationResult


class _Asked(Struct, frozen=True, kw_only=True):
    """What is wanted beside the failures.

    Attributes:
        text: What the names of cases, or the ids of their rules, have in them.
        least: How many tests a rule must have.
        mutate_min: The percentage of mutants that must be noticed; None for any.
        outputs: Paths by format.
    """

    text: str
    coverage: bool
    least: int
    mutates: bool
    mutate_min: float | None
    jobs: int
    outputs: dict[str, str]
    only_failures: bool
    verbose: bool


class _Run(Struct, frozen=True, kw_only=True):
    """What a run came to.

    Attributes:
        mutated: What became of mutants; None where none were wanted.
    """

    tested: tuple[Tested, ...]
    mutated: "list[MutationResult] | None"
    is_thorough: bool

    @property
    def passed(self) -> bool:
        """Whether the command exits with 0."""
        return self.is_thorough and all(each.passed for each in self.tested)


@click.command("test")
@click.argument("locations", metavar="[RULES]...", nargs=-1)
@param_option
@params_option
@click.option(
    "-k",
    "text",
    metavar="TEXT",
    default="",
    help="Only the cases whose name, or whose rule's id, has TEXT in it.",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="Show for each rule how many operands of its conditions were both true and false, and "
    "name those that were not.",
)
@click.option(
    "--minimum-tests",
    "least",
    metavar="N",
    type=click.IntRange(1),
    default=1,
    help="Fewer tests of a rule are a failure; from 2 on one of them must expect fail, and one pass "
    "or out_of_scope.",
)
@click.option(
    "--mutate",
    "mutates",
    is_flag=True,
    help="Change each rule in one place after the other, and show the changes that no test notices.",
)
@click.option(
    "--mutate-min",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    help="As --mutate; fewer changes noticed, of a hundred, are a failure.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many processes may mutate at once (default: one for each core).",
)
@click.option("--junit", metavar="FILE", help="Write the results as JUnit XML; - for the terminal.")
@click.option(
    "--json", "json_path", metavar="FILE", help="Write the results as JSON; - for the terminal."
)
@click.option("--only-failures", is_flag=True, help="Leave what passed out of the results.")
@click.option(
    "-v", "--verbose", is_flag=True, help="List the cases that pass, and every score, too."
)
def command(  # noqa: PLR0913 - one argument for each option
    *,
    locations: tuple[str, ...],
    param_options: tuple[str, ...],
    param_files: tuple[str, ...],
    text: str,
    coverage: bool,
    least: int,
    mutates: bool,
    mutate_min: float | None,
    jobs: int | None,
    junit: str | None,
    json_path: str | None,
    only_failures: bool,
    verbose: bool,
) -> int:
    """Run the tests in the rules.

    RULES are rule files, folders and names of bundled packs; by default those of the configuration,
    else the pack starter. Failures come last. A rule without tests counts as a failure: nothing shows
    that it works. Exit codes: 0 all passed; 1 some failed; 2 the rules cannot be loaded.
    """
    configuration = find_configuration(None)
    asked = _Asked(
        text=text,
        coverage=coverage,
        least=least,
        mutates=mutates or mutate_min is not None,
        mutate_min=mutate_min,
        jobs=jobs or os.cpu_count() or 1,
        outputs={name: path for name, path in (("junit", junit), ("json", json_path)) if path},
        only_failures=only_failures,
        verbose=verbose and not only_failures,
    )
    limits = configuration.limits
    judged = locations or configuration.rules or DEFAULT_RULES
    book = _read(judged, limits)
    given = settings_from(param_files, param_options)
    unknown = unknown_settings(given, used_parameters(book.rules))
    if unknown:
        raise UsageError(unknown)
    _refuse_overwriting(asked, book, param_files)
    settings = given.over(configuration.params)
    found = _run(book, settings, limits, asked)
    _write(found, asked)
    aside = "-" in asked.outputs.values()
    for line in (*_lines(found, asked, settings, limits), _closing(judged, found)):
        click.echo(line, err=aside)
    return ExitCode.OK if found.passed else ExitCode.VIOLATIONS


def _read(judged: tuple[str, ...], limits: Limits) -> RuleBook:
    """Read rules and all of their tests; files of tests that nobody would run are a mistake."""
    book = read_rules(judged, limits)
    rules = with_side_files(book.rules, limits)
    idle = list(idle_files(judged, rules))
    if idle:
        raise RulesError(idle)
    return RuleBook(rules=rules, packs=book.packs)


def _refuse_overwriting(asked: _Asked, book: RuleBook, param_files: tuple[str, ...]) -> None:
    if list(asked.outputs.values()).count("-") > 1:
        cause = "--junit - and --json - would go to one place"
        hint = "name a file for one of them"
        raise UsageError([Problem(code="output-twice", cause=cause, hint=hint)])
    files = [file_of(rule.origin) for rule in book.rules]
    side = [
        file_of(rule.origin).parent / each.name for rule in book.rules for each in rule.test_files
    ]
    refuse_overwriting(asked.outputs, (*files, *side, *param_files))


def _run(book: RuleBook, settings: Settings, limits: Limits, asked: _Asked) -> _Run:
    rules = chosen(book.rules, asked.text)
    if not rules:
        cause = f"-k {asked.text}: no case and no rule has that in its name"
        raise UsageError([Problem(code="selects-nothing", cause=cause)])
    demand = Demand(
        # Of some of the cases it cannot be told whether there are too few.
        least=1 if asked.text else asked.least,
        coverage=asked.coverage or "json" in asked.outputs,
    )
    tested = tuple(run(rules, settings, demand, limits))
    if not asked.mutates:
        return _Run(tested=tested, mutated=None, is_thorough=True)
    # Imported here: tests alone, as before a commit, start faster without it.
    from checker.authoring.mutation.run import mutate, percent  # noqa: PLC0415

    ids = {rule.id for rule in rules}
    whole = RuleBook(rules=tuple(each for each in book.rules if each.id in ids), packs=book.packs)
    mutated = mutate(whole, settings, limits, asked.jobs)
    enough = asked.mutate_min is None or percent(mutated) >= asked.mutate_min
    return _Run(tested=tested, mutated=mutated, is_thorough=enough)


def _write(found: _Run, asked: _Asked) -> None:
    """Write the files that were asked for."""
    texts: dict[str, str] = {}
    if "junit" in asked.outputs:
        # Imported when wanted, as above.
        from checker.authoring.results_junit import results_junit  # noqa: PLC0415

        texts["junit"] = results_junit(found.tested, only_failures=asked.only_failures)
    if "json" in asked.outputs:
        from checker.authoring.results import build_results, results_json  # noqa: PLC0415 - as above

        results = build_results(
            found.tested,
            found.mutated,
            passed=found.passed,
            least=asked.mutate_min,
            only_failures=asked.only_failures,
        )
        texts["json"] = results_json(results)
    for name, text in texts.items():
        if asked.outputs[name] == "-":
            click.echo(text.encode(), nl=False)
        else:
            write_report(Path(asked.outputs[name]), text)


def _lines(found: _Run, asked: _Asked, settings: Settings, limits: Limits) -> list[str]:
    """Give what is shown, failures last."""
    results = [result for each in found.tested for result in each.results]
    lines = []
    if asked.verbose:
        passed = (result for result in results if result.passed)
        lines += [inert(f"ok    {result.rule.id}: {result.case.name}") for result in passed]
    if asked.coverage:
        lines += coverage_text(found.tested)
    if found.mutated is not None:
        from checker.authoring.mutation.report import mutation_text  # noqa: PLC0415 - as above

        lines += mutation_text(found.mutated, every_score=asked.verbose)
    failed = (result for result in results if not result.passed)
    lines += [failure_text(result, operands_in(result, settings, limits)) for result in failed]
    return lines + [shortfall_text(each) for each in found.tested if each.shortfall]


def _closing(judged: tuple[str, ...], found: _Run) -> str:
    tests = sum(len(each.results) for each in found.tested)
    failed = sum(len(each.failed) for each in found.tested)
    rules = counted(len(found.tested), "rule")
    line = f"{', '.join(judged)}: {rules}, {counted(tests, 'test')}: {tests - failed} passed, {failed} failed"
    untested = sum(1 for each in found.tested if not each.results)
    few = sum(1 for each in found.tested if each.shortfall) - untested
    if untested:
        line += f", {counted(untested, 'rule')} without tests"
    if few:
        line += f", {counted(few, 'rule')} with too few"
    if not found.is_thorough:
        line += ", too few changes noticed"
    return terminal_style(sys.stdout)(line, "pass" if found.passed else "fail")
