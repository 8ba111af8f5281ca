from collections.abc import Callable

import pytest
from msgspec.structs import replace

from checker.report.exceptions_model import ViolationGroups
from checker.report.model import Report, RuleResult
from checker.report.noted import hidden_of, noted_by, remainders_of
from tests.report.real import real_report
from tests.report.sample import sample_report
from tests.report.sample_rules import FIRST_ACCOUNT, SECOND_ACCOUNT


def rule(rule_id: str) -> RuleResult:
    return next(each for each in sample_report().rules if each.id == rule_id)


FAILED = "iot-policy-attached-by-approved-role"


def test_a_group_is_noted_with_the_evidence_of_its_fingerprint() -> None:
    first, known, third = noted_by(rule(FAILED))

    assert (first.count, first.is_waived, first.waivers) == (2, True, ("rollout-2024-12",))
    assert (known.count, known.is_waived, known.in_baseline) == (1, False, True)
    assert [each.event_id[-2:] for each in third.evidence] == ["02"]
    assert third.what.endswith("attached the policy AllowAll to " + third.resources[0])


def test_a_group_without_evidence_is_told_in_words() -> None:
    failed = rule(FAILED)
    bare = replace(failed, violations=replace(failed.violations, shown=[]))

    assert noted_by(bare)[0].what.startswith("AttachPolicy of iot.amazonaws.com by arn:aws:iam::")


def test_only_an_episode_that_is_certain_is_noted_and_its_key_is_its_own() -> None:
    noted = noted_by(rule("iot-policies-not-attached-in-bursts"))

    assert len(noted) == 3
    assert {each.fingerprint for each in noted} == {f"{40:064x}"}
    assert noted[0].key == f"{40:064x}:2025-01-15T08:20:30Z"
    assert noted[0].what == "sourceIPAddress 203.0.113.7, awsRegion (absent): 3 events in 3 min"


def test_what_a_report_does_not_show_is_counted() -> None:
    failed = rule(FAILED)
    fewer = replace(failed, groups=ViolationGroups(total=3, shown=failed.groups.shown[:1]))

    assert hidden_of(failed) == 0
    assert hidden_of(fewer) == 4
    (remainder,) = [each for each in remainders_of(fewer) if each.told.verdict == "fail"]
    assert (remainder.told.account, remainder.hidden) == (FIRST_ACCOUNT, 4)
    assert [each.event_id[-2:] for each in remainder.evidence] == ["01", "02"]


def test_a_verdict_that_noted_nothing_is_told_for_each_account() -> None:
    told = [(each.told.account, each.told.verdict) for each in remainders_of(rule(FAILED))]

    assert told == [(SECOND_ACCOUNT, "pass")]


def test_a_rule_without_an_account_is_told_of_none() -> None:
    (remainder,) = remainders_of(replace(rule("iot-fleet-hub-closed"), by_account=[]))

    assert (remainder.told.account, remainder.told.verdict) == ("", "not_applicable")


@pytest.mark.parametrize("report", [sample_report, real_report])
def test_every_rule_and_every_violation_is_told_of(report: Callable[[], Report]) -> None:
    for each in report().rules:
        noted, remainders = noted_by(each), list(remainders_of(each))
        assert noted or remainders
        assert hidden_of(each) == sum(remainder.hidden for remainder in remainders)
