"""`trailcheck new`: the first draft of a rule."""

import os
import re
from pathlib import Path

import click

from checker.authoring.drafting import checked
from checker.authoring.guess import call_of, id_of
from checker.authoring.scaffold import (
    Draft,
    draft_from_call,
    draft_from_event,
    pack_text,
    rule_text,
)
from checker.cli.configuration import Configuration
from checker.cli.events import read_events
from checker.cli.layers import find_configuration
from checker.errors import Place, Problem, UsageError, usage_error
from checker.policy.packs import PACK_FILE, pack_folder
from checker.policy.rule_shapes import ID_PATTERN
from checker.report.text_lines import counted
from checker.verdict.exit_codes import ExitCode
from checker.visible import inert

_ID_HINT = (
    "write my-pack/s3-bucket-policy-changed-by-approved-roles: small letters, digits, hyphens"
)


@click.command("new")
@click.argument("name", metavar="[FOLDER/]ID", required=False)
@click.option(
    "--from-event",
    metavar="EVENT",
    help="Draft it from an event: FILE, FILE#INDEX, PATH#EVENTID or -.",
)
@click.option("--pack", "with_pack", is_flag=True, help=f"Write a {PACK_FILE} as well, where the folder has none.")  # fmt: skip
def command(*, name: str | None, from_event: str | None, with_pack: bool) -> int:
    """Write the first draft of a rule, with comments and with tests that pass.

    It asks that one call is made by approved principals only: the call of an event from your logs, or
    the one that the ID seems to mean (s3-bucket-policy-deleted). Of an event, ids, addresses and keys
    are replaced; read what is left before you share it. Without an ID it is named after the event.
    Nothing is ever overwritten. Exit codes: 0 written; 2 it could not be, or an option is wrong.
    """
    configuration = find_configuration(None)
    event = _event(from_event, configuration) if from_event is not None else None
    if name is None and event is None:
        raise usage_error("new-id", "neither an id nor an event was given", _ID_HINT)
    path = _path_of(name or id_of(event or {}))
    draft = (
        draft_from_event(path.stem, event)
        if event
        else draft_from_call(path.stem, *call_of(path.stem))
    )
    text = rule_text(draft)
    tests = checked(text, path.as_posix(), configuration.limits)
    pack = _pack_file(path.parent) if with_pack else None
    for each in (path, *([pack] if pack else [])):
        _refuse_existing(each)
    path.parent.mkdir(parents=True, exist_ok=True)
    if pack:
        _write(pack, pack_text(pack.parent.resolve().name))
        click.echo(inert(f"{pack.as_posix()}: a pack"))
    _write(path, text)
    _tell(path, draft, tests)
    return ExitCode.OK


def _event(named: str, configuration: Configuration) -> dict[str, object]:
    given = read_events([named], configuration.limits)
    if not given.is_whole:
        raise UsageError(given.problems)
    if len(given.located) > 1:
        cause = f"{named}: which of its {len(given.located):,} events is it?"
        hint = f"trailcheck eval '[eventID, eventName]' {named} lists them; name one as {named}#EVENTID"
        raise usage_error("event-unknown", cause, hint)
    return given.located[0][1].event


def _path_of(name: str) -> Path:
    path = Path(name)
    stem = path.stem if path.suffix in {".yaml", ".yml"} else path.name
    if not re.fullmatch(ID_PATTERN, stem):
        raise usage_error("new-id", f"'{stem}' is no id", _ID_HINT)
    return path.with_name(f"{stem}.yaml")


def _pack_file(folder: Path) -> Path | None:
    """Give the pack file that is to be written; None where the folder belongs to a pack already."""
    if pack_folder(folder):
        return None
    identifier = folder.resolve().name
    if not re.fullmatch(ID_PATTERN, identifier):
        cause = f"a pack's id is its folder's name, and '{identifier}' is no id"
        raise usage_error("new-id", cause, _ID_HINT)
    return folder / PACK_FILE


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise _exists(path)


def _write(path: Path, text: str) -> None:
    try:
        # Not by way of a report's writer, which replaces what is there.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise _exists(path) from error


def _exists(path: Path) -> UsageError:
    cause, hint = "the file is there already", "choose another id, or move the file away"
    place = Place(path=path.as_posix())
    return UsageError([Problem(code="new-exists", cause=cause, place=place, hint=hint)])


def _tell(path: Path, draft: Draft, tests: int) -> None:
    folder = path.parent.as_posix()
    where = path.as_posix() if folder == "." else folder
    about = f"{draft.name} of {draft.source}" if draft.source else draft.name
    click.echo(inert(f"{path.as_posix()}: a draft about {about}, {counted(tests, 'test')} passed"))
    if draft.from_log and draft.keeps_caller:
        click.echo(inert(f"it approves who made the call: {draft.approved}"))
    click.echo(inert(f"next: read it, then  trailcheck lint {where}  and  trailcheck test {where}"))
