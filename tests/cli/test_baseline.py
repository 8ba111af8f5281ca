"""The baseline from end to end: noting, knowing again, what is gone."""

import json
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import event, rule_text, write_rules, write_trail
from tests.cli.test_waivers import BURST
from tests.policy.test_waiver_document import waivers_text

NOTE = ["--prepared-by", "A. Example", "--baseline-reason", "known at the start"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text(resource="requestParameters.policyName"))
    return tmp_path


def log(*policies: str, month: str = "05") -> None:
    records = [
        event(
            eventID=f"{month}-{number}",
            eventTime=f"2024-{month}-10T10:0{number}:00Z",
            requestParameters={"policyName": policy},
        )
        for number, policy in enumerate(policies)
    ]
    write_trail(Path("log.json"), records)


def checked(*options: str) -> tuple[int, dict[str, Any]]:
    arguments = ["check", "log.json", "-r", "rules", "--now", "2024-08-01", "-o", "json=r.json"]
    code = main([*arguments, *options])
    return code, json.loads(Path("r.json").read_text(encoding="utf-8"))


def noted(*options: str) -> list[dict[str, Any]]:
    checked("--write-baseline", "baseline.json", *NOTE, *options)
    entries: list[dict[str, Any]] = json.loads(Path("baseline.json").read_text())["entries"]
    return entries


def test_what_was_noted_is_known_again_and_does_not_fail_the_gate() -> None:
    log("A", "B")
    entries = noted()
    log("A", "A", month="06")

    code, report = checked("--baseline", "baseline.json")

    (rule,) = report["rules"]
    assert code == 0
    assert rule["verdict"] == "fail"
    assert (rule["counts"]["violations"], rule["counts"]["known"]) == (2, 2)
    assert report["gate"]["known_only"] == ["a-rule"]
    assert all(each["in_baseline"] for each in rule["violations"]["shown"])
    assert rule["groups"]["shown"][0]["in_baseline"]
    assert {each["created_by"] for each in entries} == {"A. Example"}
    assert {each["created_on"] for each in entries} == {"2024-08-01"}
    assert {each["reason"] for each in entries} == {"known at the start"}


def test_what_is_new_fails_the_gate_beside_what_is_known() -> None:
    log("A")
    noted()
    log("A", "C", month="06")

    code, report = checked("--baseline", "baseline.json")

    (rule,) = report["rules"]
    assert code == 1
    assert [each["in_baseline"] for each in rule["violations"]["shown"]] == [False, True]
    assert (report["baseline"]["known"], report["baseline"]["new"]) == (1, 1)


def test_what_is_gone_is_listed_as_fixed() -> None:
    log("A", "B")
    noted()
    log("B", month="06")

    _, report = checked("--baseline", "baseline.json")

    (gone,) = report["baseline"]["fixed"]
    assert gone["what"] == (
        "AttachPolicy of iot.amazonaws.com by arn:aws:iam::111122223333:user/alice on A "
        "in 111122223333 eu-west-1"
    )


def test_writing_again_adds_and_loses_nothing() -> None:
    log("A")
    noted()
    log("B", month="06")

    entries = noted("--baseline-reason", "found in June")

    assert sorted((each["what"]["resources"], each["reason"]) for each in entries) == [
        (["A"], "known at the start"),
        (["B"], "found in June"),
    ]


def test_what_a_waiver_covers_is_not_noted() -> None:
    log("Example", "A")
    Path("waivers.yaml").write_text(waivers_text({}), encoding="utf-8")

    (entry,) = noted("--waivers", "waivers.yaml")

    assert entry["what"]["resources"] == ["A"]


def test_a_burst_is_known_by_its_group() -> None:
    write_rules(Path("rules"), BURST)
    Path("rules/a-rule.yaml").unlink()
    log("A", "B")
    (entry,) = noted()
    log("C", "D", month="06")

    code, report = checked("--baseline", "baseline.json")

    assert code == 0
    assert entry["what"]["group"] == ["192.0.2.10"]
    (rule,) = report["rules"]
    assert rule["episodes"]["shown"][0]["in_baseline"]
    assert rule["episodes"]["shown"][0]["fingerprint"] == entry["fingerprint"]


def test_the_same_bytes_for_the_same_findings() -> None:
    log("B", "A")
    noted()
    first = Path("baseline.json").read_bytes()
    log("A", "B", "A")

    noted()

    assert Path("baseline.json").read_bytes() == first


WRONG = {
    "no such file": (None, "cannot be read: No such file or directory"),
    "no JSON": ("{", "no baseline: "),
    "another document": ('{"format": "x", "version": 1, "entries": []}', "no baseline: "),
    "another version": (
        '{"format": "trailcheck-baseline", "version": 2, "entries": []}',
        "a baseline of version 2",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_baseline_that_is_none_stops_the_run(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    content, said = WRONG[name]
    log("A")
    if content is not None:
        Path("baseline.json").write_text(content, encoding="utf-8")

    assert main(["check", "log.json", "-r", "rules", "--baseline", "baseline.json"]) == 2
    assert f"baseline.json: {said}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--write-baseline", "b.json"],
        ["--write-baseline", "b.json", "--prepared-by", "A. Example"],
        ["--write-baseline", "b.json", "--baseline-reason", "known"],
        ["--baseline-reason", "known"],
    ],
)
def test_a_baseline_says_who_noted_what_and_why(
    capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    log("A")

    assert main(["check", "log.json", "-r", "rules", *options]) == 2
    assert "[baseline-option]" in capsys.readouterr().err
    assert not Path("b.json").exists()


@pytest.mark.parametrize(("path", "code"), [("-", 2), ("rules", 4), ("log.json/b.json", 4)])
def test_where_a_baseline_cannot_be_written_is_told_before_anything_is_judged(
    capsys: pytest.CaptureFixture[str], path: str, code: int
) -> None:
    log("A")

    arguments = ["check", "log.json", "-r", "rules", "-o", "json=r.json"]
    assert main([*arguments, "--write-baseline", path, *NOTE]) == code
    assert path in capsys.readouterr().err
    assert not Path("r.json").exists()


def rewritten(change: Any) -> None:
    document = json.loads(Path("baseline.json").read_text(encoding="utf-8"))
    change(document["entries"])
    Path("baseline.json").write_text(json.dumps(document), encoding="utf-8")


def test_an_entry_is_known_of_the_rule_that_it_names_alone() -> None:
    log("A")
    noted()
    rewritten(lambda entries: entries[0].update(rule="another"))

    code, report = checked("--baseline", "baseline.json")

    assert code == 1
    assert report["baseline"]["known"] == 0
    assert not report["rules"][0]["groups"]["shown"][0]["in_baseline"]


def test_of_an_entry_that_stands_twice_the_first_stays() -> None:
    log("A")
    noted()
    rewritten(lambda entries: entries.append({**entries[0], "reason": "again"}))

    assert [each["reason"] for each in noted()] == ["known at the start"]

    rewritten(lambda entries: entries.append(entries[0]))
    log("B")
    assert len(checked("--baseline", "baseline.json")[1]["baseline"]["fixed"]) == 1


def test_nothing_is_called_fixed_that_may_be_in_what_was_not_read() -> None:
    log("A")
    noted()
    log("B")
    text = Path("log.json").read_text(encoding="utf-8")
    Path("log.json").write_text(text.removesuffix("}"), encoding="utf-8")

    code, report = checked("--baseline", "baseline.json")

    assert code == 3
    assert report["baseline"]["fixed"] == []


def test_nothing_is_called_fixed_of_a_rule_that_could_not_be_tested() -> None:
    log("A")
    noted()
    log("B", month="06")
    Path("trailcheck.yaml").write_text(
        "scope: {accounts: ['111122223333', '444455556666']}\n", encoding="utf-8"
    )

    _, report = checked("--baseline", "baseline.json")

    assert report["rules"][0]["verdict"] == "fail"
    assert report["baseline"]["fixed"] == []


def test_a_baseline_shows_no_more_of_a_secret_than_a_report() -> None:
    secrets = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "masterUserPassword": "correct-horse"}
    write_trail(Path("log.json"), [event(requestParameters=secrets)])
    write_rules(
        Path("rules"),
        rule_text("key", resource="requestParameters.accessKeyId"),
        rule_text("password", resource="requestParameters.masterUserPassword"),
        rule_text("whole", resource='"to_string(requestParameters)"'),
        rule_text(
            "burst",
            require=None,
            correlation="{type: event_count, group_by: requestParameters.masterUserPassword, "
            "timespan: 10m, condition: {gte: 1}}",
        ),
    )

    noted()

    for path in ("baseline.json", "r.json"):
        text = Path(path).read_text(encoding="utf-8")
        assert "AKIAIOSF" not in text, path
        assert "correct-horse" not in text, path
    assert checked("--baseline", "baseline.json")[0] == 0

    Path("baseline.json").unlink()
    noted("--show-secrets")

    assert "correct-horse" in Path("baseline.json").read_text(encoding="utf-8")


def test_half_of_a_character_can_be_noted() -> None:
    log("\ud800x")
    (entry,) = noted()

    assert entry["what"]["resources"] == ["?x"]
    assert checked("--baseline", "baseline.json")[0] == 0


def test_a_later_version_is_told_as_such_whatever_it_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log("A")
    later = {"format": "trailcheck-baseline", "version": 2, "entries": [{"more": 1}], "more": 1}
    Path("baseline.json").write_text(json.dumps(later), encoding="utf-8")

    assert main(["check", "log.json", "-r", "rules", "--baseline", "baseline.json"]) == 2
    assert "a baseline of version 2" in capsys.readouterr().err


def test_a_baseline_without_an_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    log("A")
    Path("trailcheck.yaml").write_text("limits: {file_bytes: 10000}\n", encoding="utf-8")

    assert main(["check", "log.json", "-r", "rules", "--baseline", "/dev/zero"]) == 2
    assert "larger than 10,000 bytes" in capsys.readouterr().err


def test_too_many_groups_are_told_apart_by_the_baseline_all_the_same() -> None:
    log("A", "B")
    noted()
    Path("trailcheck.yaml").write_text("limits: {groups: 1}\n", encoding="utf-8")

    code, report = checked("--baseline", "baseline.json")

    (rule,) = report["rules"]
    assert rule["counts"]["violations"] == 2
    assert rule["groups"] == {"total": 0, "shown": []}
    assert [each["code"] for each in report["problems"]] == ["too-many-groups"]
    assert report["baseline"]["fixed"] == []
    assert code == 0
