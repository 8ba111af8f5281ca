"""Checks of rules beside one another, of their tests, and of their parameters."""

from collections.abc import Iterator, Sequence

from checker.authoring.lint.parts import RuleParts, problem
from checker.authoring.lint.texts_rules import (
    NO_TESTS,
    ONE_SIDED_TESTS,
    SHADOWED,
    UNUSED_PACK_PARAMETER,
    UNUSED_PARAMETER,
)
from checker.aws.glob import compile_glob, is_glob
from checker.errors import Place, Problem
from checker.policy.folder import files_below
from checker.policy.nodes import entries_of
from checker.policy.packs import PACK_FILE, Pack, file_of, pack_folder
from checker.policy.rule import Expectation, MatchEntry, OutcomeScope, Rule
from checker.policy.yaml_source import load_file

_RULE_SUFFIXES = frozenset({".yaml", ".yml"})


def check_parameters(parts: RuleParts) -> Iterator[Problem]:
    """Find parameters of a rule that none of its expressions reads."""
    declared = parts.under("params")
    for name, (key, _) in entries_of(declared).items() if declared else ():
        if name not in parts.rule.used_parameters:
            cause = f"no expression of the rule reads ${name}"
            yield problem(UNUSED_PARAMETER, key.place, cause, "take it out, or read it")


def check_pack(pack: Pack, rules: Sequence[Rule]) -> Iterator[Problem]:
    """Find parameters of a pack that none of its rules reads.

    Args:
        pack: As loaded.
        rules: All that were loaded; nothing is said unless they are all of the pack's.
    """
    own = [rule for rule in rules if rule.origin.pack == pack.id]
    folder = pack_folder(file_of(own[0].origin).parent) if own else None
    if folder is None or pack.file is None:
        return
    written = [
        path
        for path in files_below(folder)
        if path.suffix.lower() in _RULE_SUFFIXES and path.name != PACK_FILE
    ]
    if len(written) != len(own):
        return
    used = frozenset().union(*(rule.used_parameters for rule in own))
    root = load_file(folder / PACK_FILE, pack.file.path).root
    params = entries_of(root).get("params")
    for name, (key, _) in entries_of(params[1]).items() if params else ():
        if name not in used:
            cause = f"no rule of the pack reads ${name}"
            yield problem(UNUSED_PACK_PARAMETER, key.place, cause, "take it out, or read it")


def check_tests(parts: RuleParts) -> Iterator[Problem]:
    """Find a rule that its own tests do not show to work."""
    rule = parts.rule
    first = _first_place(parts)
    if not rule.tests:
        cause = f"rule {rule.id} has no tests, so nothing shows that it works"
        hint = "give it a case that passes, one that fails and one out of scope"
        yield problem(NO_TESTS, first, cause, hint)
        return
    place = parts.keys["tests"][0].place
    expected = {case.expect for case in rule.tests}
    if Expectation.FAIL not in expected:
        cause = "no test case fails, so the rule is not shown to find anything"
        yield problem(ONE_SIDED_TESTS, place, cause, "add a case with expect: fail")
    wanted = {Expectation.PASS}
    if _forbids_all(rule):
        wanted.add(Expectation.OUT_OF_SCOPE)
    if rule.spans_events:
        wanted |= {Expectation.OUT_OF_SCOPE, Expectation.NO_EVIDENCE}
    if expected.isdisjoint(wanted):
        cause = "every test case fails, so the rule is not shown to let anything pass"
        word = "out_of_scope" if _forbids_all(rule) else "pass"
        yield problem(ONE_SIDED_TESTS, place, cause, f"add a case with expect: {word}")


def check_rule_set(all_parts: Sequence[RuleParts]) -> Iterator[Problem]:
    """Find rules that another one makes superfluous."""
    for index, parts in enumerate(all_parts):
        for other_index, other in enumerate(all_parts):
            if index == other_index or not _is_within(parts.rule, other.rule):
                continue
            if _is_within(other.rule, parts.rule) and index < other_index:
                continue
            same = _is_within(other.rule, parts.rule)
            of = "the same events" if same else "all of these events, and of others"
            cause = f"rule {other.rule.id} says the same of {of}"
            yield problem(SHADOWED, _first_place(parts), cause, "narrow one, or take this one out")
            break


def _is_within(inner: Rule, outer: Rule) -> bool:
    """Tell whether every violation of one rule is one of the other, as far as its form shows."""
    if inner.spans_events or outer.spans_events:
        return False
    same = (
        inner.require == outer.require
        and inner.forbid == outer.forbid
        and outer.where in {None, inner.where}
        and outer.outcome in {inner.outcome, OutcomeScope.ANY}
        and inner.effective == outer.effective
        and set(inner.requires) >= set(outer.requires)
        and _same_parameters(inner, outer)
    )
    return same and all(any(_covers(b, a) for b in outer.match) for a in inner.match)


def _same_parameters(inner: Rule, outer: Rule) -> bool:
    used = inner.used_parameters | outer.used_parameters
    return all(
        inner.params.get(name) == outer.params.get(name)
        for name in used
        if name in inner.used_parameters and name in outer.used_parameters
    )


def _covers(outer: Sequence[MatchEntry], inner: Sequence[MatchEntry]) -> bool:
    own = {entry.key.text: entry for entry in inner}
    return all(
        entry.key.text in own and _entry_covers(entry, own[entry.key.text]) for entry in outer
    )


def _entry_covers(outer: MatchEntry, inner: MatchEntry) -> bool:
    if inner.null and not outer.null:
        return False
    return all(any(_pattern_covers(b, a) for b in outer.patterns) for a in inner.patterns)


def _pattern_covers(outer: str, inner: str) -> bool:
    return outer in {inner, "*"} or (not is_glob(inner) and compile_glob(outer)(inner))


def _forbids_all(rule: Rule) -> bool:
    return rule.forbid is not None and rule.forbid.text == "`true`"


def _first_place(parts: RuleParts) -> Place:
    return parts.keys["id"][0].place
