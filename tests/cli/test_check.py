import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.cli.main import main
from tests.builders import event, rule_text, write_rules

NOW = "2025-01-31T12:00:00Z"


def test_violations_exit_1_and_say_what_happened(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "bad.json", "-r", "rules"])

    out = capsys.readouterr().out
    assert code == 1
    assert "1 exception in 1 event tested" in out
    assert "arn:aws:iam::111122223333:user/alice" in out
    assert out.splitlines()[-1].startswith(
        "1 rule: 0 passed, 1 failed, 0 waived, 0 no occurrence, 0 no evidence, 0 not applicable, "
        "0 errors. Exit 1:"
    )


def test_a_clean_trail_exits_0(here: Path) -> None:
    assert main(["check", "good.json", "-r", "rules"]) == 0


@pytest.mark.parametrize(
    ("severity", "code"), [("high", 1), ("critical", 0), ("low", 1), ("info", 1)]
)
def test_the_gate_is_where_it_is_set(here: Path, severity: str, code: int) -> None:
    assert main(["check", "bad.json", "-r", "rules", "--fail-on", severity]) == code


INCOMPLETE: dict[str, Callable[[], list[str]]] = {
    "a path that does not exist": lambda: ["good.json", "missing.json"],
    "no path that exists": lambda: ["missing.json"],
    "a glob without a match": lambda: ["good.json", "*.gz"],
    "an empty folder": lambda: [_folder("empty").as_posix()],
    "an empty file": lambda: ["good.json", _file("empty.json", b"")],
    "a cut file": lambda: ["good.json", _file("cut.json", b'{"Records": [{"eventName": "x"')],
    "a folder without a log beside a good log": lambda: ["good.json", _readme("docs").as_posix()],
    "no events": lambda: [_file("none.json", b'{"Records": []}')],
    "what is no trail log": lambda: ["good.json", _file("package.json", b'{"name": "x"}')],
    "a broken line": lambda: [_file("a.jsonl", json.dumps(event()).encode() + b"\n{\n")],
}


def _folder(name: str) -> Path:
    Path(name).mkdir()
    return Path(name)


def _readme(name: str) -> Path:
    (_folder(name) / "README.txt").write_text("nothing here", encoding="utf-8")
    return Path(name)


def _file(name: str, content: bytes) -> str:
    Path(name).write_bytes(content)
    return name


@pytest.mark.parametrize("name", INCOMPLETE)
def test_what_was_not_read_exits_3(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code = main(["check", *INCOMPLETE[name](), "-r", "rules"])

    assert code == 3
    assert "Exit 3:" in capsys.readouterr().out


def test_an_incomplete_run_still_carries_its_violations(here: Path) -> None:
    code = main(["check", "bad.json", "missing.json", "-r", "rules", "-o", "json=r.json"])

    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert code == 3
    assert report["gate"]["complete"] is False
    assert report["rules"][0]["verdict"] == "fail"


USAGE = {
    "no paths": ["check", "-r", "rules"],
    "no such option": ["check", "bad.json", "--fial-on", "high"],
    "no such severity": ["check", "bad.json", "--fail-on", "urgent"],
    "no such command": ["chek", "bad.json"],
    "no such rules": ["check", "bad.json", "-r", "nowhere"],
    "no such format": ["check", "bad.json", "-r", "rules", "-o", "htm=r.html"],
    "an output without a path": ["check", "bad.json", "-r", "rules", "-o", "html"],
    "a format twice": ["check", "bad.json", "-o", "json=a", "-o", "json=b"],
    "no such parameter": ["check", "bad.json", "-r", "rules", "--param", "x=1"],
    "a parameter without a value": ["check", "bad.json", "-r", "rules", "--param", "x"],
    "no such params file": ["check", "bad.json", "-r", "rules", "--params", "no.yaml"],
    "no such configuration": ["check", "bad.json", "--config", "no.yaml"],
    "a time that is none": ["check", "bad.json", "-r", "rules", "--now", "yesterday"],
    "a report over an input": ["check", "bad.json", "-r", "rules", "-o", "json=bad.json"],
}


@pytest.mark.parametrize("name", USAGE)
def test_a_wrong_command_line_exits_2_and_evaluates_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    code = main(USAGE[name])

    said = capsys.readouterr()
    assert code == 2
    assert said.err
    assert "Traceback" not in said.err
    assert not said.out
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_the_first_line_of_a_fatal_message_says_that_nothing_was_checked(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rules(Path("rules"), rule_text(severity="urgent", titel="x"))

    main(["check", "bad.json", "-r", "rules"])

    first, *others = capsys.readouterr().err.splitlines()
    assert first == "trailcheck: nothing was checked: 2 problems"
    assert others[0].startswith("rules/a-rule.yaml:3:11: expected a severity, found 'urgent'")


def test_a_report_that_cannot_be_written_exits_4(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "good.json", "-r", "rules", "-o", "json=good.json/r.json"])

    assert code == 4
    assert "a report was not written" in capsys.readouterr().err


def test_several_reports_come_from_one_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = ["html=out/r.html", "json=out/r.json", "junit=out/r.xml", "text=out/r.txt"]
    options = [part for output in outputs for part in ("-o", output)]

    main(["check", "bad.json", "-r", "rules", "--now", NOW, *options])

    out = capsys.readouterr().out
    assert all(Path(output.partition("=")[2]).stat().st_size for output in outputs)
    assert all(output.partition("=")[2] in out for output in outputs)
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "r.html", "r.json", "r.txt", "r.xml",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["html", "junit", "text", "json"])
def test_a_saved_report_renders_to_the_same_bytes(here: Path, name: str) -> None:
    options = ["-o", f"{name}=direct"] if name != "json" else []
    main(["check", "bad.json", "-r", "rules", "--now", NOW, "-o", "json=saved.json", *options])

    assert main(["report", "saved.json", "-o", f"{name}=again"]) == 0

    direct = Path("direct" if name != "json" else "saved.json")
    assert Path("again").read_bytes() == direct.read_bytes()


def test_a_report_on_standard_output_stands_there_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "bad.json", "-r", "rules", "-o", "json=-"])

    said = capsys.readouterr()
    assert json.loads(said.out)["format"] == "trailcheck-report"
    assert "Exit 1" in said.err


def test_quiet_prints_the_closing_line_only(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "bad.json", "-r", "rules", "-q"])

    assert len(capsys.readouterr().out.splitlines()) == 1


def test_quiet_names_what_was_lost(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "good.json", "missing.json", "-r", "rules", "-q"])

    out = capsys.readouterr().out
    assert "missing.json: no such file" in out
