"""A whole explanation: one rule on some events, those that it is not about counted by why."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from checker.authoring import explain_model as model
from checker.authoring.explain import Explainer, finding_of
from checker.authoring.explain_many import Located, together
from checker.engine.identity import identify
from checker.limits import DEFAULT, Limits
from checker.policy.rule import Rule
from checker.policy.waiver import Waiver
from checker.report.mask import MakeMask, Masked
from checker.trail.event import canonical_bytes
from checker.visible import visible_json

MOST_EXPLAINED: Final = 20
"""Events that are explained one by one, unless all are asked for."""

_NOT_ABOUT: Final = frozenset({"out_of_scope", "other_outcome"})


class Asking(Struct, frozen=True, kw_only=True):
    """How an explanation is wanted.

    Attributes:
        waivers: Of the rule.
        all: Whether every event is explained, also those that the rule is not about.
        mask: Makes the mask for what comes out of one record.
    """

    waivers: tuple[Waiver, ...] = ()
    all: bool = False
    mask: MakeMask = Masked


def explain(
    rule: Rule, located: Sequence[Located], asking: Asking, limits: Limits = DEFAULT
) -> model.Explanation:
    """Explain one rule on some events.

    Args:
        rule: Bound to its parameters.
        located: The events, each with the path of its log.
        asking: How.
        limits: What one evaluation may cost.
    """
    explainer = Explainer(rule, limits, asking.waivers, asking.mask)
    wanted, left_out = _chosen(explainer, located, asking)
    of_all = None
    if rule.spans_events:
        of_all = together(explainer, located, limits, asking.waivers, asking.mask)
    return model.Explanation(
        format=model.FORMAT,
        version=model.VERSION,
        rule=model.RuleShown(
            id=rule.id,
            title=rule.title,
            severity=rule.severity.value,
            path=rule.origin.path,
            parameters=dict(rule.values),
        ),
        events=[explainer.explain(record, path) for path, record in wanted],
        left_out=left_out,
        together=of_all,
    )


def render_explanation_json(explanation: model.Explanation) -> str:
    """Give an explanation as JSON text; equal explanations give equal text."""
    return visible_json(msgspec.to_builtins(explanation)) + "\n"


def _chosen(
    explainer: Explainer, located: Sequence[Located], asking: Asking
) -> tuple[list[Located], list[model.LeftOut]]:
    """Choose the events that are explained one by one, and count the others."""
    if asking.all or len(located) == 1:
        return list(located), []
    wanted: list[Located] = []
    reasons: Counter[str] = Counter()
    seen: set[bytes] = set()
    for path, record in located:
        identity, _ = identify(record.event, canonical_bytes(record.event), path, record.index)
        judged = explainer.ask(record).judged
        name = finding_of(judged)
        if identity in seen:
            reasons["delivered again"] += 1
        elif name in _NOT_ABOUT:
            reasons[judged.reason if judged else "the rule is not about them"] += 1
        elif name == "counted":
            reasons["in scope, judged together below"] += 1
        elif len(wanted) >= MOST_EXPLAINED:
            reasons[f"beyond the first {MOST_EXPLAINED}; --all explains every event"] += 1
        else:
            wanted.append((path, record))
        seen.add(identity)
    left_out = [model.LeftOut(reason=reason, events=n) for reason, n in sorted(reasons.items())]
    return wanted, left_out
