"""A second opinion: pySigma's SQLite backend over flat rows of the same events.

SQLite asks of a row what Sigma asks of a flat event. How events become rows is decided here, without
the program's own code: a column is a field's value; text compares without regard to case, and a
number as the text of it; an object is its JSON, and the texts in it.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from sigma.backends.sqlite import sqliteBackend
from sigma.rule import SigmaRule


def judge(rule: SigmaRule, fields: Sequence[str], events: Sequence[dict[str, Any]]) -> set[int]:
    """Give the indexes of the events that a rule matches.

    An event with several values in a field is several rows, and matches when one of them does:
    which is right for rules that deny nothing of such a field.
    """
    columns = list(dict.fromkeys(fields))
    connection = sqlite3.connect(":memory:")
    connection.create_function("REGEXP", 2, _found, deterministic=True)
    declared = ", ".join(f"{_quoted(name)} NUMERIC COLLATE NOCASE" for name in columns)
    connection.execute(f"CREATE TABLE logs (event_index INTEGER, {declared})")
    marks = ", ".join("?" * (len(columns) + 1))
    for index, event in enumerate(events):
        rows = [(index, *row) for row in _rows(event, columns)]
        connection.executemany(f"INSERT INTO logs VALUES ({marks})", rows)  # noqa: S608 - marks alone
    found: set[int] = set()
    for query in sqliteBackend(collate_nocase=True).convert_rule(rule):
        found |= {row[0] for row in connection.execute(query)}
    connection.close()
    return found


def _rows(event: dict[str, Any], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    yield from product(*(_values(event, name.split(".")) or [None] for name in columns))


def _values(value: Any, path: list[str]) -> list[Any]:
    """Give all values at a path; a list is what is in it."""
    if isinstance(value, list):
        return [found for each in value for found in _values(each, path)]
    if path:
        return _values(value.get(path[0]), path[1:]) if isinstance(value, dict) else []
    return [] if value is None else [_cell(value)]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        text = json.dumps(value, separators=(",", ":"))
        return "\n".join([text, *_texts(value)])
    return value


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _in_all(value.values())
        case list():
            yield from _in_all(value)


def _in_all(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)


def _found(pattern: str, value: Any) -> bool | None:
    return None if value is None else re.search(pattern, str(value)) is not None


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
