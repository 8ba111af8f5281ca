import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.report.model import Report
from checker.report.sarif import render_sarif
from tests.report.nasty import nasty_suffixed_report
from tests.report.sample import hostile_report, sample_report

# The project has no address of its own to name.
WISHES = frozenset({"SARIF2005"})
WEIGHTS = ("error", "warning")


@pytest.fixture(scope="module")
def multitool(judges: Path) -> Path:
    folder = judges / f"@microsoft/sarif-multitool-{sys.platform}"
    program = folder / ("Sarif.Multitool.exe" if sys.platform == "win32" else "Sarif.Multitool")
    if not program.is_file():
        pytest.skip(f"the SARIF Multitool has no program for {sys.platform}")
    program.chmod(0o755)
    return program


def judged(multitool: Path, log: Path) -> dict[str, list[str]]:
    """Validate a log by the rules for SARIF and for GitHub: what they say, by severity."""
    answer = log.with_suffix(".answer.sarif")
    kinds = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--kind", "Fail"]
    command = [
        str(multitool),
        "validate",
        str(log),
        *kinds,
        "--log",
        "ForceOverwrite",
        "--output",
        str(answer),
    ]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.is_file(), done.stdout + done.stderr
    (run,) = json.loads(answer.read_text(encoding="utf-8-sig"))["runs"]
    found: dict[str, list[str]] = {}
    for result in run["results"]:
        text = f"{result['ruleId']}: {result['message'].get('arguments')}"
        found.setdefault(result.get("level", "warning"), []).append(text)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        sample_report,
        hostile_report,
        lambda: nasty_suffixed_report("[a](https://a.example) ://\n{0}"),
    ],
    ids=["sample", "hostile", "nasty"],
)
def test_a_log_is_as_sarif_and_github_want_it(
    make: Callable[[], Report], multitool: Path, tmp_path: Path
) -> None:
    log = tmp_path / "report.sarif"
    log.write_text(render_sarif(make()), encoding="utf-8")

    found = judged(multitool, log)

    told = [each for weight in WEIGHTS for each in found.get(weight, [])]
    assert [each for each in told if each.partition(":")[0] not in WISHES] == []


@pytest.mark.slow
def test_the_judge_finds_what_github_would_refuse(multitool: Path, tmp_path: Path) -> None:
    log = tmp_path / "report.sarif"
    shape = json.loads(render_sarif(sample_report()))
    del shape["runs"][0]["results"][0]["locations"]
    del shape["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]
    log.write_text(json.dumps(shape), encoding="utf-8")

    found = judged(multitool, log)

    assert {"GH1015", "GH1017"} & {each.partition(":")[0] for each in found["error"]}
