"""All mutants of a rule: each differs from it in one place that decides on events."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from checker.authoring.mutation.expressions import variants
from checker.authoring.mutation.globs import (
    Covers,
    covers,
    covers_arn,
    missed_members,
    narrowed,
    same,
)
from checker.authoring.mutation.literals import OTHER, instants_beside
from checker.authoring.mutation.many import changed_cadence, changed_correlation
from checker.authoring.mutation.mutant import Change, Mutant, Path, short
from checker.authoring.mutation.scopes import changed_steps
from checker.authoring.mutation.spans import changed_times
from checker.aws import Json
from checker.expression.expression import Expression
from checker.expression.syntax import walk
from checker.policy.parameters import Parameter
from checker.policy.rule import Rule

_COVERS: Final[dict[str, Covers]] = {"glob": covers, "arn_like": covers_arn}
_PATTERNS_AT: Final = 1


def mutants(rule: Rule, shared: Collection[str] = ()) -> Iterator[Mutant]:
    """Give the mutants of a rule, in the order of its keys; none twice.

    What only reports read (titles, messages, evidence, resource, controls, needs) is left as it is.

    Args:
        rule: As read.
        shared: The names of parameters that are not the rule's own, but its pack's.
    """
    for name in sorted(rule.params.keys() - shared):
        for default, change in changed_defaults([rule], name):
            yield Mutant(rule=with_default(rule, name, default), change=change)
    if rule.match:
        for each in changed_steps(rule.steps[0], ()):
            step = each.step
            changed = replace(rule, match=step.match, where=step.where, outcome=step.outcome)
            yield Mutant(rule=changed, change=each.change)
    for key in ("require", "forbid"):
        yield from _condition(rule, key)
    if rule.correlation:
        yield from changed_correlation(rule, rule.correlation)
    if rule.cadence:
        yield from changed_cadence(rule, rule.cadence)
    yield from _requires(rule)
    yield from changed_times(rule)


def _condition(rule: Rule, key: str) -> Iterator[Mutant]:
    condition: Expression | None = getattr(rule, key)
    for each in variants(condition) if condition else ():
        change = Change(
            path=(key,),
            what=each.what,
            hint=each.hint,
            old=condition.text if condition else "",
            new=each.expression.text,
        )
        yield Mutant(rule=replace(rule, **{key: each.expression}), change=change)


def _requires(rule: Rule) -> Iterator[Mutant]:
    for at, expression in enumerate(rule.requires):
        rest = (*rule.requires[:at], *rule.requires[at + 1 :])
        said = short(expression.text)
        change = Change(
            path=("requires", at),
            what=f"left out of requires: {said}",
            hint=f"a case without {said} that expects {_unsure(rule)}",
            old=expression.text,
        )
        yield Mutant(rule=replace(rule, requires=rest), change=change)


def _unsure(rule: Rule) -> str:
    return "no_evidence" if rule.spans_events else "undetermined"


def changed_defaults(rules: Sequence[Rule], name: str) -> Iterator[tuple[Json, Change]]:
    """Give other defaults for a parameter, if it has one and decides on events.

    Args:
        rules: All that read it: one, or those of a pack.
        name: Of the parameter.
    """
    deciding = [each for rule in rules for each in _deciding(rule).get(name, ())]
    lists = any(rule.cadence and rule.cadence.groups == name for rule in rules)
    if deciding or lists:
        uses = {use for each in deciding for use in _uses(each, name)} | ({""} if lists else set())
        parameter = rules[0].params[name]
        if parameter.default is not None:
            yield from _defaults(parameter, ("params", name, "default"), name, uses)


def with_default(rule: Rule, name: str, default: Json) -> Rule:
    """Give a rule with another default of one of its parameters."""
    parameter = replace(rule.params[name], default=default)
    return replace(rule, params={**rule.params, name: parameter})


def _deciding(rule: Rule) -> dict[str, list[Expression]]:
    """Give the expressions that decide on events, by the parameters that they read."""
    single = (rule.require, rule.forbid, *rule.requires)
    many = rule.correlation.field if rule.correlation else None
    found: dict[str, list[Expression]] = {}
    for each in (*single, many, *(one for step in rule.steps for one in step.expressions)):
        for name in each.parameters if each else ():
            found.setdefault(name, []).extend([each] if each else [])
    return found


def _uses(expression: Expression, name: str) -> Iterator[str]:
    """Tell by which functions a parameter is taken for patterns; empty for any other use."""
    patterns: set[int] = set()
    for node in walk(expression.ast):
        if node["type"] == "function_expression" and node["value"] in _COVERS:
            argument = node["children"][_PATTERNS_AT]
            if argument["type"] == "parameter" and argument["value"] == name:
                patterns.add(id(argument))
                yield node["value"]
    for node in walk(expression.ast):
        if node["type"] == "parameter" and node["value"] == name and id(node) not in patterns:
            yield ""


def _defaults(
    parameter: Parameter, path: Path, name: str, uses: set[str]
) -> Iterator[tuple[Json, Change]]:
    default = parameter.default
    if not parameter.type.many:
        for value, text, hint in _values(default, name, uses):
            what = f"the default of ${name}: {short(str(default))} became {short(text)}"
            yield value, Change(path=path, what=what, hint=hint, old=_written(default), new=text)
        return

    def covered(wide: str, narrow: str) -> bool:
        return all(_COVERS.get(use, same)(wide, narrow) for use in uses)

    texts = [_written(each) for each in default]
    for at in missed_members(texts, covered):
        rest = [*default[:at], *default[at + 1 :]]
        what = f"left out of the default of ${name}: {short(texts[at])}"
        hint = f"a case with the default of ${name} that this member decides: {short(texts[at])}"
        yield rest, Change(path=(*path, at), what=what, hint=hint, old=texts[at])
    for at, member in enumerate(default):
        for text in narrowed(member) if _are_patterns(member, uses) else ():
            changed = [*default[:at], text, *default[at + 1 :]]
            what = f"in the default of ${name}, {short(member)} became {short(text) or 'empty'}"
            hint = f"a case with something in the place of the star of {short(member)}"
            yield changed, Change(path=(*path, at), what=what, hint=hint, old=member, new=text)


def _are_patterns(value: Json, uses: set[str]) -> bool:
    return isinstance(value, str) and uses <= _COVERS.keys()


def _values(default: Json, name: str, uses: set[str]) -> Iterator[tuple[Json, str, str]]:
    hint = f"a case with the default of ${name} that it decides"
    match default:
        case bool():
            yield not default, _written(not default), hint
        case int() | float():
            near = (
                f"cases with the default of ${name} on both sides of {default}, as near as can be"
            )
            yield from ((value, str(value), near) for value in (default - 1, default + 1))
        case str():
            times = list(instants_beside(default))
            yield from ((text, text, said) for text, said in times)
            if not times:
                yield default + OTHER, default + OTHER, hint
            if _are_patterns(default, uses):
                for text in narrowed(default):
                    yield text, text, f"a case with something in the place of the star of {default}"


def _written(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
