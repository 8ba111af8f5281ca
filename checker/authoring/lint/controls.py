"""Checks of the controls that a rule names, by the catalogues of their frameworks."""

from collections.abc import Iterator

from checker.authoring.lint.parts import RuleParts, problem
from checker.authoring.lint.texts_rules import (
    UNKNOWN_CONTROL,
    UNKNOWN_FRAMEWORK,
    WITHDRAWN_CONTROL,
)
from checker.errors import Problem, did_you_mean
from checker.policy.frameworks import Framework, framework, framework_ids, nearest_control
from checker.policy.nodes import Node, Scalar, Sequence, entries_of


def check_controls(parts: RuleParts) -> Iterator[Problem]:
    """Find frameworks and controls that there are not."""
    written = parts.under("controls")
    if written is None:
        return
    for name, (key, listed) in entries_of(written).items():
        known = framework(name)
        if known is None:
            cause = f"there is no catalogue of the framework '{name}'"
            hint = did_you_mean(name, framework_ids())
            yield problem(UNKNOWN_FRAMEWORK, key.place, cause, hint)
            continue
        for node in listed.items if isinstance(listed, Sequence) else (listed,):
            yield from _control(known, node)


def _control(known: Framework, node: Node) -> Iterator[Problem]:
    entries = entries_of(node)
    scalar = entries["id"][1] if "id" in entries else node
    if not isinstance(scalar, Scalar):
        return
    control = known.by_id.get(scalar.text)
    if control is None:
        cause = f"{known.title} has no control '{scalar.text}'"
        near = nearest_control(known, scalar.text)
        hint = f"did you mean '{near}'?" if near else f"ids are spelt like {known.controls[0].id}"
        yield problem(UNKNOWN_CONTROL, scalar.place, cause, hint)
    elif control.withdrawn:
        cause = f"{known.title} has withdrawn {control.id}"
        yield problem(WITHDRAWN_CONTROL, scalar.place, cause, f"see {control.withdrawn}")
