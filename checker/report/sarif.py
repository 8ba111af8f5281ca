"""The findings as SARIF 2.1.0, as GitHub code scanning takes it.

There is one result for each group of violations with one fingerprint, not for each violation: it is
what a waiver or a baseline knows, and so an alert lasts from run to run and is not opened anew for
each event. It stands where the first event of the group that is shown stands; the others are
related locations. An episode is a result of its own, and the code flow of its events. Events in
logs that are no text, or outside of the working directory, are shown at the rule's file: GitHub
refuses a whole upload for one result without a location.

GitHub takes every result for an alert, whatever its `kind` or `baselineState` says. So only what
broke a rule is a result. Rules that could not be tested, and what was wrong with the input, are
notifications; every rule's verdict is in its properties, and what is fixed since the baseline in
those of the run. What is waived is a result with a suppression.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from checker.aws import Json
from checker.report.findings import Finding, count_of_findings, findings_of, standing
from checker.report.model import Evidence, ProblemEntry, Report, RuleResult
from checker.report.sarif_rules import LEVELS, descriptor, rule_id, shown
from checker.report.spots import Spot, event_spot, line_spot, relative, rule_spot, spot_of
from checker.report.text import closing_line
from checker.visible import inert_json

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

MAX_RESULTS: Final = 25_000
"""GitHub refuses a run with more results, and keeps 5,000 of them: the most severe."""
MAX_BYTES: Final = 9 << 20
"""GitHub refuses more than 10 MB compressed; what is no larger before that is no larger after."""

_MAX_NOTIFICATIONS: Final = 1_000
_MAX_RELATED: Final = 99
_MAX_TEXT: Final = 4_000
_REASONS: Final = {
    "authorised_change": "authorised change",
    "risk_accepted": "risk accepted",
    "false_positive": "false positive",
    "remediated": "remediated",
}


def render_sarif(report: Report) -> str:
    """Give the report as a SARIF log of one run, the most severe results first."""
    rules = sorted(report.rules, key=lambda each: each.id)
    descriptors = [descriptor(rule) for rule in rules]
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    left = MAX_BYTES - len(_json(descriptors))
    results = list(_fitting(_results(report, indexes), left))
    total = sum(count_of_findings(rule) for rule in report.rules)
    told = list(_notifications(report, indexes))
    notifications = [
        *_cut(len(results), total, "findings"),
        *_cut(min(len(told), _MAX_NOTIFICATIONS), len(told), "notifications"),
        *told[:_MAX_NOTIFICATIONS],
    ]
    run = {
        "tool": {
            "driver": {
                "name": "trailcheck",
                "semanticVersion": shown(report.tool.version, _MAX_TEXT),
                "rules": descriptors,
            }
        },
        "invocations": [
            {
                "executionSuccessful": report.gate.complete,
                "exitCode": report.gate.exit_code,
                "exitCodeDescription": shown("; ".join(report.gate.reasons), _MAX_TEXT),
                "toolExecutionNotifications": notifications,
            }
        ],
        "automationDetails": {"id": f"trailcheck/{shown(report.evaluated_at, _MAX_TEXT)}"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": _of_run(report),
    }
    log = _full({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})
    return inert_json(_json(log)) + "\n"


def _results(report: Report, indexes: dict[str, int]) -> Iterator[Json]:
    findings = [finding for rule in report.rules for finding in findings_of(rule)]
    # What fails the gate first, then by severity: GitHub may keep the first of them only.
    ranks = list(LEVELS)
    findings.sort(
        key=lambda each: (bool(standing(each, report.gate)), -ranks.index(each.rule.severity))
    )
    seen: Counter[str] = Counter()
    waivers = {each.id: each for each in report.waivers.entries} if report.waivers else {}
    reasons = {
        name: f"{_REASONS[each.kind]}, approved by {each.approved_by} until {each.expires}: "
        f"{each.reason}"
        for name, each in waivers.items()
    }
    for finding in findings:
        digest = sha256(f"{finding.rule.id}\0{finding.identity}".encode(errors="replace"))
        seen[digest.hexdigest()] += 1
        result = _result(finding, report, indexes[finding.rule.id])
        result["partialFingerprints"] = {
            # GitHub tells alerts apart by this one, and knows the ordinal from its own hashes.
            "primaryLocationLineHash": f"{digest.hexdigest()[:16]}:{seen[digest.hexdigest()]}",
            "trailcheckFingerprint/v1": shown(finding.fingerprint, _MAX_TEXT),
        }
        if finding.is_waived:
            result["suppressions"] = [_suppression(finding, reasons)]
        yield result


def _result(finding: Finding, report: Report, index: int) -> dict[str, Json]:
    rule, events = finding.rule, finding.evidence
    why = standing(finding, report.gate)
    text = f"{finding.text} ({why})" if why else finding.text
    result: dict[str, Json] = {
        "ruleId": rule_id(rule),
        "ruleIndex": index,
        "level": "note" if why else LEVELS[rule.severity],
        "message": {"text": _words(text) or rule_id(rule)},
        "locations": [_location(spot_of(rule, events))],
        "occurrenceCount": finding.count,
        "properties": {"eventIds": [shown(each.event_id, _MAX_TEXT) for each in events]},
    }
    if report.baseline:
        result["baselineState"] = "unchanged" if finding.known else "new"
    if finding.is_episode and len(events) > 1:
        steps = [{"location": _event_location(rule, event)} for event in events]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    elif len(events) > 1:
        related = events[1 : _MAX_RELATED + 1]
        result["relatedLocations"] = [
            {"id": number, **_event_location(rule, event)} for number, event in enumerate(related)
        ]
    return result


def _suppression(finding: Finding, reasons: dict[str, str]) -> dict[str, Json]:
    told = [f"{name}: {reasons.get(name, 'a waiver')}" for name in finding.waivers]
    justification = shown("; ".join(told), _MAX_TEXT) or "a waiver"
    return {"kind": "external", "status": "accepted", "justification": justification}


def _fitting(results: Iterable[Json], most: int) -> Iterator[Json]:
    """Give the first results that GitHub would take."""
    left = most
    for number, result in enumerate(results):
        left -= len(_json(_full(result))) * 5 // 4  # its place in the log indents it further
        if number == MAX_RESULTS or left < 0:
            return
        yield result


def _cut(in_log: int, total: int, what: str) -> Iterator[Json]:
    if in_log < total:
        text = f"{in_log:,} of {total:,} {what} are in this log, the most severe first."
        yield {"level": "warning", "message": {"text": text}, "descriptor": {"id": "log-cut"}}


def _notifications(report: Report, indexes: dict[str, int]) -> Iterator[Json]:
    """Give the rules that could not be tested, worst first, and what was wrong with the input."""
    for rule in report.rules:
        if rule.verdict in {"error", "no_evidence"}:
            exhibits = rule.errors.shown or rule.undetermined.shown
            yield {
                "level": "error" if rule.verdict == "error" else "warning",
                "message": {"text": _words(f"{rule.id}: {rule.reason}")},
                "descriptor": {"id": rule.verdict.replace("_", "-")},
                "associatedRule": {"id": rule_id(rule), "index": indexes[rule.id]},
                "locations": [_location(spot_of(rule, exhibits))],
            }
    for problem in report.problems:
        yield _of_problem(problem)


def _of_problem(problem: ProblemEntry) -> dict[str, Json]:
    place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part)
    text = ". ".join(part for part in (problem.cause, problem.hint) if part)
    told: dict[str, Json] = {
        "level": problem.level,
        "message": {"text": _words(f"{place}: {text}" if place else text) or problem.level},
        "descriptor": {"id": shown(problem.code, _MAX_TEXT) or "problem"},
    }
    path = relative(problem.path)
    if path:
        told["locations"] = [_location(line_spot(path, problem.line, problem.column))]
    return told


def _event_location(rule: RuleResult, event: Evidence) -> dict[str, Json]:
    text = f"{event.time or 'no time'} {event.message} ({event.event_id})"
    spot = event_spot(event) or rule_spot(rule)
    return {**_location(spot), "message": {"text": _words(text)}}


def _location(spot: Spot) -> dict[str, Json]:
    lines = spot.lines
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(spot.path, safe="/")},
            "region": {
                "startLine": lines.first_line,
                "startColumn": lines.first_column,
                "endLine": lines.last_line,
                "endColumn": lines.last_column,
            },
        }
    }


def _of_run(report: Report) -> dict[str, Json]:
    fixed = report.baseline.fixed if report.baseline else []
    return {
        "summary": shown(closing_line(report), _MAX_TEXT),
        "evaluatedAt": shown(report.evaluated_at, _MAX_TEXT),
        "inputManifestSha256": shown(report.provenance.manifest.sha256, _MAX_TEXT),
        "fixedSinceBaseline": [
            {"ruleId": shown(each.rule, _MAX_TEXT), "what": shown(each.what, _MAX_TEXT)}
            for each in fixed[:MAX_RESULTS]
        ],
    }


def _words(text: str) -> str:
    """Give a message; in one, SARIF reads `[text](address)` as a link."""
    return shown(text, _MAX_TEXT).replace("](", "] (")


def _full(value: Json) -> Json:
    """Leave out what is empty: GitHub takes no empty text. A list of results may be."""
    if isinstance(value, dict):
        members = {key: _full(each) for key, each in value.items()}
        return {
            key: each
            for key, each in members.items()
            if key in {"results", "rules"} or each not in (None, "", [], {})
        }
    if isinstance(value, list):
        return [_full(each) for each in value if each not in (None, "")]
    return value


def _json(value: Json) -> str:
    return json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False)
