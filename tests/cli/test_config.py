from pathlib import Path

import pytest

from checker.cli.main import main
from checker.limits import Limits


def lines(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, list[str]]:
    assert main(["config", *options]) == 0
    printed = (line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines())
    return {name: rest for name, *rest in printed}


def test_without_a_configuration_the_defaults_are_in_force(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = lines(capsys)

    assert found["rules"] == ["default", '["starter"]']
    assert found["fail_on"] == ["default", '"low"']
    assert found["select"] == ["default", "-"]
    assert found["require_evidence"] == ["default", "false"]
    assert found["limits.rules"] == ["default", str(Limits().rules)]


def test_each_value_is_shown_with_where_it_comes_from(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = here / "project"
    folder.mkdir()
    (folder / "trailcheck.yaml").write_text(
        "paths: logs\nfail_on: high\nsoft_fail: ['tag:new']\n"
        "params: {who: me, days: 90}\n"
        "limits:\n  rules: 9\n  file_bytes: 1 GiB\n"
        "scope: {accounts: ['111122223333']}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("TRAILCHECK_FAIL_ON", "none")
    monkeypatch.setenv("TRAILCHECK_PARAMS", "{who: you}")
    monkeypatch.setenv("TRAILCHECK_LIMITS", "{rules: 8}")

    found = lines(capsys, "--config", "project/trailcheck.yaml")

    assert found["paths"] == ["project/trailcheck.yaml:1", '["project/logs"]']
    assert found["fail_on"] == ["TRAILCHECK_FAIL_ON", '"none"']
    assert found["soft_fail"] == ["project/trailcheck.yaml:3", '["tag:new"]']
    assert found["params.who"] == ["TRAILCHECK_PARAMS", '"you"']
    assert found["params.days"] == ["project/trailcheck.yaml:4", "90"]
    assert found["limits.rules"] == ["TRAILCHECK_LIMITS", "8"]
    assert found["limits.file_bytes"] == ["project/trailcheck.yaml:7", "1073741824"]
    assert found["scope"] == ["project/trailcheck.yaml:8", '{"accounts": ["111122223333"]}']
    assert found["owners"] == ["default", "-"]


def test_a_line_of_pyproject_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text("[tool.trailcheck]\n\nrules = ['rules']\n", encoding="utf-8")

    assert lines(capsys)["rules"] == ["pyproject.toml:3", '["rules"]']


def test_what_is_wrong_is_not_in_force(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("trailcheck.yaml").write_text("fial_on: high", encoding="utf-8")

    assert main(["config"]) == 2
    assert "did you mean 'fail_on'?" in capsys.readouterr().err
