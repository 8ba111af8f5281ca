"""`trailcheck check`: trail logs in, verdicts and reports out."""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

import click
from msgspec import Struct

from checker.aws import Json
from checker.aws.period import Period
from checker.cli.configuration import FILE, Configuration, find_configuration
from checker.cli.options import (
    DEFAULT_RULES,
    output_option,
    param_option,
    params_option,
    parse_now,
    parse_outputs,
    parse_period,
    refuse_overwriting,
    settings_from,
    since_option,
    until_option,
    write_outputs,
)
from checker.cli.style import terminal_style
from checker.engine.executors import scan_all
from checker.engine.found import Found, settle
from checker.engine.tally import unite
from checker.errors import Problem, UsageError
from checker.limits import Limits
from checker.policy.loader import RuleBook, load_rules
from checker.policy.packs import PACK_FILE, file_of, pack_folder
from checker.policy.rule import Severity
from checker.report.build import Run, build
from checker.report.mask import Masked, Shown
from checker.report.model import Report
from checker.report.text import closing_line, problem_lines, render_text
from checker.trail.again import read_again
from checker.trail.source import Source, find_sources
from checker.verdict.gate import decide
from checker.verdict.inputs import folders_without_logs, is_whole, late_delivery
from checker.verdict.verdicts import judge


class Request(Struct, frozen=True, kw_only=True):
    """What to check, once command line and configuration are one."""

    book: RuleBook
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    outputs: dict[str, str]
    fail_on: Severity
    limits: Limits
    period: Period


@click.command("check")
@click.argument("paths", nargs=-1)
@click.option(
    "-r", "--rules", "locations", metavar="RULES", multiple=True,
    help="A rule file, a folder, or the name of a bundled pack (default: iot).",
)  # fmt: skip
@output_option
@click.option(
    "--fail-on", type=click.Choice([each.value for each in Severity], case_sensitive=False),
    help="The least severity of a failing rule that fails the gate (default: low).",
)  # fmt: skip
@param_option
@params_option
@click.option("--config", metavar="FILE", help="Default: trailcheck.yaml, if it is here.")
@since_option
@until_option
@click.option(
    "--now",
    metavar="TIME",
    help="The evaluation instant, stamped into reports (default: the clock).",
)
@click.option("--show-secrets", is_flag=True, help="Show access keys and secrets as found.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many processes may work at once (default: one for each core).",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every kept exception in the table.")
@click.option("-q", "--quiet", is_flag=True, help="Print what was lost and the closing line only.")
def command(  # noqa: PLR0913 - one argument for each option
    *,
    paths: tuple[str, ...],
    locations: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str | None,
    param_options: tuple[str, ...],
    param_files: tuple[str, ...],
    config: str | None,
    since: str | None,
    until: str | None,
    now: str | None,
    show_secrets: bool,
    jobs: int | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Judge trail logs by rules and write reports.

    PATHS are files, folders, globs, or - for standard input.
    """
    instant = parse_now(now)
    configuration = find_configuration(config)
    settings = settings_from(param_files, param_options).over(configuration.settings)
    rules = locations or configuration.rules or DEFAULT_RULES
    sources, problems = find_sources(_paths(paths, configuration))
    request = Request(
        book=load_rules(rules, settings, configuration.limits),
        sources=sources,
        problems=problems,
        outputs={**configuration.outputs, **parse_outputs(outputs)},
        fail_on=Severity(fail_on) if fail_on else configuration.fail_on or Severity.LOW,
        limits=configuration.limits,
        period=parse_period(
            since or configuration.since, until or configuration.until, now=instant
        ),
    )
    rule_files = {file_of(rule.origin) for rule in request.book.rules}
    folders = {file.parent for file in rule_files}
    pack_files = {pack / PACK_FILE for folder in folders if (pack := pack_folder(folder))}
    logs = (source.path for source in sources if not source.stdin)
    settings_files = (*param_files, config or FILE)
    refuse_overwriting(request.outputs, (*logs, *rule_files, *pack_files, *settings_files))
    found = _scan(request, jobs or os.cpu_count() or 1, quiet=quiet)
    run = _conclude(request, found, now=instant, show_secrets=show_secrets)
    report = build(run, Shown if show_secrets else Masked)
    _publish(report, request.outputs, verbose=verbose, quiet=quiet)
    return report.gate.exit_code


def _paths(paths: tuple[str, ...], configuration: Configuration) -> tuple[str, ...]:
    chosen = paths or configuration.paths
    if not chosen:
        hint = "trailcheck check PATH…: files, folders, globs, or - for standard input"
        raise UsageError([Problem(code="no-paths", cause="no trail logs were named", hint=hint)])
    return chosen


def _scan(request: Request, jobs: int, *, quiet: bool) -> Found:
    rules = request.book.rules
    stdin: BinaryIO = sys.stdin.buffer
    if any(rule.spans_events for rule in rules) and any(each.stdin for each in request.sources):
        # What such rules find is looked up again once all is read; a pipe gives it only once.
        stdin = io.BytesIO(stdin.read(request.limits.file_bytes + 1))
    sources = {source.path: source for source in request.sources}

    def look_up(path: str, indexes: Sequence[int]) -> Mapping[int, dict[str, Json]]:
        return read_again(sources[path], stdin, indexes, request.limits)

    scanning = scan_all(request.sources, request.book, jobs, stdin, request.limits, request.period)
    tallies = scanning.tallies()
    if quiet or not (sys.stderr.isatty() and sys.stdout.isatty()):
        tally = unite(scanning.joined(tallies), request.limits)
    else:
        with click.progressbar(
            tallies, length=len(scanning.shards), label="reading", file=sys.stderr
        ) as progress:
            tally = unite(scanning.joined(progress), request.limits)
    return settle(tally, rules, request.limits, read_again=look_up, period=request.period)


def _conclude(request: Request, found: Found, *, now: datetime, show_secrets: bool) -> Run:
    problems = (
        *request.problems,
        *folders_without_logs(request.sources, found),
        *late_delivery(request.period, found),
    )
    whole = is_whole(problems, found)
    results = judge(request.book.rules, found, whole=whole)
    return Run(
        book=request.book,
        found=found,
        results=results,
        decision=decide(results, found, fail_on=request.fail_on, whole=whole),
        problems=problems,
        fail_on=request.fail_on,
        limits=request.limits,
        now=now,
        show_secrets=show_secrets,
        period=request.period,
    )


def _publish(report: Report, outputs: dict[str, str], *, verbose: bool, quiet: bool) -> None:
    """Write the reports; the table gives way to a report on standard output."""
    written = write_outputs(report, outputs)
    aside = "-" in outputs.values()
    if aside or quiet:
        for line in (*problem_lines(report, levels=("error",)), closing_line(report)):
            click.echo(line, err=aside)
        return
    style = terminal_style(sys.stdout)
    click.echo(render_text(report, style, verbose=verbose), nl=False)
    for line in written:
        click.echo(line)
