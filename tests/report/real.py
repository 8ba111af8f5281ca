"""The report of a real run: the one whose JSON is a golden file."""

from pathlib import Path

from checker.report.model import Report
from checker.report.saved import load_report

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "report.json"


def real_report() -> Report:
    return load_report(GOLDEN)
