"""Judges comparisons and calls whose sides are known: wrong types, wrong values, absent fields."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from checker.authoring.lint import calling, comparing, names
from checker.authoring.lint import texts_expressions as about
from checker.authoring.lint import texts_scopes as about_absence
from checker.authoring.lint.evidence import NO_EVIDENCE, Evidence
from checker.authoring.lint.facts import Facts
from checker.authoring.lint.notes import Notes
from checker.authoring.lint.values import ANY, NULL, UNKNOWN, Path, Value, literal
from checker.expression.syntax import Ast

_NULL_SAFE: Final = {
    "starts_with": "glob(x, 'text*') takes null; or ",
    "ends_with": "glob(x, '*text') takes null; or ",
    "contains": "glob(x, '*text*') of a text and any_in(x, list) take null; or ",
}
_NAMES: Final[Mapping[Path | None, str]] = {
    ("eventName",): "eventName",
    ("eventSource",): "eventSource",
}


class Judge(Struct, frozen=True, kw_only=True):
    """Judges what stands in one expression.

    Attributes:
        evidence: The events of the rule's tests: what they show was thought of.
        reads: The paths of the event that the whole expression reads.
        equalities: The `==` and `!=` of the whole expression.
        raising_matters: Whether an event on which the expression raises is an error.
    """

    notes: Notes
    evidence: Evidence = NO_EVIDENCE
    reads: tuple[Path, ...] = ()
    equalities: tuple[Ast, ...] = ()
    raising_matters: bool = True

    def equality(
        self, node: Ast, left: Value, right: Value, *, truth: bool | None, facts: Facts
    ) -> None:
        """Judge `==` or `!=`.

        Args:
            node: The comparison.
            left: What its left side is.
            right: What its right side is.
            truth: What it comes to, where that is certain.
            facts: What is known where it stands.
        """
        before = len(self.notes.found)
        children = node["children"]
        for child, other in zip(children, (right, left), strict=True):
            self._result(node, child, other)
        for value, other, child in ((left, right, children[1]), (right, left, children[0])):
            self._event_name(child, value, other, facts)
        if len(self.notes.found) == before and not self._asks_for_either(node):
            self.notes.add_first(node, comparing.equality_findings(left, right, truth=truth))
        if len(self.notes.found) == before and node["value"] == "ne":
            self._unequal(node, left, right)

    def negated_order(self, node: Ast, values: Sequence[Value]) -> None:
        """Judge `!(x > n)`, where the sides have these values."""
        for child, value in zip(node["children"], values, strict=True):
            if self._may_lack(value):
                cause = f"this holds of every event without {self.notes.shown(child)}"
                hint = "turn the comparison round instead, or add a test without the field"
                self.notes.add(about_absence.NEGATED_ORDER, child, cause, hint)

    def argument(self, name: str, position: int, child: Ast, value: Value) -> None:
        """Judge an argument of a call."""
        takes = calling.accepted(name, position)
        if child["type"] == "expref" or not value.types or takes == ANY:
            return
        shown = self.notes.shown(child)
        if not value.types & takes:
            wanted = " or ".join(sorted(takes - NULL))
            cause = f"{name}() takes {wanted}, and {shown} is {' or '.join(sorted(value.types))}"
            self.notes.add(about.WRONG_ARGUMENT, child, cause)
        elif value.may_be_null and "null" not in takes and self.raising_matters:
            if self._was_thought_of(value):
                return
            cause = f"{name}() raises on an event without {shown}"
            hint = f"{_NULL_SAFE.get(name, '')}write {shown} && …, or give a default: {shown} || …"
            self.notes.add(about_absence.RAISES_IF_ABSENT, child, cause, hint)

    def membership(
        self, node: Ast, listed: Value, sought: Value, *, truth: bool | None, facts: Facts
    ) -> None:
        """Judge `contains(list, x)` or `any_in(x, list)`."""
        before = len(self.notes.found)
        place = node["children"][0 if node["value"] == "contains" else 1]
        for child in place["children"] if place["type"] == "multi_select_list" else (place,):
            if child["type"] == "literal":
                known = literal(child["value"])
                member = known.element or known
                self._event_name(child, sought, member, facts)
                for text in _texts(member):
                    self.notes.add_first(child, comparing.never_written(sought, text))
        for child in node["children"]:
            self._result(node, child, listed.element or UNKNOWN)
        if truth is not None and len(self.notes.found) == before:
            holds = "always holds" if truth else "never holds"
            check = about.ALWAYS_TRUE if truth else about.ALWAYS_FALSE
            self.notes.add(check, node, f"this {holds} here, by what is known of the event")

    def patterns(self, node: Ast, text: Value, facts: Facts) -> None:
        """Judge the patterns of `glob(eventName, …)`."""
        place = node["children"][1]
        for child in place["children"] if place["type"] == "multi_select_list" else (place,):
            if child["type"] == "literal":
                known = literal(child["value"])
                self._event_name(child, text, known.element or known, facts)

    def _asks_for_either(self, node: Ast) -> bool:
        """Whether a field is compared with a boolean and its text, to be safe from either."""
        return _boolean_asked(node) and any(
            _boolean_asked(each)
            and self.notes.written(each["children"][0]) == self.notes.written(node["children"][0])
            and isinstance(each["children"][1]["value"], bool)
            is not isinstance(node["children"][1]["value"], bool)
            for each in self.equalities
        )

    def _result(self, node: Ast, child: Ast, other: Value) -> None:
        """Find a text that a function with few results never gives."""
        if child["type"] == "function_expression" and child["value"] in calling.RESULTS:
            name = child["value"]
            results = calling.RESULTS[name]
            self.notes.add_first(node, comparing.never_given(name, results, other))

    def _event_name(self, node: Ast, field: Value, other: Value, facts: Facts) -> None:
        if field.path in _NAMES:
            name = _NAMES[field.path]
            for text in _texts(other):
                self.notes.add_first(node, names.findings(name, text, facts))

    def _unequal(self, node: Ast, left: Value, right: Value) -> None:
        children = node["children"]
        for child, mine, other in ((children[0], left, right), (children[1], right, left)):
            if self._may_lack(mine) and not (other.may_be_null or other.is_of_event):
                shown = self.notes.shown(child)
                cause = f"this holds of every event without {shown}"
                written = self.notes.shown(node)
                hint = f"write {shown} && {written}, or ({shown} == `null` || {written})"
                self.notes.add(about_absence.UNEQUAL_IF_ABSENT, child, cause, hint)

    def _was_thought_of(self, value: Value) -> bool:
        """Whether a test has an event in which it is null; for what is computed, may be null."""
        paths = (value.path or (),) if value.is_of_event else self.reads
        return any(self.evidence.lacks(path) for path in paths)

    def _may_lack(self, value: Value) -> bool:
        return (
            value.is_of_event
            and value.may_be_null
            and len(value.types) > 1
            and not self.evidence.lacks(value.path or ())
        )


def _boolean_asked(node: Ast) -> bool:
    right = node["children"][1]
    return right["type"] == "literal" and right["value"] in (True, False, "true", "false")


def _texts(value: Value) -> list[str]:
    return sorted(str(each) for kind, each in value.constants or () if kind == "string")
