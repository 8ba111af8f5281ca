"""Checks of the expressions of a rule: what they mean, and whether they decide anything."""

from collections.abc import Iterator, Mapping
from typing import Final

from checker.authoring.lint import texts_expressions as about
from checker.authoring.lint import texts_scopes as about_names
from checker.authoring.lint.check import Note
from checker.authoring.lint.evidence import NO_EVIDENCE, Evidence, evidence_of
from checker.authoring.lint.facts import NO_FACTS, Facts
from checker.authoring.lint.judging import Judge
from checker.authoring.lint.notes import Notes
from checker.authoring.lint.parts import Part, RuleParts, problem_at
from checker.authoring.lint.reading import Reader
from checker.authoring.lint.scopes import check_scope, facts_of_scope
from checker.authoring.lint.setting import Read, Setting
from checker.authoring.lint.traps import check_number
from checker.authoring.lint.values import ANY, NULL, Value
from checker.errors import Level, Problem
from checker.expression.expression import is_boolean_node
from checker.expression.reads import reads_of
from checker.expression.syntax import Ast, walk
from checker.policy.rule import Rule

_MISLEADING: Final = frozenset({"string", "number"})
_TELLS: Final = frozenset(
    {
        about.BARE_WORD,
        about.FIELD_IN_QUOTES,
        about.NEGATION,
        about.TYPES_DIFFER,
        about.LIST_COMPARED,
        about.BOOLEAN_AS_TEXT,
        about.NEVER_WRITTEN,
        about.FIELD_OF_LIST,
        about.WRONG_ARGUMENT,
        about.NUMBER_AS_CONDITION,
        about_names.UNKNOWN_FIELD,
        about_names.UNKNOWN_EVENT,
        about_names.OTHER_SOURCE,
        about_names.DEAD_EVENT,
        about_names.NEVER_LOGGED,
        about_names.UNKNOWN_SOURCE,
    }
)
"""Findings that say why a condition comes to the same for every event."""


def check_expressions(parts: RuleParts) -> Iterator[Problem]:
    """Find what is wrong with the scopes and expressions of a rule."""
    parameters = _parameters(parts.rule)
    facts = NO_FACTS
    evidence = NO_EVIDENCE
    for scope in parts.scopes:
        evidence = evidence_of(parts.rule, scope.step) if scope.alternatives else NO_EVIDENCE
        yield from check_scope(scope, evidence)
        reading = _Reading(parameters, evidence)
        facts = facts_of_scope(scope)
        if scope.where is not None:
            problems, facts = reading.condition(scope.where, facts)
            yield from problems
        for part in scope.group_by:
            yield from reading.value(part, facts)
    if len(parts.scopes) > 1:
        facts, evidence = NO_FACTS, NO_EVIDENCE
    yield from _check_judgement(parts, _Reading(parameters, evidence), facts)


def check_condition(part: Part) -> Iterator[Problem]:
    """Find what is wrong with a condition that stands in no rule."""
    yield from _Reading({}, NO_EVIDENCE).condition(part, NO_FACTS)[0]


def _check_judgement(parts: RuleParts, reading: "_Reading", facts: Facts) -> Iterator[Problem]:
    for part in parts.requires:
        yield from reading.value(part, facts)
        facts = reading.with_required(part, facts)
    if parts.condition is not None:
        yield from reading.condition(parts.condition, facts)[0]
    for part in parts.counted:
        yield from reading.value(part, facts)
    for part in parts.shown:
        yield from reading.value(part, facts, raising_matters=False)


def _parameters(rule: Rule) -> Mapping[str, Value]:
    return {
        name: Value(types=frozenset({"array"}), element=Value(types=_type(each.type.kind)))
        if each.type.many
        else Value(types=_type(each.type.kind))
        for name, each in rule.params.items()
    }


def _type(kind: str) -> frozenset[str]:
    return frozenset({"number" if kind == "integer" else kind})


class _Reading:
    """Reads the parts of a rule whose parameters and test events are known."""

    def __init__(self, parameters: Mapping[str, Value], evidence: Evidence) -> None:
        self._parameters = parameters
        self._evidence = evidence

    def condition(self, part: Part, facts: Facts) -> tuple[list[Problem], Facts]:
        """Give the problems of a condition, and what is known where it holds."""
        notes = Notes(part.expression.text)
        read = self._read(part, notes, facts)
        found = notes.found
        truth = read.value.truth
        found += _forms(part, self._parameters, facts)
        if truth is not None and not any(note.check in _TELLS for note in found):
            # The whole says what its parts would say.
            found = [each for each in found if each.check not in _CONSTANT]
            found.append(_decides_nothing(part, truth=truth))
        return [problem_at(part, note) for note in _plainest(found)], read.yes

    def value(self, part: Part, facts: Facts, *, raising_matters: bool = True) -> list[Problem]:
        """Give the problems of an expression that is no condition."""
        notes = Notes(part.expression.text)
        self._read(part, notes, facts, raising_matters=raising_matters)
        return [problem_at(part, note) for note in _plainest(notes.found)]

    def with_required(self, part: Part, facts: Facts) -> Facts:
        """Give what is known where a path of `requires` is not null."""
        read = self._read(part, Notes(part.expression.text), facts)
        return facts.with_types(read.value, ANY - NULL)

    def _read(
        self, part: Part, notes: Notes, facts: Facts, *, raising_matters: bool = True
    ) -> Read:
        judge = Judge(
            notes=notes,
            evidence=self._evidence,
            reads=tuple(read.path for read in part.expression.reads),
            equalities=tuple(
                node
                for node in walk(part.expression.ast)
                if node["type"] == "comparator" and node["value"] in {"eq", "ne"}
            ),
            raising_matters=raising_matters,
        )
        return Reader(judge, self._parameters).read(part.expression.ast, Setting(facts=facts))


_CONSTANT: Final = frozenset({about.ALWAYS_TRUE, about.ALWAYS_FALSE})


def _decides_nothing(part: Part, *, truth: bool) -> Note:
    start, end = part.expression.ast["span"]
    key = part.what.rpartition(" ")[2]
    cause = f"this {'always' if truth else 'never'} holds, by what is known of the events in scope"
    hint = {
        ("where", True): "leave it out",
        ("where", False): "no event is in scope: the rule judges nothing",
        ("require", True): "no event can break the rule",
        ("require", False): "every event breaks the rule: write forbid: true if that is meant",
        ("forbid", True): "every event breaks the rule: write forbid: true if that is meant",
        ("forbid", False): "no event can break the rule",
    }.get((key, truth), "")
    return Note(check=about.DECIDES_NOTHING, start=start, end=end, cause=cause, hint=hint)


def _forms(part: Part, parameters: Mapping[str, Value], facts: Facts) -> list[Note]:
    """Find parts of a condition that may be a text, or are a number."""
    notes = Notes(part.expression.text)
    quiet = Reader(Judge(notes=Notes(part.expression.text)), parameters)
    _check_form(notes, part.expression.ast, quiet, facts)
    return notes.found


def _check_form(notes: Notes, node: Ast, quiet: Reader, facts: Facts) -> None:
    kind = node["type"]
    if kind in {"and_expression", "or_expression"}:
        left, right = node["children"]
        read = quiet.read(left, Setting(facts=facts))
        if not (kind == "and_expression" and _guards(left, right)):
            _check_form(notes, left, quiet, facts)
        _check_form(notes, right, quiet, read.yes if kind == "and_expression" else read.no)
    elif not is_boolean_node(node):
        value = quiet.read(node, Setting(facts=facts)).value
        check_number(notes, node, value)
        if value.types != {"number"} and value.types & _MISLEADING:
            shown = notes.shown(node)
            cause = f"{shown} may be a text, and every text but '' counts as true, 'No' too"
            hint = (
                f"compare it: {shown} == 'true', or {shown} != `null` where being there is enough"
            )
            notes.add(about.NOT_BOOLEAN, node, cause, hint)


def _guards(left: Ast, right: Ast) -> bool:
    """Whether a field is asked for before the same field, or one below it, is used."""
    asked = _paths(left)
    return bool(asked) and all(
        any(used[: len(path)] == path for used in _paths(right)) for path in asked
    )


def _paths(node: Ast) -> list[tuple[str | None, ...]]:
    return [read.path for read in reads_of(node)]


def _plainest(found: list[Note]) -> list[Note]:
    """Give findings in the order of their places; of several at one place, errors alone."""
    errors = {note.start for note in found if note.check.level is Level.ERROR}
    kept = (note for note in found if note.check.level is Level.ERROR or note.start not in errors)
    unique = {(note.check.code, note.start): note for note in kept}
    return sorted(unique.values(), key=lambda note: (note.start, note.check.code))
