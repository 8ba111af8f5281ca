"""`trailcheck check`: trail logs in, verdicts and reports out."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click

from checker.cli.checking import Request, Rereading, conclude, scan, stream
from checker.cli.configuration import Configuration
from checker.cli.excepting import Asked, asked_of, excepting_of, excepting_options, note
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
    refuse_overwriting,
    write_all,
    write_outputs,
)
from checker.cli.provenance import obtained_from, stated_options
from checker.cli.redaction import redact_key_option, redact_option, redaction_key
from checker.cli.style import terminal_style, terminal_width
from checker.errors import Problem, UsageError, did_you_mean
from checker.policy.loader import RuleBook, load_rules
from checker.policy.packs import PACK_FILE, file_of, pack_folder
from checker.policy.selection import refuse_idle
from checker.report.build import build
from checker.report.formats import STREAMS
from checker.report.lines import lines_in, with_lines
from checker.report.model import Report
from checker.report.text import closing_line, lost_lines, render_text
from checker.report.write import refuse_unwritable
from checker.trail.source import find_sources


@click.command("check")
@click.argument("paths", nargs=-1)
@click.option(
    "-r", "--rules", "locations", metavar="RULES", multiple=True,
    help="A rule file, a folder, or the name of a bundled pack (default: starter).",
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
@excepting_options
@stated_options
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="List every rule, every kept exception and every problem in the table.",
)
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
    waivers: str | None,
    no_waivers: bool,
    baseline: str | None,
    write_baseline: str | None,
    baseline_reason: str | None,
    sample: int | None,
    seed: str | None,
    prepared_by: str,
    purpose: str,
    obtained: tuple[str, ...],
    verbose: bool,
    quiet: bool,
) -> int:
    """Judge trail logs by rules and write reports.

    PATHS are files, folders, globs, or - for standard input.
    """
    asked = asked_of(
        no_waivers=no_waivers,
        note=write_baseline,
        reason=baseline_reason,
        sample=sample,
        seed=seed,
    )
    said = Configuration(
        paths=paths,
        rules=locations,
        select=selectors_from(select),
        exclude=selectors_from(exclude),
        params=settings_from(param_files, param_options),
        fail_on=fail_on,
        soft_fail=selectors_from(soft_fail),
        require_evidence=require_evidence,
        outputs=parse_outputs(outputs, STREAMS),
        waivers=waivers or "",
        baseline=baseline or "",
        since=since,
        until=until,
        prepared_by=prepared_by,
        purpose=purpose,
        obtained=obtained_from(obtained),
    )
    request = _request(
        said.over(find_configuration(config)), asked, parse_now(now), show_secrets=show_secrets
    )
    key = redaction_key(
        redact_key,
        redact=redact,
        show_secrets=show_secrets,
        inputs=lambda: [source.path for source in request.sources if not source.stdin],
    )
    wanted = _prepared(request, (*param_files, *([redact_key] if redact_key else [])))
    look_up = Rereading(request)
    found = scan(request, jobs or os.cpu_count() or 1, look_up, quiet=quiet)
    run = conclude(request, found)
    report = build(run, request.mask)
    report = with_lines(report, lines_in(request.sources, request.configuration.limits))
    report = _redacted(report, key)
    lines = write_all(
        lambda: write_outputs(report, wanted),
        lambda: stream(request, run, look_up, key),
        lambda: note(request.excepting, run.results, request.mask),
    )
    _tell(report, request, lines, verbose=verbose, quiet=quiet)
    return report.gate.exit_code


def _request(
    configuration: Configuration, asked: Asked, now: datetime, *, show_secrets: bool
) -> Request:
    sources, problems = find_sources(_paths(configuration))
    rules = configuration.rules or DEFAULT_RULES
    book = load_rules(rules, configuration.params, configuration.limits, configuration.selection)
    refuse_idle(configuration.soft_fail, (*book.rules, *book.left_out))
    _refuse_unknown(configuration.not_applicable, book)
    since, until = configuration.bounds_of_period
    return Request(
        book=book,
        sources=sources,
        problems=problems,
        configuration=configuration,
        period=parse_period(since, until, now=now),
        excepting=excepting_of(asked, configuration, book, now),
        now=now,
        show_secrets=show_secrets,
    )


def _refuse_unknown(declared: Iterable[str], book: RuleBook) -> None:
    """Refuse to declare a rule not applicable that there is not."""
    known = {rule.id for rule in (*book.rules, *book.left_out)}
    problems = [
        Problem(
            code="rule-unknown",
            cause=f"not_applicable: no rule of this run has the id '{each}'",
            hint=did_you_mean(each, sorted(known)),
        )
        for each in declared
        if each not in known
    ]
    if problems:
        raise UsageError(problems)


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


def _prepared(request: Request, read: Sequence[str]) -> tuple[Output, ...]:
    """See, before anything is judged, that all that is wanted can be written."""
    files: tuple[str | Path, ...] = _read_by(request, tuple(read))
    excepting, streams = request.excepting, request.streams
    if excepting.asked.note:
        # It may be the baseline that is read: it is read whole before it is written.
        outputs = {**request.configuration.outputs, "baseline": excepting.asked.note}
        refuse_overwriting(outputs, files)
        refuse_unwritable([Path(excepting.asked.note)])
    files = (*files, *excepting.files)
    refuse_overwriting(request.configuration.outputs, files)
    refuse_unwritable(Path(path) for path in streams.values() if path != "-")
    return prepare_outputs(request.outputs, files)


def _redacted(report: Report, key: bytes | None) -> Report:
    if key is None:
        return report
    # Imported here: most runs redact nothing.
    from checker.report.redact import redact  # noqa: PLC0415

    return redact(report, key)


def _tell(
    report: Report, request: Request, written: Sequence[str], *, verbose: bool, quiet: bool
) -> None:
    """Print what came out; the table gives way to a report on standard output."""
    aside = "-" in request.configuration.outputs.values()
    if aside or quiet:
        for line in (*lost_lines(report), closing_line(report)):
            click.echo(line, err=aside)
        return
    style, width = terminal_style(sys.stdout), terminal_width(sys.stdout)
    click.echo(render_text(report, style, verbose=verbose, width=width), nl=False)
    for line in written:
        click.echo(line)
