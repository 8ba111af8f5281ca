import gzip
import json

import pytest
from msgspec.structs import replace

from checker.aws import Json
from checker.report import sarif
from checker.report.model import Report
from checker.report.sarif import render_sarif
from tests.report.sample import sample_report
from tests.report.sample_rules import LINES, sample_evidence, sample_fingerprint


def run_of(report: Report) -> dict[str, Json]:
    (run,) = json.loads(render_sarif(report))["runs"]
    assert isinstance(run, dict)
    return run


def results(report: Report, rule_id: str = "") -> list[dict[str, Json]]:
    return [each for each in run_of(report)["results"] if rule_id in each["ruleId"]]


ATTACHED = "iot-policy-attached-by-approved-role"
BURSTS = "iot-policies-not-attached-in-bursts"


def test_there_is_one_result_for_each_group_and_episode() -> None:
    report = sample_report()

    assert len(results(report, ATTACHED)) == 3
    assert len(results(report, BURSTS)) == 3
    assert sum(each["occurrenceCount"] for each in results(report, ATTACHED)) == 6


def test_only_what_broke_a_rule_is_a_result_for_github_takes_all_for_alerts() -> None:
    report = sample_report()
    broken = {rule.id for rule in report.rules if rule.verdict in {"fail", "waived"}}

    assert {each["ruleId"] for each in results(report)} == broken
    assert not [each for each in results(report) if "kind" in each]


def test_what_fails_the_gate_comes_first_with_the_level_of_its_severity() -> None:
    levels = [each["level"] for each in results(sample_report())]

    assert levels == ["error", "error", "error", "warning", "note", "note", "note", "note"]


def test_a_result_stands_at_its_record_or_else_at_its_rule() -> None:
    places = [
        each["locations"][0]["physicalLocation"] for each in results(sample_report(), ATTACHED)
    ]
    regions = {place["artifactLocation"]["uri"]: place["region"] for place in places}
    (log,) = [uri for uri in regions if uri.startswith("trail/")]

    assert regions[log] == {
        "startLine": LINES.first_line,
        "startColumn": LINES.first_column,
        "endLine": LINES.last_line,
        "endColumn": LINES.last_column,
    }
    assert f"rules/iot/{ATTACHED}.yaml" in regions


@pytest.mark.parametrize("path", ["/var/logs/a.json", "../a.json", "logs/../../a.json", "C:/a"])
def test_a_log_elsewhere_is_no_location(path: str) -> None:
    report = sample_report()
    event = replace(sample_evidence(2), path=path, lines=LINES)
    rule = report.rules[0]
    moved = replace(rule, violations=replace(rule.violations, shown=[event]))

    text = render_sarif(replace(report, rules=[moved]))

    assert path not in text


def test_a_path_is_an_address() -> None:
    report = sample_report()
    event = replace(sample_evidence(2), path="logs/a b#é%.json", lines=LINES)
    rule = report.rules[0]
    moved = replace(rule, violations=replace(rule.violations, shown=[event]))

    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in results(replace(report, rules=[moved]))
    ]

    assert "logs/a%20b%23%C3%A9%25.json" in uris


def test_a_waiver_is_a_suppression_with_its_reason() -> None:
    (waived,) = results(sample_report(), "iot-root-never-used")

    (suppression,) = waived["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"].startswith("root-billing-2025-01: risk accepted, approved")
    assert sum("suppressions" in each for each in results(sample_report())) == 2


def test_the_state_against_the_baseline_is_told_only_where_there_is_one() -> None:
    report = sample_report()

    states = [each["baselineState"] for each in results(report, ATTACHED)]
    assert sorted(states) == ["new", "new", "unchanged"]
    assert not [each for each in results(replace(report, baseline=None)) if "baselineState" in each]


def test_what_is_fixed_is_no_result_but_told_of_the_run() -> None:
    (fixed,) = run_of(sample_report())["properties"]["fixedSinceBaseline"]

    assert fixed["ruleId"] == "iot-root-never-used"


def test_the_events_of_an_episode_are_its_code_flow() -> None:
    flows = [each.get("codeFlows") for each in results(sample_report(), BURSTS)]

    steps = [flow[0]["threadFlows"][0]["locations"] for flow in flows if flow]
    assert [len(each) for each in steps] == [3, 3]
    assert "2025-01-15T08:20:30Z" in steps[0][0]["location"]["message"]["text"]


def test_further_events_of_a_group_are_related_locations() -> None:
    report = sample_report()
    rule = report.rules[0]
    events = [replace(sample_evidence(n), fingerprint=sample_fingerprint(2)) for n in range(150)]
    many = replace(rule, violations=replace(rule.violations, shown=events))

    related = [each.get("relatedLocations", []) for each in results(replace(report, rules=[many]))]

    assert max(map(len, related)) == 99


def test_fingerprints_are_the_same_in_every_run_and_differ_in_one() -> None:
    report = sample_report()
    hashes = [
        each["partialFingerprints"]["primaryLocationLineHash"] for each in results(report, ATTACHED)
    ]
    alone = results(replace(report, rules=report.rules[:1]))

    assert len(set(hashes)) == 3
    assert hashes == [each["partialFingerprints"]["primaryLocationLineHash"] for each in alone]
    assert {each["partialFingerprints"]["trailcheckFingerprint/v1"] for each in alone} == {
        sample_fingerprint(number) for number in range(3)
    }


def test_episodes_of_one_fingerprint_are_told_apart() -> None:
    found = results(sample_report(), BURSTS)

    hashes = [each["partialFingerprints"]["primaryLocationLineHash"] for each in found]
    assert [each.rpartition(":")[2] for each in hashes] == ["1", "2", "3"]
    assert len({each.rpartition(":")[0] for each in hashes}) == 1


def test_lost_input_and_rules_that_could_not_be_tested_are_notifications() -> None:
    (invocation,) = run_of(sample_report())["invocations"]

    told = [
        (each["descriptor"]["id"], each["level"])
        for each in invocation["toolExecutionNotifications"]
    ]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    assert told == [
        ("log-cut", "warning"),
        ("error", "error"),
        ("no-evidence", "warning"),
        ("no-evidence", "warning"),
        ("not-json", "error"),
        ("no-final-newline", "warning"),
    ]


def test_a_rule_tells_github_how_severe_it_is_and_what_it_is_about() -> None:
    rules = {each["id"]: each for each in run_of(sample_report())["tool"]["driver"]["rules"]}
    attached = rules[ATTACHED]

    assert attached["name"] == "IotPolicyAttachedByApprovedRole"
    assert attached["properties"]["security-severity"] == "8.0"
    assert attached["properties"]["verdict"] == "fail"
    assert attached["properties"]["tags"][:2] == ["security", "iot"]
    assert "nist-800-53-r5:ac-6.9" in attached["properties"]["tags"]
    assert "**What to do**" in attached["help"]["markdown"]
    assert attached["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert "security-severity" not in rules["iot-fleet-hub-closed"]["properties"]


def test_descriptions_and_tags_keep_to_githubs_limits() -> None:
    report = sample_report()
    rule = replace(
        report.rules[0],
        title="t" * 5_000,
        description="d" * 5_000,
        tags=[f"tag-{number}" for number in range(50)],
    )

    (found,) = run_of(replace(report, rules=[rule]))["tool"]["driver"]["rules"]

    assert len(found["shortDescription"]["text"]) == 1_024
    assert len(found["fullDescription"]["text"]) == 1_024
    assert len(found["properties"]["tags"]) == 20


def test_a_message_holds_no_link() -> None:
    report = sample_report()
    event = replace(sample_evidence(0), message="[a](https://a.example)", fingerprint="f")
    rule = report.rules[0]
    linked = replace(rule, violations=replace(rule.violations, shown=[event]))

    texts = [each["message"]["text"] for each in results(replace(report, rules=[linked]))]

    assert any("[a] (https://a.example)" in text for text in texts)


def test_more_results_than_github_takes_are_cut_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)

    run = run_of(sample_report())

    assert len(run["results"]) == 2
    first = run["invocations"][0]["toolExecutionNotifications"][0]
    assert first["message"]["text"].startswith("2 of 9 findings are in this log")


def test_a_log_is_no_larger_than_github_takes() -> None:
    report = sample_report()
    rule = report.rules[0]
    events = [
        replace(sample_evidence(0), fingerprint=f"f{number}", message=f"{number} " * 400)
        for number in range(6_000)
    ]
    many = replace(rule, violations=replace(rule.violations, shown=events, total=6_000))

    text = render_sarif(replace(report, rules=[many]))

    assert len(gzip.compress(text.encode(), 1)) < 10_000_000
    assert len(text) < 10_000_000
    assert " findings are in this log" in text


def test_many_notifications_are_cut_and_counted() -> None:
    report = sample_report()

    (invocation,) = run_of(replace(report, problems=report.problems * 1_000))["invocations"]

    told = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert len(told) == 1_002
    assert told[1].startswith("1,000 of 2,003 notifications are in this log")


def test_a_run_that_found_nothing_has_an_empty_list_of_results() -> None:
    report = sample_report()
    passed = [rule for rule in report.rules if rule.verdict == "pass"]

    run = run_of(replace(report, rules=passed, problems=[]))

    assert run["results"] == []
