"""Rules that the owner declares not applicable."""

import json
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import event, rule_text, write_rules, write_trail

DECLARED = "not_applicable: {a-rule: AWS IoT was never used here}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text(), rule_text("b-rule", require=None, forbid='"`false`"'))
    Path("trailcheck.yaml").write_text(DECLARED, encoding="utf-8")


def checked(*records: dict[str, Any]) -> dict[str, Any]:
    write_trail(Path("log.json"), records)
    main(["check", "log.json", "-r", "rules", "-o", "json=r.json"])
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    rules: dict[str, Any] = {each["id"]: each for each in report["rules"]}
    return {**rules, "settings": report["provenance"]["settings"]}


def test_a_rule_that_is_declared_not_applicable_is_so_for_the_stated_reason() -> None:
    report = checked(event(eventName="Other"))

    assert report["a-rule"]["verdict"] == "not_applicable"
    assert report["a-rule"]["reason"] == (
        "the owner declares it not applicable: AWS IoT was never used here"
    )
    assert report["b-rule"]["verdict"] == "pass"
    assert report["settings"]["not_applicable"] == {"a-rule": "AWS IoT was never used here"}


def test_a_violation_counts_all_the_same() -> None:
    assert checked(event())["a-rule"]["verdict"] == "fail"


def test_an_id_that_no_rule_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("trailcheck.yaml").write_text("not_applicable: {a-rul: x}\n", encoding="utf-8")
    write_trail(Path("log.json"), [event()])

    assert main(["check", "log.json", "-r", "rules"]) == 2
    assert "did you mean 'a-rule'?" in capsys.readouterr().err
