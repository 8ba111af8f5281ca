"""The same input gives the same bytes of every report, whoever reads it in which order."""

import json
from pathlib import Path

import pytest

from checker.cli.main import main
from checker.engine import executors
from checker.report.formats import FORMATS, STREAMS
from tests.builders import APPROVED, event, rule_text, write_trail
from tests.policy.test_waiver_document import waivers_text

RULES = {
    "single": rule_text("single"),
    "burst": rule_text(
        "burst",
        require=None,
        correlation="{type: event_count, group_by: sourceIPAddress, timespan: 10m, condition: {gte: 3}}",
    ),
    "duty": rule_text("duty", require=None, cadence="{every: 2m, per: account}"),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with rules, and with logs in which events stand twice and one file is broken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "SERIAL_BELOW", 0)
    monkeypatch.setattr(executors, "_LARGEST_SHARD", 3_000)
    Path("rules").mkdir()
    for name, text in RULES.items():
        Path("rules", f"{name}.yaml").write_text(text, encoding="utf-8")
    events = [
        event(
            eventID=f"id-{number}",
            eventTime=f"2024-05-01T10:{number:02}:00Z",
            userIdentity=APPROVED if number % 3 else event()["userIdentity"],
            recipientAccountId=["111122223333", "444455556666"][number % 2],
            requestParameters={"policyName": f"<b>{number}"},
        )
        for number in range(40)
    ]
    write_trail(Path("logs/one.json"), events[:15])
    write_trail(Path("logs/two.json"), [*events[10:20], event(eventID="id-3", eventName="Other")])
    # Without spaces, as CloudTrail writes: else no part of the file is read by itself.
    written = [json.dumps(each, separators=(",", ":")) for each in events]
    lines = "".join(f"{each}\n" for each in [*written[5:30], *written[18:40]])
    Path("logs/lines.jsonl").write_text(lines, encoding="utf-8")
    Path("logs/cut.json").write_text('{"Records": [', encoding="utf-8")
    Path("waivers.yaml").write_text(
        waivers_text(
            {"rule": "single", "scope": "{match: {recipientAccountId: '444455556666'}}"},
            {"id": "burst", "rule": "burst", "scope": "{all: true}", "expires": "2024-05-02"},
        ),
        encoding="utf-8",
    )
    note = ["--prepared-by", "A", "--baseline-reason", "x", "--write-baseline", "baseline.json"]
    main(["check", "logs/two.json", "-r", "rules", "--now", "2024-06-01", *note])
    return tmp_path


def reports(name: str, jobs: int, paths: list[str]) -> tuple[int, dict[str, bytes]]:
    formats = [*(each.name for each in FORMATS), *STREAMS]
    outputs = {each: Path(f"{name}-{each}") for each in formats}
    excepting = ["--waivers", "waivers.yaml", "--sample", "3", "--seed", "s"]
    excepting += ["--baseline", "baseline.json"]
    asked = [part for each, path in outputs.items() for part in ("-o", f"{each}={path}")]
    code = main(
        ["check", *paths, "-r", "rules", "--now", "2024-06-01", "-j", str(jobs), *excepting, *asked]
    )
    return code, {each: path.read_bytes() for each, path in outputs.items()}


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("turned", [False, True])
def test_any_number_of_jobs_and_any_order_of_paths(jobs: int, *, turned: bool) -> None:
    paths = ["logs/one.json", "logs/two.json", "logs/lines.jsonl", "logs/cut.json"]
    plain = reports("plain", 1, paths)

    ordered = ["logs/lines.jsonl", *paths[::-1]] if turned else paths

    assert reports("other", jobs, ordered) == plain
    assert plain[0] == 3
