from datetime import UTC, datetime, timedelta

import pytest

from checker.engine.trail_changes import TrailChange
from checker.policy.audit_scope import UNSTATED, AuditScope, Declared
from checker.verdict.gaps import gaps_of

ACCOUNT = "111122223333"
OTHER = "444455556666"
START = datetime(2024, 5, 1, tzinfo=UTC)
ARN = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main"

Step = tuple[int, str] | tuple[int, str, str]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def changes(*steps: Step, account: str = ACCOUNT, region: str = "eu-west-1") -> list[TrailChange]:
    return [
        TrailChange(at(hour), account, region, name, *(trail or ("main",)))
        for hour, name, *trail in steps
    ]


def hours(
    found: list[TrailChange], scope: AuditScope = UNSTATED, account: str = ACCOUNT
) -> list[tuple[int, int | None]]:
    def hour(time: datetime) -> int:
        return int((time - START) / timedelta(hours=1))

    return [
        (hour(gap.start), None if gap.stop is None else hour(gap.stop))
        for gap in gaps_of(account, found, scope)
    ]


GAPS: dict[str, tuple[list[TrailChange], list[tuple[int, int | None]]]] = {
    "nothing": ([], []),
    "stopped for good": (changes((1, "StopLogging")), [(1, None)]),
    "stopped and started": (changes((1, "StopLogging"), (2, "StartLogging")), [(1, 2)]),
    "stopped twice": (
        changes((1, "StopLogging"), (2, "StopLogging"), (3, "StartLogging")), [(1, 3)],
    ),
    "started without a stop": (changes((1, "StartLogging")), []),
    "deleted, made and started": (
        changes((1, "DeleteTrail"), (2, "CreateTrail"), (3, "StartLogging")), [(1, 3)],
    ),
    "narrowed": (changes((1, "PutEventSelectors")), [(1, None)]),
    "narrowed and changed again": (
        changes((1, "PutEventSelectors"), (2, "UpdateTrail")), [(1, 2), (2, None)],
    ),
    "narrowed, then stopped": (
        changes((1, "UpdateTrail"), (2, "StopLogging"), (3, "StartLogging")), [(1, 2), (2, 3)],
    ),
    "changed while stopped": (
        changes((1, "StopLogging"), (2, "PutEventSelectors"), (3, "StartLogging")), [(1, 3)],
    ),
    "a new trail that is set up": (
        changes((1, "CreateTrail"), (2, "PutEventSelectors"), (3, "StartLogging")), [],
    ),
    "another trail started": (
        changes((1, "StopLogging"), (2, "StartLogging", "other")), [(1, None)],
    ),
    "stopped by its name, started by its ARN": (
        changes((1, "StopLogging"), (2, "StartLogging", ARN)), [(1, 2)],
    ),
    "one of the same name started elsewhere": (
        [*changes((1, "StopLogging")), *changes((2, "StartLogging"), region="us-east-1")],
        [(1, None)],
    ),
    "in another account": (changes((1, "StopLogging"), account=OTHER), []),
}  # fmt: skip


@pytest.mark.parametrize("name", GAPS)
def test_a_change_leaves_time_uncovered_until_logging_resumes(name: str) -> None:
    found, gaps = GAPS[name]

    assert hours(found) == gaps


LISTED: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "its name": (("main",), ACCOUNT, True),
    "its ARN": ((ARN,), ACCOUNT, True),
    "others only": (("other",), ACCOUNT, False),
    "an ARN of the same name in another account": (
        (f"arn:aws:cloudtrail:eu-west-1:{OTHER}:trail/main",),
        ACCOUNT,
        False,
    ),
    "one that other accounts log to": ((ARN,), OTHER, True),
    "one beside the account's own": (
        (ARN, f"arn:aws:cloudtrail:eu-west-1:{OTHER}:trail/own"),
        OTHER,
        False,
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_only_listed_trails_count_and_those_for_every_account_without_its_own(name: str) -> None:
    trails, account, counts = LISTED[name]

    found = hours(changes((1, "StopLogging")), AuditScope(trails=trails), account)

    assert bool(found) is counts


DECLARED: dict[str, tuple[Declared, list[tuple[int, int | None]]]] = {
    "all": (Declared(reason="told"), []),
    "another account": (Declared(reason="told", accounts=(OTHER,)), [(1, 9)]),
    "one Region of many": (Declared(reason="told", regions=("eu-west-1",)), [(1, 9)]),
    "not hours": (Declared(reason="told", read_only=True), [(1, 9)]),
    "its beginning": (Declared(reason="told", until=at(4)), [(4, 9)]),
    "its end": (Declared(reason="told", start=at(4)), [(1, 4)]),
    "its middle": (Declared(reason="told", start=at(4), until=at(5)), [(1, 4), (5, 9)]),
    "before it": (Declared(reason="told", until=at(1)), [(1, 9)]),
    "after it": (Declared(reason="told", start=at(9)), [(1, 9)]),
}


@pytest.mark.parametrize("name", DECLARED)
def test_hours_that_the_owner_declares_complete_are_no_gap(name: str) -> None:
    declared, gaps = DECLARED[name]
    found = changes((1, "StopLogging"), (9, "StartLogging"))

    assert hours(found, AuditScope(declared=(declared,))) == gaps
