import json
from pathlib import Path

import pytest

from checker.authoring.lint.catalogue import CHECKS
from checker.cli.main import main
from tests.authoring.lint.examples import rule_with

WARNED = rule_with("forbid: userIdentity.userName != 'bob'\n")
WRONG = rule_with('forbid: sourceIPAddress == "192.0.2.1"\n')


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("rules")
    folder.mkdir()
    return folder


def test_a_warning_fails_unless_only_errors_are_to(rules: Path) -> None:
    (rules / "example.yaml").write_text(WARNED)

    assert main(["lint", "rules"]) == 1
    assert main(["lint", "rules", "--fail-on", "warning"]) == 1
    assert main(["lint", "rules", "--fail-on", "error"]) == 0


def test_an_error_fails_whatever_is_to(rules: Path) -> None:
    (rules / "example.yaml").write_text(WRONG)

    assert main(["lint", "rules", "--fail-on", "error"]) == 1


def test_the_text_says_place_code_carets_and_hint(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "example.yaml").write_text(WRONG)

    main(["lint", "rules"])

    assert capsys.readouterr().out == (
        'rules/example.yaml:13:28: forbid: "192.0.2.1" is the field of that name, not a text [TC101]\n'
        '    sourceIPAddress == "192.0.2.1"\n'
        "                       ^^^^^^^^^^^\n"
        "    hint: for the text write '192.0.2.1'\n"
        "1 problem\n"
    ).replace(":13:28:", f":{WRONG[: WRONG.index('192.0.2.1' + chr(34))].count(chr(10)) + 1}:28:")


def test_warnings_are_counted_beside_errors(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "example.yaml").write_text(WARNED)

    main(["lint", "rules"])

    assert capsys.readouterr().out.splitlines()[-1] == "1 problem (0 errors, 1 warning)"


def test_checks_are_selected_and_ignored_by_how_their_codes_begin(rules: Path) -> None:
    (rules / "example.yaml").write_text(WARNED)

    assert main(["lint", "rules", "--select", "TC2"]) == 1
    assert main(["lint", "rules", "--select", "TC3", "--select", "TC101"]) == 0
    assert main(["lint", "rules", "--ignore", "TC202"]) == 0
    assert main(["lint", "rules", "--ignore", "TC201"]) == 1


def test_a_code_that_there_is_not_is_refused(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "example.yaml").write_text(WARNED)

    assert main(["lint", "rules", "--ignore", "TC999"]) == 2
    assert "no check has a code that begins with 'TC999'" in capsys.readouterr().err


def test_all_codes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--codes"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [check.code for check in CHECKS]


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_what_stops_a_rule_from_loading_is_an_error_in_every_format(
    form: str, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "example.yaml").write_text(WRONG.replace("severity", "severty"))

    assert main(["lint", "rules", "--format", form, "--fail-on", "error"]) == 1
    out = capsys.readouterr().out
    assert "rule-unknown-key" in out
    assert "error" in out


def test_without_problems_the_formats_say_so(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "example.yaml").write_text(rule_with(""))

    assert main(["lint", "rules", "--format", "github"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["lint", "rules", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "format": "trailcheck-lint",
        "version": 1,
        "rules": 1,
        "errors": 0,
        "warnings": 0,
        "problems": [],
    }
    assert main(["lint", "rules", "--format", "sarif"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []
