"""`trailcheck import`: make rules from those of other tools."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.errors import Problem, UsageError
from checker.report.text_lines import counted
from checker.verdict.exit_codes import ExitCode
from checker.visible import inert

if TYPE_CHECKING:
    from checker.authoring.sigma.importer import Imported


@click.group("import")
def command() -> None:
    """Make rules from those of other tools."""


@command.command("sigma")
@click.argument("locations", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o", "--output", "folder", metavar="DIR", default="sigma", show_default=True,
    help="The folder to write into, one file a rule; a pack.yaml where it has none.",
)  # fmt: skip
def sigma(*, locations: tuple[str, ...], folder: str) -> int:
    """Translate Sigma rules for AWS CloudTrail, with their filters and correlations.

    PATH is a file, or a folder of which all .yml and .yaml files are read; rules in a folder that
    are about other logs are counted and left alone. Needs the extra sigma. Files that an import
    wrote are written again, others never.

    Exit codes: 0 all were translated; 1 some were not, and the list says why; 2 nothing was done.
    """
    if find_spec("sigma") is None or find_spec("sigma.collection") is None:
        cause = "Sigma rules are read by pySigma, which is not installed"
        hint = "pip install 'trailcheck[sigma]'"
        raise UsageError([Problem(code="import-extra", cause=cause, hint=hint)])
    # Imported here: pySigma is an optional dependency, and slow to start.
    from checker.authoring.sigma.folder import write_rules  # noqa: PLC0415
    from checker.authoring.sigma.importer import import_sigma  # noqa: PLC0415

    imported = import_sigma(locations)
    no_pack = write_rules(Path(folder), imported.drafts) if imported.drafts else ""
    for line in _told(imported, folder, no_pack):
        click.echo(inert(line))
    whole = imported.drafts and not imported.refused
    return ExitCode.OK if whole else ExitCode.VIOLATIONS


def _told(imported: "Imported", folder: str, no_pack: str) -> Iterator[str]:
    """Give what became of the rules, a line each: those imported with their notes, then the rest."""
    if imported.drafts:
        yield f"imported {counted(len(imported.drafts), 'rule')} into {folder}"
    else:
        yield "imported nothing"
    if no_pack:
        yield f"    {no_pack}"
    for draft in imported.drafts:
        yield f"{Path(folder, draft.id).as_posix()}.yaml: {draft.source.title}"
        yield from (f"    note: {note}" for note in draft.notes)
    if imported.absorbed:
        yield f"part of others: {'; '.join(imported.absorbed)}"
    if imported.others:
        yield f"left alone: {counted(imported.others, 'rule')} about other logs"
    if imported.refused:
        yield f"not translated: {len(imported.refused)}"
    for each in imported.refused:
        place = f"{each.path}:{each.line}" if each.line else each.path
        title = f" {each.title}:" if each.title else ""
        yield f"{place}:{title} {each.construct}"
        yield f"    {each.why}"
