import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.cli.main import main

OWN = "{% for rule in report.rules %}\n{{ rule.id }} {{ rule.verdict }}\n{% endfor %}\n"
BROKEN = "fine\n{{ report.rules|nofilter }}\n"
FAILING = "fine\n{{ report.nothing }}\n"
CHECK = ("check", "bad.json", "-r", "rules")


def template(text: str, name: str = "mine.j2") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return f"template:{name}"


def test_templates_of_ones_own_are_rendered_with_everything_else(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = template(OWN), template("{{ report.version }}", "other.j2")

    code = main([*CHECK, "-o", f"{first}=out/a.txt", "-o", f"{second}=b.txt", "-o", "json=r.json"])

    assert code == 1
    assert Path("out/a.txt").read_text(encoding="utf-8") == "a-rule fail\n"
    assert Path("b.txt").read_text(encoding="utf-8") == "1"
    assert "template:mine.j2 report: out/a.txt" in capsys.readouterr().out
    assert main(["report", "r.json", "-o", f"{first}=c.txt"]) == 0
    assert Path("c.txt").read_bytes() == Path("out/a.txt").read_bytes()


def test_a_template_is_taken_from_the_configuration_and_lies_beside_it(here: Path) -> None:
    Path("conf").mkdir()
    template(OWN, "conf/mine.j2")
    Path("conf/trailcheck.yaml").write_text(
        "paths: ../bad.json\nrules: ../rules\noutputs: {'template:mine.j2': out.txt}\n",
        encoding="utf-8",
    )

    assert main(["check", "--config", "conf/trailcheck.yaml"]) == 1
    assert Path("conf/out.txt").read_text(encoding="utf-8") == "a-rule fail\n"


def test_the_configuration_in_force_says_where_a_template_is_from(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("trailcheck.yaml").write_text("outputs: {'template:./a.j2': x}\n", encoding="utf-8")

    assert main(["config"]) == 0
    (line,) = [each for each in capsys.readouterr().out.splitlines() if "template:" in each]
    assert line.split() == ["outputs.template:a.j2", "trailcheck.yaml:1", '"x"']


def test_a_wrong_template_is_told_before_anything_is_judged(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = template(BROKEN)

    assert main([*CHECK, "-o", f"{wrong}=a.txt", "-o", "json=r.json"]) == 2
    error = capsys.readouterr().err
    assert "nothing was checked" in error
    assert "mine.j2:2: No filter named 'nofilter'. [template]" in error
    assert not Path("r.json").exists()
    assert main([*CHECK, "-o", "template:absent.j2=a.txt"]) == 2
    assert main([*CHECK, "-o", "template:=a.txt"]) == 2


def test_a_report_that_fails_keeps_no_other_from_being_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = template(FAILING)

    code = main([*CHECK, "-o", f"{failing}=a.txt", "-o", "json=r.json", "-o", "text=/dev/full"])

    assert code == 4
    assert json.loads(Path("r.json").read_bytes())["format"] == "trailcheck-report"
    assert not Path("a.txt").exists()
    error = capsys.readouterr().err
    assert "a report was not written: 2 problems" in error
    assert "mine.j2:2: the template failed" in error
    assert os.strerror(errno.ENOSPC) in error


@pytest.mark.parametrize("path", ["rules/a-rule.yaml", "mine.j2", "bad.json"])
def test_a_report_overwrites_nothing_that_is_read(here: Path, path: str) -> None:
    before = template(OWN) and Path(path).read_bytes()

    assert main([*CHECK, "-o", f"template:mine.j2={path}"]) == 2
    assert Path(path).read_bytes() == before


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("rules", "it is a folder"),
        ("bad.json/r.json", "bad.json is no folder"),
        ("x" * 300, os.strerror(errno.ENAMETOOLONG)),
        ("a\0b", "null"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_judged(
    here: Path, path: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CHECK, "-o", f"json={path}", "-o", "text=r.txt"]) == 4
    error = capsys.readouterr().err
    assert "nothing was judged" in error
    assert why in error
    assert not Path("r.txt").exists()


def test_a_folder_that_may_not_be_written_to_is_one_message(here: Path) -> None:
    Path("locked").mkdir(mode=0o555)
    if os.access("locked", os.W_OK):
        pytest.skip("root may write anywhere")

    assert main([*CHECK, "-o", "json=locked/r.json"]) == 4


WRITE = """
import resource, signal, sys
from checker.cli.main import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(here: Path) -> None:
    Path("r.json").write_text("the old one", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WRITE, *CHECK, "-o", "json=r.json"], capture_output=True, check=False
    )

    assert done.returncode == 4
    assert b"r.json: the report could not be written" in done.stderr
    assert b"Traceback" not in done.stderr
    assert Path("r.json").read_text(encoding="utf-8") == "the old one"
    assert sorted(path.name for path in here.iterdir()) == [
        "bad.json", "good.json", "r.json", "rules"
    ]  # fmt: skip
