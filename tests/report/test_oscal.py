"""OSCAL, judged by compliance-trestle."""

import json
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from msgspec.structs import replace
from trestle.oscal.assessment_results import Model

from checker.aws import Json
from checker.report.model import Control, Report, RuleResult
from checker.report.oscal import render_oscal
from tests.report.real import real_report
from tests.report.sample import hostile_report, sample_report

REPORTS = pytest.mark.parametrize("report", [sample_report, hostile_report, real_report])


def document(report: Report) -> dict[str, Json]:
    text = render_oscal(report)
    Model.model_validate_json(text)
    results: dict[str, Json] = json.loads(text)["assessment-results"]
    return results


def result(report: Report) -> dict[str, Json]:
    (only,) = document(report)["results"]
    found: dict[str, Json] = only
    return found


def members(value: Json, name: str) -> Iterator[Json]:
    """Give every value that stands under a name, at any depth."""
    match value:
        case dict():
            for key, each in value.items():
                if key == name:
                    yield each
                yield from members(each, name)
        case list():
            for each in value:
                yield from members(each, name)
        case _:
            return


def with_controls(rule: RuleResult, *controls: tuple[str, str]) -> RuleResult:
    made = [
        Control(framework=framework, id=each, relation="tests", owner="")
        for framework, each in controls
    ]
    return replace(rule, controls=made)


@REPORTS
def test_trestle_takes_it_and_every_reference_leads_somewhere(
    report: Callable[[], Report],
) -> None:
    whole = document(report())
    uuids = list(members(whole, "uuid"))
    references = [
        *members(whole, "observation-uuid"),
        *members(whole, "risk-uuid"),
        *members(whole, "subject-uuid"),
        *members(whole, "actor-uuid"),
        *members(whole, "component-uuid"),
        *(href[1:] for href in members(whole, "href") if href.startswith("#")),
    ]

    assert len(set(uuids)) == len(uuids)
    assert set(references) <= set(uuids)
    assert {UUID(each).version for each in uuids} == {5}


@REPORTS
def test_the_same_report_gives_the_same_bytes_and_another_another_document(
    report: Callable[[], Report],
) -> None:
    later = replace(report(), evaluated_at="2030-01-01T00:00:00Z")

    assert render_oscal(report()) == render_oscal(report())
    assert document(report())["uuid"] != document(later)["uuid"]
    assert result(report())["uuid"] == result(later)["uuid"]


def test_a_control_is_not_satisfied_where_a_rule_that_tests_it_failed_and_never_satisfied() -> None:
    found = result(sample_report())

    assert [each["target"]["target-id"] for each in found["findings"]] == ["ac-6.9_obj"]
    assert set(members(found, "state")) == {"not-satisfied", "operational"}


def test_failures_of_one_control_are_one_finding() -> None:
    sample = sample_report()
    control = ("nist-800-53-r5", "ac-6.9")
    rules = [
        with_controls(rule, control) if rule.verdict == "fail" else rule for rule in sample.rules
    ]
    failed = [rule for rule in rules if rule.verdict == "fail"]
    found = result(replace(sample, rules=rules))

    (finding,) = found["findings"]
    assert len(finding["related-observations"]) == len(failed) == 3


def test_without_a_failure_there_are_no_findings() -> None:
    sample = sample_report()
    passed = [rule for rule in sample.rules if rule.verdict == "pass"]

    assert "findings" not in result(replace(sample, rules=passed))


def test_a_rule_is_an_observation_with_its_verdict_and_its_evidence() -> None:
    first = result(sample_report())["observations"][0]
    own = {each["name"]: each["value"] for each in first["props"]}

    assert first["methods"] == ["TEST"]
    assert first["types"] == ["control-objective", "finding"]
    assert first["collected"] == "2025-02-03T09:30:00Z"
    assert own["verdict"] == "fail"
    assert len(first["relevant-evidence"]) == 3
    assert {each["value"] for each in first["props"] if each["name"] == "control"} == {
        "nist-800-53-r5:ac-6.9",
        "cis-aws-v7.0.0:5.4",
        "cis-aws-v7.0.0:5.10",
        "soc2:CC6.1",
    }
    assert len(first["subjects"]) == 2


def test_a_waiver_is_a_risk_that_says_how_it_stands() -> None:
    risks = {
        prop["value"]: each
        for each in result(sample_report())["risks"]
        for prop in each["props"]
        if prop["name"] == "waiver-id"
    }

    assert {name: each["status"] for name, each in risks.items()} == {
        "debug-2024-11": "open",
        "migration-2025-03": "deviation-requested",
        "rollout-2024-12": "deviation-approved",
        "root-billing-2025-01": "deviation-approved",
        "another-pack": "deviation-approved",
    }
    assert risks["rollout-2024-12"]["deadline"] == "2025-03-31T00:00:00Z"


def test_a_waiver_that_was_not_applied_is_not_approved() -> None:
    sample = sample_report()
    assert sample.waivers
    found = result(replace(sample, waivers=replace(sample.waivers, applied=False)))

    assert {each["status"] for each in found["risks"]} == {"deviation-requested", "open"}


def test_the_controls_reviewed_are_those_that_rules_speak_to() -> None:
    sample = sample_report()
    rule = sample.rules[0]

    def reviewed(*controls: tuple[str, str]) -> list[str]:
        found = result(replace(sample, rules=[with_controls(rule, *controls)]))
        return list(members(found["reviewed-controls"], "control-id"))

    assert reviewed(("nist-800-53-r5", "ac-2"), ("soc2", "CC6.1")) == ["ac-2"]
    assert reviewed(("nist-800-53-r5", "AC-2 (1)"), ("9", "5.4")) == [
        "_9_5.4",
        "nist-800-53-r5_AC-2--1-",
    ]
    assert reviewed() == [rule.id]
    assert list(members(result(replace(sample, rules=[])), "control-id")) == ["none"]


def test_the_period_is_that_of_the_report_and_the_hashes_are_in_the_back_matter() -> None:
    whole = document(sample_report())
    (only,) = whole["results"]

    assert (only["start"], only["end"]) == ("2024-12-01T00:00:00Z", "2025-01-31T23:59:58Z")
    hashes = {each["value"] for each in members(whole["back-matter"], "hashes") for each in each}
    assert {each.sha256 for each in sample_report().inputs} <= hashes
    assert {each.sha256 for each in sample_report().rules} <= hashes


def test_text_of_a_log_is_no_markup() -> None:
    whole = document(hostile_report())
    kinds = ("title", "description", "remarks", "statement")
    found = [text for name in kinds for text in members(whole, name)]

    found.remove(next(text for text in found if "-o manifest=FILE" in text))  # words of ours
    assert any("\\<script\\>" in text for text in found)
    assert not [text for text in found if re.search(r"(?<!\\)[<>{}`*\[\]]", text)]
