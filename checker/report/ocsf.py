"""OCSF: Compliance Findings (class 2003), a line of JSON for each."""

import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from checker.aws import Json
from checker.aws.region import partition_of
from checker.report.model import AccountVerdict, Evidence, Report, RuleResult, VerdictName
from checker.report.noted import Noted, Remainder, noted_by, remainders_of
from checker.report.portable import millis, one_line, portable
from checker.visible import inert_json

VERSION: Final = "1.5.0"
"""The version of the schema. A finding has what it and 1.4 know, and nothing newer."""

_CLASS: Final = 2003
_CREATE: Final = 1

# https://schema.ocsf.io/1.5.0/classes/compliance_finding and the objects that it refers to.
_SEVERITIES: Final = {
    "info": (1, "Informational"),
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
_NEW: Final = (1, "New")
_IN_PROGRESS: Final = (2, "In Progress")
_SUPPRESSED: Final = (3, "Suppressed")
_NOTHING_TO_DO: Final = (99, "No Exception")

_STATUSES: Final[Mapping[VerdictName, tuple[int, str]]] = {
    "fail": (3, "Fail"),
    "error": (0, "Unknown"),
    "no_evidence": (2, "Warning"),
    "waived": (3, "Fail"),
    "pass": (1, "Pass"),
    "no_occurrence": (99, "No Occurrence"),
    "not_applicable": (99, "Not Applicable"),
}
_OWN_STANDARD: Final = "trailcheck"
_LINE: Final = 1_000


def render_ocsf(report: Report) -> str:
    """Give the report as lines of JSON, each a Compliance Finding.

    What was noted is a finding for each fingerprint, and a verdict on an account that noted
    nothing is one, too: no rule is left out because it passed, or could not be judged.
    """
    findings = chain.from_iterable(_findings(rule, report) for rule in report.rules)
    return "".join(
        inert_json(json.dumps(portable(each), ensure_ascii=False)) + "\n" for each in findings
    )


def _findings(rule: RuleResult, report: Report) -> Iterator[dict[str, Json]]:
    for noted in noted_by(rule):
        yield _of_noted(noted, rule, report)
    for remainder in remainders_of(rule):
        yield _of_remainder(remainder, rule, report)


def _of_noted(noted: Noted, rule: RuleResult, report: Report) -> dict[str, Json]:
    status = _SUPPRESSED if noted.is_waived else _IN_PROGRESS if noted.in_baseline else _NEW
    message = one_line(noted.what, _LINE)
    uid = f"trailcheck:{rule.id}:{noted.account}:{noted.key}"
    details = [rule.reason]
    if noted.waived:
        ids = ", ".join(noted.waivers)
        details.append(f"{noted.waived} of {noted.count} covered by the waiver {ids}")
    if noted.in_baseline:
        details.append("known: in the baseline")
    return {
        **_event(report, _SEVERITIES[rule.severity], status),
        **_span(noted.first, noted.last),
        "message": message,
        "count": noted.count,
        "cloud": _cloud(noted.account, noted.region, report),
        "finding_info": {
            **_info(rule, report, uid),
            **_seen(noted.first, noted.last),
            **_related(noted.evidence),
        },
        "compliance": _compliance(rule, "fail", details),
        **_resources(noted.resources, noted.region),
        **_evidences(noted.evidence),
        **_remediation(rule),
        "unmapped": {
            "trailcheck": {
                "verdict": "waived" if noted.is_waived else "fail",
                "fingerprint": noted.fingerprint,
                "waivers": list(noted.waivers),
                "waived": noted.waived,
                "in_baseline": noted.in_baseline,
                "controls": _controls(rule),
            }
        },
    }


def _of_remainder(remainder: Remainder, rule: RuleResult, report: Report) -> dict[str, Json]:
    told = remainder.told
    quiet = told.verdict in ("pass", "no_occurrence", "not_applicable")
    severity = _SEVERITIES["info" if quiet else rule.severity]
    details = [told.reason]
    if remainder.hidden:
        details.append(f"{remainder.hidden} of its exceptions are in no other finding")
    return {
        **_event(report, severity, _lifecycle(told, quiet=quiet)),
        **_span(report.period.first, report.period.last),
        "message": one_line(f"{told.verdict.replace('_', ' ')}: {told.reason}", _LINE),
        "cloud": _cloud(told.account, "", report),
        "finding_info": {
            **_info(rule, report, f"trailcheck:{rule.id}:{told.account}:verdict"),
            **_related(remainder.evidence),
        },
        "compliance": _compliance(rule, told.verdict, details),
        **_evidences(remainder.evidence),
        **({} if quiet else _remediation(rule)),
        "unmapped": {
            "trailcheck": {
                "verdict": told.verdict,
                "in_scope": told.counts.in_scope,
                "violations": told.counts.violations,
                "undetermined": told.counts.undetermined,
                "errors": told.counts.errors,
                "controls": _controls(rule),
            }
        },
    }


def _lifecycle(told: AccountVerdict, *, quiet: bool) -> tuple[int, str]:
    if quiet:
        return _NOTHING_TO_DO
    return _SUPPRESSED if told.verdict == "waived" else _NEW


def _event(report: Report, severity: tuple[int, str], status: tuple[int, str]) -> dict[str, Json]:
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CLASS // 1_000,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": millis(report.evaluated_at),
        "timezone_offset": 0,
        "severity_id": severity[0],
        "severity": severity[1],
        "status_id": status[0],
        "status": status[1],
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud"],
            "product": {
                "name": report.tool.name,
                "vendor_name": report.tool.name,
                "version": report.tool.version,
            },
        },
    }


def _cloud(account: str, region: str, report: Report) -> dict[str, Json]:
    cloud: dict[str, Json] = {"provider": "AWS"}
    if account:
        name = report.account_names.get(account, account)
        cloud["account"] = {
            "uid": account, "name": name, "type_id": 10, "type": "AWS Account"
        }  # fmt: skip
    if region:
        cloud["region"] = region
    return cloud


def _info(rule: RuleResult, report: Report, uid: str) -> dict[str, Json]:
    return {
        "uid": uid,
        "title": one_line(rule.title, _LINE),
        "desc": rule.description,
        "types": [f"trailcheck/{rule.kind}"],
        "created_time": millis(report.evaluated_at),
        "analytic": {
            "uid": rule.id,
            "name": one_line(rule.title, _LINE),
            "type_id": 1,
            "type": "Rule",
            "version": rule.sha256,
            "desc": rule.procedure,
        },
    }


def _span(first: str | None, last: str | None) -> dict[str, Json]:
    start, end = millis(first, last), millis(last, first)
    return {"start_time": start, "end_time": end} if end else {}


def _seen(first: str | None, last: str | None) -> dict[str, Json]:
    start, end = millis(first, last), millis(last, first)
    return {"first_seen_time": start, "last_seen_time": end} if end else {}


def _related(evidence: Sequence[Evidence]) -> dict[str, Json]:
    ids = {each.event_id: None for each in evidence if each.event_id}
    return {"related_events": [{"uid": each} for each in ids]} if ids else {}


def _compliance(rule: RuleResult, verdict: VerdictName, details: Sequence[str]) -> dict[str, Json]:
    number, status = _STATUSES[verdict]
    severity_id, severity = _SEVERITIES[rule.severity]
    # Older versions of the schema require a standard; a rule without a control is held to itself.
    frameworks = list({each.framework: None for each in rule.controls}) or [_OWN_STANDARD]
    compliance: dict[str, Json] = {
        "status_id": number,
        "status": status,
        "status_code": verdict,
        "status_details": [one_line(each, _LINE) for each in details],
        "desc": rule.procedure,
        "standards": frameworks,
        "checks": [
            {
                "uid": rule.id,
                "name": one_line(rule.title, _LINE),
                "version": rule.sha256,
                "status_id": number,
                "status": status,
                "severity_id": severity_id,
                "severity": severity,
                "standards": frameworks,
            }
        ],
    }
    if rule.controls:
        compliance["control"] = rule.controls[0].id
        compliance["requirements"] = [f"{each.framework}:{each.id}" for each in rule.controls]
    return compliance


def _controls(rule: RuleResult) -> list[Json]:
    return [
        {"framework": each.framework, "id": each.id, "relation": each.relation}
        for each in rule.controls
    ]


def _resources(resources: Sequence[str], region: str) -> dict[str, Json]:
    if not resources:
        return {}
    where = {"region": region, "cloud_partition": partition_of(region)} if region else {}
    return {"resources": [{"uid": each, "name": each, **where} for each in resources]}


def _evidences(evidence: Sequence[Evidence]) -> dict[str, Json]:
    return {"evidences": [_evidence(each) for each in evidence]} if evidence else {}


def _evidence(evidence: Evidence) -> dict[str, Json]:
    service = evidence.event_source or "unknown"
    found: dict[str, Json] = {
        "api": {
            "operation": evidence.event_name or "unknown",
            "service": {"name": service, "uid": service},
        },
        "data": {
            "event": evidence.event,
            "evidence": evidence.evidence,
            "message": evidence.message,
            "reason": evidence.reason,
            "path": evidence.path,
            "index": evidence.index,
        },
    }
    if evidence.principal:
        found["actor"] = {"user": {"uid": evidence.principal, "name": evidence.principal}}
    if evidence.source_address:
        kind = "ip" if _is_address(evidence.source_address) else "svc_name"
        found["src_endpoint"] = {kind: evidence.source_address}
    return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _remediation(rule: RuleResult) -> dict[str, Json]:
    if not rule.remediation:
        return {}
    return {"remediation": {"desc": rule.remediation, "references": list(rule.references)}}
