"""Where a configuration comes from, and what wins."""

import json
from pathlib import Path
from typing import Any

import pytest

from checker.cli.configuration import CONFIGURATION, variable_of
from checker.cli.main import main
from tests.builders import APPROVED, event, rule_text, write_rules, write_trail

RULES = ["-r", "rules"]


def gate_of(*options: str) -> dict[str, Any]:
    main(["check", "bad.json", *RULES, *options, "-o", "json=r.json"])
    report: dict[str, Any] = json.loads(Path("r.json").read_text(encoding="utf-8"))
    gate: dict[str, Any] = report["gate"]
    return gate


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("trailcheck.yaml").write_text("fail_on: info", encoding="utf-8")
    assert gate_of()["fail_on"] == "info"

    monkeypatch.setenv("TRAILCHECK_FAIL_ON", "critical")
    assert gate_of()["fail_on"] == "critical"
    assert gate_of("--fail-on", "none")["fail_on"] == "none"


def test_a_table_in_pyproject_is_a_configuration(here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[tool.trailcheck]\nrules = "rules"\nfail_on = "none"\n', encoding="utf-8"
    )

    assert main(["check", "bad.json"]) == 0
    assert main(["check", "bad.json", "--fail-on", "low"]) == 1
    assert main(["check", "bad.json", "--config", "pyproject.toml"]) == 0


def test_a_pyproject_without_the_table_says_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'trailcheck'\n", encoding="utf-8")

    assert main(["check", "bad.json", *RULES]) == 1
    assert main(["check", "bad.json", "--config", "pyproject.toml"]) == 2
    assert "[tool.trailcheck] [config-table]" in capsys.readouterr().err


def test_two_configurations_in_one_folder_are_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pyproject.toml").write_text("[tool.trailcheck]\nfail_on = 'low'\n", encoding="utf-8")
    Path("trailcheck.yaml").write_text("fail_on: none", encoding="utf-8")

    assert main(["check", "bad.json", *RULES]) == 2
    assert "[config-twice]" in capsys.readouterr().err
    assert main(["check", "bad.json", *RULES, "--config", "trailcheck.yaml"]) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pathss = 'x'", "pyproject.toml:2:1: unknown key 'pathss' in the configuration"),
        ("fail_on = 'urgent'", "pyproject.toml:2:1: expected a severity, found 'urgent'"),
        ("owners = {soc2 = 1", "pyproject.toml:2:19: not valid TOML"),
        ("select = ['tags:x']", "pyproject.toml:2:1: 'tags:x': 'tags' is no kind of selector"),
    ],
)
def test_a_mistake_in_pyproject_is_told_with_its_line(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    Path("pyproject.toml").write_text(f"[tool.trailcheck]\n{text}\n", encoding="utf-8")

    assert main(["check", "bad.json"]) == 2
    assert said in capsys.readouterr().err


def test_every_key_has_a_variable(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rules(
        Path("rules"),
        rule_text("b-rule", params="\n  who: {type: string}", require="userIdentity.arn == $who"),
    )
    given = {
        "PATHS": "[good.json]",
        "RULES": "rules",
        "SELECT": "['*-rule']",
        "EXCLUDE": "a-rule",
        "PARAMS": f"{{who: '{APPROVED['arn']}'}}",
        "FAIL_ON": "medium",
        "SOFT_FAIL": "severity:low",
        "REQUIRE_EVIDENCE": "false",
        "OUTPUTS": "{json: r.json}",
        "SINCE": "2024",
        "UNTIL": "2024",
        "OWNERS": "{soc2: Audit}",
        "NOT_APPLICABLE": "{c-rule: never used here}",
        "ACCOUNTS": "{'111122223333': production}",
        "PREPARED_BY": "A. Example",
        "PURPOSE": "a try",
        "OBTAINED": "{by: B. Example}",
        "LIMITS": "{exhibits: 3}",
    }
    write_rules(Path("rules"), rule_text("c-rule", severity="low"))
    for name, text in given.items():
        monkeypatch.setenv(f"TRAILCHECK_{name}", text)

    assert main(["check"]) == 0

    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert [each["id"] for each in report["rules"]] == ["b-rule", "c-rule"]
    assert report["gate"]["soft_fail"] == ["severity:low"]
    assert report["account_names"] == {"111122223333": "production"}
    named = {f"TRAILCHECK_{name}" for name in given}
    every = {variable_of(each.name) for each in CONFIGURATION.fields}
    assert every - named == {f"TRAILCHECK_{name}" for name in ("BASELINE", "SCOPE", "WAIVERS")}


def test_entries_of_a_mapping_win_one_by_one(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("trailcheck.yaml").write_text(
        "outputs: {json: file.json, text: file.txt}\nlimits: {exhibits: 3, rules: 9}",
        encoding="utf-8",
    )
    monkeypatch.setenv("TRAILCHECK_OUTPUTS", "{json: environment.json}")
    monkeypatch.setenv("TRAILCHECK_LIMITS", "{rules: 8}")

    main(["check", "bad.json", *RULES])

    notes = json.loads(Path("environment.json").read_text(encoding="utf-8"))["notes"]
    assert not Path("file.json").exists()
    assert Path("file.txt").exists()
    assert any("rules 8 (default" in note and "exhibits 3 (" in note for note in notes)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("TRAILCHECK_FAILON", "high", "did you mean 'TRAILCHECK_FAIL_ON'?"),
        ("TRAILCHECK_FAIL_ON", "", "TRAILCHECK_FAIL_ON is empty"),
        ("TRAILCHECK_FAIL_ON", "urgent", "TRAILCHECK_FAIL_ON: expected a severity"),
        ("TRAILCHECK_RULES", "[iot", "TRAILCHECK_RULES:1:"),
        ("TRAILCHECK_LIMITS", "{rules: many}", "TRAILCHECK_LIMITS:1:9: expected a quantity"),
        ("TRAILCHECK_CONFIG", "missing.yaml", "missing.yaml: cannot be read"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_variable_that_says_nothing_that_can_be_done_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
    said: str,
) -> None:
    monkeypatch.setenv(name, text)

    assert main(["check", "good.json", *RULES]) == 2
    assert said in capsys.readouterr().err


def test_a_variable_names_the_configuration_and_the_option_wins(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("one.yaml").write_text("fail_on: none", encoding="utf-8")
    Path("two.yaml").write_text("fail_on: low", encoding="utf-8")
    monkeypatch.setenv("TRAILCHECK_CONFIG", "one.yaml")

    assert main(["check", "bad.json", *RULES]) == 0
    assert main(["check", "bad.json", *RULES, "--config", "two.yaml"]) == 1


def test_a_parameter_of_the_environment_wins_over_one_for_a_single_rule_in_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rule_text(params="\n  who:\n    type: string", require="userIdentity.arn == $who")
    write_rules(Path("rules"), text)
    Path("trailcheck.yaml").write_text(f"params: {{a-rule.who: '{APPROVED['arn']}'}}")
    monkeypatch.setenv("TRAILCHECK_PARAMS", "{who: someone}")

    assert main(["check", "good.json", *RULES]) == 1


def test_paths_of_the_environment_are_from_here(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_trail(Path("project/logs/a.json"), [event(userIdentity=APPROVED)])
    Path("project/trailcheck.yaml").write_text("paths: logs", encoding="utf-8")

    assert main(["check", "--config", "project/trailcheck.yaml", *RULES]) == 0
    monkeypatch.setenv("TRAILCHECK_PATHS", "bad.json")
    assert main(["check", "--config", "project/trailcheck.yaml", *RULES]) == 1


def test_names_of_accounts_and_owners_of_controls_reach_the_report(here: Path) -> None:
    write_rules(Path("rules"), rule_text(controls="{soc2: [CC6.1, CC7.2], nist-800-53-r5: ac-6.9}"))
    Path("trailcheck.yaml").write_text(
        "accounts: {'111122223333': production}\nowners: {'soc2:CC7*': Operations, soc2: Audit}\n",
        encoding="utf-8",
    )

    main(["check", "bad.json", *RULES, "-o", "json=r.json", "-o", "html=r.html"])

    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    owners = {each["id"]: each["owner"] for each in report["rules"][0]["controls"]}
    page = Path("r.html").read_text(encoding="utf-8")
    assert report["account_names"] == {"111122223333": "production"}
    assert owners == {"CC6.1": "Audit", "CC7.2": "Operations", "ac-6.9": ""}
    assert "<code>111122223333</code> (production)" in page
    assert "owner: Operations" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accounts: {production: x}", "expected an account id, found 'production'"),
        ("owners: {'a b': x}", "expected a control, found 'a b'"),
        ('owners: {soc2: "a\\nb"}', "expected a name in one line"),
        ("soft_fail: ['pack:']", "'pack:': expected a selector"),
        ("require_evidence: yes", "write true or false"),
    ],
)
def test_what_a_key_cannot_hold_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    Path("trailcheck.yaml").write_text(text, encoding="utf-8")

    assert main(["check", "bad.json", *RULES]) == 2
    assert said in capsys.readouterr().err
