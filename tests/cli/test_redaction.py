import json
from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import event, rule_text, write_rules, write_trail

CHECK = ("check", "bad.json", "-r", "rules", "--now", "2025-01-31T12:00:00Z")
KEY = ("--redact", "--redact-key", "redact.key")


@pytest.fixture
def key(here: Path) -> Path:
    path = here / "redact.key"
    path.write_bytes(b"0123456789abcdef")
    return path


def test_a_redacted_run_names_nobody_in_any_report_and_on_the_terminal(
    key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = [part for name in ("json", "html", "ocsf") for part in ("-o", f"{name}=r.{name}")]

    code = main([*CHECK, *KEY, *outputs])

    out = capsys.readouterr().out
    assert code == 1
    for text in (out, *(Path(f"r.{name}").read_text("utf-8") for name in ("json", "html", "ocsf"))):
        assert "alice" not in text
        assert "arn:aws:iam::111122223333:user/name-" in text
        assert "by pseudonyms" in text or text.startswith('{"activity_id"')
    saved = json.loads(Path("r.json").read_bytes())
    assert saved["provenance"]["settings"]["redact"].startswith("by key ")


def test_access_keys_and_secrets_stay_masked(key: Path) -> None:
    identity = {"type": "IAMUser", "userName": "alice", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"}
    parameters = {"password": "canary", "policyName": "x"}
    write_trail(Path("bad.json"), [event(userIdentity=identity, requestParameters=parameters)])

    main([*CHECK, *KEY, "-o", "json=r.json"])

    text = Path("r.json").read_text("utf-8")
    assert "IOSFODNN7" not in text
    assert "canary" not in text


def test_the_same_key_gives_the_same_bytes(key: Path) -> None:
    main([*CHECK, *KEY, "-o", "json=a.json"])
    main([*CHECK, *KEY, "-o", "json=b.json"])
    key.write_bytes(b"another key of 16 bytes")
    main([*CHECK, *KEY, "-o", "json=c.json"])

    assert Path("a.json").read_bytes() == Path("b.json").read_bytes() != Path("c.json").read_bytes()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--redact"], "go together"),
        (["--redact-key", "redact.key"], "go together"),
        ([*KEY, "--show-secrets"], "contradict each other"),
        (["--redact", "--redact-key", "absent"], "absent: the key cannot be read"),
        (
            ["--redact", "--redact-key", "rules/a-rule.yaml", "-o", "json=rules/a-rule.yaml"],
            "would",
        ),
        ([*KEY, "-o", "json=redact.key"], "would overwrite something that this run reads"),
        ([*KEY, "."], "the key lies among the logs"),
    ],
)
def test_options_that_do_not_go_together_are_told_before_anything_is_judged(
    options: list[str], told: str, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = key.read_bytes()

    assert main([*CHECK, *options]) == 2
    assert told in capsys.readouterr().err
    assert key.read_bytes() == before


def test_the_values_of_a_group_whose_events_are_not_at_hand_are_taken_for_names(key: Path) -> None:
    rule = rule_text(
        "burst",
        require=None,
        correlation="{type: event_count, group_by: requestParameters.policyName, "
        "timespan: 10m, condition: {gte: 1}}",
    )
    rules = write_rules(Path("rules"), rule)
    records = [
        event(
            eventID=f"id-{number}",
            eventTime=f"2024-05-10T10:{number:02}:00Z",
            userIdentity={"type": "IAMUser", "userName": f"zorro{number}"},
            requestParameters={"policyName": f"zorro{number}"},
        )
        for number in range(60)
    ]
    write_trail(Path("log.json"), records)
    redacted = ["--redact", "--redact-key", key.as_posix()]

    main(["check", "log.json", "-r", rules, *redacted, "-o", "evidence-jsonl=e.jsonl"])

    text = Path("e.jsonl").read_text(encoding="utf-8")
    groups = [each for each in map(json.loads, text.splitlines()) if each["rule"] == "burst"]
    assert "zorro" not in text
    assert len({each["evidence"]["requestParameters.policyName"] for each in groups}) == 60
