"""Traps of the language that the form of an expression shows: quotes, bare words, `!`, filters."""

import re
from collections.abc import Iterable
from typing import Final

from checker.authoring.lint import texts_expressions as about
from checker.authoring.lint.notes import Notes
from checker.authoring.lint.texts_scopes import UNKNOWN_FIELD
from checker.authoring.lint.values import NULL, Path, Value
from checker.aws.fields import is_record_path, nearest_paths, top_level_fields
from checker.errors import did_you_mean
from checker.expression.syntax import Ast

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_AMBIGUOUS: Final = frozenset({"resources", "errorCode", "errorMessage", "s3", "readOnly"})
"""Fields of the event whose names elements of lists have, too."""

_JSON_WORDS: Final = frozenset({"null", "true", "false"})
_MOST: Final = 60


def check_negation(notes: Notes, child: Ast, node: Ast) -> None:
    """Find `!a.b` and `!a == 'x'`, where `!` ends before what follows it."""
    start, end = child["span"]
    if child["type"] == "not_expression" and notes.text[start] == "!":
        inner, rest = notes.text[start + 1 : end], notes.text[end : node["span"][1]]
        cause = f"! negates {inner} alone, not all that follows it"
        hint = f"write !({inner}{rest})" if len(rest) < _MOST else "put it in parentheses"
        notes.add(about.NEGATION, child, cause, hint)


def check_words(notes: Notes, children: list[Ast], *, in_event: bool) -> None:
    """Find `x == "text"` and `x == text`: names that no event has where a text was meant.

    Args:
        notes: Where findings go.
        children: The sides of a comparison.
        in_event: Whether names are looked up in the event, whose fields are known.
    """
    for child, other in (children, children[::-1]):
        if child["type"] != "field":
            continue
        written, name = notes.written(child), child["value"]
        unknown = in_event and name not in top_level_fields()
        if written.startswith('"') and (unknown or _PLAIN_NAME.fullmatch(name)):
            _note_quotes(notes, child)
        elif unknown and name in _JSON_WORDS:
            _note_json_word(notes, child)
        elif unknown and other["type"] != "literal" and not _is_near_a_field(name):
            cause = f"{written} is a field of the event here, and no event has it"
            notes.add(about.BARE_WORD, child, cause, f"for the text write '{written}'")


def check_arguments(notes: Notes, arguments: list[Ast], *, in_event: bool) -> None:
    """Find texts in double quotes among the arguments of a call, behind the first."""
    for child in arguments[1:]:
        name = child.get("value")
        if child["type"] != "field" or not notes.written(child).startswith('"'):
            continue
        unknown = in_event and name not in top_level_fields()
        if unknown or _PLAIN_NAME.fullmatch(str(name)):
            notes.forget_at(child)
            _note_quotes(notes, child)


def check_filter(notes: Notes, right: Ast) -> None:
    """Find `x[][?…]`: a filter behind a projection is applied inside each element."""
    if right["type"] == "filter_projection" and right["children"][0]["type"] == "identity":
        cause = "this filter is applied inside each element, not to the list"
        hint = "end the projection first: x[] | [?…]; two filters of one list are joined with &&"
        notes.add(about.FILTER_IN_ELEMENT, right, cause, hint)


def check_bare_field(notes: Notes, node: Ast) -> None:
    """Find a field of the event that is looked up in an element."""
    name = node["value"]
    if name in top_level_fields() - _AMBIGUOUS:
        cause = f"{name} is looked up in the element here, not in the event"
        notes.add(about.EVENT_FIELD_IN_ELEMENT, node, cause, f"write $event.{name}")


def check_field(notes: Notes, node: Ast, path: tuple[str, ...]) -> None:
    """Find a field that no record has, though one can have what stands above it."""
    if len(path) == 1 and path[0] in _JSON_WORDS:
        _note_json_word(notes, node)
        return
    if not is_record_path(path) and is_record_path(path[:-1]):
        near = nearest_paths(path)
        hint = f"did you mean {' or '.join(near[:2])}?" if near else ""
        notes.add(UNKNOWN_FIELD, node, f"no event has a field {'.'.join(path)}", hint)


def check_known_field(notes: Notes, node: Ast, fields: Iterable[str]) -> None:
    """Note that what a function made has no such field."""
    name = node["value"]
    cause = f"what the function gives has no field {name}"
    notes.add(UNKNOWN_FIELD, node, cause, did_you_mean(name, sorted(fields)))


def check_list(notes: Notes, node: Ast, parent: Value) -> None:
    """Note that a field is taken of a list."""
    name = node["value"]
    shown = _last_name(parent.path)
    cause = f"{shown or 'what stands before the dot'} is a list, and a list has no field {name}"
    hint = f"write {shown or '…'}[].{name} for all elements, {shown or '…'}[0].{name} for the first"
    notes.add(about.FIELD_OF_LIST, node, cause, hint)


def check_number(notes: Notes, node: Ast, value: Value) -> None:
    """Find a number where a condition stands."""
    if value.types == {"number"}:
        cause = "a number counts as true, 0 too"
        notes.add(about.NUMBER_AS_CONDITION, node, cause, "compare it: … > `0`")


def takes_fields(value: Value) -> bool:
    """Tell whether a value can have fields."""
    kinds = value.types - NULL
    return not kinds or "object" in kinds


def _note_quotes(notes: Notes, child: Ast) -> None:
    written = notes.written(child)
    cause = f"{written} is the field of that name, not a text"
    notes.add(about.FIELD_IN_QUOTES, child, cause, f"for the text write '{written[1:-1]}'")


def _note_json_word(notes: Notes, node: Ast) -> None:
    name = node["value"]
    if name == "null":
        cause = "null is a field of that name here, and null only because no event has it"
        notes.add(about.BARE_NULL, node, cause, "write `null`")
    else:
        cause = f"{name} is a field of the event here, and no event has it"
        notes.add(about.BARE_WORD, node, cause, f"for the boolean write `{name}`")


def _is_near_a_field(name: str) -> bool:
    return name.casefold() in {each.casefold() for each in top_level_fields()}


def _last_name(path: Path | None) -> str:
    last = path[-1] if path else None
    return last.removeprefix("=") if isinstance(last, str) else ""
