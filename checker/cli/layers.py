"""Where a configuration comes from: a file, and over it the environment."""

import os
from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.cli.configuration import (
    CONFIG_VARIABLE,
    CONFIGURATION,
    FILE,
    PREFIX,
    PYPROJECT,
    TABLE,
    Configuration,
    variable_of,
)
from checker.errors import Place, Problem, UsageError, did_you_mean, error_at
from checker.policy.loader import PACK_PREFIX
from checker.policy.nodes import Mapping as MappingNode
from checker.policy.nodes import Node, Scalar
from checker.policy.packs import bundled_packs
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import Document, load_bytes, load_file
from checker.report.formats import TEMPLATE, template_of


class Layer(Struct, frozen=True, kw_only=True):
    """One source of a configuration: as it was written, and as it was read."""

    root: Node
    configuration: Configuration


def find_configuration(given: str | None) -> Configuration:
    """Read the configuration: the environment over the file.

    Args:
        given: The file that was named; by default that of TRAILCHECK_CONFIG, else the one here.

    Raises:
        UsageError: Something in it is unreadable or wrong.
    """
    return stacked(layers(given))


def stacked(sources: Iterable[Layer]) -> Configuration:
    """Make one configuration of its sources, the strongest first."""
    return reduce(Configuration.over, (each.configuration for each in sources), Configuration())


def layers(given: str | None) -> tuple[Layer, ...]:
    """Give the sources that there are, the strongest first."""
    variables = {name: os.environ[name] for name in sorted(os.environ) if name.startswith(PREFIX)}
    _refuse_variables(variables)
    document = _document(given or variables.pop(CONFIG_VARIABLE, None))
    variables.pop(CONFIG_VARIABLE, None)
    found = [_of_environment(variables)] if variables else []
    if document is not None:
        found.append(_of_file(document))
    return tuple(found)


def _refuse_variables(variables: Mapping[str, str]) -> None:
    """Refuse what no key has, and what is empty: it was meant to say something."""
    known = [CONFIG_VARIABLE, *(variable_of(each.name) for each in CONFIGURATION.fields)]
    problems = [
        Problem(
            code="environment",
            cause=f"the environment variable {name} is {'empty' if name in known else 'unknown'}",
            hint="give it a value, or unset it" if name in known else did_you_mean(name, known),
        )
        for name, text in variables.items()
        if name not in known or not text.strip()
    ]
    if problems:
        raise UsageError(problems)


def _of_environment(variables: Mapping[str, str]) -> Layer:
    entries = [
        (Scalar(text=each.name, style="plain", place=Place(path=name)), _value(name, variables))
        for each in CONFIGURATION.fields
        if (name := variable_of(each.name)) in variables
    ]
    root = MappingNode(entries=tuple(entries), place=Place(path="the environment"))
    return Layer(root=root, configuration=_read(root))


def _value(name: str, variables: Mapping[str, str]) -> Node:
    """Read a variable: a YAML list or mapping in brackets, else one text."""
    text = variables[name].strip()
    if text.startswith(("[", "{")):
        return load_bytes(text.encode(errors="surrogateescape"), name).root
    return Scalar(text=text, style="plain", place=Place(path=name))


def _document(given: str | None) -> Document | None:
    """Read the file that was named, else the one that stands here, if one does."""
    if given is not None and not given.lower().endswith(".toml"):
        return load_file(Path(given), Path(given).as_posix())
    if given is not None:
        document = _table(Path(given))
        if document is None:
            cause = f"the file has no table [{'.'.join(TABLE)}]"
            raise error_at(
                "config-table",
                cause,
                Place(path=Path(given).as_posix()),
                "write one, or name another file",
            )
        return document
    in_project = _table(Path(PYPROJECT)) if os.path.lexists(PYPROJECT) else None
    if os.path.lexists(FILE):
        if in_project is not None:
            cause = f"{PYPROJECT} has a table [{'.'.join(TABLE)}] beside this file"
            raise error_at(
                "config-twice", cause, Place(path=FILE), "keep one, or name it with --config"
            )
        return load_file(Path(FILE), FILE)
    _refuse_misnamed()
    return in_project


def _table(path: Path) -> Document | None:
    # Imported here: a run without such a file starts faster without a parser of TOML.
    from checker.policy.toml_source import load_table  # noqa: PLC0415

    return load_table(path, path.as_posix(), TABLE)


def _refuse_misnamed() -> None:
    misnamed = Path(FILE).with_suffix(".yml")
    if misnamed.is_file():
        cause = "a configuration is not read under this name"
        hint = f"rename it to {FILE}, or name it with --config"
        raise error_at("config-name", cause, Place(path=misnamed.as_posix()), hint)


def _of_file(document: Document) -> Layer:
    written = _read(document.root)
    folder = Path(document.path).parent
    configuration = replace(
        written,
        paths=tuple(_joined(folder, path) for path in written.paths),
        rules=tuple(_rules_at(folder, each) for each in written.rules),
        waivers=_joined(folder, written.waivers) if written.waivers else "",
        baseline=_joined(folder, written.baseline) if written.baseline else "",
        outputs={
            _format_at(folder, name): _joined(folder, path)
            for name, path in written.outputs.items()
        },
        files=(document.file,),
    )
    return Layer(root=document.root, configuration=configuration)


def _read(root: Node) -> Configuration:
    try:
        return CONFIGURATION.read(root)
    except ShapeError as error:
        raise UsageError(error.problems) from error


def _rules_at(folder: Path, location: str) -> str:
    """Leave the name of a bundled pack as it is, unless something here has that name, too."""
    is_pack = location.removeprefix(PACK_PREFIX) in bundled_packs()
    if is_pack and not (folder / location).exists():
        return f"{PACK_PREFIX}{location.removeprefix(PACK_PREFIX)}"
    return location if is_pack else _joined(folder, location)


def _format_at(folder: Path, name: str) -> str:
    template = template_of(name)
    return f"{TEMPLATE}{_joined(folder, template)}" if template else name


def _joined(folder: Path, path: str) -> str:
    return path if path == "-" else (folder / path).as_posix()
