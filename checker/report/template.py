"""A report by a template of the user's own: checked when it is loaded, rendered in a sandbox."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

import msgspec
from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from msgspec import Struct

from checker.errors import OutputError, Place, Problem, UsageError
from checker.report.model import Report
from checker.report.sandbox import MOST_CHARACTERS, SUFFIX, Sandbox, read_template

_ESCAPED: Final = (".htm", ".html", ".xhtml", ".xml", ".htm.j2", ".html.j2", ".xhtml.j2", ".xml.j2")
"""How the name of a template ends whose values are escaped as HTML and XML want it."""

_NAME: Final = "report"
_HINT: Final = "docs/your-own-report.md says what a template has"

# What an expression of a template can raise, whatever it says.
_FAILURES: Final = (
    *(TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError),
    ValueError,
)


class OwnTemplate(Struct, frozen=True, kw_only=True):
    """A template that was read and found sound."""

    path: str
    environment: Sandbox
    template: Template

    def render(self, report: Report) -> str:
        """Give the report by this template.

        Raises:
            OutputError: It fails on this report, or gives too much.
        """
        self.environment.steps = 0
        try:
            return "".join(self._parts(report))
        except _FAILURES as error:
            place = _place(error.__traceback__, self.path)
            cause = f"the template failed: {_said(error)}"
            raise OutputError(
                [Problem(code="template-failed", cause=cause, place=place, hint=_HINT)]
            ) from error

    def _parts(self, report: Report) -> Iterator[str]:
        left = MOST_CHARACTERS
        for part in self.template.generate({_NAME: msgspec.to_builtins(report)}):
            left -= len(part)
            if left < 0:
                raise SecurityError(f"it gives more than {MOST_CHARACTERS:,} characters")
            yield part


def load_template(path: str) -> OwnTemplate:
    """Read a template, and those that it names, and find mistakes in them.

    Raises:
        UsageError: It cannot be read, or is wrong.
    """
    file = Path(path)
    environment = Sandbox(file.parent, autoescape=file.name.lower().endswith(_ESCAPED))
    try:
        source = read_template(file)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else str(error)) or "it is no UTF-8"
        raise _wrong(f"the template cannot be read: {why}", path) from error
    try:
        # Compiled first: what is found wrong later is told without its place.
        code = environment.compile(source, file.name, path)
        tree = environment.parse(source, file.name, path)
        _refuse_unknown(tree, path)
        _look_into(tree, environment, set())
    except TemplateSyntaxError as error:
        raise _wrong(error.message or "wrong", error.filename or path, error.lineno) from error
    except (SyntaxError, RecursionError, ValueError) as error:
        raise _wrong(
            f"the template nests too deep, or cannot be compiled: {error}", path
        ) from error
    template = Template.from_code(environment, code, {})
    return OwnTemplate(path=path, environment=environment, template=template)


def _refuse_unknown(tree: nodes.Template, path: str) -> None:
    """Refuse names that a template has not got; one that extends another may get them there."""
    if tree.find(nodes.Extends) is not None:
        return
    unknown = meta.find_undeclared_variables(tree) - {_NAME}
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            raise _wrong(f"'{name.name}' is not there: a template has `{_NAME}`", path, name.lineno)


def _look_into(tree: nodes.Template, environment: Sandbox, seen: set[str]) -> None:
    """Find mistakes in the templates that one names, and in those that they name."""
    for name in meta.find_referenced_templates(tree):
        if name is None or name in seen:
            continue
        seen.add(name)
        try:
            environment.get_template(name)
            loader = environment.loader
            source, filename, _ = loader.get_source(environment, name) if loader else ("", "", None)
        except TemplateNotFound:
            # It may be meant to be missing; where it is not, rendering says so.
            continue
        _look_into(environment.parse(source, name, filename), environment, seen)


def _place(trace: TracebackType | None, path: str) -> Place:
    """Give the innermost line of a template at which something was raised."""
    place = Place(path=path)
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file == path or file.endswith(SUFFIX):
            place = Place(path=file, line=trace.tb_lineno)
        trace = trace.tb_next
    return place


def _said(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"no template {error.name} in its folder; its name must end in .j2"
    if isinstance(error, RecursionError):
        return "it calls or includes itself without an end"
    return str(error) or type(error).__name__


def _wrong(cause: str, path: str, line: int = 0) -> UsageError:
    place = Place(path=path, line=line)
    return UsageError([Problem(code="template", cause=cause, place=place, hint=_HINT)])
