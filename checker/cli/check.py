"""`trailcheck check`: trail logs in, verdicts and reports out."""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from msgspec import Struct

from checker.aws import Json
from checker.aws.period import Period
from checker.cli.configuration import Configuration
from checker.cli.layers import find_configuration
from checker.cli.options import (
    DEFAULT_RULES,
    config_option,
    exclude_option,
    fail_on_option,
    param_option,
    params_option,
    parse_now,
    parse_period,
    require_evidence_option,
    select_option,
    selectors_from,
    settings_from,
    since_option,
    soft_fail_option,
    until_option,
)
from checker.cli.outputs import (
    Output,
    output_option,
    parse_outputs,
    prepare_outputs,
    write_outputs,
)
from checker.cli.provenance import given_of, obtained_from, stated_options
from checker.cli.redaction import redact_key_option, redact_option, redaction_key
from checker.cli.style import terminal_style
from checker.engine.executors import scan_all
from checker.engine.found import Found, settle
from checker.engine.tally import unite
from checker.errors import Problem, UsageError
from checker.policy.audit_scope import UNSTATED
from checker.policy.loader import RuleBook, load_rules
from checker.policy.packs import PACK_FILE, file_of, pack_folder
from checker.policy.selection import refuse_idle
from checker.report.build import Run, build
from checker.report.mask import Masked, Shown
from checker.report.model import Report
from checker.report.text import closing_line, problem_lines, render_text
from checker.trail.source import Source, find_sources
from checker.verdict.coverage import cover
from checker.verdict.gate import decide
from checker.verdict.inputs import folders_without_logs, is_whole, late_delivery
from checker.verdict.verdicts import judge


class Request(Struct, frozen=True, kw_only=True):
    """What to check, once command line and configuration are one."""

    book: RuleBook
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    configuration: Configuration
    period: Period


@click.command("check")
@click.argument("paths", nargs=-1)
@click.option(
    "-r", "--rules", "locations", metavar="RULES", multiple=True,
    help="A rule file, a folder, or the name of a bundled pack (default: iot).",
)  # fmt: skip
@select_option
@exclude_option
@output_option
@fail_on_option
@soft_fail_option
@require_evidence_option
@param_option
@params_option
@config_option
@since_option
@until_option
@click.option(
    "--now",
    metavar="TIME",
    help="The evaluation instant, stamped into reports (default: the clock).",
)
@click.option("--show-secrets", is_flag=True, help="Show access keys and secrets as found.")
@redact_option
@redact_key_option
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many processes may work at once (default: one for each core).",
)
@stated_options
@click.option("-v", "--verbose", is_flag=True, help="Show every kept exception in the table.")
@click.option("-q", "--quiet", is_flag=True, help="Print what was lost and the closing line only.")
def command(  # noqa: PLR0913 - one argument for each option
    *,
    paths: tuple[str, ...],
    locations: tuple[str, ...],
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str | None,
    soft_fail: tuple[str, ...],
    require_evidence: bool | None,
    param_options: tuple[str, ...],
    param_files: tuple[str, ...],
    config: str | None,
    since: str | None,
    until: str | None,
    now: str | None,
    show_secrets: bool,
    redact: bool,
    redact_key: str | None,
    jobs: int | None,
    prepared_by: str,
    purpose: str,
    obtained: tuple[str, ...],
    verbose: bool,
    quiet: bool,
) -> int:
    """Judge trail logs by rules and write reports.

    PATHS are files, folders, globs, or - for standard input.
    """
    instant = parse_now(now)
    said = Configuration(
        paths=paths,
        rules=locations,
        select=selectors_from(select),
        exclude=selectors_from(exclude),
        params=settings_from(param_files, param_options),
        fail_on=fail_on,
        soft_fail=selectors_from(soft_fail),
        require_evidence=require_evidence,
        outputs=parse_outputs(outputs),
        since=since,
        until=until,
        prepared_by=prepared_by,
        purpose=purpose,
        obtained=obtained_from(obtained),
    )
    request = _request(said.over(find_configuration(config)), instant)
    key = redaction_key(
        redact_key,
        redact=redact,
        show_secrets=show_secrets,
        inputs=lambda: [source.path for source in request.sources if not source.stdin],
    )
    read = (*_read_by(request, param_files), *([redact_key] if redact_key else []))
    wanted = prepare_outputs(request.configuration.outputs, read)
    found = _scan(request, jobs or os.cpu_count() or 1, quiet=quiet)
    run = _conclude(request, found, now=instant, show_secrets=show_secrets)
    report = _redacted(build(run, Shown if show_secrets else Masked), key)
    _publish(report, wanted, verbose=verbose, quiet=quiet)
    return report.gate.exit_code


def _request(configuration: Configuration, instant: datetime) -> Request:
    sources, problems = find_sources(_paths(configuration))
    rules = configuration.rules or DEFAULT_RULES
    book = load_rules(rules, configuration.params, configuration.limits, configuration.selection)
    refuse_idle(configuration.soft_fail, (*book.rules, *book.left_out))
    since, until = configuration.bounds_of_period
    return Request(
        book=book,
        sources=sources,
        problems=problems,
        configuration=configuration,
        period=parse_period(since, until, now=instant),
    )


def _paths(configuration: Configuration) -> tuple[str, ...]:
    if not configuration.paths:
        hint = "trailcheck check PATH…: files, folders, globs, or - for standard input"
        raise UsageError([Problem(code="no-paths", cause="no trail logs were named", hint=hint)])
    return configuration.paths


def _read_by(request: Request, param_files: tuple[str, ...]) -> tuple[str | Path, ...]:
    """Name all that the run reads, which no report may overwrite."""
    rules = (*request.book.rules, *request.book.left_out)
    rule_files = {file_of(rule.origin) for rule in rules}
    folders = {file.parent for file in rule_files}
    pack_files = {pack / PACK_FILE for folder in folders if (pack := pack_folder(folder))}
    logs = (source.path for source in request.sources if not source.stdin)
    files = (*param_files, *(file.path for file in request.configuration.files))
    return (*logs, *rule_files, *pack_files, *files)


def _scan(request: Request, jobs: int, *, quiet: bool) -> Found:
    rules, limits = request.book.rules, request.configuration.limits
    stdin: BinaryIO = sys.stdin.buffer
    if any(rule.spans_events for rule in rules) and any(each.stdin for each in request.sources):
        # What such rules find is looked up again once all is read; a pipe gives it only once.
        stdin = io.BytesIO(stdin.read(limits.file_bytes + 1))
    sources = {source.path: source for source in request.sources}

    def look_up(path: str, indexes: Sequence[int]) -> Mapping[int, dict[str, Json]]:
        from checker.trail.again import read_again  # noqa: PLC0415 - most rules want none

        return read_again(sources[path], stdin, indexes, limits)

    scanning = scan_all(request.sources, request.book, jobs, stdin, limits, request.period)
    tallies = scanning.tallies()
    if quiet or not (sys.stderr.isatty() and sys.stdout.isatty()):
        tally = unite(scanning.joined(tallies), limits)
    else:
        with click.progressbar(
            tallies, length=len(scanning.shards), label="reading", file=sys.stderr
        ) as progress:
            tally = unite(scanning.joined(progress), limits)
    return settle(tally, rules, limits, read_again=look_up, period=request.period)


def _conclude(request: Request, found: Found, *, now: datetime, show_secrets: bool) -> Run:
    problems = (
        *request.problems,
        *folders_without_logs(request.sources, found),
        *late_delivery(request.period, found),
    )
    configuration = request.configuration
    whole = is_whole(problems, found)
    coverage = cover(found, configuration.scope or UNSTATED, request.period)
    results = judge(request.book.rules, found, coverage, whole=whole)
    return Run(
        book=request.book,
        found=found,
        coverage=coverage,
        results=results,
        decision=decide(results, found, configuration.gate, whole=whole),
        problems=problems,
        gate=configuration.gate,
        selection=configuration.selection,
        owners=configuration.owners,
        account_names=configuration.accounts,
        limits=configuration.limits,
        now=now,
        show_secrets=show_secrets,
        period=request.period,
        given=given_of(
            configuration, request.book.rules, request.period, show_secrets=show_secrets
        ),
    )


def _redacted(report: Report, key: bytes | None) -> Report:
    if key is None:
        return report
    # Imported here: most runs redact nothing.
    from checker.report.redact import redact  # noqa: PLC0415

    return redact(report, key)


def _publish(report: Report, outputs: Sequence[Output], *, verbose: bool, quiet: bool) -> None:
    """Write the reports; the table gives way to a report on standard output."""
    written = write_outputs(report, outputs)
    aside = any(each.path == "-" for each in outputs)
    if aside or quiet:
        for line in (*problem_lines(report, levels=("error",)), closing_line(report)):
            click.echo(line, err=aside)
        return
    style = terminal_style(sys.stdout)
    click.echo(render_text(report, style, verbose=verbose), nl=False)
    for line in written:
        click.echo(line)
