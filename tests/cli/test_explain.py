import io
import json
import sys
from pathlib import Path

import msgspec
import pytest

from checker.authoring.explain_model import Explanation
from checker.cli.main import main
from tests.builders import APPROVED, event, rule_text, write_rules, write_trail

GOLDEN = Path(__file__).resolve().parents[1] / "authoring" / "golden"
PARAMS = """
  approved:
    type: [string]
    default: ["arn:aws:iam::*:role/Approved"]"""
RULE = rule_text(
    params=PARAMS,
    requires="userIdentity",
    require="arn_like(principal(userIdentity), $approved) || userIdentity.invokedBy == 'x' && length(requestParameters.list) > `1`",
    message='"{principal(userIdentity)} attached {requestParameters.policyName}"',
)


@pytest.fixture
def log(here: Path) -> str:
    write_rules(Path("rules"), RULE)
    return write_trail(
        Path("log.json"),
        [
            event(),
            event(eventID="5c1f6e0a-2f3f-4a54-9d3f-0000000000a2", userIdentity=APPROVED),
            event(eventID="5c1f6e0a-2f3f-4a54-9d3f-0000000000a3", eventName="Other"),
            event(
                eventID="5c1f6e0a-2f3f-4a54-9d3f-0000000000a4",
                userIdentity={"type": "AWSService", "invokedBy": "x"},
                requestParameters=None,
            ),
            event(eventID="5c1f6e0a-2f3f-4a54-9d3f-0000000000a5", userIdentity={"omitted": True}),
            event(eventID="5c1f6e0a-2f3f-4a54-9d3f-0000000000a6", errorCode="AccessDenied"),
        ],
    )


@pytest.mark.parametrize(
    ("name", "options"), [("explanation.txt", []), ("explanation.json", ["--json"])]
)
def test_a_whole_explanation(
    log: str,
    name: str,
    options: list[str],
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "rules/a-rule.yaml", log, "--all", *options]) == 0
    written = capsys.readouterr().out
    if pytestconfig.getoption("--update-golden"):
        (GOLDEN / name).write_text(written, encoding="utf-8")

    assert written == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_json_is_of_its_shape(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "rules/a-rule.yaml", log, "--all", "--json"]) == 0

    assert msgspec.json.decode(capsys.readouterr().out, type=Explanation).events


def test_one_event_is_named_by_its_number_or_by_its_id(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    by_number = shown("explain", "rules/a-rule.yaml", f"{log}#1", capsys=capsys)
    by_id = shown(
        "explain", "rules/a-rule.yaml", ".#5c1f6e0a-2f3f-4a54-9d3f-0000000000a2", capsys=capsys
    )

    assert "conforming" in by_number
    assert by_number == by_id


def shown(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    main(arguments)
    return capsys.readouterr().out


def test_of_several_events_those_the_rule_is_not_about_are_counted(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shown("explain", "rules/a-rule.yaml", log, capsys=capsys)

    assert "1 event not shown: the rule is not about them" in out
    assert "1 event not shown: its outcome is denied, and the rule judges success" in out


def test_an_event_may_come_from_standard_input(
    log: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped = io.TextIOWrapper(io.BytesIO(json.dumps(event()).encode()))
    monkeypatch.setattr(sys, "stdin", piped)

    assert main(["explain", "rules/a-rule.yaml", "-"]) == 0
    assert "<stdin>#0" in capsys.readouterr().out


def test_a_rule_is_named_by_its_id_among_rules_in_the_configuration_or_bundled(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "a-rule", log, "-r", "rules"]) == 0
    assert main(["explain", "iot-root-not-used", log]) == 0
    Path("trailcheck.yaml").write_text("rules: rules", encoding="utf-8")
    assert main(["explain", "a-rule", log]) == 0
    capsys.readouterr()

    assert main(["explain", "a-rul", log]) == 2
    assert "did you mean 'a-rule'?" in capsys.readouterr().err


def test_a_parameter_is_given_as_to_a_check(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    option = "approved=arn:aws:iam::*:user/alice"
    out = shown("explain", "rules/a-rule.yaml", f"{log}#0", "--param", option, capsys=capsys)

    assert "conforming" in out
    assert main(["explain", "rules/a-rule.yaml", log, "--param", "x=1"]) == 2


def test_the_waivers_of_the_rule_are_told(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("waivers.yaml").write_text(
        "waivers: [{id: covers, rule: a-rule, scope: {all: true}, kind: risk_accepted, reason: r,"
        " owner: o, approved_by: a, approved_on: 2024-01-01, expires: 2025-01-01}]",
        encoding="utf-8",
    )
    out = shown(
        "explain", "rules/a-rule.yaml", f"{log}#0", "--waivers", "waivers.yaml", capsys=capsys
    )

    assert "(waived by covers)" in out
    assert "covers: it covers this (approved 2024-01-01T00:00:00Z" in out


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("log.json#9", "event-unknown"),
        ("log.json#nothing", "event-unknown"),
        (".#1", "event-unknown"),
        ("nowhere.json", "no-such-path"),
    ],
)
def test_an_event_that_there_is_not_is_a_mistake(
    log: str, named: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trail(Path("other.json"), [event()])

    assert main(["explain", "rules/a-rule.yaml", named]) == 2
    assert f"[{code}]" in capsys.readouterr().err


def test_what_cannot_be_read_is_told_and_makes_it_incomplete(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken.json").write_text('{"Records": [', encoding="utf-8")

    assert main(["explain", "rules/a-rule.yaml", log, "broken.json"]) == 3
    assert "[broken-json]" in capsys.readouterr().err


def test_a_log_without_events_is_a_mistake(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_trail(Path("none.json"), [])

    assert main(["explain", "rules/a-rule.yaml", "none.json"]) == 2
    assert "[no-events]" in capsys.readouterr().err


def test_what_an_event_says_is_no_command_to_a_terminal(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = event(awsRegion="\x1b]0;pwned\x07", requestParameters={"policyName": "##vso[task]"})
    log = write_trail(Path("hostile.json"), [hostile])

    for options in ([], ["--json"]):
        assert main(["explain", "rules/a-rule.yaml", log, *options]) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\x07" not in out
