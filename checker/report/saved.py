"""The JSON report: written from the model, and read back into it."""

import inspect
import json
from pathlib import Path
from typing import NoReturn

import msgspec

from checker.aws import Json
from checker.aws.depth import is_deeper
from checker.errors import Place, Problem, UsageError
from checker.report.model import FORMAT, VERSION, Report
from checker.visible import inert_json

# Records nest at most a few hundred levels; deeper, a recursive writer would run out of stack.
_MAX_DEPTH = 400


def render_json(report: Report) -> str:
    """Give the report as JSON text; equal reports give equal text."""
    shape = msgspec.to_builtins(report)
    return inert_json(json.dumps(shape, indent=2, ensure_ascii=True, allow_nan=False)) + "\n"


def load_report(path: Path) -> Report:
    """Read a report from the file that `trailcheck check -o json=FILE` wrote.

    Raises:
        UsageError: It cannot be read, is no such report, or of another version.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        cause = f"cannot be read: {error.strerror or error}"
        place = Place(path=path.as_posix())
        raise UsageError([Problem(code="report-file", cause=cause, place=place)]) from error
    return read_json(content, path.as_posix())


def read_json(content: bytes, path: str) -> Report:
    """Read a report that `render_json` wrote.

    Raises:
        UsageError: It is no such report, or of another version.
    """
    try:
        shape = json.loads(content.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, f"not JSON: {error}") from error
    if is_deeper(shape, _MAX_DEPTH):
        raise _unreadable(path, f"nested deeper than {_MAX_DEPTH} levels")
    found = (shape.get("format"), shape.get("version")) if isinstance(shape, dict) else None
    if found != (FORMAT, VERSION):
        raise _unreadable(path, f"not a {FORMAT} of version {VERSION}")
    try:
        return msgspec.convert(shape, Report)
    except msgspec.ValidationError as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: str, cause: str) -> UsageError:
    hint = "give a file that trailcheck check -o json=FILE wrote"
    return UsageError([Problem(code="report-file", cause=cause, place=Place(path=path), hint=hint)])


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def report_schema() -> dict[str, Json]:
    """Give the JSON Schema (draft 2020-12) of the report."""
    schema = msgspec.json.schema(Report)
    for shape in schema["$defs"].values():
        # Python dedents docstrings from 3.13 on; the schema is the same on all.
        shape["description"] = inspect.cleandoc(shape["description"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
