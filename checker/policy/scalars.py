"""Shapes of single values: text, instants, quantities, JSON."""

import math
import re
from datetime import datetime

from msgspec import Struct

from checker.aws import Json
from checker.aws.time import parse_instant
from checker.errors import among
from checker.policy.nodes import Mapping, Node, Scalar, Sequence, kind_of, quoted
from checker.policy.shape import as_scalar, defect

_QUANTITY = r"([1-9][0-9]{0,18}(?:_[0-9]{3}){0,6}) ?([KMG]iB)?"
_LARGEST = 1 << 60
_UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
ONE_LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]+"
"""A pattern of text in one line, without control characters."""

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
# As many digits as make some 20 years, so that no sum of a time and a span leaves the calendar.
SPAN = "[1-9][0-9]{0,8}s|[1-9][0-9]{0,6}m|[1-9][0-9]{0,4}h|[1-9][0-9]{0,3}d|[1-9][0-9]{0,2}w"
"""A pattern of a whole number above zero and one of the units s, m, h, d, w."""

SPAN_HINT = "a whole number and one of s m h d w, such as 30s, 10m, 1h, 90d; at most 9999d"

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class Text(Struct, frozen=True, kw_only=True):
    """Text, perhaps of a pattern or out of a list.

    Attributes:
        expected: What it is, for messages.
        pattern: Must match whole.
        hint: What the pattern wants, in words.
        choices: The only values allowed, if not empty.
    """

    expected: str = "text"
    pattern: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    max_length: int = 10_000
    examples: tuple[str, ...] = ()

    def read(self, node: Node) -> str:
        hint = self.hint or (f"valid: {', '.join(self.choices)}" if self.choices else "")
        scalar = as_scalar(node, self.expected, hint)
        text = scalar.text
        if not text.strip():
            raise defect(scalar.place, f"expected {self.expected}, found empty text")
        if len(text) > self.max_length:
            cause = f"{self.expected} is longer than {self.max_length} characters"
            raise defect(scalar.place, cause)
        if self.choices and text not in self.choices:
            cause = f"expected {self.expected}, found {quoted(text)}"
            raise defect(scalar.place, cause, among(text, self.choices))
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise defect(scalar.place, f"expected {self.expected}, found {quoted(text)}", self.hint)
        return text

    def schema(self) -> dict[str, Json]:
        schema: dict[str, Json] = {"type": "string", "minLength": 1}
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        if self.choices:
            schema = {"enum": list(self.choices)}
        if self.examples:
            schema["examples"] = list(self.examples)
        return schema


class Instant(Struct, frozen=True):
    """A date (00:00Z) or an RFC 3339 time, as an aware UTC time."""

    def read(self, node: Node) -> datetime:
        scalar = as_scalar(node, "a date or a time")
        try:
            return parse_instant(scalar.text)
        except ValueError as error:
            hint = "write a date like 2024-12-16 (its first second in UTC) or a time like 2024-12-16T08:00:00Z"
            raise defect(scalar.place, f"{quoted(scalar.text)}: {error}", hint) from error

    def schema(self) -> dict[str, Json]:
        return {
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?$",
            "examples": ["2024-12-16", "2024-12-16T08:00:00Z"],
        }


class Quantity(Struct, frozen=True):
    """A whole number above zero, with digits grouped by `_` or followed by KiB, MiB or GiB."""

    most: int = _LARGEST

    def read(self, node: Node) -> int:
        scalar = as_scalar(node, "a quantity")
        found = re.fullmatch(_QUANTITY, scalar.text)
        if found is None:
            hint = "write a whole number above zero, such as 500, 200_000 or 4 GiB"
            raise defect(scalar.place, f"expected a quantity, found {quoted(scalar.text)}", hint)
        quantity = int(found[1]) * _UNITS[found[2] or ""]
        if quantity > self.most:
            hint = f"the largest is {self.most:,}"
            raise defect(scalar.place, f"a quantity out of range: {quoted(scalar.text)}", hint)
        return quantity

    def schema(self) -> dict[str, Json]:
        text = {"type": "string", "pattern": f"^{_QUANTITY}$", "examples": ["4 GiB"]}
        return {"anyOf": [{"type": "integer", "minimum": 1, "maximum": self.most}, text]}


class WholeNumber(Struct, frozen=True, kw_only=True):
    """A whole number within bounds, written plainly."""

    expected: str = "a whole number"
    least: int = 1
    most: int = 1_000_000_000

    def read(self, node: Node) -> int:
        hint = f"a whole number from {self.least} to {self.most:,}, without quotes"
        scalar = as_scalar(node, self.expected, hint)
        found = scalar.plain and re.fullmatch("0|[1-9][0-9]{0,17}", scalar.text)
        if not found or not self.least <= int(scalar.text) <= self.most:
            cause = f"expected {self.expected}, found {quoted(scalar.text)}"
            raise defect(scalar.place, cause, hint)
        return int(scalar.text)

    def schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Flag(Struct, frozen=True):
    """`true` or `false`, written plainly."""

    expected: str

    def read(self, node: Node) -> bool:
        scalar = as_scalar(node, self.expected)
        if not scalar.plain or scalar.text not in {"true", "false"}:
            cause = f"expected {self.expected}, found {quoted(scalar.text)}"
            raise defect(scalar.place, cause, "write true or false, without quotes")
        return scalar.text == "true"

    def schema(self) -> dict[str, Json]:
        return {"type": "boolean"}


class Duration(Struct, frozen=True, kw_only=True):
    """A number and a unit, such as `10m`, as seconds.

    Attributes:
        pattern: The forms that are taken, with the number and the unit as groups.
    """

    expected: str = "a span of time"
    pattern: str = SPAN
    hint: str = SPAN_HINT

    def read(self, node: Node) -> int:
        text = Text(expected=self.expected, pattern=self.pattern, hint=self.hint).read(node)
        return int(text[:-1]) * _SECONDS[text[-1]]

    def schema(self) -> dict[str, Json]:
        return Text(pattern=self.pattern).schema()


class JsonValue(Struct, frozen=True):
    """A JSON value: plain `true`, `false`, `null` and numbers as JSON spells them, else text."""

    def read(self, node: Node) -> Json:
        match node:
            case Mapping(entries=entries):
                return {key.text: self.read(value) for key, value in entries}
            case Sequence(items=items):
                return [self.read(item) for item in items]
            case Scalar():
                return _json_scalar(node)

    def schema(self) -> dict[str, Json]:
        return {}


def _json_scalar(scalar: Scalar) -> Json:
    if not scalar.plain:
        return scalar.text
    if not scalar.text:
        raise defect(scalar.place, "expected a value, found nothing", "write null or ''")
    if scalar.is_null:
        return None
    if scalar.text in {"true", "false"}:
        return scalar.text == "true"
    refuse_other_spelling(scalar)
    number = _JSON_NUMBER.fullmatch(scalar.text)
    if number is None:
        return scalar.text
    if number[2] or number[3]:
        return _finite(scalar)
    if len(scalar.text) > 19:  # noqa: PLR2004 - the longest number that surely fits 64 bits
        raise defect(scalar.place, f"a number of {len(scalar.text)} digits", "quote it as text")
    return int(scalar.text)


def _finite(scalar: Scalar) -> float:
    value = float(scalar.text)
    if not math.isfinite(value):
        raise defect(scalar.place, f"a number out of range: {quoted(scalar.text)}")
    return value


def refuse_other_spelling(scalar: Scalar) -> None:
    """Refuse a plain `True`, `NULL` and the like, which other readers of YAML take for `true`.

    Raises:
        ShapeError: It is one.
    """
    meant = scalar.text.lower()
    if scalar.plain and meant in {"true", "false", "null"} and scalar.text != meant:
        cause = f"{quoted(scalar.text)} could be a text or {meant}"
        raise defect(scalar.place, cause, f"write {meant}, or put the text in quotes")


class JsonObject(Struct, frozen=True):
    """A mapping of JSON values, such as an event."""

    expected: str = "a mapping"

    def read(self, node: Node) -> dict[str, Json]:
        if not isinstance(node, Mapping):
            raise defect(node.place, f"expected {self.expected}, found {kind_of(node)}")
        value: dict[str, Json] = JsonValue().read(node)
        return value

    def schema(self) -> dict[str, Json]:
        return {"type": "object"}
