from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.authoring.waiver_lint import lint_waivers
from checker.cli.main import main
from checker.policy.waiver_document import load_waivers
from tests.builders import rule_of, rule_text, write_rules
from tests.policy.test_waiver_document import waivers_text


def codes(tmp_path: Path, change: dict[str, str | None], now: str = "2024-05-01") -> list[str]:
    path = tmp_path / "waivers.yaml"
    path.write_text(waivers_text(change), encoding="utf-8")
    rule = rule_of(tmp_path / "rules", rule_text())
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    return [each.code for each in lint_waivers(load_waivers(path), {rule.id: rule}, instant)]


@pytest.mark.parametrize(
    ("change", "now", "found"),
    [
        ({}, "2024-05-01", []),
        ({}, "2024-05-02", ["waiver-ending"]),
        ({}, "2024-06-01", ["waiver-expired"]),
        ({"approved_by": "a. EXAMPLE"}, "2024-05-01", ["waiver-own-approval"]),
        ({"scope": "{match: {eventName: DetachPolicy}}"}, "2024-05-01", ["waiver-scope"]),
        ({"scope": "{match: {eventName: Attach*}}"}, "2024-05-01", []),
        ({"scope": "{where: \"userIdentity.userName == 'alice'\"}"}, "2024-05-01", []),
        ({"scope": '{where: userIdentity.userName != "bob"}'}, "2024-05-01", ["TC101"]),
        ({"scope": "{where: \"!requestParameters.policyName == 'A'\"}"}, "2024-05-01", ["TC103"]),
        ({"scope": "{match: {eventSource: iam.amazonaws.com}}"}, "2024-05-01", ["waiver-scope"]),
    ],
)
def test_what_is_odd_about_a_waiver_is_told_before_it_is_used(
    tmp_path: Path, change: dict[str, str | None], now: str, found: list[str]
) -> None:
    assert codes(tmp_path, change, now) == found


def test_lint_reads_waivers_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text())
    Path("waivers.yaml").write_text(waivers_text({"rule": "a-rul"}), encoding="utf-8")

    code = main(["lint", "rules", "--select", "TC9", "--waivers", "waivers.yaml"])

    assert code == 1
    assert "waivers.yaml:2:5: waiver rollout: there is no rule 'a-rul'" in capsys.readouterr().out
