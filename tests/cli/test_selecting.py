"""Choosing rules, and telling the gate what counts, on the command line."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from checker.cli.main import main
from tests.builders import rule_text, write_rules


@pytest.fixture(autouse=True)
def _two_more(here: Path) -> None:
    write_rules(Path("rules"), rule_text("b-rule", severity="low"), rule_text("c-rule"))


def run(*options: str) -> tuple[int, dict[str, Any]]:
    code = main(["check", "bad.json", "-r", "rules", *options, "-o", "json=r.json"])
    report: dict[str, Any] = json.loads(Path("r.json").read_text(encoding="utf-8"))
    return code, report


def test_only_what_is_selected_is_judged_and_the_report_names_the_rest() -> None:
    code, report = run("--select", "?-rule", "--exclude", "severity:low")

    assert code == 1
    assert sorted(each["id"] for each in report["rules"]) == ["a-rule", "c-rule"]
    assert (
        "Rules selected by ?-rule, without those of severity:low: 2 of 3 were judged. "
        "Left out: b-rule." in report["notes"]
    )


def test_a_run_of_all_rules_has_no_note_on_selection() -> None:
    _, report = run()

    assert not [note for note in report["notes"] if note.startswith("Rules ")]


@pytest.mark.parametrize("option", ["--select", "--exclude", "--soft-fail"])
def test_a_selector_that_means_nothing_is_a_wrong_command_line(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "bad.json", "-r", "rules", option, "a-rul"]) == 2
    err = capsys.readouterr().err
    assert "'a-rul' means none of the 3 rules" in err
    assert "did you mean 'a-rule'?" in err


def test_a_soft_failure_fails_no_gate_and_is_stamped_on_every_report() -> None:
    outputs = ["junit=r.xml", "html=r.html", "text=r.txt"]
    code, report = run("--soft-fail", "*", *(part for each in outputs for part in ("-o", each)))

    said = "3 rules failed softly (--soft-fail)"
    skipped = ET.parse("r.xml").getroot().findall(".//skipped")  # noqa: S314 - our own output
    assert code == 0
    assert report["gate"]["soft_failed"] == ["a-rule", "b-rule", "c-rule"]
    assert {each["verdict"] for each in report["rules"]} == {"fail"}
    assert all(
        said in Path(each).read_text(encoding="utf-8") for each in ("r.xml", "r.html", "r.txt")
    )
    assert [each.attrib["message"][:16] for each in skipped] == ["fail, soft fail:"] * 3


def test_soft_fail_may_mean_a_rule_that_is_not_selected() -> None:
    code, report = run("--select", "a-rule", "--soft-fail", "b-rule")

    assert code == 1
    assert report["gate"]["soft_failed"] == []


def test_a_gate_that_is_off_is_stamped_on_every_report() -> None:
    outputs = ["junit=r.xml", "html=r.html", "text=r.txt"]
    code, report = run("--fail-on", "none", *(part for each in outputs for part in ("-o", each)))

    said = "the gate is off (--fail-on none): 3 rules failed"
    assert code == 0
    assert report["gate"]["fail_on"] == "none"
    assert (
        "The gate was off (--fail-on none): no failure could change the exit code."
        in report["notes"]
    )
    assert all(
        said in Path(each).read_text(encoding="utf-8") for each in ("r.xml", "r.html", "r.txt")
    )
    assert "fail, the gate is off" in Path("r.xml").read_text(encoding="utf-8")


def test_evidence_can_be_required() -> None:
    write_rules(
        Path("rules"),
        rule_text(
            "d-rule", require=None, match="{eventName: N}", cadence="{every: 90d, per: account}"
        ),
    )

    assert run()[0] == 1
    code, report = run("--require-evidence")
    assert code == 3
    assert report["gate"]["complete"] is False
    assert report["gate"]["require_evidence"] is True
    Path("trailcheck.yaml").write_text("require_evidence: true", encoding="utf-8")
    assert run()[0] == 3
    assert run("--no-require-evidence")[0] == 1


def test_what_the_command_line_selects_wins_over_the_configuration() -> None:
    Path("trailcheck.yaml").write_text("select: a-rule", encoding="utf-8")

    assert [each["id"] for each in run()[1]["rules"]] == ["a-rule"]
    assert [each["id"] for each in run("--select", "b-*")[1]["rules"]] == ["b-rule"]


def test_a_report_does_not_overwrite_a_rule_that_was_left_out(here: Path) -> None:
    before = Path("rules/b-rule.yaml").read_bytes()
    output = ["-o", "text=rules/b-rule.yaml"]

    assert main(["check", "bad.json", "-r", "rules", "--exclude", "b-rule", *output]) == 2
    assert Path("rules/b-rule.yaml").read_bytes() == before


def test_rules_are_listed_as_they_are_selected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list", "-r", "rules", "--select", "severity:high+"]) == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == [
        "a-rule",
        "c-rule",
    ]
    assert main(["rules", "list", "-r", "rules", "--exclude", "severity:medium"]) == 2
