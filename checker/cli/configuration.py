"""The configuration file `trailcheck.yaml`: what the command line would say every time."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import FieldInfo, fields

from checker.errors import Place, Problem, UsageError
from checker.limits import DEFAULT, Limits
from checker.policy.loader import PACK_PREFIX
from checker.policy.nodes import Node
from checker.policy.packs import bundled_packs
from checker.policy.parameters import Settings
from checker.policy.rule import Severity
from checker.policy.rule_shapes import Raw, choice
from checker.policy.scalars import Quantity, Text
from checker.policy.shape import Field, Many, Record, ShapeError, Table
from checker.policy.yaml_source import load_file
from checker.report.formats import FORMATS

FILE = "trailcheck.yaml"


class Configuration(Struct, frozen=True, kw_only=True):
    """What a configuration file says; paths as they are from the working directory.

    Attributes:
        paths: Trail logs.
        rules: Files, folders and names of bundled packs.
        outputs: Report paths by format.
    """

    paths: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    params: Mapping[str, Node] = field(default_factory=dict)
    fail_on: Severity | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    limits: Limits = DEFAULT

    @property
    def settings(self) -> Settings:
        """The parameter values that it gives."""
        return Settings((self.params,)) if self.params else Settings()


_PATHS = Many(item=Text(expected="a path"), expected="a list of paths", or_one=True, least=1)


def _limit(limit: FieldInfo) -> Field:
    (about,) = limit.type.__metadata__
    return Field(
        name=limit.name,
        # A bound where there is one: what nests deeper would run out of stack.
        shape=Quantity(most=about.le) if about.le else Quantity(),
        doc=f"{about.description} Default: {limit.default:,}.",
    )


LIMITS: Record[Limits] = Record(
    make=Limits, expected="limits", fields=tuple(_limit(each) for each in fields(Limits))
)

CONFIGURATION: Record[Configuration] = Record(
    make=Configuration,
    expected="the configuration",
    fields=(
        Field(name="paths", shape=_PATHS, doc="Trail logs: files, folders, globs."),
        Field(name="rules", shape=_PATHS, doc="Rule files, folders, names of bundled packs."),
        Field(
            name="params",
            shape=Table(key=Text(), value=Raw(), expected="parameters by name"),
            doc="Parameter values, by `name` or `rule-id.name`.",
        ),
        Field(
            name="fail_on",
            shape=choice(Severity, "a severity"),
            doc="The least severity of a failing rule that fails the gate.",
        ),
        Field(
            name="outputs",
            shape=Table(
                key=Text(expected="a format", choices=tuple(each.name for each in FORMATS)),
                value=Text(expected="a path"),
                expected="report paths by format",
            ),
            doc="Reports to write, by format.",
        ),
        Field(
            name="since",
            shape=Text(expected="a time"),
            doc="Judge events from this time on, as --since says it.",
        ),
        Field(
            name="until",
            shape=Text(expected="a time"),
            doc="Judge events before this time, as --until says it.",
        ),
        Field(name="limits", shape=LIMITS, doc="Bounds on what a run reads and computes."),
    ),
)


def find_configuration(given: str | None) -> Configuration:
    """Read the configuration that was named, else `trailcheck.yaml` here, else nothing.

    Raises:
        UsageError: It is unreadable or wrong.
    """
    if given is None and not os.path.lexists(FILE):
        _refuse_misnamed()
        return Configuration()
    path = Path(given or FILE)
    document = load_file(path, path.as_posix())
    try:
        written = CONFIGURATION.read(document.root)
    except ShapeError as error:
        raise UsageError(error.problems) from error
    return _from_here(written, path.parent)


def _refuse_misnamed() -> None:
    misnamed = Path(FILE).with_suffix(".yml")
    if misnamed.is_file():
        place = Place(path=misnamed.name)
        cause = "a configuration is not read under this name"
        hint = f"rename it to {FILE}, or name it with --config"
        raise UsageError([Problem(code="config-name", cause=cause, place=place, hint=hint)])


def _from_here(written: Configuration, folder: Path) -> Configuration:
    return Configuration(
        paths=tuple(_joined(folder, path) for path in written.paths),
        rules=tuple(_rules_at(folder, each) for each in written.rules),
        params=written.params,
        fail_on=written.fail_on,
        outputs={name: _joined(folder, path) for name, path in written.outputs.items()},
        since=written.since,
        until=written.until,
        limits=written.limits,
    )


def _rules_at(folder: Path, location: str) -> str:
    """Leave the name of a bundled pack as it is, unless something here has that name, too."""
    is_pack = location.removeprefix(PACK_PREFIX) in bundled_packs()
    if is_pack and not (folder / location).exists():
        return f"{PACK_PREFIX}{location.removeprefix(PACK_PREFIX)}"
    return location if is_pack else _joined(folder, location)


def _joined(folder: Path, path: str) -> str:
    return path if path == "-" else (folder / path).as_posix()
