"""ASFF: findings of AWS Security Hub, a line of JSON for each batch that it takes at once."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from checker.aws import Json
from checker.aws.arn import parse_arn
from checker.aws.region import REGION_PATTERN, partition_of
from checker.report.model import AccountVerdict, Report, RuleResult, SeverityName, VerdictName
from checker.report.noted import Noted, Remainder, noted_by, remainders_of
from checker.report.portable import cut, one_line, portable, stamp
from checker.visible import inert_json

# Limits of BatchImportFindings and of the format, as the API reference of Security Hub has them:
# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
# https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html
MOST_IN_BATCH: Final = 100
MOST_BATCH_BYTES: Final = 6_000_000
MOST_FINDING_BYTES: Final = 240_000
_ID: Final = 512
_TITLE: Final = 256
_DESCRIPTION: Final = 1_024
_RECOMMENDATION: Final = 512
_RESOURCES: Final = 32
_REQUIREMENTS: Final = 32
_REQUIREMENT: Final = 64
_TYPES: Final = 50
_API: Final = 128
_FIELD: Final = 512

_HOME: Final = "us-east-1"
"""Where a verdict on an account goes of which no Region is known."""

_STATUSES: Final[Mapping[VerdictName, str]] = {
    "fail": "FAILED",
    "error": "WARNING",
    "no_evidence": "WARNING",
    "waived": "FAILED",
    "pass": "PASSED",
    "no_occurrence": "NOT_AVAILABLE",
    "not_applicable": "NOT_AVAILABLE",
}
_QUIET: Final[tuple[VerdictName, ...]] = ("pass", "no_occurrence", "not_applicable")
_SEVERITIES: Final[Mapping[SeverityName, str]] = {
    "info": "INFORMATIONAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "critical": "CRITICAL",
}
_TYPES_OF_RESOURCES: Final = {
    ("iam", "role"): "AwsIamRole",
    ("iam", "user"): "AwsIamUser",
    ("iam", "policy"): "AwsIamPolicy",
    ("kms", "key"): "AwsKmsKey",
    ("cloudtrail", "trail"): "AwsCloudTrailTrail",
    ("lambda", "function"): "AwsLambdaFunction",
    ("s3", ""): "AwsS3Bucket",
}
"""By the service and the type of an ARN, where Security Hub has a type of its own for it."""

_PARTITIONS: Final = ("aws", "aws-cn", "aws-us-gov")
"""Those that a resource may name."""


def render_asff(report: Report) -> str:
    """Give the report as lines of JSON, each the input of one `BatchImportFindings`.

    A batch is of one account and Region, for it must be sent with the credentials of that account
    to that Region. What names no account cannot be imported, and is left out.
    """
    found = [each for rule in report.rules for each in _findings(rule, report)]
    found.sort(key=_destination)
    batches = (
        batch for _, findings in groupby(found, _destination) for batch in _batches(findings)
    )
    return "".join(f"{inert_json(json.dumps({'Findings': each}))}\n" for each in batches)


def _destination(finding: dict[str, Json]) -> tuple[str, str]:
    return finding["AwsAccountId"], finding["ProductArn"]


def _batches(findings: Iterable[dict[str, Json]]) -> Iterator[list[dict[str, Json]]]:
    batch: list[dict[str, Json]] = []
    size = 0
    for each in findings:
        length = _size(each)
        if batch and (len(batch) == MOST_IN_BATCH or size + length > MOST_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length + 2
    if batch:
        yield batch


def _findings(rule: RuleResult, report: Report) -> Iterator[dict[str, Json]]:
    for noted in noted_by(rule):
        if _is_account(noted.account):
            yield _fitting(portable(_of_noted(noted, rule, report)))
    for remainder in remainders_of(rule):
        if _is_account(remainder.told.account):
            yield _fitting(portable(_of_remainder(remainder, rule, report)))


def _is_account(text: str) -> bool:
    return re.fullmatch("[0-9]{12}", text) is not None


def _fitting(finding: dict[str, Json]) -> dict[str, Json]:
    """Leave resources out, the last first, until the finding is as small as it must be."""
    while _size(finding) > MOST_FINDING_BYTES and len(finding["Resources"]) > 1:
        kept = finding["Resources"][: len(finding["Resources"]) // 2]
        finding = {**finding, "Resources": kept}
    return finding


def _size(finding: dict[str, Json]) -> int:
    return len(json.dumps(finding))


def _of_noted(noted: Noted, rule: RuleResult, report: Report) -> dict[str, Json]:
    region = _region(noted.region, noted.account, report)
    waivers = ", ".join(noted.waivers)
    status = "SUPPRESSED" if noted.is_waived else "NOTIFIED" if noted.in_baseline else "NEW"
    first = stamp(noted.first, noted.last, report.evaluated_at)
    return {
        **_finding(rule, report, noted.account, region, noted.key),
        "CreatedAt": min(first, stamp(report.evaluated_at)),
        "FirstObservedAt": first,
        "LastObservedAt": stamp(noted.last, noted.first, report.evaluated_at),
        **_severity(_SEVERITIES[rule.severity], rule),
        "Description": one_line(f"{noted.what} ({rule.reason})", _DESCRIPTION),
        "Resources": _resources(noted, region),
        **_action(noted),
        "Compliance": _compliance(rule, "fail", rule.reason),
        "Workflow": {"Status": status},
        "ProductFields": _fields(
            rule,
            verdict="waived" if noted.is_waived else "fail",
            fingerprint=noted.fingerprint,
            violations=str(noted.count),
            waived=str(noted.waived),
            waivers=waivers,
            known=str(noted.in_baseline).lower(),
            eventIds=", ".join(each.event_id for each in noted.evidence),
        ),
    }


def _of_remainder(remainder: Remainder, rule: RuleResult, report: Report) -> dict[str, Json]:
    told = remainder.told
    region = _region("", told.account, report)
    label = "INFORMATIONAL" if told.verdict in _QUIET else _SEVERITIES[rule.severity]
    left = f" ({remainder.hidden} exceptions in no other finding)" if remainder.hidden else ""
    verdict = told.verdict.replace("_", " ")
    return {
        **_finding(rule, report, told.account, region, "verdict"),
        "CreatedAt": stamp(report.evaluated_at),
        **_severity(label, rule),
        "Description": one_line(f"{verdict}: {told.reason}{left}", _DESCRIPTION),
        "Resources": [_account(told.account, region)],
        "Compliance": _compliance(rule, told.verdict, told.reason),
        "Workflow": {"Status": _lifecycle(told)},
        "ProductFields": _fields(
            rule,
            verdict=told.verdict,
            inScope=str(told.counts.in_scope),
            violations=str(told.counts.violations),
        ),
    }


def _lifecycle(told: AccountVerdict) -> str:
    if told.verdict in _QUIET:
        return "RESOLVED"
    return "SUPPRESSED" if told.verdict == "waived" else "NEW"


def _region(region: str, account: str, report: Report) -> str:
    """Give the Region of a finding, else that in which most of the account's events are."""
    if _is_region(region):
        return region
    places = [each for each in report.population if each.account == account]
    seen = sorted(places, key=lambda each: (-each.events, each.region))
    return next((each.region for each in seen if _is_region(each.region)), _HOME)


def _is_region(text: str) -> bool:
    return re.fullmatch(REGION_PATTERN, text) is not None


def _finding(
    rule: RuleResult, report: Report, account: str, region: str, known_by: str
) -> dict[str, Json]:
    product = f"arn:{partition_of(region)}:securityhub:{region}:{account}:product/{account}/default"
    name = report.account_names.get(account, "")
    recommendation = one_line(rule.remediation, _RECOMMENDATION, instead="")
    return {
        "SchemaVersion": "2018-10-08",
        "Id": one_line(f"trailcheck/{region}/{account}/{rule.id}/{known_by}", _ID),
        "ProductArn": product,
        "ProductName": report.tool.name,
        "CompanyName": report.tool.name,
        "GeneratorId": one_line(f"trailcheck/{rule.id}", _ID),
        "AwsAccountId": account,
        **({"AwsAccountName": name} if name.strip() else {}),
        "UpdatedAt": stamp(report.evaluated_at),
        "Title": one_line(rule.title, _TITLE),
        **({"Remediation": {"Recommendation": {"Text": recommendation}}} if recommendation else {}),
        "RecordState": "ACTIVE",
    }


def _severity(label: str, rule: RuleResult) -> dict[str, Json]:
    severity = {"Label": label, "Original": rule.severity}
    types = _types(rule)
    return {
        "Severity": severity,
        "Types": types,
        # Where a later import may change them; the two above count for the first one only.
        "FindingProviderFields": {"Severity": severity, "Types": types},
    }


def _types(rule: RuleResult) -> list[str]:
    frameworks = {each.framework: None for each in rule.controls}
    standards = "Software and Configuration Checks/Industry and Regulatory Standards"
    found = [f"{standards}/{one_line(each, _FIELD)}" for each in frameworks]
    return found[:_TYPES] or ["Software and Configuration Checks/AWS Security Best Practices"]


def _resources(noted: Noted, region: str) -> list[Json]:
    targets = [_resource(each, region, "Target") for each in noted.resources if each.strip()]
    actor = [_resource(noted.principal, region, "Actor")] if noted.principal.strip() else []
    return [*targets[: _RESOURCES - 1], *actor] or [_account(noted.account, region)]


def _account(account: str, region: str) -> dict[str, Json]:
    return {
        "Type": "AwsAccount",
        "Id": f"AWS::::Account:{account}",
        **_partition(partition_of(region)),
        "Region": region,
    }


def _resource(text: str, region: str, role: str) -> dict[str, Json]:
    kind = "Other"
    partition = partition_of(region)
    try:
        arn = parse_arn(text)
    except ValueError:
        pass
    else:
        kind = _TYPES_OF_RESOURCES.get((arn.service, arn.resource_type), "Other")
        partition = arn.partition
    return {
        "Type": kind,
        "Id": cut(" ".join(text.split()), _FIELD),
        **_partition(partition),
        "Region": region,
        "ResourceRole": role,
    }


def _partition(partition: str) -> dict[str, Json]:
    return {"Partition": partition} if partition in _PARTITIONS else {}


def _action(noted: Noted) -> dict[str, Json]:
    if not noted.event_name.strip() or not noted.event_source.strip():
        return {}
    call: dict[str, Json] = {
        "Api": one_line(noted.event_name, _API),
        "ServiceName": one_line(noted.event_source, _API),
    }
    for name, time in (("FirstSeen", noted.first), ("LastSeen", noted.last)):
        if time:
            call[name] = stamp(time, noted.first, noted.last)
    return {"Action": {"ActionType": "AWS_API_CALL", "AwsApiCallAction": call}}


def _compliance(rule: RuleResult, verdict: VerdictName, reason: str) -> dict[str, Json]:
    requirements = [one_line(f"{each.framework} {each.id}", _REQUIREMENT) for each in rule.controls]
    compliance: dict[str, Json] = {
        "Status": _STATUSES[verdict],
        "StatusReasons": [
            {
                "ReasonCode": f"TRAILCHECK_{verdict.upper()}",
                "Description": one_line(reason, _DESCRIPTION),
            }
        ],
    }
    if requirements:
        compliance["RelatedRequirements"] = requirements[:_REQUIREMENTS]
    return compliance


def _fields(rule: RuleResult, **values: str) -> dict[str, str]:
    """Give fields of our own; those without a value are left out."""
    named = {"rule": rule.id, "ruleSha256": rule.sha256, "pack": rule.pack, **values}
    return {f"trailcheck/{name}": one_line(value, _FIELD) for name, value in named.items() if value}
