"""What is sound as a rule and yet hardly what its author meant."""

import re
from collections.abc import Iterator, Sequence

from checker.errors import Level, Place, Problem
from checker.expression.expression import Expression, is_boolean_form
from checker.expression.syntax import Ast, nodes_below, walk
from checker.policy.nodes import find_text
from checker.policy.packs import file_of
from checker.policy.rule import Rule
from checker.policy.yaml_source import load_file

_NEEDS_NO_QUOTES = re.compile(r'"[A-Za-z_][A-Za-z0-9_]*"')


def lint(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Give warnings about rules, each at its place."""
    for rule in rules:
        for name, condition in _conditions(rule):
            for code, cause, hint in (*_not_boolean(condition), *_quoted_fields(condition)):
                yield Problem(
                    code=code,
                    cause=f"{name}: {cause}",
                    place=_place(rule, condition),
                    excerpt=condition.text.strip(),
                    hint=hint,
                    level=Level.WARNING,
                )


def _conditions(rule: Rule) -> Iterator[tuple[str, Expression]]:
    for name, condition in (
        ("where", rule.where),
        ("require", rule.require),
        ("forbid", rule.forbid),
    ):
        if condition is not None:
            yield name, condition


def _place(rule: Rule, condition: Expression) -> Place:
    path = file_of(rule.origin)
    return find_text(load_file(path, rule.origin.path).root, condition.text)


def _not_boolean(condition: Expression) -> Iterator[tuple[str, str, str]]:
    if not is_boolean_form(condition):
        cause = (
            "no yes or no by its form: everything but null, false, '', [] and {} counts as true, "
            "and so do 'false', 'No' and 0"
        )
        hint = "compare it: x == 'true', or x != `null` where being there is enough"
        yield "condition-not-boolean", cause, hint


def _quoted_fields(condition: Expression) -> Iterator[tuple[str, str, str]]:
    for node in walk(condition.ast):
        if node["type"] == "comparator":
            for side in nodes_below(node):
                text = _written(condition, side)
                if side["type"] == "field" and _NEEDS_NO_QUOTES.fullmatch(text):
                    cause = f"{text} is the field of that name, not a text"
                    yield "field-in-quotes", cause, f"for the text write '{text[1:-1]}'"


def _written(condition: Expression, node: Ast) -> str:
    start, end = node["span"]
    return condition.text[start:end]
