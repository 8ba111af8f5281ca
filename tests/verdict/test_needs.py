from pathlib import Path
from typing import Any

import pytest

from checker.policy.audit_scope import UNSTATED, AuditScope, Declared
from checker.verdict.coverage import cover
from checker.verdict.needs import needs_of, why_lacking
from tests.builders import book_of, event, found_in, rule_text, write_trail

ACCOUNT = "111122223333"
S3_OBJECT = {"eventSource": "s3.amazonaws.com", "eventCategory": "Data"}
WRITE = event(eventID="write")
READ = event(eventID="read", eventName="DescribeThing", readOnly=True)
DATA = event(eventID="data", eventName="PutObject", **S3_OBJECT)
KMS = event(eventID="kms", eventSource="kms.amazonaws.com", eventName="CreateKey")
HOME = event(eventID="home", awsRegion="us-east-1")
CHINA = event(eventID="china", awsRegion="cn-northwest-1")
TOLD = "told so"


def why(
    folder: Path, records: list[dict[str, Any]], scope: AuditScope = UNSTATED, /, **rule: str | None
) -> str:
    book = book_of(folder / "rules", rule_text(**rule))
    found = found_in(book, write_trail(folder / "trail.json", records))
    account = cover(found, scope).accounts[ACCOUNT]
    return why_lacking(needs_of(book.rules[0]), account)


def scope(*names: str, source: str = "iot.amazonaws.com") -> dict[str, str]:
    return {"match": f"{{eventSource: {source}, eventName: [{', '.join(names)}]}}"}


LACKS: dict[str, tuple[list[dict[str, Any]], dict[str, str], str]] = {
    "a management rule, management events": ([WRITE], scope("AttachPolicy"), ""),
    "a service without an event of its own": (
        [WRITE], scope("CreateVault", source="glacier.amazonaws.com"), "",
    ),
    "a management rule, data events alone": (
        [DATA], scope("AttachPolicy"), "the logs of the account hold no management event",
    ),
    "a call that reads, writes alone": (
        [WRITE],
        scope("AttachPolicy", "ListPolicies"),
        "the logs hold no read-only event, and the rule is about calls that only read",
    ),
    "calls that read by a glob, writes alone": (
        [WRITE],
        scope("Describe*"),
        "the logs hold no read-only event, and the rule is about calls that only read",
    ),
    "calls of both kinds by a glob, writes alone": ([WRITE], scope("'*'"), ""),
    "a call that reads, reads": ([WRITE, READ], scope("ListPolicies"), ""),
    "readOnly asked for, writes alone": (
        [WRITE],
        {"match": "{eventSource: iot.amazonaws.com, readOnly: true}"},
        "the logs hold no read-only event, and the rule is about calls that only read",
    ),
    "a data event, none": (
        [WRITE],
        scope("GetObject", source="s3.amazonaws.com"),
        "the logs of the account hold no data event",
    ),
    "a data event, others": (
        [DATA],
        scope("Invoke", source="lambda.amazonaws.com"),
        "the logs hold no data event of AWS::Lambda::Function",
    ),
    "a data event, its type": ([DATA], scope("GetObject", source="s3.amazonaws.com"), ""),
    "a data event, its type in a record without a category": (
        [{key: value for key, value in DATA.items() if key != "eventCategory"}],
        scope("GetObject", source="s3.amazonaws.com"),
        "",
    ),
    "a category asked for": (
        [WRITE],
        {"match": "{eventSource: ec2.amazonaws.com, eventCategory: NetworkActivity}"},
        "the logs of the account hold no network activity event",
    ),
    "a source that can be left out": (
        [WRITE],
        scope("ScheduleKeyDeletion", source="kms.amazonaws.com"),
        "the logs hold no event of kms.amazonaws.com, which a trail can leave out",
    ),
    "a source that can be left out and is not": (
        [KMS], scope("ScheduleKeyDeletion", source="kms.amazonaws.com"), "",
    ),
    "a global service, another Region": (
        [WRITE],
        scope("CreateUser", source="iam.amazonaws.com"),
        "there are no logs of us-east-1, where calls of iam.amazonaws.com are logged",
    ),
    "a global service, its Region": (
        [WRITE, HOME], scope("CreateUser", source="iam.amazonaws.com"), "",
    ),
    "a global service of another partition": (
        [CHINA],
        scope("CreateUser", source="iam.amazonaws.com"),
        "there are no logs of cn-north-1, where calls of iam.amazonaws.com are logged",
    ),
    "sign-in, another Region": (
        [WRITE],
        scope("ConsoleLogin", source="signin.amazonaws.com"),
        "there are no logs of us-east-1, where global calls of signin.amazonaws.com are logged",
    ),
    "calls that are never logged": (
        [WRITE],
        scope("ListThings"),
        "CloudTrail does not log ListThings of iot.amazonaws.com",
    ),
    "a call that is never logged beside others": (
        [WRITE, READ], scope("AttachPolicy", "ListThings"), "",
    ),
    "no source": ([WRITE], {"match": "{eventName: Never}"}, ""),
    "a source by a glob": ([WRITE], {"match": "{eventSource: 'iam*'}"}, ""),
    "what is stated, not what would be derived": (
        [WRITE],
        {**scope("GetObject", source="s3.amazonaws.com"), "needs": "{category: Management}"},
        "",
    ),
    "a stated source": (
        [WRITE],
        {"needs": "{sources: [sso.amazonaws.com]}"},
        "the logs hold no event of sso.amazonaws.com, which a trail can leave out",
    ),
    "a stated type": (
        [DATA],
        {"needs": "{resource_types: ['AWS::S3::Object', 'AWS::SNS::Topic']}"},
        "the logs hold no data event of AWS::SNS::Topic",
    ),
    "stated reads": (
        [WRITE],
        {"needs": "{read_only: true}"},
        "the logs hold no read-only event, and the rule is about calls that only read",
    ),
    "a stated Region": (
        [WRITE],
        {"needs": "{regions: [eu-west-1, us-east-1, us-west-2]}"},
        "there are no logs of us-east-1 and us-west-2, which the rule needs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LACKS)
def test_what_the_logs_lack_is_told(tmp_path: Path, name: str) -> None:
    records, rule, lacking = LACKS[name]

    assert why(tmp_path, records, **rule) == lacking


SCOPES: dict[str, tuple[AuditScope, dict[str, str], str]] = {
    "an expected Region": (
        AuditScope(regions=("eu-west-1", "us-west-2")),
        scope("AttachPolicy"),
        "there are no logs of us-west-2, which the scope expects",
    ),
    "an expected Region in which a global service logs nothing": (
        AuditScope(regions=("eu-west-1", "us-east-1", "us-west-2")),
        {"needs": "{regions: [eu-west-1]}"},
        "",
    ),
    "sign-in in every expected Region": (
        AuditScope(
            regions=("eu-west-1", "us-west-2"),
            declared=(Declared(reason=TOLD, regions=("us-east-1",)),),
        ),
        scope("ConsoleLogin", source="signin.amazonaws.com"),
        "there are no logs of us-west-2, which the scope expects",
    ),
    "a Region that is declared": (
        AuditScope(
            regions=("eu-west-1", "us-west-2"),
            declared=(Declared(reason=TOLD, regions=("us-west-2",)),),
        ),
        scope("AttachPolicy"),
        "",
    ),
    "a Region that is declared in another account": (
        AuditScope(
            regions=("us-west-2",),
            declared=(Declared(reason=TOLD, accounts=("444455556666",)),),
        ),
        scope("AttachPolicy"),
        "there are no logs of us-west-2, which the scope expects",
    ),
    "a source that is declared": (
        AuditScope(declared=(Declared(reason=TOLD, sources=("kms.amazonaws.com",)),)),
        scope("ScheduleKeyDeletion", source="kms.amazonaws.com"),
        "",
    ),
    "reads that are declared": (
        AuditScope(declared=(Declared(reason=TOLD, read_only=True),)),
        scope("ListPolicies"),
        "",
    ),
    "a Region of a global service, by a declaration of all": (
        AuditScope(declared=(Declared(reason=TOLD),)),
        scope("CreateUser", source="iam.amazonaws.com"),
        "",
    ),
}


@pytest.mark.parametrize("name", SCOPES)
def test_the_scope_adds_needs_and_declarations_meet_them(tmp_path: Path, name: str) -> None:
    stated, rule, lacking = SCOPES[name]

    assert why(tmp_path, [WRITE], stated, **rule) == lacking


def test_a_declared_resource_type_needs_no_event(tmp_path: Path) -> None:
    declared = Declared(reason=TOLD, resource_types=("AWS::Lambda::Function",))
    stated = AuditScope(declared=(declared,))

    found = why(tmp_path, [DATA], stated, **scope("Invoke", source="lambda.amazonaws.com"))

    assert found == ""


def test_every_step_of_a_correlation_has_its_needs(tmp_path: Path) -> None:
    correlation = """
  type: temporal_ordered
  timespan: 1h
  steps:
    - {name: made, match: {eventSource: iot.amazonaws.com, eventName: CreateThing}}
    - {name: used, match: {eventSource: kms.amazonaws.com, eventName: CreateKey}}"""

    found = why(tmp_path, [WRITE], match=None, require=None, correlation=correlation)

    assert found == "the logs hold no event of kms.amazonaws.com, which a trail can leave out"
