from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
from junitparser import JUnitXml

from checker.report.junit import render_junit
from checker.report.model import Report
from tests.report.sample import hostile_report, sample_report


def outcomes(report: Report, folder: Path) -> dict[str, str]:
    """Read the XML back with somebody else's parser: outcome by test case."""
    path = folder / "junit.xml"
    path.write_text(render_junit(report), encoding="utf-8")
    found: dict[str, str] = {}
    for suite in JUnitXml.fromfile(path.as_posix()):
        for case in suite:
            kinds = [type(each).__name__.lower() for each in case.result]
            found[case.name] = kinds[0] if kinds else "passed"
    return found


def test_every_verdict_has_its_place_in_junit(tmp_path: Path) -> None:
    report = sample_report()
    found = outcomes(report, tmp_path)
    expected = {
        "fail": "failure",
        "error": "error",
        "no_evidence": "skipped",
        "waived": "skipped",
        "pass": "passed",
        "no_occurrence": "skipped",
        "not_applicable": "skipped",
    }

    order = ["info", "low", "medium", "high", "critical"]
    for rule in report.rules:
        soft = rule.verdict == "fail" and order.index(rule.severity) < order.index(
            report.gate.fail_on
        )
        outcome = found[f"[{rule.severity}] {rule.id}: {rule.title}"]
        assert outcome == ("skipped" if soft else expected[rule.verdict])


def test_a_failure_lists_its_episodes_and_their_events() -> None:
    root = ET.fromstring(render_junit(sample_report()))  # noqa: S314 - our own output
    texts = [failure.text or "" for failure in root.iter("failure")]
    (text,) = (each for each in texts if "sourceIPAddress" in each)

    assert "sourceIPAddress 203.0.113.7, awsRegion (absent): 3 events in 3 min\n" in text
    assert "\n  2025-01-15T08:22:30Z 111122223333 " in text
    assert "too soon to tell" not in text


def test_an_incomplete_run_is_an_error_of_its_own(tmp_path: Path) -> None:
    report = sample_report()
    gate = msgspec.structs.replace(report.gate, reasons=["no trail log was read"])
    broken = msgspec.structs.replace(report, gate=gate)
    whole = msgspec.structs.replace(report, gate=msgspec.structs.replace(gate, complete=True))

    assert outcomes(broken, tmp_path)["the run is complete"] == "error"
    assert outcomes(whole, tmp_path)["the run is complete"] == "passed"


def test_the_counts_are_those_of_the_cases() -> None:
    root = ET.fromstring(render_junit(sample_report()))  # noqa: S314 - our own output

    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(root.attrib[name]) == len(root.findall(f".//{tag}"))
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase"))


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    names = outcomes(hostile_report(), tmp_path)

    assert len(names) == len(hostile_report().rules) + 1


def test_a_failure_says_what_of_it_is_waived_or_known_and_marks_it() -> None:
    root = ET.fromstring(render_junit(sample_report()))  # noqa: S314 - our own output
    failures = {each.get("message"): each.text or "" for each in root.iter("failure")}
    text = failures["6 exceptions in 18 events tested (2 waived, 1 in the baseline)"]

    assert "[waived by rollout-2024-12] 2025-01-15T08:00:30Z" in text
    assert "[in the baseline] 2025-01-15T08:01:30Z" in text
    assert "\n2025-01-15T08:02:30Z" in text


def test_what_is_waived_is_skipped_with_the_waived_events(tmp_path: Path) -> None:
    root = ET.fromstring(render_junit(sample_report()))  # noqa: S314 - our own output
    (case,) = [each for each in root.iter("testcase") if "root-never-used" in each.get("name", "")]
    skipped, output = case

    assert skipped.get("message") == "waived: 1 exception in 1 event tested, covered by a waiver"
    assert (output.text or "").startswith("[waived by root-billing-2025-01] ")


def test_a_failure_that_was_all_known_is_skipped(tmp_path: Path) -> None:
    report = sample_report()
    rule = report.rules[0]
    gate = msgspec.structs.replace(report.gate, known_only=[rule.id])
    known = msgspec.structs.replace(report, gate=gate)

    assert outcomes(known, tmp_path)[f"[high] {rule.id}: {rule.title}"] == "skipped"
    assert "fail, all that failed is in the baseline: 6 exceptions" in render_junit(known)
