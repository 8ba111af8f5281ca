import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checker.aws.period import EVER, Period
from checker.policy.audit_scope import UNSTATED, AuditScope, Declared
from checker.policy.needs import Category
from checker.verdict.coverage import Coverage, cover
from tests.builders import book_of, event, found_in, rule_text, write_trail

ACCOUNT = "111122223333"
OTHER = "444455556666"


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, 5, day, hour, minute, tzinfo=UTC)


def seen(eventID: str, eventTime: str, **changes: Any) -> dict[str, Any]:  # noqa: N803 - as in a record
    return event(eventID=eventID, eventTime=eventTime, **changes)


RECORDS = [
    seen("1", "2024-05-01T10:05:00Z"),
    seen("2", "2024-05-01T10:55:00Z"),
    seen("3", "2024-05-01T12:00:00Z", awsRegion="us-east-1"),
    seen("4", "2024-05-02T00:00:00Z", recipientAccountId=OTHER, readOnly=True),
]


def covered(
    folder: Path,
    records: list[dict[str, Any]],
    scope: AuditScope = UNSTATED,
    period: Period = EVER,
) -> Coverage:
    book = book_of(folder / "rules", rule_text())
    found = found_in(book, write_trail(folder / "trail.json", records), period=period)
    return cover(found, scope, period)


def test_hours_are_counted_by_account_and_region(tmp_path: Path) -> None:
    coverage = covered(tmp_path, RECORDS)

    ours = coverage.accounts[ACCOUNT]
    assert coverage.hours == 15
    assert ours.observed == 2
    assert {
        name: (each.events, each.observed, each.first, each.last)
        for name, each in ours.regions.items()
    } == {
        "eu-west-1": (2, 1, at(1, 10, 5), at(1, 10, 55)),
        "us-east-1": (1, 1, at(1, 12), at(1, 12)),
    }
    assert ours.span == (at(1, 10, 5), at(1, 12))


def test_kinds_of_events_are_told_apart_by_account(tmp_path: Path) -> None:
    accounts = covered(tmp_path, RECORDS).accounts

    assert accounts[ACCOUNT].recorded.categories == {Category.MANAGEMENT}
    assert not accounts[ACCOUNT].recorded.reads
    assert accounts[OTHER].recorded.reads


def test_without_a_category_it_is_told_by_source_and_name(tmp_path: Path) -> None:
    old = {"eventCategory": ..., "readOnly": ...}
    records = [
        seen("1", "2024-05-01T10:00:00Z", eventSource="s3.amazonaws.com", eventName="GetObject", **old),
        seen("2", "2024-05-01T10:00:00Z", eventName="ListPolicies", **old),
    ]  # fmt: skip

    recorded = covered(tmp_path, records).accounts[ACCOUNT].recorded

    assert recorded.categories == {Category.DATA, Category.MANAGEMENT}
    assert recorded.data_calls == {("s3.amazonaws.com", "GetObject")}
    assert recorded.reads


def test_the_end_of_a_period_that_was_asked_for_is_not_in_it(tmp_path: Path) -> None:
    coverage = covered(tmp_path, RECORDS, period=Period(at(1), at(2)))

    assert coverage.hours == 24
    assert list(coverage.accounts) == [ACCOUNT]
    assert coverage.accounts[ACCOUNT].span == (
        at(1),
        datetime(2024, 5, 1, 23, 59, 59, 999999, tzinfo=UTC),
    )


def test_expected_accounts_and_regions_are_there_without_logs(tmp_path: Path) -> None:
    scope = AuditScope(accounts=(OTHER, "777788889999"), regions=("eu-west-1", "us-west-2"))

    accounts = covered(tmp_path, RECORDS, scope).accounts

    assert [(each.account, each.expected, each.is_covered) for each in accounts.values()] == [
        (ACCOUNT, False, True),
        (OTHER, True, True),
        ("777788889999", True, False),
    ]
    assert accounts[OTHER].covers("eu-west-1")
    assert not accounts[OTHER].covers("us-west-2")


def test_declared_hours_are_counted_once_and_never_those_observed(tmp_path: Path) -> None:
    declared = (
        Declared(reason="quiet", start=at(1, 9), until=at(1, 14)),
        Declared(reason="quiet", start=at(1, 12), until=at(1, 16, 30)),
        Declared(reason="elsewhere", regions=("us-east-1",)),
        Declared(reason="not hours", read_only=True),
    )

    region = covered(tmp_path, RECORDS, AuditScope(declared=declared)).accounts[ACCOUNT].regions

    # From 10:00, where the period begins, to 16:00, the last whole hour; without 10:00 itself.
    assert region["eu-west-1"].declared == 5
    assert region["us-east-1"].declared == 14


def test_events_without_a_time_are_of_no_hour(tmp_path: Path) -> None:
    coverage = covered(tmp_path, [event(eventTime="yesterday")])

    assert coverage.hours == 0
    assert coverage.accounts[ACCOUNT].regions["eu-west-1"].events == 1
    assert coverage.accounts[ACCOUNT].is_covered


def test_only_gaps_within_the_period_count(tmp_path: Path) -> None:
    stop = {
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "requestParameters": {"name": "main"},
    }
    records = [*RECORDS, seen("5", "2024-05-01T23:00:00Z", **stop)]

    whole = covered(tmp_path, records).accounts[ACCOUNT].gaps
    before = covered(tmp_path, records, period=Period(None, at(1, 20))).accounts[ACCOUNT].gaps

    assert [(gap.cause, gap.trail, gap.stop) for gap in whole] == [("StopLogging", "main", None)]
    assert before == ()


def test_a_container_bounds_what_can_be_claimed(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    wrapped = {"detail-type": "AWS API Call via CloudTrail", "detail": event()}
    path.write_text(json.dumps(wrapped), encoding="utf-8")

    coverage = cover(found_in(book_of(tmp_path / "rules", rule_text()), path.as_posix()))

    assert [(each.container, each.inputs) for each in coverage.bounds] == [("EventBridge event", 1)]
