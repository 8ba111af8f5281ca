import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import APPROVED, rule_text, write_rules

WHO = {"params": "\n  who:\n    type: string", "require": "userIdentity.arn == $who"}


def provenance(*arguments: str) -> dict[str, Any]:
    """Give the provenance in the report of a run."""
    main(["check", "good.json", "-r", "rules", *arguments, "-o", "json=r.json"])
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = report["provenance"]
    return found


def digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_the_root_is_the_hash_of_the_manifest_that_was_written(here: Path) -> None:
    root = provenance("-o", "manifest=m.jsonl")["manifest"]

    assert root == {
        "inputs": 1, "size": Path("good.json").stat().st_size, "sha256": digest("m.jsonl"),
    }  # fmt: skip
    assert json.loads(Path("m.jsonl").read_text(encoding="utf-8"))["sha256"] == digest("good.json")


def test_configuration_pack_and_params_files_are_told_with_their_hashes(here: Path) -> None:
    write_rules(Path("rules"), rule_text(**WHO))
    Path("rules/pack.yaml").write_text("id: rules\ntitle: Ours\nversion: '1'\n", encoding="utf-8")
    Path("p.yaml").write_text(f"who: {APPROVED['arn']}\n", encoding="utf-8")
    Path("c.yaml").write_text("fail_on: high\n", encoding="utf-8")

    files = provenance("--params", "p.yaml", "--config", "c.yaml")["files"]

    assert files == [
        {"kind": "configuration", "path": "c.yaml", "sha256": digest("c.yaml")},
        {"kind": "pack", "path": "rules/pack.yaml", "sha256": digest("rules/pack.yaml")},
        {"kind": "params", "path": "p.yaml", "sha256": digest("p.yaml")},
    ]


def test_settings_that_can_change_an_answer_are_told_and_others_are_not(here: Path) -> None:
    write_rules(Path("rules"), rule_text(**WHO))
    Path("trailcheck.yaml").write_text("limits: {exhibits: 5}\nsince: 2024\n", encoding="utf-8")
    changing = ["--param", "who=x", "--until", "2025-01-01", "--soft-fail", "a-*"]

    settings = provenance(*changing, "-j", "2", "-o", "text=r.txt", "-v")["settings"]

    assert settings == {
        "fail_on": "low",
        "limits": {"exhibits": 5},
        "params": {"a-rule.who": "x"},
        "require_evidence": False,
        "rules": ["rules"],
        "show_secrets": False,
        "since": "2024-01-01T00:00:00Z",
        "soft_fail": ["a-*"],
        "until": "2025-01-01T00:00:00Z",
    }


def test_the_same_settings_give_the_same_bytes_wherever_they_were_said(here: Path) -> None:
    now = ["--now", "2025-01-31T12:00:00Z"]
    first = provenance(*now, "--fail-on", "high", "-j", "1")
    one = Path("r.json").read_bytes()
    second = provenance(*now, "--fail-on", "high", "-j", "2", "-q")

    assert first == second
    assert Path("r.json").read_bytes() == one


def test_what_is_stated_comes_from_options_over_the_configuration(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("trailcheck.yaml").write_text(
        "prepared_by: Somebody\npurpose: Q4\nobtained: {trail: main, by: somebody}\n",
        encoding="utf-8",
    )

    stated = provenance("--prepared-by", "A. Example", "--obtained", "by=B. Example")["stated"]

    assert stated == {
        "prepared_by": "A. Example",
        "purpose": "Q4",
        "obtained": {
            "trail": "main", "location": "", "by": "B. Example", "at": "", "command": "",
        },
    }  # fmt: skip
    out = capsys.readouterr().out
    assert "prepared by (as stated, not verified): A. Example" in out
    assert "logs obtained (as stated, not verified): trail: main, by: B. Example" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--obtained", "who=x"], "valid: trail, location, by, at, command"),
        (["--obtained", "comand=x"], "did you mean 'command'?"),
        (["--obtained", "x"], "expected NAME=TEXT"),
        (["--obtained", "by="], "'by' has no text"),
        (["--obtained", "by=x", "--obtained", "by=y"], "'by' is given twice"),
        (["--prepared-by", ""], "the text is empty"),
        (["--purpose", " "], "the text is empty"),
    ],
)
def test_a_statement_that_says_nothing_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["check", "good.json", "-r", "rules", *arguments]) == 2
    assert said in capsys.readouterr().err
