import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import APPROVED, event, rule_text, write_rules, write_trail

NOW = "2025-01-31T12:00:00Z"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working directory with one rule and two trails: one that breaks it, one that does not."""
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text())
    write_trail(Path("bad.json"), [event()])
    write_trail(Path("good.json"), [event(userIdentity=APPROVED)])
    return tmp_path


def test_violations_exit_1_and_say_what_happened(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "bad.json", "-r", "rules"])

    out = capsys.readouterr().out
    assert code == 1
    assert "1 exception in 1 event tested" in out
    assert "arn:aws:iam::111122223333:user/alice" in out
    assert out.splitlines()[-1].startswith("1 rule: 1 failed, 0 passed. Exit 1:")


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
    "no events": lambda: [_file("none.json", b'{"Records": []}')],
    "what is no trail log": lambda: ["good.json", _file("package.json", b'{"name": "x"}')],
    "a broken line": lambda: [_file("a.jsonl", json.dumps(event()).encode() + b"\n{\n")],
}


def _folder(name: str) -> Path:
    Path(name).mkdir()
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


def test_standard_input_is_a_trail_log(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.BytesIO(json.dumps({"Records": [event()]}).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content))

    assert main(["check", "-", "-r", "rules", "-v"]) == 1
    assert "<stdin>#0" in capsys.readouterr().out


def test_a_configuration_says_what_the_command_line_does_not(here: Path) -> None:
    folder = here / "project"
    write_rules(
        folder / "rules",
        rule_text("own", params="\n  who:\n    type: string", require="userIdentity.arn == $who"),
    )
    write_trail(folder / "logs" / "trail.json", [event(userIdentity=APPROVED)])
    (folder / "trailcheck.yaml").write_text(
        "paths: logs\nrules: rules\nfail_on: high\n"
        f"params: {{who: '{APPROVED['arn']}'}}\noutputs: {{json: out.json}}\n",
        encoding="utf-8",
    )

    assert main(["check", "--config", "project/trailcheck.yaml"]) == 0
    assert (
        json.loads((folder / "out.json").read_text(encoding="utf-8"))["gate"]["fail_on"] == "high"
    )
    assert main(["check", "--config", "project/trailcheck.yaml", "--param", "who=someone"]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pathss: x", "did you mean 'paths'?"),
        ("outputs: {htm: x}", "did you mean 'html'?"),
        ("fail_on: urgent", "valid: info, low, medium, high, critical"),
        ("- a", "expected the configuration, found a list"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_place(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    Path("trailcheck.yaml").write_text(text, encoding="utf-8")

    assert main(["check", "bad.json"]) == 2
    err = capsys.readouterr().err
    assert "trailcheck.yaml:1:" in err
    assert said in err


def test_parameters_come_from_files_and_options_the_later_winning(here: Path) -> None:
    text = rule_text(params="\n  who:\n    type: string", require="userIdentity.arn == $who")
    write_rules(Path("rules"), text)
    Path("p.yaml").write_text(f"who: {APPROVED['arn']}\n", encoding="utf-8")

    assert main(["check", "good.json", "-r", "rules"]) == 2
    assert main(["check", "good.json", "-r", "rules", "--params", "p.yaml"]) == 0
    assert (
        main(["check", "good.json", "-r", "rules", "--params", "p.yaml", "--param", "who=x"]) == 1
    )


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


def test_a_limit_can_be_changed_and_the_report_says_so(here: Path) -> None:
    Path("trailcheck.yaml").write_text("limits: {evaluation_steps: 3, file_bytes: 1 GiB}")
    rule = rule_text(require="requestParameters.items[?a].b == `[]`")
    write_rules(Path("rules"), rule)
    write_trail(Path("long.json"), [event(requestParameters={"items": [{}] * 9})])

    code = main(["check", "long.json", "-r", "rules", "-o", "json=r.json"])

    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert code == 3
    assert report["rules"][0]["errors"]["shown"][0]["reason"] == "it takes more than 3 steps"
    assert "evaluation_steps 3 (default 200,000)" in report["notes"][-1]
    assert "file_bytes 1,073,741,824" in report["notes"][-1]


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "4 GB", ""])
def test_a_limit_is_a_quantity(here: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    Path("trailcheck.yaml").write_text(f"limits: {{rules: '{text}'}}")

    assert main(["check", "good.json"]) == 2
    assert "trailcheck.yaml:1:17: expected a quantity" in capsys.readouterr().err
