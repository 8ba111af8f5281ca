"""Every exception in a file, and samples of what conforms."""

import csv
import io
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from checker.cli import check
from checker.cli.checking import Rereading, scan
from checker.cli.main import main
from checker.engine import executors
from tests.builders import APPROVED, event, rule_text, write_rules, write_trail
from tests.cli.test_waivers import BURST
from tests.policy.test_waiver_document import waivers_text

COUNT = 130


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text(evidence="{policy: requestParameters.policyName}"))
    records = [
        event(eventID=f"id-{number:03}", eventTime=f"2024-05-10T{number // 60:02}:{number % 60:02}:00Z")
        for number in range(COUNT)
    ]  # fmt: skip
    write_trail(Path("logs/a.json"), records[:70])
    write_trail(Path("logs/b.json"), records[60:])
    return tmp_path


def checked(*options: str) -> dict[str, Any]:
    arguments = ["check", "logs", "-r", "rules", "--now", "2024-08-01", "-o", "json=r.json"]
    main([*arguments, *options])
    report: dict[str, Any] = json.loads(Path("r.json").read_text(encoding="utf-8"))
    return report


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("e.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_violation_is_listed_once_though_a_report_shows_some() -> None:
    report = checked("-o", "evidence-csv=e.csv", "-o", "evidence-jsonl=e.jsonl")

    (rule,) = report["rules"]
    assert (rule["violations"]["total"], len(rule["violations"]["shown"])) == (COUNT, 50)
    listed = rows()
    assert [each["event_id"] for each in listed] == [f"id-{number:03}" for number in range(COUNT)]
    assert [each["path"] for each in listed] == ["logs/a.json"] * 70 + ["logs/b.json"] * 60
    assert {each["event"]["eventID"] for each in listed} == {each["event_id"] for each in listed}
    with Path("e.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [each["event_id"] for each in table] == [each["event_id"] for each in listed]
    assert table[0]["evidence"] == '{"policy": "Example"}'
    assert table[0]["finding"] == "violation"


def test_a_row_says_what_became_of_a_violation() -> None:
    waiver = waivers_text({"scope": "{where: \"eventID == 'id-001'\"}"})
    Path("waivers.yaml").write_text(waiver, encoding="utf-8")

    checked("-o", "evidence-jsonl=e.jsonl", "--waivers", "waivers.yaml")

    first, second, *_ = rows()
    assert (first["finding"], first["waiver"]) == ("violation", "")
    assert (second["finding"], second["waiver"]) == ("waived", "rollout")
    assert first["fingerprint"] == second["fingerprint"]


def test_what_could_not_be_judged_is_listed_with_its_reason() -> None:
    write_rules(Path("rules"), rule_text(require="starts_with(requestParameters, 'x')"))

    checked("-o", "evidence-jsonl=e.jsonl")

    assert {each["finding"] for each in rows()} == {"error"}
    assert "starts_with" in rows()[0]["reason"]


def test_a_group_of_events_is_one_row() -> None:
    write_rules(Path("rules"), BURST)
    Path("rules/a-rule.yaml").unlink()

    checked("-o", "evidence-jsonl=e.jsonl")

    (row,) = rows()
    assert (row["kind"], row["events"]) == ("correlation", COUNT)
    assert row["evidence"] == {"sourceIPAddress": "192.0.2.10"}


def test_each_group_of_events_has_its_values_though_a_report_shows_some() -> None:
    write_rules(Path("rules"), BURST)
    Path("rules/a-rule.yaml").unlink()
    records = [
        event(
            eventID=f"{group} {number}",
            eventTime=f"2024-05-10T10:{group:02}:0{number}Z",
            sourceIPAddress=f"192.0.2.{group}",
        )
        for group in range(60)
        for number in range(2)
    ]
    write_trail(Path("logs/a.json"), records[:75])
    write_trail(Path("logs/b.json"), records[75:])
    note = ["--write-baseline", "b.json", "--prepared-by", "A", "--baseline-reason", "known"]

    (rule,) = checked("-o", "evidence-jsonl=e.jsonl", *note)["rules"]

    values = [f"192.0.2.{group}" for group in range(60)]
    assert len(rule["episodes"]["shown"]) == 50
    assert [each["evidence"]["sourceIPAddress"] for each in rows()] == values
    entries = json.loads(Path("b.json").read_text(encoding="utf-8"))["entries"]
    assert sorted(each["what"]["group"][0] for each in entries) == sorted(values)


def test_secrets_are_masked_there_too() -> None:
    secret = event(requestParameters={"policyName": "p", "password": "correct-horse"})
    write_trail(Path("logs/a.json"), [secret])

    checked("-o", "evidence-csv=e.csv", "-o", "evidence-jsonl=e.jsonl")

    assert "correct-horse" not in Path("e.jsonl").read_text(encoding="utf-8")
    assert "correct-horse" not in Path("e.csv").read_text(encoding="utf-8")


def test_a_formula_is_text() -> None:
    write_trail(Path("logs/a.json"), [event(requestParameters={"policyName": "=1+1"})])
    write_rules(Path("rules"), rule_text(message='"{requestParameters.policyName}"'))

    checked("-o", "evidence-csv=e.csv")

    with Path("e.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["message"] == "'=1+1"


def test_standard_input_is_listed_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    content = Path("logs/a.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    main(["check", "-", "-r", "rules", "-o", "evidence-jsonl=e.jsonl"])

    assert len(rows()) == 70


def test_a_log_that_changed_since_it_was_judged_is_told_and_nothing_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def written_to_meanwhile(*given: Any, **more: Any) -> Any:
        found = scan(*given, **more)
        write_trail(Path("logs/b.json"), [event(eventID="another")])
        return found

    monkeypatch.setattr(check, "scan", written_to_meanwhile)

    arguments = ["check", "logs", "-r", "rules", "-o", "evidence-csv=e.csv", "-o", "json=r.json"]
    assert main(arguments) == 4
    assert "logs/b.json: it has changed since it was judged" in capsys.readouterr().err
    assert not Path("e.csv").exists()
    assert Path("r.json").exists()


def test_each_log_is_read_once_more_however_much_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(self: Rereading, path: str, indexes: Any) -> Any:
        read.append(path)
        return again(self, path, indexes)

    again = Rereading.__call__
    monkeypatch.setattr(Rereading, "__call__", counted)
    records = [event(eventID=f"id-{number}") for number in range(1_100)]
    write_trail(Path("logs/a.json"), records)
    Path("logs/b.json").unlink()

    checked("-o", "evidence-jsonl=e.jsonl")

    assert len(rows()) == 1_100
    assert read == ["logs/a.json"]


@pytest.mark.parametrize("unwritable", ["evidence-csv=/dev/full", "json=/dev/full"])
def test_what_cannot_be_written_keeps_nothing_else_from_being_written(unwritable: str) -> None:
    baseline = ["--write-baseline", "b.json", "--prepared-by", "A", "--baseline-reason", "known"]
    outputs = ["-o", unwritable, "-o", "evidence-jsonl=e.jsonl", "-o", "markdown=r.md"]

    assert main(["check", "logs", "-r", "rules", *outputs, *baseline]) == 4
    assert len(rows()) == COUNT
    assert Path("r.md").exists()
    assert Path("b.json").exists()


def conforming(count: int) -> None:
    records = [
        event(eventID=f"id-{number:03}", userIdentity=APPROVED, eventTime="2024-05-10T10:00:00Z")
        for number in range(count)
    ]
    write_trail(Path("logs/a.json"), records[: count // 2])
    write_trail(Path("logs/b.json"), records[count // 3 :])


def sampled(*options: str) -> list[str]:
    (rule,) = checked(*options)["rules"]
    return [each["event_id"] for each in rule["sample"]]


def test_a_sample_is_what_the_seed_chooses() -> None:
    conforming(90)
    ids = [f"id-{number:03}" for number in range(90)]
    chosen = sorted(ids, key=lambda each: sha256(f"audit{each}".encode()).hexdigest())[:25]

    assert sampled("--sample", "25", "--seed", "audit") == chosen
    assert sampled("--sample", "25", "--seed", "other") != chosen


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_sample_is_the_same_for_any_workers(jobs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "SERIAL_BELOW", 0)
    conforming(90)

    assert sampled("--sample", "5", "--seed", "s", "-j", jobs) == sampled(
        "--sample", "5", "--seed", "s"
    )


def test_no_sample_is_taken_unasked() -> None:
    conforming(9)

    assert sampled() == []


@pytest.mark.parametrize(
    "options", [["--sample", "5"], ["--seed", "x"], ["--sample", "51", "--seed", "x"]]
)
def test_a_sample_that_cannot_be_had_is_refused(
    capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["check", "logs", "-r", "rules", *options]) == 2
    assert "[sample-option]" in capsys.readouterr().err


def test_a_saved_report_cannot_give_all_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    checked()

    assert main(["report", "r.json", "-o", "evidence-csv=e.csv"]) == 2
    assert "[output-format]" in capsys.readouterr().err
