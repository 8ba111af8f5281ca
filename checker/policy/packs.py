"""Packs: folders of rules with a `pack.yaml` that says what they prove and what they cannot."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from checker.errors import Problem, UsageError
from checker.policy.nodes import find_text
from checker.policy.parameters import Parameter
from checker.policy.rule import Origin
from checker.policy.rule_document import PARAMETERS
from checker.policy.rule_shapes import ID_PATTERN
from checker.policy.scalars import Text
from checker.policy.shape import Field, Many, Record, ShapeError
from checker.policy.yaml_source import FileRead, load_file
from checker.resources import bundled

PACK_FILE = "pack.yaml"


class Pack(Struct, frozen=True, kw_only=True):
    """A pack as its `pack.yaml` tells it.

    Attributes:
        proves: What a run of its rules can show.
        limits: What it cannot show.
        params: Parameters that its rules share.
        include: Rules of the packs beside it that belong to it as well, by globs: for their ids,
            or `pack:` and one for the pack.
        exclude: Those of them that do not.
        file: Its `pack.yaml`; None for a pack that was not read from one.
    """

    id: str
    title: str
    version: str
    description: str = ""
    proves: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    file: FileRead | None = None


_TEXTS = Many(item=Text(), expected="a list of sentences", or_one=True)

_GLOBS = Many(
    item=Text(
        expected="a glob for rule ids, or pack: and one for packs",
        pattern=r"(pack:)?[a-z0-9*?-]+",
        hint="such as identity-root-*, or pack:logging",
    ),
    expected="a list of globs",
    or_one=True,
    least=1,
)

PACK: Record[Pack] = Record(
    make=Pack,
    expected="a pack",
    fields=(
        Field(
            name="id",
            shape=Text(expected="a pack id", pattern=ID_PATTERN, hint="kebab-case"),
            doc="The pack's name on the command line, equal to its folder's name.",
            required=True,
        ),
        Field(name="title", shape=Text(), doc="What it is about, in one line.", required=True),
        Field(name="version", shape=Text(), doc="The pack's own version.", required=True),
        Field(name="description", shape=Text(), doc="Whom it is for and how to set it up."),
        Field(name="proves", shape=_TEXTS, doc="What a run of its rules can show."),
        Field(name="limits", shape=_TEXTS, doc="What it cannot show."),
        Field(name="params", shape=PARAMETERS, doc="Parameters that its rules share."),
        Field(
            name="include",
            shape=_GLOBS,
            doc="Rules of the packs beside this one that belong to it as well: globs for ids, or `pack:` and a glob.",
        ),
        Field(name="exclude", shape=_GLOBS, doc="Those of them that do not."),
    ),
)


@cache
def read_pack(folder: Path, shown_as: str) -> Pack:
    """Read the `pack.yaml` of a folder.

    Raises:
        UsageError: It is unreadable or wrong.
    """
    document = load_file(folder / PACK_FILE, shown_as)
    try:
        pack = PACK.read(document.root)
    except ShapeError as error:
        raise UsageError(error.problems) from error
    name = folder.resolve().name
    if pack.id != name:
        cause = f"the pack's id '{pack.id}' is not its folder's name '{name}'"
        place = find_text(document.root, pack.id)
        raise UsageError([Problem(code="pack-id-folder", cause=cause, place=place)])
    return replace(pack, file=document.file)


def pack_folder(folder: Path) -> Path | None:
    """Find the nearest folder with a `pack.yaml`: one that holds rules, or one above it.

    It is named as the folder was: relative where that is.
    """
    top = Path(os.path.abspath(folder))  # noqa: PTH100 - resolves no links
    for each in (top, *top.parents):
        if os.path.isfile(each / PACK_FILE):  # noqa: PTH113 - False where it may not be looked at
            return each if folder.is_absolute() else Path(os.path.relpath(each))
    return None


def bundled_packs() -> tuple[str, ...]:
    """Name the packs that come with the program."""
    root = bundled("rules")
    return tuple(sorted(path.parent.name for path in root.glob(f"*/{PACK_FILE}")))


def file_of(origin: Origin) -> Path:
    """Find the file that a rule was read from, a bundled one too."""
    return bundled("rules").parent / origin.path if origin.bundled else Path(origin.path)
