"""Checks of `match` and `outcome`: names, fields and values that there are, parts that go together."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Final

from checker.authoring.lint import names
from checker.authoring.lint.comparing import Finding, never_written
from checker.authoring.lint.evidence import Evidence
from checker.authoring.lint.facts import NO_FACTS, Facts
from checker.authoring.lint.judging import Judge
from checker.authoring.lint.notes import Notes
from checker.authoring.lint.parts import Line, Part, ScopeParts, problem, problem_at
from checker.authoring.lint.reading import Reader
from checker.authoring.lint.setting import Setting
from checker.authoring.lint.texts_scopes import NO_MATCH, VALUE_TWICE
from checker.authoring.lint.values import ANY, NULL, Value
from checker.aws.dictionary import known
from checker.aws.glob import compile_glob, is_glob, literals_of
from checker.errors import Problem
from checker.policy.nodes import Scalar
from checker.policy.rule import OutcomeScope

_EMPTY: Final = frozenset({("string", "")})


def facts_of_scope(scope: ScopeParts) -> Facts:
    """Give what is known of every event that `match` and `outcome` let through."""
    if not scope.alternatives:
        return NO_FACTS
    known_of = [reduce(_with_line, lines, NO_FACTS) for lines in scope.alternatives]
    return _with_outcome(reduce(Facts.joined, known_of), scope.step.outcome)


def check_scope(scope: ScopeParts, evidence: Evidence) -> Iterator[Problem]:
    """Find what is wrong with a `match`."""
    for lines in scope.alternatives:
        found = [*_names(lines), *_paths(lines, evidence), *_values(lines)]
        yield from found
        if not found:
            yield from _contradictions(lines, scope)


def _value_of(line: Line) -> Value:
    """Give what is known of what stands at the path of a line."""
    quiet = Reader(Judge(notes=Notes(line.key.text)), {})
    return quiet.read(line.entry.key.ast, Setting()).value


def _with_line(facts: Facts, line: Line) -> Facts:
    value, entry = _value_of(line), line.entry
    if value.types <= NULL:
        return facts
    if not entry.patterns:
        return facts.with_types(value, NULL)
    if entry.null:
        return facts
    texts = literals_of(entry.patterns)
    if texts is not None and value.types - NULL == {"string"}:
        return facts.with_constants(value, frozenset(("string", text) for text in texts))
    return facts.with_types(value, ANY - NULL)


def _with_outcome(facts: Facts, outcome: OutcomeScope) -> Facts:
    error = facts.at(("errorCode",))
    if outcome is OutcomeScope.SUCCESS:
        # Or an empty one, which is as good as none.
        return facts.with_constants_or_null(error, _EMPTY)
    if outcome is OutcomeScope.DENIED:
        return facts.with_types(error, ANY - NULL)
    return facts


def _texts_of(lines: Sequence[Line], key: str) -> tuple[str, ...] | None:
    for line in lines:
        if line.key.text == key and not line.entry.null:
            return line.entry.patterns
    return None


def _names(lines: Sequence[Line]) -> Iterator[Problem]:
    sources = _texts_of(lines, "eventSource")
    literal = literals_of(sources) if sources else None
    for line in lines:
        for scalar in line.values:
            if scalar.is_null:
                continue
            findings = list(_findings(line, scalar, sources, literal))
            yield from (
                problem(found.check, scalar.place, f"match: {found.cause}", found.hint)
                for found in findings[:1]
            )


def _findings(
    line: Line,
    scalar: Scalar,
    sources: tuple[str, ...] | None,
    literal: frozenset[str] | None,
) -> Iterator[Finding]:
    if line.key.text == "eventSource":
        yield from names.source_findings(scalar.text)
    elif line.key.text == "eventName":
        if sources is None:
            yield from names.source_missing(scalar.text)
        yield from names.name_findings(scalar.text, sorted(literal) if literal else None)


def _paths(lines: Sequence[Line], evidence: Evidence) -> Iterator[Problem]:
    for line in lines:
        notes = Notes(line.key.text)
        Reader(Judge(notes=notes, evidence=evidence), {}).read(line.entry.key.ast, Setting())
        part = Part(what="match", expression=line.entry.key, scalar=line.key)
        yield from (problem_at(part, note) for note in notes.found)


def _values(lines: Sequence[Line]) -> Iterator[Problem]:
    for line in lines:
        value = _value_of(line)
        seen: list[Scalar] = []
        for scalar in line.values:
            if scalar.is_null:
                continue
            twice = next((each for each in seen if _covers(each.text, scalar.text)), None)
            if twice is not None:
                cause = f"match: '{scalar.text}' is matched by '{twice.text}' already"
                yield problem(VALUE_TWICE, scalar.place, cause, "leave one of them out")
            elif not is_glob(scalar.text):
                for found in never_written(value, scalar.text):
                    yield problem(found.check, scalar.place, f"match: {found.cause}", found.hint)
            seen.append(scalar)


def _covers(pattern: str, text: str) -> bool:
    if pattern == text:
        return True
    return is_glob(pattern) and not is_glob(text) and compile_glob(pattern)(text)


def _contradictions(lines: Sequence[Line], scope: ScopeParts) -> Iterator[Problem]:
    for line in lines:
        if line.key.text == "errorCode":
            yield from _outcome(line, scope.step.outcome)
        if line.key.text == "readOnly":
            yield from _read_only(line, lines)


def _outcome(line: Line, outcome: OutcomeScope) -> Iterator[Problem]:
    wants_none = not line.entry.patterns
    wants_some = not line.entry.null and "" not in line.entry.patterns
    if outcome is OutcomeScope.SUCCESS and wants_some:
        cause = "match: a call with an errorCode did not succeed, and successful calls are judged"
        hint = "add outcome: denied, outcome: failed or outcome: any"
        yield problem(NO_MATCH, line.key.place, cause, hint)
    if outcome is OutcomeScope.DENIED and wants_none:
        cause = "match: a call that was denied has an errorCode"
        yield problem(NO_MATCH, line.key.place, cause, "take errorCode out, or outcome: denied")


def _read_only(line: Line, lines: Sequence[Line]) -> Iterator[Problem]:
    sources = literals_of(_texts_of(lines, "eventSource") or ("*",))
    listed = literals_of(_texts_of(lines, "eventName") or ("*",))
    wanted = {"true": True, "false": False}.get(line.values[0].text) if line.values else None
    if wanted is None or len(line.values) > 1 or sources is None or listed is None:
        return
    calls = [known(source, name) for source in sources for name in listed]
    answers = {call.read_only for call in calls if call}
    if None not in calls and answers == {not wanted}:
        does = "changes something" if wanted else "only reads"
        cause = f"match: readOnly is never {str(wanted).lower()} of a call that {does}"
        yield problem(NO_MATCH, line.key.place, cause, "take readOnly out")
