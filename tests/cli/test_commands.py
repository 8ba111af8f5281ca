import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import checker
from checker.cli.main import main
from tests.builders import rule_text, write_rules

TESTS = """
  base: {eventSource: iot.amazonaws.com, eventName: AttachPolicy, userIdentity: {arn: x}}
  cases:
    - name: someone else attaches
      expect: fail
    - name: another event
      set: {eventName: Other}
      expect: out_of_scope
"""

BOTH_SIDES = (
    TESTS
    + """\
    - name: the approved role attaches
      set: {userIdentity.arn: "arn:aws:iam::111122223333:role/Approved"}
      expect: pass
"""
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"trailcheck {checker.__version__}\n"


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "test",
        "lint",
        "rules",
        "rules list",
        "rules show",
        "explain",
        "eval",
        "new",
        "report",
        "verify",
        "config",
        "schema",
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    assert "Usage: trailcheck" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown_and_nothing_is_green(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2

    assert "check" in capsys.readouterr().out


def test_rule_tests_that_pass_exit_0(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rules(Path("rules"), rule_text(tests=TESTS))

    assert main(["test", "rules"]) == 0
    assert capsys.readouterr().out == "rules: 1 rule, 2 tests: 2 passed, 0 failed\n"


def test_a_rule_test_that_fails_says_where_and_what(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rules(Path("rules"), rule_text(tests=TESTS.replace("fail", "pass")))

    assert main(["test", "rules"]) == 1
    out = capsys.readouterr().out
    assert "rules/a-rule.yaml:11:13: rule a-rule: someone else attaches" in out
    assert "expected pass, found fail" in out


def test_a_rule_test_that_is_out_of_scope_says_why(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    denied = "\n    - {name: denied, set: {errorCode: AccessDenied}, expect: fail}"
    named = "\n    - {name: named, set: {eventName: Other}, expect: fail}"
    where = "\n    - {name: where, set: {awsRegion: x}, expect: fail}"
    base = "\n  base: {eventSource: iot.amazonaws.com, eventName: AttachPolicy}\n  cases:"
    text = rule_text(where="awsRegion != 'x'", tests=base + denied + named + where)
    write_rules(Path("rules"), text)

    assert main(["test", "rules"]) == 1
    out = capsys.readouterr().out
    assert "its outcome is denied, and the rule judges success" in out
    assert 'match: eventName is "Other"' in out
    assert "where: it does not hold" in out


def test_the_rules_of_the_configuration_are_tested_and_linted_by_default(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rules(Path("own"), rule_text(tests=BOTH_SIDES))
    Path("trailcheck.yaml").write_text("rules: own", encoding="utf-8")

    assert main(["test"]) == main(["lint"]) == 0
    assert capsys.readouterr().out.count("own: 1 rule") == 2


def test_a_case_s_own_parameter_wins_and_an_unknown_one_is_refused(here: Path) -> None:
    tests = "\n  cases:\n    - {name: n, event: {eventSource: iot.amazonaws.com, eventName: AttachPolicy, userIdentity: {arn: x}}, params: {who: x}, expect: pass}"
    params = "\n  who:\n    type: string"
    text = rule_text(params=params, require="userIdentity.arn == $who", tests=tests)
    write_rules(Path("rules"), text)

    assert main(["test", "rules"]) == 0
    assert main(["test", "rules", "--param", "a-rule.who=y"]) == 0
    assert main(["test", "rules", "--param", "nonsense=1"]) == 2


def test_what_a_rule_says_is_no_command_to_a_terminal(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = rule_text(title="'##vso[task]'", description='"evil \\e]0;pwned\\a"')
    write_rules(Path("rules"), text)

    assert main(["rules", "list", "-r", "rules"]) == 0
    assert main(["rules", "show", "a-rule", "-r", "rules"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "##vso" not in out


def test_a_misspelt_command_is_told_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chek"]) == 2
    assert "did you mean 'check'?" in capsys.readouterr().err


def test_a_rule_without_tests_is_not_shown_to_work(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rules(Path("rules"), rule_text())

    assert main(["test", "rules"]) == 1
    assert "no tests" in capsys.readouterr().out


def test_a_sound_rule_has_no_problems(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rules(Path("rules"), rule_text(tests=BOTH_SIDES))

    assert main(["lint", "rules"]) == 0
    assert capsys.readouterr().out == "rules: 1 rule, no problems\n"


def test_lint_finds_problems_and_exits_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rules(Path("rules"), rule_text(titel="x", require="a ="))

    assert main(["lint", "rules"]) == 1
    out = capsys.readouterr().out
    assert "did you mean 'title'?" in out
    assert out.splitlines()[-1] == "2 problems"


def test_lint_needs_no_parameter_values(here: Path) -> None:
    params = "\n  who:\n    type: string"
    text = rule_text(params=params, require="userIdentity.arn == $who", tests=BOTH_SIDES)

    assert main(["lint", write_rules(Path("rules"), text)]) == 0


def test_lint_of_nothing_is_a_wrong_command_line(here: Path) -> None:
    assert main(["lint", "nowhere"]) == 2


def test_rules_are_listed_and_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_rules(Path("rules"), rule_text(description="Because.", controls="{soc2: CC6.1}"))

    assert main(["rules", "list", "-r", folder]) == 0
    assert "high      a-rule  Policies are attached" in capsys.readouterr().out
    assert main(["rules", "show", "a-rule", "-r", folder]) == 0
    shown = capsys.readouterr().out
    assert "Why: Because." in shown
    assert "soc2 CC6.1 (supports)" in shown
    assert main(["rules", "show", "a-rule", "-r", folder, "--yaml"]) == 0
    assert "id: a-rule" in capsys.readouterr().out


def test_a_rule_that_is_not_there_is_a_wrong_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rules", "show", "iot-root-not-usd"]) == 2
    assert "did you mean 'iot-root-not-used'?" in capsys.readouterr().err


def test_a_bundled_rule_shows_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "iot-root-not-used", "--yaml"]) == 0
    assert capsys.readouterr().out.count("id: iot-root-not-used") == 1


@pytest.mark.parametrize("name", ["rule", "pack", "configuration", "report"])
def test_every_schema_is_sound(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_a_saved_report_that_is_not_there_is_a_wrong_command_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "missing.json"]) == 2
    assert "missing.json: cannot be read" in capsys.readouterr().err


def test_a_command_that_checks_nothing_does_not_speak_of_checking(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["report", "nowhere.json"]) == 2
    assert capsys.readouterr().err.startswith("trailcheck: nothing was done: 1 problem\n")


def test_an_id_unlike_any_is_told_where_ids_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "nope"]) == 2
    assert capsys.readouterr().err.endswith("hint: trailcheck rules list names the rules\n")


def test_a_parameter_is_shown_with_what_it_is_for(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = "{roles: {type: [string], description: Who may.}, days: {type: integer, default: 3}}"
    condition = "contains($roles, eventName) && $days > `1`"
    write_rules(here, rule_text(require=condition, params=params))

    assert main(["rules", "show", "a-rule", "-r", str(here)]) == 0

    shown = capsys.readouterr().out
    assert "  days (integer), default 3\n  roles ([string]), must be given\n    Who may.\n" in shown
