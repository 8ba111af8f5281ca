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
