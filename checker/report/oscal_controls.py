"""Controls as OSCAL refers to them: those of NIST SP 800-53 by id, others as tokens."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from checker.aws import Json
from checker.report.model import Control, RuleResult
from checker.report.oscal_parts import having

_NIST: Final = re.compile(r"nist-800-53(-.*)?", re.DOTALL)
# As the OSCAL content of NIST writes them: ac-2, ac-6.9.
_NIST_ID: Final = re.compile(r"[a-z]{2}-[0-9]{1,2}(\.[0-9]{1,2})?")


def is_nist(control: Control) -> bool:
    """Tell whether a control is one of NIST SP 800-53, under the id that OSCAL has for it."""
    return bool(_NIST.fullmatch(control.framework) and _NIST_ID.fullmatch(control.id))


def objective(control: str) -> str:
    """Name the assessment objective of a control."""
    return f"{control}_obj"


def tested_by(rules: Iterable[RuleResult]) -> dict[str, list[RuleResult]]:
    """Give the rules that test each control of NIST SP 800-53."""
    found: dict[str, list[RuleResult]] = {}
    for rule in rules:
        for each in rule.controls:
            if is_nist(each) and each.relation == "tests":
                found.setdefault(each.id, []).append(rule)
    return found


def reviewed_controls(rules: Sequence[RuleResult]) -> dict[str, Json]:
    """Say which controls were reviewed: those that a judged rule speaks to.

    OSCAL wants at least one. Where no rule speaks to a control of NIST SP 800-53, the others stand
    in for them as tokens, and where none speaks to any control, the rules themselves.
    """
    controls = [each for rule in rules for each in rule.controls]
    nist = {each.id for each in controls if is_nist(each)}
    if nist:
        words = "The controls of NIST SP 800-53 that a judged rule tests or supports."
        return having(
            control_selections=[_selection(words, nist)],
            control_objective_selections=_objectives(rules),
        )
    others = {_token(f"{each.framework}_{each.id}") for each in controls}
    if others:
        words = "No judged rule speaks to NIST SP 800-53; controls of other frameworks as tokens."
        return {"control-selections": [_selection(words, others)]}
    words = "No judged rule speaks to a control; the rules themselves as tokens."
    ids = {_token(rule.id) for rule in rules} or {"none"}
    return {"control-selections": [_selection(words, ids)]}


def _selection(words: str, ids: Iterable[str]) -> dict[str, Json]:
    return {
        "description": words,
        "include-controls": [{"control-id": each} for each in sorted(ids)],
    }


def _objectives(rules: Iterable[RuleResult]) -> list[Json]:
    tested = [{"objective-id": objective(each)} for each in sorted(tested_by(rules))]
    if not tested:
        return []
    words = "The objectives of those controls that a judged rule tests."
    return [{"description": words, "include-objectives": tested}]


def _token(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", text)
    return plain if re.match("[A-Za-z_]", plain) else f"_{plain}"
