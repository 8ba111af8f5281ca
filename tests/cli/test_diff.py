from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import APPROVED, event, write_trail

CHECK = ("check", "-q", "-r", "rules", "--now", "2025-01-31T12:00:00Z")


@pytest.fixture
def reports(here: Path) -> Path:
    """Give the reports of a good and of a bad run."""
    main([*CHECK, "good.json", "-o", "json=good-report.json"])
    main([*CHECK, "bad.json", "-o", "json=bad-report.json"])
    return here


def test_a_run_that_became_worse_exits_1_and_says_how(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert main(["diff", "good-report.json", "bad-report.json"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("New or worse: ")
    assert "a-rule  all accounts  pass  fail  worse" in out


def test_a_run_that_became_better_or_stayed_exits_0(reports: Path) -> None:
    assert main(["diff", "bad-report.json", "good-report.json"]) == 0
    assert main(["diff", "bad-report.json", "bad-report.json"]) == 0


def test_it_is_written_as_text_markdown_and_html(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    outputs = ["-o", "html=out/d.html", "-o", "markdown=d.md", "-o", "text=-"]

    assert main(["diff", "good-report.json", "bad-report.json", *outputs]) == 1
    assert Path("out/d.html").read_text("utf-8").startswith("<!doctype html>")
    assert Path("d.md").read_text("utf-8").startswith("**New or worse")
    assert capsys.readouterr().out.startswith("New or worse")


@pytest.mark.parametrize(
    "arguments",
    [
        ["good-report.json"],
        ["good-report.json", "absent.json"],
        ["good-report.json", "good.json"],
        ["good-report.json", "bad-report.json", "-o", "htm=x"],
        ["good-report.json", "bad-report.json", "-o", "html="],
        ["good-report.json", "bad-report.json", "-o", "html=x", "-o", "text=x"],
        ["good-report.json", "bad-report.json", "-o", "text=good-report.json"],
    ],
)
def test_what_cannot_be_compared_exits_2(reports: Path, arguments: list[str]) -> None:
    assert main(["diff", *arguments]) == 2


def test_what_cannot_be_written_exits_4_and_the_rest_is(reports: Path) -> None:
    pair = ["diff", "good-report.json", "bad-report.json"]

    assert main([*pair, "-o", "text=rules"]) == 4
    assert main([*pair, "-o", "text=/dev/full", "-o", "markdown=d.md"]) == 4
    assert Path("d.md").exists()


def test_a_redacted_report_is_not_compared_with_a_plain_one(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("key").write_bytes(b"0123456789abcdef")
    write_trail(Path("good.json"), [event(userIdentity=APPROVED)])
    redact = ["--redact", "--redact-key", "key"]
    main([*CHECK, "good.json", *redact, "-o", "json=redacted.json"])

    assert main(["diff", "good-report.json", "redacted.json"]) == 2
    assert "[diff-reports]" in capsys.readouterr().err
