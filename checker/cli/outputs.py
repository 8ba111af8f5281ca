"""Where reports go: `-o`, what is seen to before anything is judged, and the writing itself."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from checker.errors import OutputError, Place, Problem, UsageError, did_you_mean, usage_error
from checker.report.formats import FORMATS, FORMATS_BY_NAME, Renderer, renderer_of, template_of
from checker.report.model import Report
from checker.report.write import refuse_unwritable, write_report

_FORMATS = ", ".join(each.name for each in FORMATS)
_STDOUT = "-"

output_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FORMAT=PATH",
    multiple=True,
    help=f"Write a report; may be given several times. Formats: {_FORMATS}, or template:FILE for a "
    "Jinja template of your own. PATH - is standard output.",
)


class Output(Struct, frozen=True, kw_only=True):
    """One report that is wanted: its format, where it goes, and what makes it."""

    name: str
    path: str
    renderer: Renderer


def parse_outputs(outputs: Sequence[str], more: Iterable[str] = ()) -> dict[str, str]:
    """Read `-o FORMAT=PATH` options.

    Args:
        outputs: As given.
        more: Names of what a command writes beside the formats of a report.

    Raises:
        UsageError: A format is unknown, or two reports would go to one place.
    """
    found: dict[str, str] = {}
    names = [*FORMATS_BY_NAME, *more]
    for output in outputs:
        name, equals, path = output.partition("=")
        if not equals or not path:
            raise usage_error(
                "output-option", f"-o {output}: expected FORMAT=PATH", f"formats: {_FORMATS}"
            )
        if name not in names and not template_of(name):
            hint = did_you_mean(name, names)
            raise usage_error("output-format", f"-o {output}: '{name}' is no format", hint)
        if name in found or path in found.values():
            what = f"the format {name}" if name in found else f"the path {path}"
            hint = "one path for each format, one format for each path"
            raise usage_error("output-twice", f"-o {output}: {what} is given twice", hint)
        found[name] = path
    return found


def prepare_outputs(outputs: Mapping[str, str], read: Iterable[str | Path]) -> tuple[Output, ...]:
    """See, before anything is judged, that every report that is wanted can be made and written.

    Args:
        outputs: Paths by format.
        read: Logs, rules, and whatever else the run reads.

    Raises:
        UsageError: A template is wrong, or a report would overwrite what is read or another report.
        OutputError: A report could not be written where it should go.
    """
    templates = [template for name in outputs if (template := template_of(name))]
    refuse_overwriting(outputs, (*read, *templates))
    prepared = tuple(
        Output(name=name, path=path, renderer=renderer_of(name)) for name, path in outputs.items()
    )
    refuse_unwritable(Path(path) for path in outputs.values() if path != _STDOUT)
    return prepared


def refuse_overwriting(outputs: Mapping[str, str], read: Iterable[str | Path]) -> None:
    """Refuse to write a report over something that is read, or over another report.

    Raises:
        UsageError: Two of them are one file.
    """
    if not outputs:
        return
    taken = {os.path.realpath(path): "something that this run reads" for path in read}
    for name, path in outputs.items():
        if path == _STDOUT:
            continue
        real = os.path.realpath(path) if "\0" not in path else path
        if real in taken:
            cause = f"the {name} report would overwrite {taken[real]}"
            place = Place(path=path)
            raise UsageError([Problem(code="output-overwrites", cause=cause, place=place)])
        taken[real] = f"the {name} report"


def write_all(*writers: Callable[[], Iterable[str]]) -> list[str]:
    """Let every one write, though some cannot; give their lines for what was written.

    Raises:
        OutputError: Something could not be written; it tells of all of it.
    """
    written: list[str] = []
    problems: list[Problem] = []
    for write in writers:
        try:
            written += write()
        except OutputError as error:
            problems += error.problems
    if problems:
        raise OutputError(problems)
    return written


def write_outputs(report: Report, outputs: Sequence[Output]) -> list[str]:
    """Write every report asked for; `-` goes to standard output.

    One that cannot be written keeps no other from being written.

    Returns:
        A line for each file written.

    Raises:
        OutputError: Some could not be written; it tells of all of them.
    """
    return write_all(*(partial(_write_output, report, output) for output in outputs))


def _write_output(report: Report, output: Output) -> list[str]:
    text = output.renderer.render(report)
    if output.path == _STDOUT:
        # As bytes: the formats say that they are UTF-8, whatever the terminal's encoding.
        click.echo(text.encode(), nl=False)
        return []
    write_report(Path(output.path), text)
    return [f"{output.name} report: {output.path}"]
