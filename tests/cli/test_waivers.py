"""Waivers from end to end: a repository with rules, logs, waivers and a gate."""

import json
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import APPROVED, event, rule_text, write_rules, write_trail
from tests.policy.test_waiver_document import waivers_text

BURST = rule_text(
    "burst",
    require=None,
    correlation="{type: event_count, group_by: sourceIPAddress, timespan: 10m, condition: {gte: 2}}",
)
DUTY = rule_text("duty", require=None, cadence="{every: 30d, per: account}")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text())
    return tmp_path


def log(*times: str, **changes: Any) -> None:
    records = [
        event(eventID=f"id-{number}", eventTime=time, **changes)
        for number, time in enumerate(times)
    ]
    write_trail(Path("log.json"), records)


def waive(*changes: dict[str, str | None]) -> None:
    Path("waivers.yaml").write_text(waivers_text(*changes), encoding="utf-8")


def checked(*options: str, now: str = "2024-05-20") -> tuple[int, dict[str, Any]]:
    arguments = ["check", "log.json", "-r", "rules", "--now", now, "-o", "json=r.json"]
    code = main([*arguments, "--waivers", "waivers.yaml", *options])
    return code, json.loads(Path("r.json").read_text(encoding="utf-8"))


def test_the_gate_turns_where_the_waiver_ends_between_two_events() -> None:
    log("2024-05-31T23:59:59Z")
    waive({})

    code, report = checked(now="2024-11-20")

    assert code == 0
    assert report["rules"][0]["verdict"] == "waived"

    log("2024-05-31T23:59:59Z", "2024-06-01T00:00:00Z")

    code, report = checked(now="2024-11-20")

    (rule,) = report["rules"]
    assert code == 1
    assert (rule["verdict"], rule["counts"]["violations"], rule["counts"]["waived"]) == (
        "fail",
        2,
        1,
    )
    assert rule["reason"] == "2 exceptions in 2 events tested, 1 of them covered by waivers"
    assert [each["waiver"] for each in rule["violations"]["shown"]] == ["", "rollout"]
    (entry,) = report["waivers"]["entries"]
    assert (entry["status"], entry["covered"], entry["after_end"]) == ("expired", 1, 1)
    assert [each["code"] for each in report["problems"]] == ["waiver-expired"]


def test_an_act_approved_then_stays_waived_in_a_later_run() -> None:
    log("2024-05-10T10:00:00Z")
    waive({})

    assert checked(now="2026-11-20")[0] == 0


def test_what_was_approved_after_the_event_is_not_waived_unless_for_a_reason() -> None:
    log("2024-04-30T10:00:00Z")
    waive({})

    code, report = checked()

    assert code == 1
    assert report["waivers"]["entries"][0]["before_approval"] == 1

    waive({"retroactive": "true", "retroactive_reason": "an incident at night"})

    code, report = checked()

    (entry,) = report["waivers"]["entries"]
    assert code == 0
    assert (entry["covered"], entry["retroactively"]) == (1, 1)
    assert entry["retroactive"] == "an incident at night"


def test_no_waivers_shows_the_bare_truth() -> None:
    log("2024-05-10T10:00:00Z")
    waive({})

    code, report = checked("--no-waivers")

    assert code == 1
    assert report["rules"][0]["verdict"] == "fail"
    assert report["waivers"]["applied"] is False
    assert report["waivers"]["entries"][0]["covered"] == 0
    assert "No waiver of waivers.yaml was let count (--no-waivers)." in report["notes"]
    assert report["problems"] == []


def test_a_waiver_covers_no_error_and_no_missing_evidence() -> None:
    waive({"scope": "{all: true}"})
    log("2024-05-10T10:00:00Z", userIdentity=None)
    write_rules(Path("rules"), rule_text(requires="[userIdentity]"))

    code, report = checked()

    assert code == 3
    assert report["rules"][0]["verdict"] == "no_evidence"

    write_rules(Path("rules"), rule_text(require="starts_with(requestParameters, 'x')"))

    code, report = checked()

    assert code == 3
    assert report["rules"][0]["verdict"] == "error"


@pytest.mark.parametrize(
    ("last", "verdict"), [("2024-05-31T23:59:59Z", "waived"), ("2024-06-01T00:00:00Z", "fail")]
)
def test_a_burst_is_covered_by_its_whole_span(last: str, verdict: str) -> None:
    write_rules(Path("rules"), BURST)
    Path("rules/a-rule.yaml").unlink()
    log("2024-05-31T23:55:00Z", last)
    waive({"rule": "burst"})

    _, report = checked()

    (rule,) = report["rules"]
    assert rule["verdict"] == verdict
    assert rule["episodes"]["shown"][0]["waiver"] == ("rollout" if verdict == "waived" else "")


def test_a_burst_of_which_one_event_is_out_of_the_scope_is_not_covered() -> None:
    write_rules(Path("rules"), BURST)
    Path("rules/a-rule.yaml").unlink()
    waive({"rule": "burst"})
    records = [
        event(eventID=f"id-{number}", eventTime=f"2024-05-10T10:0{number}:00Z")
        for number in range(3)
    ]
    write_trail(Path("log.json"), records)
    assert checked()[1]["rules"][0]["verdict"] == "waived"

    records[1]["requestParameters"] = {"policyName": "Other"}
    write_trail(Path("log.json"), records)

    assert checked()[1]["rules"][0]["verdict"] == "fail"


@pytest.mark.parametrize(
    ("scope", "verdict"),
    [
        ("{all: true}", "waived"),
        ("{match: {recipientAccountId: '111122223333'}}", "waived"),
        ("{match: {recipientAccountId: '444455556666'}}", "fail"),
        ("{match: {eventName: AttachPolicy}}", "fail"),
    ],
)
def test_an_interval_without_an_event_is_waived_by_its_account(scope: str, verdict: str) -> None:
    write_rules(Path("rules"), DUTY)
    Path("rules/a-rule.yaml").unlink()
    log("2024-01-01T00:00:00Z", "2024-03-31T00:00:00Z", eventName="Other")
    waive({"rule": "duty", "scope": scope, "approved_on": "2024-01-01"})

    assert checked()[1]["rules"][0]["verdict"] == verdict


def test_every_waiver_is_listed_with_what_is_odd_about_it() -> None:
    log("2024-05-10T10:00:00Z", userIdentity=APPROVED)
    waive(
        {"id": "ending"},
        {"id": "own", "approved_by": "a. example ", "expires": "2025-01-01"},
        {"id": "pending", "approved_on": "2024-07-01", "expires": "2025-01-01"},
        {"id": "elsewhere", "rule": "iot-root-not-used", "expires": "2025-01-01"},
    )

    code, report = checked()

    assert code == 0
    assert {each["id"]: (each["status"], each["rule_judged"]) for each in report["waivers"]["entries"]} == {
        "elsewhere": ("live", False),
        "ending": ("ending", True),
        "own": ("live", True),
        "pending": ("pending", True),
    }  # fmt: skip
    assert sorted((each["code"], each["cause"].split()[1]) for each in report["problems"]) == [
        ("waiver-ending", "ending"),
        ("waiver-own-approval", "own"),
        ("waiver-unused", "ending"),
        ("waiver-unused", "own"),
        ("waiver-unused", "pending"),
    ]
    assert all(each["level"] == "warning" for each in report["problems"])


def test_reports_say_that_approvals_were_not_verified() -> None:
    log("2024-05-10T10:00:00Z")
    waive({})

    _, report = checked()

    digest = report["waivers"]["sha256"]
    said = f"Approval of waivers is as stated in waivers.yaml (sha256 {digest}), not verified."
    assert said in report["notes"]
    files = {each["kind"]: each["sha256"] for each in report["provenance"]["files"]}
    assert files["waivers"] == digest


def test_a_waiver_of_no_rule_stops_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    log("2024-05-10T10:00:00Z")
    waive({"rule": "a-rul"})

    assert main(["check", "log.json", "-r", "rules", "--waivers", "waivers.yaml"]) == 2
    assert "waivers.yaml:2:5: waiver rollout: there is no rule 'a-rul'" in capsys.readouterr().err


def test_the_configuration_names_waivers_beside_itself() -> None:
    log("2024-05-10T10:00:00Z")
    Path("policy").mkdir()
    Path("policy/waivers.yaml").write_text(waivers_text({}), encoding="utf-8")
    Path("policy/trailcheck.yaml").write_text("waivers: waivers.yaml\n", encoding="utf-8")

    code = main(["check", "log.json", "-r", "rules", "--config", "policy/trailcheck.yaml"])

    assert code == 0


def test_an_access_key_in_a_waiver_is_masked_in_reports() -> None:
    log("2024-05-10T10:00:00Z")
    scope = "{match: {userIdentity.accessKeyId: AKIAIOSFODNN7EXAMPLE}}"
    waive({"scope": scope, "reason": "the key AKIAIOSFODNN7EXAMPLE is of the rollout"})

    _, report = checked()

    assert "AKIAIOSF" not in json.dumps(report)
    assert "MPLE" in report["waivers"]["entries"][0]["scope"]


def test_an_approval_that_is_not_given_yet_covers_nothing_of_before() -> None:
    log("2024-05-10T10:00:00Z")
    later = {"approved_on": "2030-01-01", "expires": "2031-01-01"}
    waive({**later, "retroactive": "true", "retroactive_reason": "it will be approved"})

    code, report = checked()

    (entry,) = report["waivers"]["entries"]
    assert code == 1
    assert (entry["status"], entry["covered"], entry["before_approval"]) == ("pending", 0, 1)


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ("{all: true}", ["eu-west-1", "us-east-1"]),
        ("{match: {awsRegion: us-east-1}}", ["us-east-1"]),
        ("{where: \"awsRegion != 'us-east-1'\"}", ["eu-west-1"]),
        ("{where: \"eventName != 'AttachPolicy'\"}", []),
        ("{where: \"awsRegion == 'us-east-1' && !errorCode\"}", []),
        ("{match: {userIdentity.arn: null}}", []),
        ("{match: {recipientAccountId: null}}", []),
        ("{where: \"recipientAccountId != '444455556666'\"}", []),
    ],
)
def test_an_interval_is_not_waived_by_what_it_does_not_have(scope: str, covered: list[str]) -> None:
    write_rules(Path("rules"), rule_text("duty", require=None, cadence="{every: 30d, per: region}"))
    Path("rules/a-rule.yaml").unlink()
    records = [
        event(eventID=f"{time} {region}", eventTime=time, awsRegion=region, eventName="Other")
        for time in ("2024-05-01T00:00:00Z", "2024-07-10T00:00:00Z")
        for region in ("us-east-1", "eu-west-1")
    ]
    write_trail(Path("log.json"), records)
    waive({"rule": "duty", "scope": scope, "approved_on": "2024-01-01", "expires": "2025-01-01"})

    _, report = checked()

    (rule,) = report["rules"]
    waived = {each["group"][0]["value"] for each in rule["episodes"]["shown"] if each["waiver"]}
    assert sorted(waived) == covered
