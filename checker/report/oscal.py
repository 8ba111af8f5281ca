"""OSCAL: assessment results in JSON, an observation for each rule, findings for controls."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final

from checker.aws import Json
from checker.report.exceptions_model import WaiverEntry
from checker.report.model import Report, RuleResult
from checker.report.oscal_controls import objective, reviewed_controls, tested_by
from checker.report.oscal_observation import observation, observation_uuid
from checker.report.oscal_parts import (
    NAMESPACE,
    derived,
    having,
    plan_uuid,
    prop,
    props,
    prose,
    resources,
    title,
    within,
)
from checker.report.portable import one_line, stamp
from checker.report.saved import render_json
from checker.visible import inert_json

VERSION: Final = "1.1.3"
"""The version of OSCAL; nothing in the document is newer."""

_LINE: Final = 1_000
_TOOL: Final = derived("component", "trailcheck")


def render_oscal(report: Report) -> str:
    """Give the report as the assessment results of one run.

    A control is found not satisfied where a rule that tests it failed. None is found satisfied:
    that the logs show no exception does not say that a control works.
    """
    whole = hashlib.sha256(render_json(report).encode()).hexdigest()
    document = {
        "assessment-results": {
            "uuid": derived("document", whole),
            "metadata": _metadata(report),
            "import-ap": {"href": f"#{plan_uuid(report)}"},
            "results": [_result(report)],
            "back-matter": {"resources": resources(report)},
        }
    }
    return inert_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _metadata(report: Report) -> dict[str, Json]:
    stated = report.provenance.stated
    return {
        "title": "trailcheck: rules judged over AWS CloudTrail logs",
        "last-modified": stamp(report.evaluated_at),
        "version": one_line(report.evaluated_at, _LINE),
        "oscal-version": VERSION,
        "props": props(
            tool_version=report.tool.version,
            manifest_sha256=report.provenance.manifest.sha256,
            prepared_by=stated.prepared_by,
            purpose=stated.purpose,
        ),
        "remarks": prose("\n\n".join(report.notes)),
    }


def _result(report: Report) -> dict[str, Json]:
    period = report.period
    manifest = report.provenance.manifest.sha256
    uuid = derived("result", manifest, period.first or "", period.last or "")
    accounts = {told.account: None for rule in report.rules for told in rule.by_account}
    waivers = report.waivers.entries if report.waivers else []
    return having(
        uuid=uuid,
        title="One run of trailcheck",
        description=prose(_description(report)),
        start=stamp(period.first, period.last, report.evaluated_at),
        end=stamp(period.last, period.first, report.evaluated_at),
        props=props(
            exit_code=report.gate.exit_code,
            complete=report.gate.complete,
            events_read=report.totals.read,
            events_judged=report.totals.judged,
        ),
        local_definitions=_local_definitions(accounts, report),
        reviewed_controls=reviewed_controls(report.rules),
        observations=[observation(rule, report, uuid, _TOOL) for rule in report.rules],
        risks=[_risk(each, report, uuid) for each in waivers],
        findings=_findings(report, uuid),
    )


def _description(report: Report) -> str:
    counts = ", ".join(
        f"{count} {verdict.replace('_', ' ')}" for verdict, count in report.verdicts.items()
    )
    return (
        f"{len(report.rules)} rules judged over {report.totals.judged} events ({counts}). "
        f"{'; '.join(report.gate.reasons)}. The period: {report.period.source}."
    )


def _local_definitions(accounts: Iterable[str], report: Report) -> dict[str, Json]:
    items = [
        having(
            uuid=derived("account", account),
            description=title(f"AWS account {account or '(not named)'}"),
            props=props(account=account, account_name=report.account_names.get(account, "")),
        )
        for account in accounts
    ]
    tool = {
        "uuid": _TOOL,
        "type": "software",
        "title": "trailcheck",
        "description": "Judges AWS CloudTrail logs by rules.",
        "props": props(version=report.tool.version),
        "status": {"state": "operational"},
    }
    platform = {
        "uuid": derived("platform", "trailcheck"),
        "title": "trailcheck",
        "uses-components": [{"component-uuid": _TOOL}],
    }
    assets = {"components": [tool], "assessment-platforms": [platform]}
    return having(inventory_items=items, assessment_assets=assets)


def _findings(report: Report, result: str) -> list[Json]:
    failed = [rule for rule in report.rules if rule.verdict == "fail"]
    return [
        _finding(control, rules, report, result)
        for control, rules in sorted(tested_by(failed).items())
    ]


def _finding(
    control: str, rules: Sequence[RuleResult], report: Report, result: str
) -> dict[str, Json]:
    reasons = "\n\n".join(f"{rule.id}: {rule.reason}" for rule in rules)
    ids = {rule.id for rule in rules}
    waivers = report.waivers.entries if report.waivers else []
    return having(
        uuid=within(result, "finding", control),
        title=title(f"{control} is not satisfied: a rule that tests it failed"),
        description=prose(reasons),
        props=[prop("rule-id", rule.id) for rule in rules],
        target={
            "type": "objective-id",
            "target-id": objective(control),
            "status": {"state": "not-satisfied", "reason": "fail"},
        },
        related_observations=[
            {"observation-uuid": observation_uuid(rule, result)} for rule in rules
        ],
        related_risks=[
            {"risk-uuid": _risk_uuid(each)} for each in waivers if each.rule in ids and each.covered
        ],
    )


def _risk_uuid(waiver: WaiverEntry) -> str:
    return derived("waiver", waiver.id)


def _risk(waiver: WaiverEntry, report: Report, result: str) -> dict[str, Json]:
    rules = [rule for rule in report.rules if rule.id == waiver.rule]
    facets = [_facet("severity", rule.severity) for rule in rules]
    return having(
        uuid=_risk_uuid(waiver),
        title=title(f"Waiver {waiver.id} of {waiver.rule}"),
        description=prose(f"Scope: {waiver.scope}"),
        statement=prose(waiver.reason),
        props=props(
            waiver_id=waiver.id,
            waiver_status=waiver.status,
            rule_id=waiver.rule,
            owner=waiver.owner,
            approved_by=waiver.approved_by,
            approved_on=waiver.approved_on,
            ticket=waiver.ticket,
            retroactive=waiver.retroactive,
            covered=waiver.covered,
            before_approval=waiver.before_approval,
            after_end=waiver.after_end,
            approval="as stated, not verified",
        ),
        status=_status(waiver, applied=report.waivers is not None and report.waivers.applied),
        characterizations=[
            {
                "origin": {"actors": [{"type": "tool", "actor-uuid": _TOOL}]},
                "facets": [_facet("kind", waiver.kind), *facets],
            }
        ],
        deadline=stamp(waiver.expires),
        related_observations=[
            {"observation-uuid": observation_uuid(rule, result)} for rule in rules
        ],
    )


def _facet(name: str, value: str) -> dict[str, Json]:
    return {"name": name, "system": NAMESPACE, "value": value}


def _status(waiver: WaiverEntry, *, applied: bool) -> str:
    """Say how a risk stands; only a waiver that is in force, and was applied, is approved."""
    match waiver.status:
        case "live" | "ending" if applied:
            return "deviation-approved"
        case "expired":
            return "open"
        case _:
            return "deviation-requested"
