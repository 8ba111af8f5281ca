import json
from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import APPROVED, event, rule_text, write_rules, write_trail


def test_a_configuration_s_bundled_pack_is_not_taken_for_a_folder(here: Path) -> None:
    Path("trailcheck.yaml").write_text("rules: iot\nfail_on: critical", encoding="utf-8")

    assert main(["check", "good.json"]) == 0
    write_rules(Path("iot"), rule_text())
    assert main(["check", "good.json"]) == 2


def test_a_configuration_says_what_the_command_line_does_not(here: Path) -> None:
    folder = here / "project"
    write_rules(
        folder / "rules",
        rule_text("own", params="\n  who:\n    type: string", require="userIdentity.arn == $who"),
    )
    write_trail(folder / "logs" / "trail.json", [event(userIdentity=APPROVED)])
    (folder / "trailcheck.yaml").write_text(
        "paths: logs\nrules: rules\nfail_on: high\n"
        f"params: {{who: '{APPROVED['arn']}'}}\noutputs: {{json: out.json}}\n",
        encoding="utf-8",
    )

    assert main(["check", "--config", "project/trailcheck.yaml"]) == 0
    assert (
        json.loads((folder / "out.json").read_text(encoding="utf-8"))["gate"]["fail_on"] == "high"
    )
    assert main(["check", "--config", "project/trailcheck.yaml", "--param", "who=someone"]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pathss: x", "did you mean 'paths'?"),
        ("outputs: {htm: x}", "did you mean 'html'?"),
        ("fail_on: urgent", "valid: info, low, medium, high, critical, none"),
        ("rules: []", "expected a list of paths, found an empty list"),
        ("- a", "expected the configuration, found a list"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_place(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    Path("trailcheck.yaml").write_text(text, encoding="utf-8")

    assert main(["check", "bad.json"]) == 2
    err = capsys.readouterr().err
    assert "trailcheck.yaml:1:" in err
    assert said in err


def test_parameters_come_from_files_and_options_the_later_winning(here: Path) -> None:
    text = rule_text(params="\n  who:\n    type: string", require="userIdentity.arn == $who")
    write_rules(Path("rules"), text)
    Path("p.yaml").write_text(f"who: {APPROVED['arn']}\n", encoding="utf-8")

    assert main(["check", "good.json", "-r", "rules"]) == 2
    assert main(["check", "good.json", "-r", "rules", "--params", "p.yaml"]) == 0
    assert (
        main(["check", "good.json", "-r", "rules", "--params", "p.yaml", "--param", "who=x"]) == 1
    )


def test_a_limit_can_be_changed_and_the_report_says_so(here: Path) -> None:
    Path("trailcheck.yaml").write_text("limits: {evaluation_steps: 3, file_bytes: 1 GiB}")
    rule = rule_text(require="requestParameters.items[?a].b == `[]`")
    write_rules(Path("rules"), rule)
    write_trail(Path("long.json"), [event(requestParameters={"items": [{}] * 9})])

    code = main(["check", "long.json", "-r", "rules", "-o", "json=r.json"])

    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert code == 3
    assert report["rules"][0]["errors"]["shown"][0]["reason"] == "it takes more than 3 steps"
    assert "evaluation_steps 3 (default 200,000)" in report["notes"][-1]
    assert "file_bytes 1,073,741,824" in report["notes"][-1]


def test_a_limit_that_would_run_out_of_stack_is_refused(here: Path) -> None:
    Path("trailcheck.yaml").write_text("limits: {record_depth: 401}", encoding="utf-8")

    assert main(["check", "good.json"]) == 2


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "4 GB", ""])
def test_a_limit_is_a_quantity(here: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    Path("trailcheck.yaml").write_text(f"limits: {{rules: '{text}'}}")

    assert main(["check", "good.json"]) == 2
    assert "trailcheck.yaml:1:17: expected a quantity" in capsys.readouterr().err


def test_a_configuration_that_cannot_be_read_is_not_taken_for_none(here: Path) -> None:
    Path("trailcheck.yaml").symlink_to("nowhere")

    assert main(["check", "good.json", "-r", "rules"]) == 2


def test_what_the_command_line_says_wins_over_a_configuration_for_one_rule(here: Path) -> None:
    text = rule_text(params="\n  who:\n    type: string", require="userIdentity.arn == $who")
    write_rules(Path("rules"), text)
    Path("trailcheck.yaml").write_text(f"params: {{a-rule.who: '{APPROVED['arn']}'}}")

    assert main(["check", "good.json", "-r", "rules"]) == 0
    assert main(["check", "good.json", "-r", "rules", "--param", "who=someone"]) == 1
