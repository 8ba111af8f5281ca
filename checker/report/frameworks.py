"""Frameworks as a report shows them: controls that rules speak to, and those that they could."""

from collections.abc import Sequence

from checker.policy.frameworks import Control, Framework, Shows, framework
from checker.policy.rule import Rule
from checker.report.frameworks_model import CatalogueControl, FrameworkEntry


def frameworks_of(rules: Sequence[Rule]) -> list[FrameworkEntry]:
    """Give the frameworks that judged rules speak to, by their ids."""
    spoken: dict[str, set[str]] = {}
    for rule in rules:
        for name, controls in rule.controls.items():
            spoken.setdefault(name, set()).update(each.id for each in controls)
    return [_entry(name, spoken[name]) for name in sorted(spoken)]


def _entry(name: str, spoken: set[str]) -> FrameworkEntry:
    known = framework(name)
    if known is None:
        return FrameworkEntry(id=name, title="", source="", controls=[], beyond=0)
    told = [each for each in _standing(known) if _is_told(each, spoken)]
    return FrameworkEntry(
        id=name,
        title=known.title,
        source=known.source,
        controls=[
            CatalogueControl(id=each.id, title=each.title, cloudtrail=each.cloudtrail.value)
            for each in told
        ],
        beyond=len(_standing(known)) - len(told),
    )


def _standing(known: Framework) -> list[Control]:
    """Give the controls that the framework has not withdrawn."""
    return [each for each in known.controls if not each.withdrawn]


def _is_told(control: Control, spoken: set[str]) -> bool:
    return control.id in spoken or control.cloudtrail is not Shows.NONE
