"""Imported rules written into a folder, one file each; what a person wrote is never overwritten."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from checker.authoring.sigma.document import MARK, document
from checker.authoring.sigma.draft import Draft
from checker.errors import OutputError, Place, Problem, UsageError
from checker.policy.packs import PACK_FILE
from checker.policy.rule_shapes import ID_PATTERN

_PACK: Final = """\
{mark}, by trailcheck import sigma.
id: {id}
title: Rules imported from Sigma
version: "1"
description: >-
  Detections for AWS CloudTrail, translated from Sigma. Each rule names its source, its author and
  its licence.
limits:
  - A detection finds events that are worth a look; most have harmless explanations, too.
  - A rule that finds nothing says so of the logs supplied, and of what CloudTrail records.
"""


def write_rules(folder: Path, drafts: Sequence[Draft]) -> str:
    """Write rules, and a `pack.yaml` where the folder has none.

    Returns:
        Why there is no `pack.yaml`; empty when there is one.

    Raises:
        UsageError: A file that no import wrote stands where a rule would; nothing was written.
        OutputError: Something could not be written.
    """
    files = {folder / f"{draft.id}.yaml": document(draft) for draft in drafts}
    _refuse_others(files)
    pack = folder / PACK_FILE
    why = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not pack.exists():
            name = folder.resolve().name
            if re.fullmatch(ID_PATTERN, name):
                files[pack] = _PACK.format(mark=MARK, id=name)
            else:
                why = f"no {PACK_FILE}: a pack's id is its folder's name, and {name} is not kebab-case"
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        place = Place(path=str(error.filename or folder))
        cause = f"cannot be written: {error.strerror or error}"
        raise OutputError([Problem(code="import-unwritable", cause=cause, place=place)]) from error
    return why


def _refuse_others(files: dict[Path, str]) -> None:
    problems = [
        Problem(
            code="import-overwrites",
            cause="the file is there, and no import wrote it",
            place=Place(path=path.as_posix()),
            hint="rename it, or choose another folder with -o",
        )
        for path in files
        if path.exists() and not _is_import(path)
    ]
    if problems:
        raise UsageError(problems)


def _is_import(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False
