"""Controls and the rules behind them: what a report says of each framework."""

import re
from collections.abc import Sequence
from typing import get_args

from msgspec import Struct

from checker.report.frameworks_model import CatalogueControl, FrameworkEntry
from checker.report.model import RelationName, RuleResult, VerdictName

VERDICTS: tuple[VerdictName, ...] = get_args(VerdictName)
"""All verdicts, worst first."""


class Backing(Struct, frozen=True):
    """One rule behind a control."""

    rule: RuleResult
    relation: RelationName
    owner: str


class ControlLine(Struct, frozen=True):
    """One control and the rules behind it, worst verdict first; the title may be empty."""

    id: str
    title: str
    backings: list[Backing]

    @property
    def owner(self) -> str:
        """Who answers for it, the same for all rules; empty where nobody is named."""
        return self.backings[0].owner

    @property
    def worst(self) -> VerdictName:
        """The worst verdict of the rules behind it."""
        return self.backings[0].rule.verdict

    def count(self, verdict: VerdictName) -> int:
        """Give how many of the rules behind this control have the verdict."""
        return sum(backing.rule.verdict == verdict for backing in self.backings)


class Framework(Struct, frozen=True):
    """One framework: the controls that rules speak to, and what no rule speaks to.

    `open` are the other controls that CloudTrail can say something of. `entry` is the framework's
    own part of the report; None where it has none.
    """

    id: str
    entry: FrameworkEntry | None
    controls: list[ControlLine]
    open: list[CatalogueControl]

    @property
    def results(self) -> list[str]:
        """For each control its worst verdict, worst first, and an empty one where it has no rule."""
        worst = sorted((each.worst for each in self.controls), key=VERDICTS.index)
        return [*worst, *[""] * len(self.open)]

    def count(self, verdict: VerdictName) -> int:
        """Give how many controls have this as their worst verdict."""
        return sum(control.worst == verdict for control in self.controls)


def frameworks_of(
    rules: Sequence[RuleResult], entries: Sequence[FrameworkEntry]
) -> list[Framework]:
    """Give all frameworks by id, with their controls in the order a person would list them.

    Args:
        rules: Worst first.
        entries: What is known of the frameworks.
    """
    found: dict[str, dict[str, list[Backing]]] = {each.id: {} for each in entries}
    for rule in rules:
        for control in rule.controls:
            lines = found.setdefault(control.framework, {})
            lines.setdefault(control.id, []).append(Backing(rule, control.relation, control.owner))
    known = {each.id: each for each in entries}
    return [_framework(id_, known.get(id_), found[id_]) for id_ in sorted(found)]


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Give a sort key that puts 5.4 before 5.10."""
    # A number beyond any control's is text: Python refuses to read thousands of digits.
    parts = re.split(r"([0-9]{1,9})", text)
    return tuple(
        (0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part)
        for part in parts
    )


def _framework(
    id_: str, entry: FrameworkEntry | None, lines: dict[str, list[Backing]]
) -> Framework:
    catalogue = {each.id: each for each in entry.controls} if entry else {}
    titles = {each.id: each.title for each in catalogue.values()}
    return Framework(
        id=id_,
        entry=entry,
        controls=[
            ControlLine(control, titles.get(control, ""), lines[control])
            for control in sorted(lines, key=natural_key)
        ],
        open=[
            catalogue[control]
            for control in sorted(catalogue, key=natural_key)
            if control not in lines and catalogue[control].cloudtrail != "none"
        ],
    )
