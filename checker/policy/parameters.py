"""Parameters: what differs between organisations, declared by rules and packs, given from outside."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from checker.aws import Json
from checker.errors import Place, Problem, UsageError, did_you_mean
from checker.policy.nodes import Mapping as MappingNode
from checker.policy.nodes import Node, Scalar, Sequence, kind_of
from checker.policy.scalars import JsonValue
from checker.policy.shape import ShapeError, as_scalar, defect, gather
from checker.policy.yaml_source import Document, FileRead, load_bytes

KINDS = ("string", "integer", "number", "boolean")

_EXAMPLES = {
    "integer": "a whole number such as 90",
    "number": "a number such as 0.5",
    "boolean": "true or false",
}


class ParameterType(Struct, frozen=True):
    """A scalar kind, or a list of it.

    Attributes:
        kind: One of `KINDS`.
        many: Whether the value is a list.
    """

    kind: str
    many: bool

    def __str__(self) -> str:
        return f"[{self.kind}]" if self.many else self.kind

    def read(self, node: Node) -> Json:
        """Give a node's value in this type; one item alone is a list of one."""
        if not self.many:
            return self._read_one(node)
        items = node.items if isinstance(node, Sequence) else (node,)
        return gather(self._read_one, items)

    def _read_one(self, node: Node) -> Json:
        expected = f"a value of type {self.kind}"
        scalar = as_scalar(node, expected)
        if self.kind == "string":
            return scalar.text
        bare = Scalar(text=scalar.text, style="plain", place=scalar.place)
        value = JsonValue().read(bare)
        accepted = {
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, int | float) and not isinstance(value, bool),
            "boolean": isinstance(value, bool),
        }
        if not accepted[self.kind]:
            raise defect(
                node.place, f"expected {expected}, found {kind_of(node)}", _EXAMPLES[self.kind]
            )
        return value


class Parameter(Struct, frozen=True, kw_only=True):
    """A value that a rule reads as `$name`.

    Attributes:
        default: None when it must be given from outside.
    """

    type: ParameterType
    description: str = ""
    default: Json = None


def make_parameter(
    *, value_type: ParameterType, description: str = "", default: Node | None = None
) -> Parameter:
    """Read a declaration's default in the type that it declares."""
    value = None if default is None else value_type.read(default)
    return Parameter(type=value_type, description=description, default=value)


Given: TypeAlias = Mapping[str, Node]


class Settings(Struct, frozen=True):
    """Parameter values given from outside, in layers: the first that has a value gives it.

    Attributes:
        layers: Each by `name`, for every rule that has it, or by `rule-id.name`, for one rule.
        files: The parameters files among them, in the same order.
    """

    layers: tuple[Given, ...] = ()
    files: tuple[FileRead, ...] = ()

    def over(self, below: "Settings") -> "Settings":
        """Give both, these layers first."""
        return Settings((*self.layers, *below.layers), (*self.files, *below.files))

    def node_for(self, rule_id: str, name: str) -> Node | None:
        """Give the value for one parameter of one rule; in a layer, its own key goes first."""
        for layer in self.layers:
            for key in (f"{rule_id}.{name}", name):
                if key in layer:
                    return layer[key]
        return None


def settings_from_document(document: Document) -> Settings:
    """Read a parameters file: a mapping of `name` or `rule-id.name` to a value.

    Raises:
        UsageError: It is not a mapping.
    """
    return Settings((dict(_entries(document.root)),), (document.file,))


def _entries(node: Node) -> list[tuple[str, Node]]:
    if not isinstance(node, MappingNode):
        cause = f"expected a mapping of parameter names to values, found {kind_of(node)}"
        raise UsageError([Problem(code="params-file", cause=cause, place=node.place)])
    return [(key.text, value) for key, value in node.entries]


def settings_from_options(options: tuple[str, ...]) -> Settings:
    """Read `--param name=value`; a value in brackets is a list, a repeated name adds to one.

    Raises:
        UsageError: An option is not of that form.
    """
    values: dict[str, Node] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not equals or not name:
            cause = f"--param {option}: expected name=value"
            raise UsageError([Problem(code="param-option", cause=cause)])
        shown_as = f"--param {name}"
        if text.startswith("["):
            node = load_bytes(text.encode(errors="surrogateescape"), shown_as).root
        else:
            node = Scalar(text=text, style="double", place=Place(path=shown_as))
        values[name] = _joined(values[name], node) if name in values else node
    return Settings((values,))


def _joined(first: Node, second: Node) -> Node:
    items = [
        *(first.items if isinstance(first, Sequence) else [first]),
        *(second.items if isinstance(second, Sequence) else [second]),
    ]
    return Sequence(items=tuple(items), place=first.place)


def bind(
    rule_id: str, declared: Mapping[str, Parameter], used: frozenset[str], settings: Settings
) -> dict[str, Json]:
    """Give the values of the parameters that a rule uses.

    Raises:
        ShapeError: A value has the wrong type, or a parameter without a default was not given.
    """
    problems: list[Problem] = []
    values: dict[str, Json] = {}
    for name in sorted(used & declared.keys()):
        try:
            values[name] = _bind_one(rule_id, name, declared[name], settings)
        except ShapeError as error:
            problems.extend(error.problems)
    if problems:
        raise ShapeError(*problems)
    return values


def _bind_one(rule_id: str, name: str, parameter: Parameter, settings: Settings) -> Json:
    node = settings.node_for(rule_id, name)
    if node is not None:
        return parameter.type.read(node)
    if parameter.default is None:
        hint = f"give it with --param {name}=…, in a --params file, or as its default"
        cause = f"rule {rule_id}: the parameter ${name} ({parameter.type}) has no value"
        raise ShapeError(Problem(code="param-unset", cause=cause, hint=hint))
    return parameter.default


def unknown_settings(settings: Settings, used: Mapping[str, frozenset[str]]) -> list[Problem]:
    """Name the values given from outside that no rule reads.

    Args:
        settings: The values given.
        used: The names of the parameters that each rule reads, by rule id.
    """
    names = frozenset().union(*used.values())
    of_rules = {f"{rule}.{name}" for rule, own in used.items() for name in own}
    return [
        Problem(
            code="param-unknown",
            cause=f"no rule reads a parameter '{given}'",
            place=node.place,
            hint=did_you_mean(given, sorted(of_rules if "." in given else names)),
        )
        for layer in settings.layers
        for given, node in layer.items()
        if given not in names and given not in of_rules
    ]
