"""The configuration file `trailcheck.yaml`: what the command line would say every time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from checker.errors import UsageError
from checker.limits import DEFAULT, Limits
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a configuration file says; paths are relative to the working directory.

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
    limits: Limits = DEFAULT

    @property
    def settings(self) -> Settings:
        """The parameter values that it gives."""
        return Settings(self.params)


_PATHS = Many(item=Text(expected="a path"), expected="a list of paths", or_one=True)

LIMITS: Record[Limits] = Record(
    make=Limits,
    expected="limits",
    fields=tuple(
        Field(
            name=each.name,
            shape=Quantity(),
            doc=f"{each.metadata['doc']} Default: {each.default:,}.",
        )
        for each in fields(Limits)
    ),
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
        Field(name="limits", shape=LIMITS, doc="Bounds on what a run reads and computes."),
    ),
)


def find_configuration(given: str | None) -> Configuration:
    """Read the configuration that was named, else `trailcheck.yaml` here, else nothing.

    Raises:
        UsageError: It is unreadable or wrong.
    """
    if given is None and not Path(FILE).is_file():
        return Configuration()
    path = Path(given or FILE)
    document = load_file(path, path.as_posix())
    try:
        written = CONFIGURATION.read(document.root)
    except ShapeError as error:
        raise UsageError(error.problems) from error
    return _from_here(written, path.parent)


def _from_here(written: Configuration, folder: Path) -> Configuration:
    packs = bundled_packs()
    return Configuration(
        paths=tuple(_joined(folder, path) for path in written.paths),
        rules=tuple(each if each in packs else _joined(folder, each) for each in written.rules),
        params=written.params,
        fail_on=written.fail_on,
        outputs={name: _joined(folder, path) for name, path in written.outputs.items()},
        limits=written.limits,
    )


def _joined(folder: Path, path: str) -> str:
    return path if path == "-" else (folder / path).as_posix()
