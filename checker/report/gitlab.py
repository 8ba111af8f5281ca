"""The findings as a GitLab Code Quality report."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from checker.aws import Json
from checker.report.findings import Finding, findings_of, is_error_of_its_own
from checker.report.model import ProblemEntry, Report, RuleResult, SeverityName
from checker.report.spots import Spot, relative, rule_spot, spot_of
from checker.visible import inert_json, visible

_SEVERITIES: Final[Mapping[SeverityName, str]] = {
    "info": "info",
    "low": "minor",
    "medium": "major",
    "high": "critical",
    "critical": "blocker",
}
_NOT_JUDGED: Final = "blocker"
_MAX_TEXT: Final = 2_000


def render_gitlab(report: Report) -> str:
    """Give the report as the JSON that GitLab shows beside a merge request.

    There is one entry for each finding that is not waived. GitLab compares with the target branch
    by fingerprints and shows what is new, so what the baseline knows is among them. A rule that
    raised, and input that was lost, are entries too: without them an incomplete run would look like
    one that found nothing.
    """
    of_rules = (entry for rule in report.rules for entry in _of_rule(rule, report))
    entries = [*_problems(report), *of_rules]
    seen: Counter[str] = Counter()
    for entry in entries:
        seen[entry["fingerprint"]] += 1
        # GitLab takes entries with one fingerprint for one.
        entry["fingerprint"] = _hash(entry["fingerprint"], str(seen[entry["fingerprint"]]))
    text = json.dumps(entries, indent=2, ensure_ascii=True, allow_nan=False)
    return inert_json(text) + "\n"


def _problems(report: Report) -> Iterator[dict[str, Json]]:
    yield from (_of_problem(each) for each in report.problems if each.level == "error")
    if not report.gate.complete:
        reasons = "; ".join(report.gate.reasons)
        yield _entry(f"The run is incomplete: {reasons}", "incomplete", _NOT_JUDGED, "", None)


def _of_problem(problem: ProblemEntry) -> dict[str, Json]:
    identity = f"{problem.path}\0{problem.line}\0{problem.cause}"
    text = f"{problem.path}: {problem.cause}" if problem.path else problem.cause
    path = relative(problem.path)
    entry = _entry(text, problem.code, _NOT_JUDGED, identity, None)
    if path:
        entry["location"] = {"path": path, "lines": {"begin": problem.line or 1}}
    return entry


def _of_rule(rule: RuleResult, report: Report) -> Iterator[dict[str, Json]]:
    if is_error_of_its_own(rule, report):
        text = f"Could not be judged: {rule.reason}"
        spot = spot_of(rule, rule.errors.shown)
        yield _entry(text, rule.id, _NOT_JUDGED, rule.verdict, spot)
    for finding in findings_of(rule):
        if not finding.is_waived:
            yield _of_finding(finding)


def _of_finding(finding: Finding) -> dict[str, Json]:
    rule = finding.rule
    text = f"{rule.title}: {finding.text}"
    spot = spot_of(rule, finding.evidence) if finding.evidence else rule_spot(rule)
    return _entry(text, rule.id, _SEVERITIES[rule.severity], finding.identity, spot)


def _entry(
    text: str, check: str, severity: str, identity: str, spot: Spot | None
) -> dict[str, Json]:
    shown = visible(text)
    path, line = (spot.path, spot.lines.first_line) if spot else ("trailcheck.yaml", 1)
    return {
        "description": shown if len(shown) <= _MAX_TEXT else f"{shown[: _MAX_TEXT - 1]}…",
        "check_name": visible(check)[:_MAX_TEXT] or "trailcheck",
        "fingerprint": _hash(check, identity),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()
