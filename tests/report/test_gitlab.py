import json

import jsonschema
from msgspec.structs import replace

from checker.aws import Json
from checker.report.gitlab import render_gitlab
from checker.report.model import Report
from tests.report.sample import hostile_report, sample_report
from tests.report.sample_rules import LINES, NOTHING, sample_counts

# The format as GitLab documents it for tools that are none of its own.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def entries(report: Report) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = json.loads(render_gitlab(report))
    jsonschema.validate(found, SCHEMA)
    return found


def test_every_finding_that_is_not_waived_is_an_entry() -> None:
    found = entries(sample_report())

    names = [each["check_name"] for each in found]
    assert names.count("iot-policy-attached-by-approved-role") == 2
    assert "iot-root-never-used" not in names
    assert len({each["fingerprint"] for each in found}) == len(found)


def test_a_finding_stands_at_the_line_of_its_event() -> None:
    found = entries(sample_report())

    assert LINES.first_line in {each["location"]["lines"]["begin"] for each in found}


def test_an_incomplete_run_is_never_an_empty_report() -> None:
    report = replace(sample_report(), rules=[])

    incomplete = entries(report)
    complete = replace(report, gate=replace(report.gate, complete=True), problems=[])

    assert [each["check_name"] for each in incomplete] == ["not-json", "incomplete"]
    assert entries(complete) == []


def test_a_rule_that_raised_is_an_entry() -> None:
    texts = [each["description"] for each in entries(sample_report())]

    assert "Could not be judged: the rule raised on 1 of 12 events in its scope" in texts


def test_fingerprints_are_those_of_the_run_before() -> None:
    report = sample_report()
    shorter = replace(report, problems=[], rules=report.rules[:1])

    before = {each["fingerprint"] for each in entries(report)}

    assert {
        each["fingerprint"] for each in entries(shorter) if each["check_name"] != "incomplete"
    } <= before


def test_hostile_text_keeps_the_schema() -> None:
    assert len(entries(hostile_report())) == len(entries(sample_report()))


def test_input_that_was_lost_is_told_once_and_not_for_each_rule() -> None:
    report = sample_report()
    raised = next(rule for rule in report.rules if rule.verdict == "error")
    reached = replace(raised, id="reached", counts=sample_counts(0), errors=NOTHING)

    text = render_gitlab(replace(report, rules=[raised, reached]))

    checks = [entry["check_name"] for entry in json.loads(text)]
    assert raised.id in checks
    assert "incomplete" in checks
    assert "reached" not in checks
