"""`trailcheck config`: the configuration in force, and where each value comes from."""

import json
from collections.abc import Iterator, Mapping, Sequence

import click
from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from checker.aws import Json
from checker.cli.configuration import CONFIGURATION, PREFIX, Configuration
from checker.cli.layers import Layer, layers, stacked
from checker.cli.options import DEFAULT_RULES, config_option
from checker.errors import Place
from checker.policy.nodes import Node, entries_of
from checker.policy.scalars import JsonValue
from checker.policy.shape import Field
from checker.visible import inert

_EACH_ENTRY = frozenset(
    {"params", "outputs", "owners", "accounts", "not_applicable", "obtained", "limits"}
)
"""Keys that hold several values, each of which may come from elsewhere."""


class _Line(Struct, frozen=True):
    """What is printed of one value."""

    name: str
    source: str
    value: Json


@click.command("config")
@config_option
def command(*, config: str | None) -> None:
    """Print the configuration in force, and where each value comes from.

    A line for each: the key, its source, the value; - is nothing. Over the file wins the
    environment, in which each key has a variable, such as TRAILCHECK_FAIL_ON for fail_on; over both
    wins the command line of `check`. A variable with a list or a mapping in it is written as YAML
    in brackets.
    """
    sources = layers(config)
    configuration = stacked(sources)
    lines = [line for each in CONFIGURATION.fields for line in _lines(each, configuration, sources)]
    name_width = max(len(line.name) for line in lines)
    source_width = max(len(line.source) for line in lines)
    for line in lines:
        value = "-" if line.value is None else json.dumps(line.value, ensure_ascii=False)
        click.echo(inert(f"{line.name:<{name_width}}  {line.source:<{source_width}}  {value}"))


def _lines(field: Field, configuration: Configuration, sources: Sequence[Layer]) -> Iterator[_Line]:
    value = _in_force(field, configuration, sources)
    if field.name not in _EACH_ENTRY or not value:
        nothing = value in (None, "", [], {})
        yield _Line(field.name, _source((field.name,), sources), None if nothing else value)
        return
    for key, entry in value.items():
        # A key that is a path is not in force as it was written: the place of all stands for it.
        keys = (field.name, key) if _written((field.name, key), sources) else (field.name,)
        yield _Line(f"{field.name}.{key}", _source(keys, sources), entry)


def _in_force(field: Field, configuration: Configuration, sources: Sequence[Layer]) -> Json:
    """Give what holds for a key, its default where nothing was configured."""
    written = _written((field.name,), sources)
    shown: dict[str, Json] = {
        "rules": list(configuration.rules or DEFAULT_RULES),
        "select": [each.text for each in configuration.select],
        "exclude": [each.text for each in configuration.exclude],
        "soft_fail": [each.text for each in configuration.soft_fail],
        "params": _parameters(configuration),
        "fail_on": configuration.gate.threshold,
        "require_evidence": configuration.gate.require_evidence,
        "scope": JsonValue().read(written[1]) if written else None,
        "limits": asdict(configuration.limits),
    }
    if field.name in shown:
        return shown[field.name]
    return to_builtins(getattr(configuration, field.name))


def _parameters(configuration: Configuration) -> Mapping[str, Json]:
    values: dict[str, Json] = {}
    for layer in configuration.params.layers:
        for name, node in layer.items():
            values.setdefault(name, JsonValue().read(node))
    return values


def _source(keys: tuple[str, ...], sources: Sequence[Layer]) -> str:
    written = _written(keys, sources)
    return _shown(written[0]) if written else "default"


def _written(keys: tuple[str, ...], sources: Sequence[Layer]) -> tuple[Place, Node] | None:
    """Find what the strongest source that has a key says, and where; None where none has it."""
    for layer in sources:
        found: tuple[Place, Node] | None = (layer.root.place, layer.root)
        for key in keys:
            entry = entries_of(found[1]).get(key) if found else None
            found = (entry[0].place, entry[1]) if entry else None
        if found:
            return found
    return None


def _shown(place: Place) -> str:
    by_line = place.line and not place.path.startswith(PREFIX)
    return f"{place.path}:{place.line}" if by_line else place.path
