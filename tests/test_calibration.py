"""The bundled rules over logs that nobody here wrote."""

from functools import cache
from pathlib import Path

import pytest

from checker.policy.loader import RuleBook
from scripts import calibrate

TECHNIQUES = sorted(calibrate.attacks())


@cache
def rules() -> RuleBook:
    return calibrate.book()


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_an_attack_is_flagged_by_a_rule_that_names_its_decisive_event(
    shared: Path, technique: str
) -> None:
    log = shared / "trails" / calibrate.ATTACKS / f"{technique}.json"

    flagged = calibrate.flags(rules(), [str(log)])

    events = calibrate.attacks()[technique]
    assert [each for each in flagged if calibrate.names_one_of(rules(), each, events)]


def test_every_attack_log_is_listed_with_its_decisive_event(shared: Path) -> None:
    logs = calibrate.logs_of(shared / "trails")

    assert [log.stem for log in logs] == TECHNIQUES


def test_what_is_flagged_in_ordinary_logs_is_told_with_its_reason(shared: Path) -> None:
    reasons = calibrate.reasons()

    flagged = {
        flag.rule
        for folder in calibrate.folders_of(shared / "trails")
        for flag in calibrate.flags(rules(), [str(folder)])
    }

    assert flagged - reasons.keys() == set()


def test_no_rule_raises_on_any_event(shared: Path) -> None:
    raised = {
        (folder.name, result.rule.id)
        for folder in [
            *calibrate.folders_of(shared / "trails"),
            shared / "trails" / calibrate.ATTACKS,
        ]
        for result in calibrate.results(rules(), [str(folder)])
        if any("eventTime" not in each.reason for each in result.errors)
    }

    assert raised == set()
