"""Calls to what will end soon: listed as upcoming, and never counted."""

from pathlib import Path

import pytest

from checker.engine.finding import Finding
from checker.errors import UsageError
from checker.verdict.verdicts import Verdict
from tests.builders import book_of, event, found_in, results_of, rule_of, rule_text, write_trail

ENDING = rule_text(require=None, forbid="true", effective="{from: 2024-06-01}", notice="30d")


@pytest.mark.parametrize(
    ("time", "finding"),
    [
        ("2024-05-01T23:59:59Z", None),
        ("2024-05-02T00:00:00Z", Finding.UPCOMING),
        ("2024-05-31T23:59:59Z", Finding.UPCOMING),
        ("2024-06-01T00:00:00Z", Finding.VIOLATION),
    ],
)
def test_what_will_break_a_rule_is_upcoming_within_its_notice(
    tmp_path: Path, time: str, finding: Finding | None
) -> None:
    trail = write_trail(tmp_path / "log.json", [event(eventTime=time)])

    found = found_in(book_of(tmp_path / "rules", ENDING), trail)

    findings = [each for fact in found.facts for _, each in fact.findings]
    assert findings == ([] if finding is None else [finding])


def test_what_is_upcoming_is_not_in_scope_and_changes_no_verdict(tmp_path: Path) -> None:
    trail = write_trail(tmp_path / "log.json", [event(eventTime="2024-05-20T10:00:00Z")])

    (result,) = results_of(book_of(tmp_path / "rules", ENDING), trail)

    assert result.verdict is Verdict.NOT_APPLICABLE
    assert (result.counts.upcoming, result.counts.in_scope) == (1, 0)
    assert [each.event_name for each in result.upcoming] == ["AttachPolicy"]


def test_what_will_conform_is_not_upcoming(tmp_path: Path) -> None:
    text = rule_text(
        require="eventName == 'AttachPolicy'", effective="{from: 2024-06-01}", notice="30d"
    )
    trail = write_trail(tmp_path / "log.json", [event(eventTime="2024-05-20T10:00:00Z")])

    assert found_in(book_of(tmp_path / "rules", text), trail).events == 0


@pytest.mark.parametrize("effective", [None, "{until: 2024-06-01}"])
def test_a_notice_of_nothing_is_refused(tmp_path: Path, effective: str | None) -> None:
    with pytest.raises(UsageError, match="notice says how long before a rule is in force"):
        rule_of(tmp_path, rule_text(effective=effective, notice="30d"))
