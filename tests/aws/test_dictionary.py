import gzip
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from checker.aws import Json, dictionary
from checker.aws.dictionary import Origin

TOP = Path(__file__).resolve().parents[2]
WRITER = TOP / "scripts" / "make_event_dictionary.py"
BY_HAND = TOP / "scripts" / "event_dictionary"
IAM = "iam.amazonaws.com"
IOT = "iot.amazonaws.com"
LAMBDA = "lambda.amazonaws.com"
S3 = "s3.amazonaws.com"

# A documentation page shows a record whose eventName is an address.
NOT_IN_IT = {
    ("sso.amazonaws.com", "https://portal.sso.us-east-1.amazonaws.com/instance/appinstances")
}


def records(shared: Path) -> Iterator[dict[str, Json]]:
    """Give the published records of API calls, without those that were made up."""
    with gzip.open(shared / "trails" / "ALL_EVENTS.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            event = found["event"]
            if not isinstance(event, dict) or found["kind"].startswith("synthetic"):
                continue
            event = event.get("detail", event)
            if str(event.get("eventSource")).endswith(".amazonaws.com") and "eventName" in event:
                yield event


def test_every_call_in_published_records_is_known(shared: Path) -> None:
    pairs = {(event["eventSource"], event["eventName"]) for event in records(shared)}

    assert len(pairs) > 450
    assert {pair for pair in pairs if dictionary.known(*pair) is None} == NOT_IN_IT


def test_read_only_is_never_the_opposite_of_what_a_published_record_says(shared: Path) -> None:
    said = {
        (event["eventSource"], event["eventName"], event["readOnly"])
        for event in records(shared)
        if isinstance(event.get("readOnly"), bool)
    }
    calls = [(dictionary.known(source, name), told) for source, name, told in said]
    judged = [(call, told) for call, told in calls if call and call.read_only is not None]

    assert len(judged) > 290
    assert [call for call, told in judged if call.read_only is not told] == []
    assert len(calls) - len(judged) < 10


def test_every_name_of_the_bundled_rules_is_known() -> None:
    named = []
    for path in (TOP / "rules").rglob("*.yaml"):
        for match in matches_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
            names = listed(match.get("eventName"))
            for source in listed(match.get("eventSource")):
                assert "*" in source or dictionary.is_known_source(source)
                named += [(source, name) for name in names]

    assert named
    unknown = {pair for pair in named if "*" not in pair[1] and not dictionary.known(*pair)}
    assert unknown == set()


def matches_of(rule: dict[str, Json]) -> list[dict[str, Json]]:
    """Give all mappings of a rule's match, or of its steps; none for a pack."""
    steps = rule.get("correlation", {}).get("steps", [])
    return [each for step in (rule, *steps) for each in listed(step.get("match"))]


def listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def test_a_name_that_several_services_have_is_not_taken_for_one_of_iam() -> None:
    assert dictionary.sources_of("AttachPolicy") == (
        "clouddirectory.amazonaws.com",
        IOT,
        "organizations.amazonaws.com",
    )
    assert dictionary.known(IAM, "AttachPolicy") is None
    assert dictionary.sources_of("AttachRolePolicy") == (IAM,)


@pytest.mark.parametrize(
    ("source", "name", "live"),
    [
        (LAMBDA, "UpdateFunctionCode", ("UpdateFunctionCode20150331v2",)),
        (LAMBDA, "AddPermission", ("AddPermission20150331v2",)),
        (S3, "PutBucketLifecycleConfiguration", ("PutBucketLifecycle",)),
        (
            S3,
            "PutPublicAccessBlock",
            ("PutBucketPublicAccessBlock", "PutAccountPublicAccessBlock"),
        ),
        ("sqs.amazonaws.com", "AddPermission", ()),
        (IAM, "CreateUser", ()),
        ("nobody.amazonaws.com", "CreateUser", ()),
    ],
)
def test_a_dead_spelling_leads_to_what_cloudtrail_writes(
    source: str, name: str, live: tuple[str, ...]
) -> None:
    assert dictionary.live_spellings(source, name) == live
    assert all(dictionary.known(source, spelling) for spelling in live)
    assert not (live and dictionary.known(source, name))


def test_cloudfront_writes_names_with_and_without_the_version_of_its_api() -> None:
    assert dictionary.known("cloudfront.amazonaws.com", "CreateDistribution")
    assert dictionary.known("cloudfront.amazonaws.com", "CreateDistribution2020_05_31")


@pytest.mark.parametrize(
    ("source", "name", "origin"),
    [
        (IAM, "CreateUser", Origin.MODEL),
        ("iot1click.amazonaws.com", "InvokeDeviceMethod", Origin.RETIRED),
        ("iotanalytics.amazonaws.com", "CreateChannel", Origin.RETIRED),
        ("kms.amazonaws.com", "RotateKey", Origin.SERVICE),
        ("signin.amazonaws.com", "ConsoleLogin", Origin.SIGN_IN),
        ("sso-directory.amazonaws.com", "AddMemberToGroup", Origin.UNMODELLED),
    ],
)
def test_names_that_the_models_lack_say_where_they_are_from(
    source: str, name: str, origin: Origin
) -> None:
    call = dictionary.known(source, name)

    assert call is not None
    assert call.origin is origin


@pytest.mark.parametrize(
    ("source", "name", "read_only"),
    [
        ("ec2.amazonaws.com", "DescribeInstances", True),
        ("ec2.amazonaws.com", "RunInstances", False),
        ("sts.amazonaws.com", "AssumeRole", True),
        ("sts.amazonaws.com", "GetFederationToken", False),
        ("kms.amazonaws.com", "Decrypt", True),
        ("cognito-idp.amazonaws.com", "AdminGetUser", True),
        ("dynamodb.amazonaws.com", "BatchWriteItem", False),
        ("bedrock.amazonaws.com", "InvokeModel", None),
        ("iot1click.amazonaws.com", "UnclaimDevice", None),
    ],
)
def test_a_call_reads_or_writes_or_nobody_can_tell(
    source: str, name: str, *, read_only: bool | None
) -> None:
    call = dictionary.known(source, name)

    assert call is not None
    assert call.read_only is read_only


@pytest.mark.parametrize(
    ("source", "name", "types"),
    [
        (S3, "GetObject", ("AWS::S3::AccessPoint", "AWS::S3::Object")),
        (S3, "PutBucketPolicy", ()),
        (LAMBDA, "Invoke", ("AWS::Lambda::Function",)),
        ("dynamodb.amazonaws.com", "PutItem", ("AWS::DynamoDB::Table",)),
        (
            "greengrass.amazonaws.com",
            "VerifyClientDeviceIoTCertificateAssociation",
            ("AWS::IoT::Certificate", "AWS::IoT::Thing"),
        ),
        ("bedrock.amazonaws.com", "InvokeModel", ()),
    ],
)
def test_a_data_event_names_its_resource_types(
    source: str, name: str, types: tuple[str, ...]
) -> None:
    call = dictionary.known(source, name)

    assert call is not None
    assert call.data_types == types


def test_a_resource_type_can_be_known_without_its_calls() -> None:
    assert "AWS::Kinesis::Stream" in dictionary.data_types()
    assert dictionary.calls_of_type("AWS::Kinesis::Stream") == ()
    assert {call.name for call in dictionary.calls_of_type("AWS::SNS::Topic")} == {
        "Publish",
        "PublishBatch",
    }


def test_calls_that_aws_says_are_never_logged() -> None:
    assert dictionary.is_never_logged(IOT, "ListThings")
    assert dictionary.is_never_logged(IOT, "ListTopicRules")
    assert dictionary.is_never_logged("iotdata.amazonaws.com", "Publish")
    # Published records have it, though AWS writes that reading calls of AWS IoT are not logged.
    assert not dictionary.is_never_logged(IOT, "ListThingTypes")
    assert not dictionary.is_never_logged(IOT, "NoSuchCall")


@pytest.mark.parametrize(
    ("source", "partition", "region"),
    [
        (IAM, "aws", "us-east-1"),
        (IAM, "aws-cn", "cn-north-1"),
        (IAM, "aws-us-gov", "us-gov-west-1"),
        ("organizations.amazonaws.com", "aws", "us-east-1"),
        ("cloudfront.amazonaws.com", "aws-us-gov", None),
        ("sts.amazonaws.com", "aws", None),
        (S3, "aws", None),
        ("nobody.amazonaws.com", "aws", None),
    ],
)
def test_a_global_service_has_one_home_in_each_partition(
    source: str, partition: str, region: str | None
) -> None:
    assert dictionary.home_region(source, partition) == region


def test_the_global_endpoint_of_sts_is_logged_in_one_region() -> None:
    assert dictionary.global_endpoint_region("sts.amazonaws.com", "aws") == "us-east-1"
    assert dictionary.global_endpoint_region(IAM, "aws") is None
    assert dictionary.global_endpoint_region("nobody.amazonaws.com", "aws") is None


def test_two_sources_can_be_left_out_of_a_trail() -> None:
    assert [source for source in dictionary.sources() if dictionary.is_excludable(source)] == [
        "kms.amazonaws.com",
        "rdsdata.amazonaws.com",
    ]
    assert not dictionary.is_excludable("nobody.amazonaws.com")


def test_an_unknown_source_has_nothing() -> None:
    assert not dictionary.is_known_source("iot.example.com")
    assert dictionary.names_of("iot.example.com") == ()
    assert dictionary.sources_of("NoSuchCall") == ()
    assert dictionary.known("data types", "AWS::S3::Object") is None


def test_a_name_and_its_sources_agree() -> None:
    for source in dictionary.sources():
        names = dictionary.names_of(source)

        assert list(names) == sorted(set(names))
        assert all(source in dictionary.sources_of(name) for name in names)


def test_every_entry_written_by_hand_has_its_source() -> None:
    pages = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in BY_HAND.glob("*.yaml")}
    entries: list[Json] = [pages.pop("verbs.yaml")]
    for page in pages.values():
        lists = [page] if isinstance(page, list) else page.values()
        entries += [entry for each in lists for entry in ([each] if "names" in each else each)]

    assert len(entries) > 150
    assert [entry for entry in entries if not entry.get("source")] == []


def test_the_data_file_is_what_the_script_writes() -> None:
    botocore = pytest.importorskip("botocore", reason="needs botocore, of the version it states")
    shown = (TOP / "checker" / "aws" / "dictionary.txt").read_text(encoding="utf-8")
    stated = re.search(r"from botocore (\S+)", shown)
    assert stated is not None
    if botocore.__version__ != stated[1]:
        pytest.skip(f"botocore {botocore.__version__} is here; the data file is from {stated[1]}")
    spec = importlib.util.spec_from_file_location("make_event_dictionary", WRITER)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert shown == script.text(), f"run python {WRITER.relative_to(TOP)}"
