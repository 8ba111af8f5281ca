"""OCSF, judged by py-ocsf-models and by what the schema asks for."""

import json
from collections.abc import Callable

import pytest
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

from checker.aws import Json
from checker.report.model import Report
from checker.report.ocsf import render_ocsf
from checker.report.saved import read_json, render_json
from tests.report.real import real_report
from tests.report.sample import hostile_report, sample_report

REPORTS = pytest.mark.parametrize("report", [sample_report, hostile_report, real_report])
REQUIRED = (
    *("activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id", "metadata"),
    *("finding_info", "compliance", "cloud"),
)


def findings(report: Report) -> list[dict[str, Json]]:
    return [json.loads(line) for line in render_ocsf(report).split("\n") if line]


def of_rule(rule_id: str) -> list[dict[str, Json]]:
    return [
        each
        for each in findings(sample_report())
        if each["finding_info"]["analytic"]["uid"] == rule_id
    ]


def with_versions(finding: dict[str, Json]) -> dict[str, Json]:
    """Give services a version: the models want one, and the schema does not."""
    services = [each["api"]["service"] for each in finding.get("evidences", [])]
    for service in services:
        service["version"] = "-"
    return finding


@REPORTS
def test_every_line_is_a_compliance_finding(report: Callable[[], Report]) -> None:
    found = findings(report())

    assert found
    for each in found:
        ComplianceFinding.model_validate(with_versions(each))
        assert set(REQUIRED) <= each.keys()
        assert each["class_uid"] == 2003
        assert each["type_uid"] == each["class_uid"] * 100 + each["activity_id"]
        assert each["metadata"]["version"]
        assert each["metadata"]["product"]
        assert each["cloud"]["provider"] == "AWS"
        assert each["finding_info"]["uid"]
        assert each["compliance"]["standards"]


@pytest.mark.parametrize("report", [sample_report, real_report])
def test_every_finding_has_an_id_of_its_own_and_every_rule_a_finding(
    report: Callable[[], Report],
) -> None:
    found = findings(report())
    ids = [each["finding_info"]["uid"] for each in found]

    assert {each["finding_info"]["analytic"]["uid"] for each in found} == {
        rule.id for rule in report().rules
    }
    assert len(ids) - len(set(ids)) == 2 * (report is sample_report)  # episodes of one time there


def test_times_are_milliseconds() -> None:
    first = of_rule("iot-policy-attached-by-approved-role")[0]

    assert first["time"] == 1_738_575_000_000
    assert (first["start_time"], first["end_time"]) == (1_736_928_030_000, 1_736_931_630_000)


def test_a_violation_is_new_known_or_suppressed_and_always_a_failure() -> None:
    found = of_rule("iot-policy-attached-by-approved-role")

    assert [(each["status"], each["compliance"]["status"]) for each in found] == [
        ("Suppressed", "Fail"),
        ("In Progress", "Fail"),
        ("New", "Fail"),
        ("No Exception", "Pass"),
    ]


@pytest.mark.parametrize(
    ("rule", "status_id", "status", "severity"),
    [
        ("iot-certificates-by-approved-role", 0, "Unknown", "Medium"),
        ("iot-events-no-call-after-end-of-support", 2, "Warning", "Low"),
        ("iot-1-click-no-call-after-end-of-life", 1, "Pass", "Informational"),
        ("iot-analytics-datasets-not-kept-for-ever", 99, "No Occurrence", "Informational"),
        ("iot-fleet-hub-closed", 99, "Not Applicable", "Informational"),
    ],
)
def test_a_verdict_without_a_violation_is_a_finding_too(
    rule: str, status_id: int, status: str, severity: str
) -> None:
    (found,) = of_rule(rule)

    assert (found["compliance"]["status_id"], found["compliance"]["status"]) == (status_id, status)
    assert found["compliance"]["status_details"]
    assert found["severity"] == severity
    assert found["compliance"]["checks"][0]["severity"]


def test_the_evidence_says_who_called_what_from_where() -> None:
    known = of_rule("iot-policy-attached-by-approved-role")[1]
    (evidence,) = known["evidences"]

    assert evidence["api"] == {
        "operation": "AttachPolicy", "service": {"name": "iot.amazonaws.com", "uid": "iot.amazonaws.com"}
    }  # fmt: skip
    assert evidence["src_endpoint"] == {"ip": "203.0.113.7"}
    assert evidence["actor"]["user"]["uid"].endswith("/Developer")
    assert evidence["data"]["event"]["eventID"].endswith("01")
    assert known["finding_info"]["related_events"] == [
        {"uid": evidence["data"]["event"]["eventID"]}
    ]


def test_a_caller_that_is_a_service_is_no_address() -> None:
    text = render_json(sample_report()).replace("203.0.113.7", "cloudformation.amazonaws.com")
    lines = render_ocsf(read_json(text.encode(), "report.json"))

    assert '"src_endpoint": {"svc_name": "cloudformation.amazonaws.com"}' in lines
    assert '"ip":' not in lines
