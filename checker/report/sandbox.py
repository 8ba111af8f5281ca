"""What a user's template may do: read plain data, and nothing that reaches beyond it or never ends."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from checker.aws import Json
from checker.report.template_filters import FILTERS, TESTS, joined, printed

SUFFIX: Final = ".j2"
"""How the name of a template ends that another one may include."""

MOST_BYTES: Final = 1 << 20
"""Of one template."""
MOST_STEPS: Final = 10_000_000
"""Turns of loops and calls of macros of one rendering."""
MOST_CHARACTERS: Final = 1 << 26
"""Of what a template gives, and of one text in it."""
_MOST_ELEMENTS: Final = 1_000_000
_MOST_BITS: Final = 512

_METHODS: Final[Mapping[type, frozenset[str]]] = {
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
    str: frozenset(
        {
            *("capitalize", "count", "endswith", "find", "isalpha", "isdigit", "lower", "lstrip"),
            *("partition", "removeprefix", "removesuffix", "rpartition", "rsplit", "rstrip"),
            *("split", "splitlines", "startswith", "strip", "upper"),
        }
    ),
    LoopContext: frozenset(
        {
            *("index", "index0", "first", "last", "length", "revindex", "revindex0", "depth"),
            *("depth0", "previtem", "nextitem", "cycle", "changed"),
        }
    ),
    BlockReference: frozenset({"super"}),
}
"""Attributes that a template may use, by type; keys of a mapping are no attributes."""

_NUMBERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
}


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja for templates of users: no globals, listed filters, tests and attributes only."""

    intercepted_binops = frozenset({*_NUMBERS, "**"})

    def __init__(self, folder: Path, *, autoescape: bool) -> None:
        super().__init__(
            autoescape=autoescape,
            cache_size=50,
            finalize=printed,
            keep_trailing_newline=True,
            loader=Beside(folder),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)
        self.steps = 0

    def tick(self) -> None:
        """Count a step; every turn of a loop and every call of a macro is one."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise SecurityError(f"more than {MOST_STEPS:,} turns of loops and calls of macros")

    def concatenated(self, *values: Json) -> str:
        """Do what `~` does, within bounds."""
        return joined(values)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give a key of a mapping, else an attribute that is listed."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return self._listed(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give an element of plain data, else an attribute that is listed."""
        if isinstance(obj, dict | list | tuple | str):
            try:
                return obj[argument]
            except (TypeError, LookupError):
                pass
        if isinstance(argument, str):
            return self._listed(obj, argument)
        return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 - the signature of Jinja
        """Calculate with numbers, add texts and add lists, all within bounds."""
        if isinstance(left, int | float) and isinstance(right, int | float):
            return _calculated(operator, left, right)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return joined((left, right))
        if operator == "+" and isinstance(left, list) and isinstance(right, list):
            if len(left) + len(right) > _MOST_ELEMENTS:
                raise SecurityError(f"a list of more than {_MOST_ELEMENTS:,} elements")
            return left + right
        kinds = f"{type(left).__name__} and {type(right).__name__}"
        raise SecurityError(f"'{operator}' is for numbers, here it has {kinds}")

    def _listed(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Undefined):
            # Looking into what is not there says so.
            return super().getattr(obj, attribute)
        if isinstance(obj, TemplateModule) and not attribute.startswith("_"):
            return obj.__dict__.get(attribute, self.undefined(obj=obj, name=attribute))
        if isinstance(obj, TemplateReference) and not attribute.startswith("_"):
            try:
                return obj[attribute]
            except LookupError:
                return self.undefined(obj=obj, name=attribute)
        known = next((names for kind, names in _METHODS.items() if isinstance(obj, kind)), None)
        if known is not None and attribute in known:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        bounded: nodes.Template = _Bounding(self).visit(tree)
        return bounded


class Beside(BaseLoader):
    """Finds templates in one folder and below it, whose names end in `.j2`; nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(os.path.realpath(folder))

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - the signature of Jinja
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """Give a template's text, its path, and that it stays as it is."""
        path = Path(os.path.realpath(self._folder / template)) if "\0" not in template else None
        if path is None or path.suffix != SUFFIX or not path.is_relative_to(self._folder):
            raise TemplateNotFound(template)
        try:
            text = read_template(path)
        except (OSError, ValueError) as error:
            raise TemplateNotFound(template, f"{template}: {error}") from error
        return text, path.as_posix(), lambda: True


def read_template(path: Path) -> str:
    """Read a template.

    Raises:
        OSError: It cannot be read.
        ValueError: It is too large, or no UTF-8.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES:,} bytes")
    return content.decode()


class _Bounding(NodeTransformer):
    """Puts a step into every loop and macro, and bounds `~`, which Jinja does not let one bound."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - the name is Jinja's
        return self._stepping(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802 - the name is Jinja's
        return self._stepping(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802 - the name is Jinja's
        return self._stepping(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - the name is Jinja's
        self.generic_visit(node)
        return self._call("concatenated", node.nodes, node.lineno)

    def _stepping(self, node: nodes.For | nodes.Macro | nodes.CallBlock) -> nodes.Node:
        self.generic_visit(node)
        step = nodes.ExprStmt(self._call("tick", [], node.lineno), lineno=node.lineno)
        step.set_environment(self._environment)
        node.body.insert(0, step)
        return node

    def _call(self, name: str, arguments: list[nodes.Expr], line: int) -> nodes.Call:
        attribute = nodes.EnvironmentAttribute(name, lineno=line)
        call = nodes.Call(attribute, arguments, [], None, None, lineno=line)
        call.set_environment(self._environment)
        return call


def _calculated(operator: str, left: float, right: float) -> float:
    if operator not in _NUMBERS:
        raise SecurityError(f"'{operator}' is not available")
    result: float = _NUMBERS[operator](left, right)
    if isinstance(result, int) and result.bit_length() > _MOST_BITS:
        raise SecurityError(f"a number of more than {_MOST_BITS} bits")
    return result
