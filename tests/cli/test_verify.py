import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import event, write_trail


@pytest.fixture
def judged(here: Path) -> Path:
    """Give the report on a folder of two logs and a README."""
    write_trail(Path("logs/a.json"), [event(eventID="1")])
    write_trail(Path("logs/b.json"), [event(eventID="2")])
    Path("logs/README.txt").write_text("nothing here", encoding="utf-8")
    assert main(["check", "logs", "-r", "rules", "-o", "json=r.json"]) == 1
    return here


def test_the_files_that_were_judged_are_verified(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "logs"]) == 0
    assert capsys.readouterr().out.startswith("verified: the 2 inputs of r.json byte for byte;")


def test_files_are_verified_from_another_folder(
    judged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = judged / "elsewhere"
    shutil.copytree("logs", elsewhere / "copied")
    monkeypatch.chdir(elsewhere)

    assert main(["verify", "--report", "../r.json", "copied"]) == 0
    assert ", 2 under another path;" in capsys.readouterr().out


def test_what_is_missing_changed_and_extra_is_named_one_by_one(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("logs/a.json").unlink()
    write_trail(Path("logs/b.json"), [event(eventID="3")])
    Path("logs/c.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "logs"]) == 1
    changed, missing, extra, conclusion = capsys.readouterr().out.splitlines()
    assert changed.startswith("changed  logs/b.json: ")
    assert missing.startswith("missing  logs/a.json: ")
    assert extra.startswith("extra    logs/c.json: ")
    assert conclusion.startswith("not verified: 0 of 2 inputs of r.json")


def test_what_cannot_be_found_makes_the_answer_incomplete(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "logs", "nowhere"]) == 3
    out = capsys.readouterr().out
    assert "nowhere: no such file" in out
    assert "not verified: 2 of 2 inputs" in out


def test_what_was_piped_is_verified_by_its_bytes_and_only_by_them(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = Path("bad.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    main(["check", "-", "good.json", "-r", "rules", "-o", "json=r.json"])
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "good.json"]) == 3
    assert "untold   <stdin>: it was read from standard input" in capsys.readouterr().out
    assert main(["verify", "--report", "r.json", "good.json", "bad.json"]) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert main(["verify", "--report", "r.json", "good.json", "-"]) == 0


def test_a_report_beside_the_logs_is_not_taken_for_an_input(judged: Path) -> None:
    Path("r.json").rename("logs/r.json")

    assert main(["verify", "--report", "logs/r.json", "logs"]) == 0
    assert main(["verify", "--report", "logs/r.json", "logs", "logs/r.json"]) == 1


def test_a_report_whose_list_of_inputs_was_edited_is_not_verified(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    report["inputs"].pop()
    Path("r.json").write_text(json.dumps(report), encoding="utf-8")
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "logs/a.json"]) == 1
    assert "it was changed after it was made" in capsys.readouterr().out


def test_a_report_that_judged_nothing_verifies_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "missing.json", "-r", "rules", "-o", "json=r.json"])
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "good.json"]) == 3
    assert "not verified: r.json judged no input" in capsys.readouterr().out


def test_an_input_that_could_not_be_read_is_not_verified(here: Path) -> None:
    Path("trailcheck.yaml").write_text("limits: {file_bytes: 10}", encoding="utf-8")
    main(["check", "good.json", "-r", "rules", "-o", "json=r.json"])

    assert main(["verify", "--report", "r.json", "good.json"]) == 3


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_not_verified(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("logs/a.json").chmod(0)
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "logs"]) == 3
    assert "logs/a.json: cannot be read" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a name that Windows does not allow")
def test_a_hostile_name_is_no_command_to_a_terminal(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("logs/\x1b[31m.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()

    assert main(["verify", "--report", "r.json", "logs"]) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--report", "nowhere.json", "good.json"],
        ["--report", "good.json", "good.json"],
        ["good.json"],
        ["--report", "good.json"],
    ],
    ids=["no such report", "no report", "no report named", "no paths"],
)
def test_a_wrong_command_line_exits_2(here: Path, arguments: list[str]) -> None:
    assert main(["verify", *arguments]) == 2
