"""`trailcheck verify`: whether files are the ones that a report judged."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from checker.errors import Place, Problem
from checker.report.model import Report
from checker.report.saved import load_report
from checker.report.text_lines import counted
from checker.report.verify import Comparison, Entry, compare, measure
from checker.trail.source import Source, find_sources
from checker.verdict.exit_codes import ExitCode
from checker.visible import inert


@click.command("verify")
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--report",
    "results",
    metavar="RESULTS.JSON",
    required=True,
    help="The report, as trailcheck check -o json=FILE wrote it.",
)
def command(*, paths: tuple[str, ...], results: str) -> int:
    """Verify that files are the ones that a report judged: the same bytes, all, and no others.

    PATHS are files, folders, globs, or - for standard input. They may lie elsewhere than when they
    were judged: a file is looked for by its SHA-256 and size first, then by its path. Nothing is
    judged again. Exit codes: 0 verified; 1 a file is missing, changed or extra; 2 the command line
    or the report is wrong; 3 something could not be verified.
    """
    report = load_report(Path(results))
    sources, problems = find_sources(paths)
    given, unread = _measured(_without(results, sources))
    problems = (*problems, *unread)
    comparison = compare(report, given)
    for line in (*map(str, problems), *map(inert, _findings(comparison))):
        click.echo(line)
    click.echo(inert(_conclusion(comparison, report, results, whole=not problems)))
    if problems or comparison.untold or not report.inputs:
        return ExitCode.INCOMPLETE
    return ExitCode.VIOLATIONS if comparison.differs else ExitCode.OK


def _without(results: str, sources: Sequence[Source]) -> list[Source]:
    """Leave out the report itself, where it lies in a folder that was given."""
    own = Path(results).resolve()
    return [each for each in sources if each.explicit or Path(each.path).resolve() != own]


def _measured(sources: Sequence[Source]) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            entries.append(measure(source, sys.stdin.buffer))
        except OSError as error:
            cause = f"cannot be read: {error.strerror or error}"
            place = Place(path=source.path)
            hint = "see that the file is there and may be read"
            problems.append(Problem(code="unreadable-file", cause=cause, place=place, hint=hint))
    return entries, problems


def _findings(comparison: Comparison) -> Iterator[str]:
    for pair in comparison.changed:
        where = "" if pair.given.path == pair.judged.path else f"{pair.judged.path}, given as "
        yield f"changed  {where}{pair.given.path}: {_of(pair.judged)} then, {_of(pair.given)} now"
    for entry in comparison.missing:
        yield f"missing  {entry.path}: {_of(entry)} was judged, and is not among what is given"
    for entry in comparison.extra:
        yield f"extra    {entry.path}: {_of(entry)} was not judged"
    for untold in comparison.untold:
        yield f"untold   {untold.entry.path}: {untold.why}"
    if comparison.contradicted:
        yield (
            "changed  the report: its list of inputs is not the one that its input manifest's "
            "sha256 is of; it was changed after it was made"
        )


def _of(entry: Entry) -> str:
    return f"{counted(entry.size, 'byte')} sha256 {entry.sha256}"


def _conclusion(comparison: Comparison, report: Report, results: str, *, whole: bool) -> str:
    inputs = counted(len(report.inputs), "input")
    if comparison.is_verified and whole:
        elsewhere = sum(pair.judged.path != pair.given.path for pair in comparison.same)
        moved = f", {elsewhere} under another path" if elsewhere else ""
        root = report.provenance.manifest.sha256
        return f"verified: the {inputs} of {results} byte for byte{moved}; input manifest {root}"
    if not report.inputs:
        return f"not verified: {results} judged no input"
    same = f"{len(comparison.same)} of {inputs}"
    return f"not verified: {same} of {results} are among what is given, byte for byte"
