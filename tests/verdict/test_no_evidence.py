"""What the logs do not cover, as verdicts and the reasons for them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checker.aws.period import EVER, Period
from checker.policy.audit_scope import UNSTATED, AuditScope, Declared
from checker.verdict.verdicts import RuleResult, Verdict
from tests.builders import APPROVED, book_of, event, results_of, rule_text, write_trail

ACCOUNT = "111122223333"
OTHER = "444455556666"
GOOD = event(userIdentity=APPROVED, eventID="good")
BAD = event(eventID="bad", eventTime="2024-05-01T09:00:00Z")
STOP = event(
    eventID="stop",
    eventTime="2024-05-02T00:00:00Z",
    eventSource="cloudtrail.amazonaws.com",
    eventName="StopLogging",
    requestParameters={"name": "main"},
)
LAST = event(eventID="last", eventTime="2024-05-04T00:00:00Z", eventName="Other")
IAM: dict[str, str | None] = {"match": "{eventSource: iam.amazonaws.com, eventName: CreateUser}"}


def result(
    folder: Path,
    records: list[dict[str, Any]],
    scope: AuditScope = UNSTATED,
    period: Period = EVER,
    /,
    **changes: str | None,
) -> RuleResult:
    trail = write_trail(folder / "trail.json", records)
    book = book_of(folder / "rules", rule_text(**changes))
    (found,) = results_of(book, trail, scope=scope, period=period)
    return found


def by_account(found: RuleResult) -> dict[str, Verdict]:
    return {each.account: each.verdict for each in found.by_account}


def test_a_pass_says_what_was_assessed(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD, LAST])

    assert found.verdict is Verdict.PASS
    assert found.reason == (
        "no exception was noted in 1 event tested; the logs have events in 2 of 63 hours"
    )


def test_a_pass_in_several_accounts_says_the_least(tmp_path: Path) -> None:
    other = {**GOOD, "recipientAccountId": OTHER, "eventID": "other"}

    found = result(tmp_path, [GOOD, LAST, other])

    assert found.reason == (
        "no exception was noted in 2 events tested; "
        "the logs have events in at least 1 of 63 hours in each of 2 accounts"
    )


def test_hours_without_an_event_are_no_reason_to_withhold_a_pass(tmp_path: Path) -> None:
    period = Period(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))

    found = result(tmp_path, [GOOD], UNSTATED, period)

    assert found.verdict is Verdict.PASS
    assert "1 of 8,784 hours" in found.reason


def test_needs_that_are_not_met_are_no_evidence_and_say_why(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD], **IAM)

    assert found.verdict is Verdict.NO_EVIDENCE
    assert found.reason == (
        "could not be tested, because there are no logs of us-east-1, "
        "where calls of iam.amazonaws.com are logged; this is not a pass"
    )


def test_a_violation_fails_whatever_the_logs_lack(tmp_path: Path) -> None:
    found = result(tmp_path, [BAD], needs="{category: Data}")

    assert found.verdict is Verdict.FAIL


def test_a_prohibition_does_not_pass_for_want_of_logs(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD], **IAM, require=None, forbid="true")

    assert found.verdict is Verdict.NO_EVIDENCE


def test_records_without_an_account_lack_nothing_beside_those_of_accounts(tmp_path: Path) -> None:
    nobody = event(
        userIdentity={"type": "Unknown"},
        recipientAccountId=...,
        eventName="Other",
        eventCategory="Insight",
        eventID="insight",
    )

    beside = result(tmp_path / "1", [GOOD, nobody])
    alone = result(tmp_path / "2", [nobody])

    assert by_account(beside) == {"": Verdict.NO_OCCURRENCE, ACCOUNT: Verdict.PASS}
    assert alone.verdict is Verdict.NO_EVIDENCE


def test_an_expected_account_without_logs_is_no_evidence_there(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD], AuditScope(accounts=(ACCOUNT, OTHER)))

    assert by_account(found) == {ACCOUNT: Verdict.PASS, OTHER: Verdict.NO_EVIDENCE}
    assert found.verdict is Verdict.NO_EVIDENCE
    assert found.reason == (
        f"could not be tested in 1 of 2 accounts ({OTHER}), because no logs of the account were "
        "supplied, which the scope expects; this is not a pass"
    )


def test_an_expected_region_without_logs_is_no_evidence_in_every_account(tmp_path: Path) -> None:
    other = {**GOOD, "recipientAccountId": OTHER, "eventID": "other", "awsRegion": "us-west-2"}

    found = result(tmp_path, [GOOD, other], AuditScope(regions=("us-west-2",)))

    assert by_account(found) == {ACCOUNT: Verdict.NO_EVIDENCE, OTHER: Verdict.PASS}


def test_a_rule_that_is_not_in_force_asks_nothing_of_the_logs(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD], **IAM, effective="{from: 2030-01-01}")

    assert found.verdict is Verdict.NOT_APPLICABLE


def test_an_account_is_judged_by_the_time_of_its_own_logs(tmp_path: Path) -> None:
    later = {**GOOD, "recipientAccountId": OTHER, "eventTime": "2024-06-01T10:00:00Z"}

    found = result(tmp_path, [GOOD, later], effective="{from: 2024-05-15}")

    assert by_account(found) == {ACCOUNT: Verdict.NOT_APPLICABLE, OTHER: Verdict.PASS}


def test_an_account_answers_for_all_of_a_period_that_was_asked_for(tmp_path: Path) -> None:
    period = Period(datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))

    within = result(
        tmp_path / "1", [GOOD], UNSTATED, period, effective="{from: 2024-05-15}", outcome="any"
    )
    after = result(tmp_path / "2", [GOOD], UNSTATED, period, effective="{from: 2024-06-01}")

    assert within.verdict is Verdict.NO_OCCURRENCE
    assert after.verdict is Verdict.NOT_APPLICABLE


def test_time_after_logging_was_stopped_is_no_evidence(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD, STOP, LAST])

    assert found.verdict is Verdict.NO_EVIDENCE
    assert found.reason == (
        "could not be tested, because the logs may not be whole from 2024-05-02T00:00:00Z "
        "to the end of the period, after StopLogging of the trail main; this is not a pass"
    )


def test_logging_stopped_outside_of_a_rule_s_time_does_not_matter(tmp_path: Path) -> None:
    found = result(tmp_path, [GOOD, STOP, LAST], effective="{until: 2024-05-01T12:00:00Z}")

    assert found.verdict is Verdict.PASS


def test_a_declaration_gives_the_pass_back(tmp_path: Path) -> None:
    declared = Declared(reason="another trail went on")

    found = result(tmp_path, [GOOD, STOP, LAST], AuditScope(declared=(declared,)))

    assert found.verdict is Verdict.PASS


CADENCE: dict[str, str | None] = {"require": None, "cadence": "{every: 1d, per: account}"}


def test_an_interval_that_meets_time_without_logging_is_not_certain(tmp_path: Path) -> None:
    certain = result(tmp_path / "1", [GOOD, LAST], **CADENCE)
    doubtful = result(tmp_path / "2", [GOOD, STOP, LAST], **CADENCE)

    assert certain.verdict is Verdict.FAIL
    assert doubtful.verdict is Verdict.NO_EVIDENCE
    assert [each.certain for each in doubtful.episodes] == [False]
    assert "on 1 interval, because of time that is not covered" in doubtful.reason


def test_an_absence_in_time_without_logging_is_not_certain(tmp_path: Path) -> None:
    correlation = """
  type: temporal_ordered
  timespan: 1d
  steps:
    - {name: attached, match: {eventSource: iot.amazonaws.com, eventName: AttachPolicy}}
    - {name: other, negated: true, match: {eventSource: iot.amazonaws.com, eventName: Never}}"""
    rule: dict[str, str | None] = {"match": None, "require": None, "correlation": correlation}

    certain = result(tmp_path / "1", [GOOD, LAST], **rule)
    doubtful = result(tmp_path / "2", [GOOD, STOP, LAST], **rule)

    assert certain.verdict is Verdict.FAIL
    assert doubtful.verdict is Verdict.NO_EVIDENCE
