"""What the parts of a rule say of one another: names declared, tests that fit the kind of rule."""

from collections.abc import Iterator

from checker.errors import Place, Problem, did_you_mean
from checker.policy.nodes import Mapping, Node, Sequence, entries_of, find_text
from checker.policy.rule import Case, Expectation, Rule

_WITH_EXPRESSIONS = frozenset(
    {
        *("match", "where", "require", "forbid", "correlation", "cadence"),
        *("requires", "resource", "message", "evidence"),
    }
)


def problems_between_parts(rule: Rule, root: Node) -> list[Problem]:
    """Give what is wrong in a rule whose keys are sound one by one.

    Args:
        rule: As read, with the parameters of its pack.
        root: The document that it was read from.
    """
    return [
        *_undeclared(rule, root),
        *_groups_without_list(rule, root),
        *_idle_notice(rule, root),
        *problems_of_cases(rule, root),
    ]


def problems_of_cases(rule: Rule, root: Node) -> list[Problem]:
    """Give what is wrong in the cases of a rule, sound one by one.

    Args:
        rule: With these cases alone.
        root: A document that has them under `tests`.
    """
    return [*_undeclared_in_cases(rule), *_unfit_cases(rule, root)]


def _undeclared(rule: Rule, root: Node) -> Iterator[Problem]:
    pack = rule.origin.pack
    for name in sorted(rule.used_parameters - rule.params.keys()):
        where = f"params, or in the params of the pack {pack}" if pack else "params"
        hint = did_you_mean(f"${name}", [f"${each}" for each in rule.params])
        yield Problem(
            code="param-undeclared",
            cause=f"${name} is no parameter of rule {rule.id}",
            place=find_text(_conditions(root), f"${name}"),
            hint=hint if "did you mean" in hint else f"declare {name} under {where}",
        )


def _conditions(root: Node) -> Node:
    """Give the part of a rule document in which `$name` is a parameter, not prose."""
    if not isinstance(root, Mapping):
        return root
    entries = tuple((key, value) for key, value in root.entries if key.text in _WITH_EXPRESSIONS)
    return Mapping(entries=entries, place=root.place)


def _groups_without_list(rule: Rule, root: Node) -> Iterator[Problem]:
    name = rule.cadence.groups if rule.cadence else ""
    if name in rule.params and not rule.params[name].type.many:
        kind = rule.params[name].type.kind
        yield Problem(
            code="rule-value",
            cause=f"groups: ${name} is a single {kind}, not a list",
            place=find_text(_part(root, "cadence"), f"${name}"),
            hint=f"declare it as {name}: {{type: [{kind}]}}",
        )


def _idle_notice(rule: Rule, root: Node) -> Iterator[Problem]:
    if not rule.notice or (rule.effective.start and not rule.spans_events):
        return
    why = "it judges events together" if rule.spans_events else "it has no effective: from"
    yield Problem(
        code="rule-keys",
        cause=f"notice says how long before a rule is in force; of rule {rule.id}: {why}",
        place=_part(root, "notice").place,
        hint="write effective: {from: 2026-10-07} beside it, or leave notice out",
    )


def _undeclared_in_cases(rule: Rule) -> Iterator[Problem]:
    for case in rule.tests:
        for name, node in case.params.items():
            if name not in rule.params:
                yield Problem(
                    code="param-undeclared",
                    cause=f"the case '{case.name}' sets {name}, which is no parameter of the rule",
                    place=node.place,
                    hint=did_you_mean(name, rule.params),
                )


def _unfit_cases(rule: Rule, root: Node) -> Iterator[Problem]:
    """Find cases that say what their kind of rule cannot come to."""
    unfit = _of_many_events if rule.spans_events else _of_one_event
    for index, case in enumerate(rule.tests):
        for key, cause, hint in unfit(case):
            place = _place_in_case(root, index, key) or case.place
            yield Problem(code="rule-test", cause=cause, place=place, hint=hint)


def _of_many_events(case: Case) -> Iterator[tuple[str, str, str]]:
    if case.expect is Expectation.UNDETERMINED:
        cause = "a rule over many events does not come to undetermined"
        yield "expect", cause, "expect: no_evidence"
    if case.expect is Expectation.UPCOMING:
        what = "upcoming is for rules that judge each event by itself and have a notice"
        yield "expect", what, "expect: pass, or fail"


def _of_one_event(case: Case) -> Iterator[tuple[str, str, str]]:
    what = "is for rules over many events: correlation or cadence"
    if case.timeline:
        hint = "write whole events in events, or a single event; this rule judges each by itself"
        yield "events", f"a timeline (at: …) {what}", hint
    if case.start or case.end:
        yield "covers", f"covers {what}", "leave it out; this rule judges each event by itself"
    if case.violations is not None:
        yield "violations", f"violations {what}", "leave it out; expect: fail says enough"
    if case.expect is Expectation.NO_EVIDENCE:
        yield "expect", f"no_evidence {what}", "expect: undetermined"


def _place_in_case(root: Node, index: int, key: str) -> Place | None:
    cases = _part(_part(root, "tests"), "cases")
    if not isinstance(cases, Sequence):
        return None
    given = entries_of(cases.items[index])
    return given[key][1 if key == "expect" else 0].place if key in given else None


def _part(node: Node, name: str) -> Node:
    """Give what stands under a key; the node itself where there is no such key."""
    return entries_of(node).get(name, (None, node))[1]
