"""ASFF, judged by botocore's own validation and by the limits that its model does not hold."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache

import botocore.session
import pytest
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from msgspec.structs import replace

from checker.aws import Json
from checker.report.asff import MOST_BATCH_BYTES, MOST_FINDING_BYTES, MOST_IN_BATCH, render_asff
from checker.report.exceptions_model import ViolationGroups
from checker.report.model import Control, Report
from tests.report.real import real_report
from tests.report.sample import sample_report
from tests.report.sample_rules import FIRST_ACCOUNT, sample_group

LONG = '\U0001f600 "x" ' * 1_000


@cache
def service() -> ServiceModel:
    model: ServiceModel = botocore.session.get_session().get_service_model("securityhub")
    return model


def batches(report: Report) -> list[list[dict[str, Json]]]:
    lines = [json.loads(line) for line in render_asff(report).splitlines()]
    shape = service().operation_model("BatchImportFindings").input_shape
    for line in lines:
        problems = ParamValidator().validate(line, shape)
        assert not problems.has_errors(), problems.generate_report()
        assert_as_the_model_says(line, shape)
    return [line["Findings"] for line in lines]


def assert_as_the_model_says(value: Json, shape: Json) -> None:
    """Hold a value against the patterns and enumerations of a shape, which botocore leaves out."""
    match value:
        case dict():
            for name, inner in value.items():
                inner_shape = shape.value if shape.type_name == "map" else shape.members[name]
                assert_as_the_model_says(inner, inner_shape)
        case list():
            for inner in value:
                assert_as_the_model_says(inner, shape.member)
        case str():
            assert re.search(shape.metadata.get("pattern", ""), value)
            assert value in shape.metadata.get("enum", [value])
        case _:
            pass


def crowded_report() -> Report:
    """Give a report with many groups, each of them as large as the format allows and larger."""
    sample = sample_report()
    failed = sample.rules[0]
    controls = [
        Control(framework=f"framework-{number}-{LONG}", id=LONG, relation="tests", owner="")
        for number in range(60)
    ]
    groups = [
        replace(
            sample_group(number, count=1),
            resources=[f"{LONG}{each}" for each in range(50)],
            principal=LONG,
            event_name=LONG,
            waivers=[LONG],
        )
        for number in range(30)
    ]
    groups += [sample_group(number, count=1) for number in range(30, 150)]
    rule = replace(
        failed,
        id=LONG,
        title=LONG,
        remediation=LONG,
        reason=LONG,
        controls=controls,
        counts=replace(failed.counts, violations=150),
        groups=ViolationGroups(total=150, shown=groups),
    )
    return replace(sample, rules=[rule])


def texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)
        case _:
            return


@pytest.mark.parametrize("report", [sample_report, real_report, crowded_report])
def test_security_hub_would_take_every_batch(report: Callable[[], Report]) -> None:
    found = batches(report())

    assert found
    for batch in found:
        assert 1 <= len(batch) <= MOST_IN_BATCH
        assert len(json.dumps({"Findings": batch})) <= MOST_BATCH_BYTES
        assert len({(each["AwsAccountId"], each["ProductArn"]) for each in batch}) == 1
        for finding in batch:
            assert_within_limits(finding)


def assert_within_limits(finding: dict[str, Json]) -> None:
    required = {"Severity", "Types"}  # the API reference asks for them, the model does not
    assert required <= finding.keys()
    assert len(json.dumps(finding)) <= MOST_FINDING_BYTES
    assert len(finding["Id"]) <= 512
    assert len(finding["GeneratorId"]) <= 512
    assert len(finding["Title"]) <= 256
    assert len(finding["Description"]) <= 1024
    assert len(finding["Types"]) <= 50
    assert 1 <= len(finding["Resources"]) <= 32
    assert len(finding["Compliance"].get("RelatedRequirements", [])) <= 32
    assert all(len(each) <= 64 for each in finding["Compliance"].get("RelatedRequirements", []))
    assert len(finding.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) <= 512
    assert len(finding["ProductFields"]) <= 50
    assert all(
        len(key) <= 128 and len(value) <= 2048 for key, value in finding["ProductFields"].items()
    )
    assert all(text.strip() for text in texts(finding))


def test_the_product_is_that_of_the_findings_own_account_and_region() -> None:
    sample = sample_report()
    failed = sample.rules[0]
    regions = ["cn-north-1", "us-gov-west-1", "eu-west-1", "nowhere"]
    groups = [
        replace(sample_group(number, count=1), region=region)
        for number, region in enumerate(regions)
    ]
    rule = replace(failed, groups=ViolationGroups(total=4, shown=groups), by_account=[])
    found = [each for batch in batches(replace(sample, rules=[rule])) for each in batch]

    assert sorted({each["ProductArn"].partition(":securityhub")[0] for each in found}) == [
        "arn:aws",
        "arn:aws-cn",
        "arn:aws-us-gov",
    ]
    product = f"arn:aws-cn:securityhub:cn-north-1:{FIRST_ACCOUNT}:product/{FIRST_ACCOUNT}/default"
    assert product in {each["ProductArn"] for each in found}
    # A Region that is none gives way to the one in which most of the account's events are.
    assert sum(":eu-west-1:" in each["ProductArn"] for each in found) == 2


def test_a_region_is_named_even_where_none_is_known() -> None:
    (batch, *_) = batches(replace(sample_report(), population=[], rules=sample_report().rules[-1:]))

    assert {each["ProductArn"].split(":")[3] for each in batch} == {"us-east-1"}


def test_what_names_no_account_is_left_out() -> None:
    rule = replace(sample_report().rules[-1], by_account=[])

    assert render_asff(replace(sample_report(), rules=[rule])) == ""


def test_statuses_and_workflow_say_what_the_verdict_was() -> None:
    found = {
        (each["ProductFields"]["trailcheck/verdict"], each["Compliance"]["Status"])
        for batch in batches(sample_report())
        for each in batch
    }
    workflow = [
        each["Workflow"]["Status"]
        for batch in batches(sample_report())
        for each in batch
        if each["GeneratorId"] == "trailcheck/iot-policy-attached-by-approved-role"
    ]

    assert found == {
        ("fail", "FAILED"),
        ("waived", "FAILED"),
        ("error", "WARNING"),
        ("no_evidence", "WARNING"),
        ("pass", "PASSED"),
        ("no_occurrence", "NOT_AVAILABLE"),
        ("not_applicable", "NOT_AVAILABLE"),
    }
    assert workflow == ["SUPPRESSED", "NOTIFIED", "NEW", "RESOLVED"]
