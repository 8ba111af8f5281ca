import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import event, write_trail


def test_standard_input_is_a_trail_log(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.BytesIO(json.dumps({"Records": [event()]}).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content))

    assert main(["check", "-", "-r", "rules", "-v"]) == 1
    assert "<stdin>#0" in capsys.readouterr().out


def run(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "checker", *arguments], check=False, capture_output=True, **options
    )


def test_the_module_is_the_command(here: Path) -> None:
    done = run("check", "bad.json", "-r", "rules")

    assert done.returncode == 1
    assert b"1 failed" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_output_that_goes_nowhere_is_not_a_success(here: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "check", "good.json", "-r", "rules"],
            check=False, stdout=full, stderr=subprocess.PIPE,
        )  # fmt: skip

    assert done.returncode == 4
    assert b"Traceback" not in done.stderr


def test_text_that_a_terminal_cannot_encode_is_no_crash(here: Path) -> None:
    write_trail(Path("odd.json"), [event(userIdentity={"type": "IAMUser", "arn": "Zoë \udcff 😀"})])

    done = run("check", "odd.json", "-r", "rules", env={"PYTHONIOENCODING": "ascii"})

    assert done.returncode == 1, done.stderr.decode()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed_is_no_violation(here: Path, closed: str) -> None:
    command = f"{sys.executable} -m checker check good.json -r rules -q {closed}"

    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True)  # noqa: S607

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_an_error_that_cannot_be_told_is_no_violation(here: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "check", "good.json", "-r", "nowhere"],
            check=False, stdout=subprocess.PIPE, stderr=full,
        )  # fmt: skip

    assert done.returncode in {2, 4}


OVERWRITING = {
    "two reports to one file": ["-o", "json=out.txt", "-o", "junit=./out.txt"],
    "a rule": ["-o", "json=rules/a-rule.yaml"],
    "a pack": ["-o", "json=rules/pack.yaml"],
    "a params file": ["--params", "p.yaml", "-o", "json=p.yaml"],
    "a log by another name": ["-o", "json=link.json"],
}


@pytest.mark.parametrize("name", OVERWRITING)
def test_a_report_overwrites_nothing_that_matters(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    Path("p.yaml").write_text("{}", encoding="utf-8")
    pack = "id: rules\ntitle: Ours\nversion: '1'\n"
    Path("rules/pack.yaml").write_text(pack, encoding="utf-8")
    Path("link.json").symlink_to("good.json")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    assert main(["check", "good.json", "-r", "rules", *OVERWRITING[name]]) == 2
    assert "would overwrite" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_a_report_goes_through_a_link_and_into_a_device(here: Path) -> None:
    Path("link").symlink_to("target.json")

    assert (
        main(["check", "good.json", "-r", "rules", "-o", "json=link", "-o", "text=/dev/null"]) == 0
    )
    assert Path("link").is_symlink()
    assert Path("target.json").stat().st_size
    assert Path("/dev/null").is_char_device()
