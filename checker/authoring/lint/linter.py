"""What is sound as a rule and yet hardly what its author meant."""

from collections.abc import Iterator, Sequence

from checker.authoring.lint.conditions import check_expressions
from checker.authoring.lint.controls import check_controls
from checker.authoring.lint.ignores import without_ignored
from checker.authoring.lint.parts import RuleParts, parts_of
from checker.authoring.lint.rule_sets import (
    check_pack,
    check_parameters,
    check_rule_set,
    check_tests,
)
from checker.errors import Problem
from checker.policy.packs import Pack
from checker.policy.rule import Rule


def lint(rules: Sequence[Rule], packs: Sequence[Pack] = ()) -> tuple[Problem, ...]:
    """Give what is wrong or odd about rules, each at its place, sorted by it.

    Args:
        rules: As read, without values for their parameters.
        packs: The packs that they belong to, whose own parameters are looked at, too.
    """
    all_parts = [parts_of(rule) for rule in rules]
    of_set = list(check_rule_set(all_parts))
    problems: list[Problem] = []
    for parts in all_parts:
        path = parts.rule.origin.path
        found = [
            *_of_rule(parts),
            *(each for each in of_set if each.place and each.place.path == path),
        ]
        problems += without_ignored(parts, found)
    for pack in packs:
        problems += check_pack(pack, rules)
    return tuple(sorted(problems, key=lambda problem: problem.sort_key))


def _of_rule(parts: RuleParts) -> Iterator[Problem]:
    yield from check_expressions(parts)
    yield from check_parameters(parts)
    yield from check_tests(parts)
    yield from check_controls(parts)
