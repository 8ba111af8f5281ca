"""Whole reports, byte for byte: `pytest tests/report/test_golden.py --update-golden` refreshes them."""

from pathlib import Path

import pytest

from checker.cli.main import main

TOP = Path(__file__).resolve().parents[2]
GOLDEN = TOP / "tests" / "golden"
RULES = (
    "rules/iot/iot-core-policies-attached-by-approved-roles.yaml",
    "rules/iot/iot-events-no-calls-after-end-of-support.yaml",
    "tests/report/rules",
)
NAMES = {
    "asff": "findings.asff.jsonl",
    "csv": "report.csv",
    "github": "annotations.txt",
    "gitlab": "gl-code-quality-report.json",
    "html": "report.html",
    "json": "report.json",
    "junit": "report.xml",
    "manifest": "manifest.jsonl",
    "markdown": "report.md",
    "ocsf": "findings.ocsf.jsonl",
    "oscal": "assessment-results.json",
    "sarif": "report.sarif",
    "text": "report.txt",
}


def test_every_format_covers_a_golden_file() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(NAMES.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_its_golden_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.chdir(TOP)
    path = tmp_path / NAMES[name]
    rules = [part for rule in RULES for part in ("-r", rule)]
    now = ["--now", "2025-01-31T12:00:00Z"]

    main(["check", "examples/trail", *rules, *now, "-o", f"{name}={path}"])

    if pytestconfig.getoption("--update-golden"):
        (GOLDEN / path.name).write_bytes(path.read_bytes())
    assert path.read_bytes() == (GOLDEN / path.name).read_bytes()
