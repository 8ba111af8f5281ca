from pathlib import Path
from typing import Any

import pytest

from checker.verdict.verdicts import RuleResult, Verdict
from tests.builders import APPROVED, book_of, event, results_of, rule_text, write_trail

CONFORMING = event(userIdentity=APPROVED, eventID="ok")
VIOLATION = event(eventID="bad")
UNDETERMINED = event(userIdentity={"omitted": True}, eventID="hidden")
OTHER = event(eventName="ListThings", eventID="other")
RAISES: dict[str, str | None] = {"require": "length(userIdentity.userName) > `1`"}


def result(folder: Path, records: list[dict[str, Any]], **changes: str | None) -> RuleResult:
    trail = write_trail(folder / "trail.json", records)
    (found,) = results_of(book_of(folder / "rules", rule_text(**changes)), trail)
    return found


VERDICTS: dict[str, tuple[list[dict[str, Any]], dict[str, str | None], Verdict]] = {
    "a violation": ([CONFORMING, VIOLATION], {}, Verdict.FAIL),
    "a violation beside what could not be judged": ([VIOLATION, UNDETERMINED], {}, Verdict.FAIL),
    "a raise": ([event(userIdentity=APPROVED)], RAISES, Verdict.ERROR),
    "a raise beside what is undetermined": (
        [event(userIdentity=APPROVED, eventID="1"), UNDETERMINED],
        RAISES,
        Verdict.ERROR,
    ),
    "something undetermined": ([CONFORMING, UNDETERMINED], {}, Verdict.NO_EVIDENCE),
    "all conforming": ([CONFORMING], {}, Verdict.PASS),
    "a duty without occasion": ([OTHER], {}, Verdict.NO_OCCURRENCE),
    "a prohibition without an event": ([OTHER], {"require": None, "forbid": "true"}, Verdict.PASS),
    "only other outcomes of a duty": (
        [event(errorCode="AccessDenied")],
        {},
        Verdict.NO_OCCURRENCE,
    ),
    "not yet in force": ([VIOLATION], {"effective": "{from: 2030-01-01}"}, Verdict.NOT_APPLICABLE),
    "no longer in force": (
        [VIOLATION],
        {"effective": "{until: 2020-01-01}"},
        Verdict.NOT_APPLICABLE,
    ),
    "in force at the last event only": (
        [VIOLATION],
        {"effective": "{from: 2024-05-01T10:00:00Z}"},
        Verdict.FAIL,
    ),
    "no events at all": ([], {}, Verdict.NO_EVIDENCE),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_the_first_verdict_that_holds_is_the_rule_s(tmp_path: Path, name: str) -> None:
    records, changes, verdict = VERDICTS[name]

    found = result(tmp_path, records, **changes)

    assert found.verdict is verdict
    assert "pass" not in found.reason or "not a pass" in found.reason
    assert all(each.verdict is verdict for each in found.by_account)


def test_each_account_has_its_own_verdict_and_the_worst_is_overall(tmp_path: Path) -> None:
    other = {"recipientAccountId": "444455556666"}
    third = {"recipientAccountId": "777788889999"}
    records = [VIOLATION, {**CONFORMING, **other}, {**OTHER, **third}]

    found = result(tmp_path, records)

    assert found.verdict is Verdict.FAIL
    assert {each.account: each.verdict for each in found.by_account} == {
        "111122223333": Verdict.FAIL,
        "444455556666": Verdict.PASS,
        "777788889999": Verdict.NO_OCCURRENCE,
    }


def test_counts_add_up_and_other_outcomes_stand_apart(tmp_path: Path) -> None:
    records = [CONFORMING, VIOLATION, UNDETERMINED, event(errorCode="AccessDenied", eventID="no")]

    counts = result(tmp_path, records).counts

    assert (counts.conforming, counts.violations, counts.undetermined) == (1, 1, 1)
    assert counts.in_scope == 3
    assert counts.other_denied == 1


def test_an_event_delivered_twice_counts_once(tmp_path: Path) -> None:
    one = write_trail(tmp_path / "one.json", [VIOLATION, VIOLATION])
    two = write_trail(tmp_path / "two.json", [VIOLATION])
    book = book_of(tmp_path / "rules", rule_text())

    (found,) = results_of(book, one, two)

    assert found.counts.violations == 1
    assert [(each.path, each.index) for each in found.violations] == [(one, 0)]


def test_lost_input_is_an_error_of_every_rule_that_did_not_fail(tmp_path: Path) -> None:
    write_trail(tmp_path / "logs" / "good.json", [CONFORMING])
    (tmp_path / "logs" / "cut.json").write_text('{"Records": [{"eventName"', encoding="utf-8")
    texts = [
        rule_text("duty"),
        rule_text("prohibition", require=None, forbid="true"),
        rule_text("later", effective="{from: 2030-01-01}"),
    ]

    found = results_of(book_of(tmp_path / "rules", *texts), (tmp_path / "logs").as_posix())

    assert {each.rule.id: each.verdict for each in found} == {
        "duty": Verdict.ERROR,
        "later": Verdict.ERROR,
        "prohibition": Verdict.FAIL,
    }


def test_an_account_that_records_do_not_name_is_judged_too(tmp_path: Path) -> None:
    record = event(recipientAccountId=..., userIdentity={"type": "Unknown"})

    found = result(tmp_path, [record])

    assert [(each.account, each.verdict) for each in found.by_account] == [("", Verdict.FAIL)]


DUTY = rule_text(
    require=None, tests=None, cadence="{every: 1h, per: account}", match="{eventName: ListThings}"
)
BURST = rule_text(
    require=None,
    tests=None,
    correlation="{type: event_count, timespan: 1h, condition: {gte: 2}}",
)


@pytest.mark.parametrize(
    ("text", "broken", "verdict"),
    [
        (DUTY, False, Verdict.FAIL),
        (DUTY, True, Verdict.ERROR),
        (BURST, False, Verdict.FAIL),
        (BURST, True, Verdict.FAIL),
    ],
)
def test_what_was_not_read_may_hold_what_is_missed_and_takes_nothing_from_what_is_there(
    tmp_path: Path, text: str, *, broken: bool, verdict: Verdict
) -> None:
    times = ["10:00:00", "10:30:00", "12:00:00"]
    records = [event(eventID=time, eventTime=f"2024-05-01T{time}Z") for time in times]
    paths = [write_trail(tmp_path / "logs" / "whole.json", records)]
    if broken:
        (tmp_path / "logs" / "cut.json").write_text('{"Records": [', encoding="utf-8")
        paths.append((tmp_path / "logs" / "cut.json").as_posix())

    (found,) = results_of(book_of(tmp_path / "rules", text), *paths)

    assert found.verdict is verdict
