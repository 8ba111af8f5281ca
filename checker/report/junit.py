"""JUnit XML: one test case for each rule, and one for the run itself."""

import json
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from checker.report.findings import episode_line, let_through, mark
from checker.report.model import Counts, Evidence, Gate, Report, RuleResult
from checker.report.provenance import stated
from checker.report.text import closing_line
from checker.visible import inert


def render_junit(report: Report) -> str:
    """Give the report as JUnit XML.

    An error is an error and a failure a failure; a failure that does not fail the gate, what is
    waived, and every verdict that tested nothing, is skipped with its reason. Whether the run was
    complete is a test case of its own, so that lost input cannot look green.
    """
    root = ET.Element("testsuites", {"name": "trailcheck"})
    packs = sorted({rule.pack for rule in report.rules})
    _add_suite(root, "trailcheck", [_run_case(report)], list(_provenance(report)))
    for pack in packs:
        rules = sorted((each for each in report.rules if each.pack == pack), key=lambda r: r.id)
        cases = [_rule_case(rule, report.gate) for rule in rules]
        hashes = [(f"sha256 of {rule.path}", rule.sha256) for rule in rules]
        _add_suite(root, pack or "rules", cases, hashes)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add_suite(
    root: ET.Element, name: str, cases: list[ET.Element], properties: Sequence[tuple[str, str]]
) -> None:
    counts = {
        "tests": len(cases),
        "failures": sum(1 for case in cases if case.find("failure") is not None),
        "errors": sum(1 for case in cases if case.find("error") is not None),
        "skipped": sum(1 for case in cases if case.find("skipped") is not None),
    }
    attributes = {"name": _text(name), **{key: str(count) for key, count in counts.items()}}
    suite = ET.SubElement(root, "testsuite", attributes)
    holder = ET.SubElement(suite, "properties")
    for key, value in properties:
        ET.SubElement(holder, "property", {"name": _text(key), "value": _text(value)})
    suite.extend(cases)


def _provenance(report: Report) -> Iterator[tuple[str, str]]:
    """Give where the report comes from, as names and values."""
    provenance = report.provenance
    yield "version", report.tool.version
    yield "evaluated at", report.evaluated_at
    yield "sha256 of the input manifest", provenance.manifest.sha256
    yield from ((f"sha256 of {each.path}", each.sha256) for each in provenance.files)
    for name, value in provenance.settings.items():
        yield f"setting {name}", value if isinstance(value, str) else json.dumps(value)
    yield from stated(report)


def _run_case(report: Report) -> ET.Element:
    case = ET.Element("testcase", {"classname": "trailcheck", "name": "the run is complete"})
    if not report.gate.complete:
        lines = [
            inert(f"{problem.path}: {problem.cause}")
            for problem in report.problems
            if problem.level == "error"
        ]  # fmt: skip
        _add(case, "error", "; ".join(report.gate.reasons), lines)
    _add_output(case, [closing_line(report)])
    return case


def _rule_case(rule: RuleResult, gate: Gate) -> ET.Element:
    name = f"[{rule.severity}] {rule.id}: {rule.title}"
    case = ET.Element("testcase", {"classname": _text(rule.pack or "rules"), "name": _text(name)})
    singles = [_line(each) for each in (*rule.violations.shown, *rule.errors.shown)]
    evidence = [*_episodes(rule), *singles]
    match rule.verdict:
        case "fail" if why := let_through(rule, gate):
            _add(case, "skipped", f"fail, {why}: {rule.reason}{_exceptions(rule.counts)}", [])
            _add_output(case, evidence)
        case "fail":
            _add(case, "failure", f"{rule.reason}{_exceptions(rule.counts)}", evidence)
        case "error":
            _add(case, "error", rule.reason, evidence)
        case "pass":
            others = [f"{count} {name}" for name, count in rule.counts.other_outcomes.items()]
            note = [f"not judged, by their outcome: {', '.join(others)}"] if others else []
            _add_output(case, [rule.reason, *note])
        case other:
            _add(case, "skipped", f"{other.replace('_', ' ')}: {rule.reason}", [])
            _add_output(case, evidence)
    return case


def _exceptions(counts: Counts) -> str:
    """Say how many exceptions are waived or known; empty where none is."""
    told = [
        f"{count} {what}"
        for count, what in ((counts.waived, "waived"), (counts.known, "in the baseline"))
        if count
    ]
    return f" ({', '.join(told)})" if told else ""


def _add(case: ET.Element, kind: str, message: str, lines: list[str]) -> None:
    outcome = ET.SubElement(case, kind, {"message": _text(message)})
    if kind != "skipped":
        outcome.set("type", kind)
    if lines:
        outcome.text = _text("\n".join(lines))


def _add_output(case: ET.Element, lines: list[str]) -> None:
    if lines:
        ET.SubElement(case, "system-out").text = _text("\n".join(lines))


def _episodes(rule: RuleResult) -> Iterator[str]:
    """Give what was found in many events; what could not be told is no failure."""
    for episode in rule.episodes.shown:
        if episode.certain:
            yield inert(f"{mark(episode)}{episode_line(episode)}")
            yield from (f"  {_line(each)}" for each in episode.evidence)


def _line(evidence: Evidence) -> str:
    what = f"{evidence.message} ({evidence.reason})" if evidence.reason else evidence.message
    when, who = evidence.time or "no time", evidence.account
    return inert(f"{mark(evidence)}{when} {who} {what} [{evidence.event_id}]")


def _text(text: str) -> str:
    """Give text of what XML 1.0 allows, no line of which is a command of a CI server."""
    return "\n".join(inert(line) for line in text.split("\n"))
