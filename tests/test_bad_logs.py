"""Whatever is handed in as a trail log is read or refused, and nothing refused is ever clean."""

import json
from pathlib import Path

import pytest

from checker.aws import Json
from checker.cli.main import main
from tests.tables.broken_logs import BROKEN_LOGS
from tests.tables.logs import RULE, gz
from tests.tables.odd_logs import ODD_LOGS

LOGS = {case.name: case for case in (*BROKEN_LOGS, *ODD_LOGS)}
EXIT = {"ok": 0, "warning": 0, "error": 3, "none": 3}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/nothing-is-deleted.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


def check(*paths: str) -> tuple[int, Json]:
    """Run the command over paths, and give its exit code and its report."""
    code = main(["check", *paths, "-r", "rules", "-o", "json=report.json"])
    return code, json.loads(Path("report.json").read_text(encoding="utf-8"))


def told(report: Json) -> str:
    """Give all that a report says is wrong with the input."""
    return "\n".join(
        f"{each['path']}: {each['cause']}: {each['hint']}" for each in report["problems"]
    )


@pytest.mark.parametrize("name", LOGS)
def test_a_log_is_read_or_refused_for_a_stated_reason(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    case = LOGS[name]
    Path("log.json").write_bytes(case.content)

    code, report = check("log.json")

    assert code == EXIT[case.kind], told(report)
    totals = report["totals"]
    assert (totals["judged"], totals["refused"]) == (case.judged, case.refused)
    assert totals["read"] == totals["judged"] + totals["duplicates"] + totals["refused"]
    levels = {each["level"] for each in report["problems"]}
    assert levels == ({case.kind} if case.kind in {"error", "warning"} else set())
    assert case.said in told(report)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "".join(said.out.splitlines()).isprintable()


@pytest.mark.parametrize("name", [each.name for each in ODD_LOGS if "gzip" not in each.name])
def test_compression_changes_nothing(here: Path, name: str) -> None:
    Path("log.json.gz").write_bytes(gz(LOGS[name].content))

    code, report = check("log.json.gz")

    assert code == EXIT[LOGS[name].kind], told(report)
    assert report["totals"]["judged"] == LOGS[name].judged
    assert LOGS[name].said in told(report)


@pytest.mark.parametrize("name", [name for name in LOGS if name != "a digest"])
def test_what_is_bad_stays_bad_beside_what_is_good(here: Path, name: str) -> None:
    case = LOGS[name]
    Path("logs").mkdir()
    Path("logs/bad.json").write_bytes(case.content)
    good = case.content if case.kind == "ok" else next(each.content for each in BROKEN_LOGS)
    Path("logs/good.json").write_bytes(good)

    code, report = check("logs")

    assert code == (3 if case.kind == "error" else 0), told(report)
    assert report["gate"]["complete"] is (case.kind != "error")


def test_the_table_is_large_and_its_names_are_all_different() -> None:
    assert len(LOGS) == len(BROKEN_LOGS) + len(ODD_LOGS)
    assert len(LOGS) >= 150
