"""The auditor's page before judges that we did not write: a validator, a browser, axe, a printer."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from checker.report.html import render_html
from checker.report.model import Report
from tests.report.sample import hostile_report, sample_report

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent
CONSTRAINED = "violates Content Security Policy (meta tag): blocked by"
"""The validator does not compare hashes: the browser does, which ran what it says is blocked."""


class Visit(NamedTuple):
    """What a browser said of the page, and the page as it prints."""

    said: Any
    pdf: Path


@pytest.fixture(scope="session")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="session")
def visit(judges: Path, report: Report, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    folder = tmp_path_factory.mktemp("visit")
    page, pdf = folder / "report.html", folder / "report.pdf"
    page.write_text(render_html(report), encoding="utf-8")
    command: list[str | Path] = [
        program("node"),
        FOLDER / "browse.mjs",
        program("chromium"),
        page,
        pdf,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=judges.parent, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return Visit(json.loads(done.stdout), pdf)


@pytest.mark.parametrize("make", [sample_report, hostile_report])
def test_the_validator_finds_nothing(judges: Path, make: Any, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(make()), encoding="utf-8")
    jar = judges / "vnu-jar" / "build" / "dist" / "vnu.jar"

    done = subprocess.run(
        [program("java"), "-jar", jar, "--stdout", "--exit-zero-always", "--format", "json", page],
        capture_output=True,
        text=True,
        check=True,
    )

    messages = [each["message"] for each in json.loads(done.stdout)["messages"]]
    assert [each for each in messages if CONSTRAINED not in each] == []


@pytest.mark.parametrize("way", ["light", "dark", "narrow", "narrow, dark"])
def test_axe_finds_nothing_with_everything_opened(visit: Visit, way: str) -> None:
    assert visit.said["violations"][way] == []


def test_the_page_is_never_wider_than_the_window(visit: Visit) -> None:
    assert set(visit.said["overflow"].values()) == {0}


def test_the_console_is_silent_and_nothing_is_asked_of_the_network(visit: Visit) -> None:
    assert (visit.said["console"], visit.said["requests"]) == ([], [])


def test_the_policy_of_the_page_refuses_whatever_would_leave_it(visit: Visit) -> None:
    assert visit.said["refused"] == ["connect-src", "frame-src", "img-src", "script-src-elem"]


def test_filters_narrow_the_rules_and_a_link_still_leads_to_what_they_hid(visit: Visit) -> None:
    assert visit.said["shown"] == {"all": 10, "failed": 3, "none": 0, "linked": 10}
    assert visit.said["status"] == "0 of 10 rules"


def test_a_link_to_an_event_opens_it_with_buttons_that_copy_and_a_key_closes_it(
    visit: Visit,
) -> None:
    assert visit.said["linked"] == {"open": True, "seen": True, "copies": 3}
    assert visit.said["closedByKey"] is True


def test_without_scripts_the_events_are_there_to_read(visit: Visit) -> None:
    assert visit.said["withoutScripts"] is True


def test_on_paper_everything_is_there(visit: Visit, report: Report) -> None:
    text = subprocess.run(
        [program("pdftotext"), visit.pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    printed = "".join(text.split())

    for rule in report.rules:
        assert "".join(rule.title.split()) in printed
        for evidence in [*rule.violations.shown, *rule.undetermined.shown, *rule.sample]:
            assert evidence.event_id in printed
    for words in ("Page1of", "Preparedby", "Reviewedby", "Conclusion", "Managementresponse"):
        assert words in printed


def program(name: str) -> str:
    """Find a program, or skip the test."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs the program {name}: run tests/judges/setup.sh as root on Debian")
    return found
