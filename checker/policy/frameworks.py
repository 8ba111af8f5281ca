"""Frameworks: the controls that each has, and what CloudTrail can show of them."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from msgspec import Struct

from checker.errors import UsageError
from checker.policy.rule_shapes import choice
from checker.policy.scalars import Text
from checker.policy.shape import Field, Many, Record, ShapeError
from checker.policy.yaml_source import load_file
from checker.resources import bundled

FOLDER = "frameworks"


class Shows(StrEnum):
    """What events of CloudTrail can show of a control."""

    TESTS = "tests"
    """A violation is an exception to the control itself."""
    SUPPORTS = "supports"
    """Events lend it support, and never show all of it."""
    NONE = "none"
    """Events show nothing of it."""


class Control(Struct, frozen=True, kw_only=True):
    """One control, or requirement, of a framework.

    Attributes:
        why: Why events show that much of it; empty where the framework's general reason holds.
        withdrawn: What took it up, for a control that the framework has withdrawn.
    """

    id: str
    title: str
    cloudtrail: Shows = Shows.NONE
    why: str = ""
    withdrawn: str = ""


class Framework(Struct, frozen=True, kw_only=True):
    """A framework in one edition.

    Attributes:
        source: Where the ids are from.
        why: Why events show nothing of the controls that do not say otherwise.
    """

    id: str
    title: str
    version: str
    source: str
    why: str
    controls: tuple[Control, ...]

    @property
    def by_id(self) -> Mapping[str, Control]:
        """The controls by their ids."""
        return _by_id(self)


CONTROL_ENTRY: Record[Control] = Record(
    make=Control,
    expected="a control",
    fields=(
        Field(name="id", shape=Text(), doc="As rules name it.", required=True),
        Field(name="title", shape=Text(), doc="What it asks for, in a few words.", required=True),
        Field(
            name="cloudtrail",
            shape=choice(Shows, "what CloudTrail shows"),
            doc="What events can show of it (default none).",
        ),
        Field(name="why", shape=Text(), doc="Why so much and no more."),
        Field(name="withdrawn", shape=Text(), doc="What took it up, if it was withdrawn."),
    ),
    hint="write {id: ac-2, title: Account Management, cloudtrail: supports, why: …}",
)

FRAMEWORK: Record[Framework] = Record(
    make=Framework,
    expected="a framework",
    fields=(
        Field(name="id", shape=Text(), doc="Equal to the file's name.", required=True),
        Field(name="title", shape=Text(), doc="Its name.", required=True),
        Field(name="version", shape=Text(), doc="Its edition.", required=True),
        Field(name="source", shape=Text(), doc="Where the ids are from.", required=True),
        Field(
            name="why",
            shape=Text(),
            doc="Why events show nothing of what does not say otherwise.",
            required=True,
        ),
        Field(
            name="controls",
            shape=Many(item=CONTROL_ENTRY, expected="a list of controls", least=1),
            doc="Its controls, in its order.",
            required=True,
        ),
    ),
)


def framework_ids() -> tuple[str, ...]:
    """Name the frameworks whose controls are known, in order."""
    return tuple(sorted(path.stem for path in (bundled("rules") / FOLDER).glob("*.yaml")))


@cache
def framework(name: str) -> Framework | None:
    """Give a framework; None where there is no catalogue of it.

    Raises:
        UsageError: Its catalogue is wrong.
    """
    if name not in framework_ids():
        return None
    path = bundled("rules") / FOLDER / f"{name}.yaml"
    document = load_file(path, f"rules/{FOLDER}/{path.name}")
    try:
        return FRAMEWORK.read(document.root)
    except ShapeError as error:
        raise UsageError(error.problems) from error


def nearest_control(known: Framework, text: str) -> str:
    """Give the id that was meant by one that there is not; empty where none is near.

    `AC-6(9)`, `AC-06.09` and `ac-6.9` are the same control, and so are `CC6.1` and `cc6.1`.
    """
    meant = _bare(text)
    return next((each.id for each in known.controls if _bare(each.id) == meant), "")


def _bare(text: str) -> tuple[str, ...]:
    """Give the letters and numbers of an id, numbers without leading zeros."""
    parts: list[str] = []
    for character in text.casefold():
        kind = character.isdigit()
        if not character.isalnum():
            parts.append("")
        elif parts and parts[-1] and parts[-1][-1].isdigit() == kind:
            parts[-1] += character
        else:
            parts.append(character)
    return tuple(part.lstrip("0") or part for part in parts if part)


@cache
def _by_id(known: Framework) -> Mapping[str, Control]:
    return {control.id: control for control in known.controls}
