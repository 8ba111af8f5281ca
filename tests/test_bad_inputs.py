"""Files, folders, pipes and streams that are wrong as places: nothing is lost in silence or waits."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.aws import Json
from checker.cli.main import main
from tests.builders import event
from tests.tables.logs import E1, E2, RULE, J, file, gz, lines

DIGEST = J({"awsAccountId": "1", "digestStartTime": "x", "digestS3Object": "x", "logFiles": []})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put("rules/nothing-is-deleted.yaml", RULE.encode())
    put("logs/good.json", file(E1))
    return tmp_path


def put(path: str, content: bytes) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(content)
    return path


def link(path: str, target: str) -> str:
    Path(path).symlink_to(target)
    return path


def folder(path: str) -> str:
    Path(path).mkdir(parents=True)
    return path


def pipe(path: str) -> str:
    os.mkfifo(path)
    return path


def sock(path: str) -> str:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.close()
    return path


def check(*paths: str) -> tuple[int, Json]:
    code = main(["check", *paths, "-r", "rules", "-o", "json=report.json"])
    return code, json.loads(Path("report.json").read_text(encoding="utf-8"))


Make = Callable[[], object]

# fmt: off
# A case a line: its name, what stands beside the good log, the paths named, the exit code, records
# judged, and what must be said.
PLACES: dict[str, tuple[Make, list[str], int, int, str]] = {
    "a folder": (lambda: None, ["logs"], 0, 1, ""),
    "a folder with a slash": (lambda: None, ["logs/"], 0, 1, ""),
    "a file twice": (lambda: None, ["logs/good.json", "logs/good.json"], 0, 1, ""),
    "a file by two names": (lambda: None, ["logs/good.json", "logs/../logs/good.json"], 0, 1, ""),
    "a folder and a file in it": (lambda: None, ["logs", "logs/good.json"], 0, 1, ""),
    "a file by its name and a link": (lambda: link("other.json", "logs/good.json"), ["logs/good.json", "other.json"], 0, 1, ""),
    "a glob": (lambda: None, ["logs/*.json"], 0, 1, ""),
    "a glob at any depth": (lambda: put("logs/a/b/c.json", file(E2)), ["logs/**/*.json"], 0, 2, ""),
    "a glob without a match": (lambda: None, ["logs", "logs/*.gz"], 3, 1, "logs/*.gz"),
    "a path that is not there": (lambda: None, ["logs", "missing.json"], 3, 1, "missing.json"),
    "an empty path": (lambda: None, ["logs", ""], 3, 1, ""),
    "a path through a file": (lambda: None, ["logs", "logs/good.json/x"], 3, 1, "logs/good.json/x"),
    "a path of 5,000 characters": (lambda: None, ["logs", "x" * 5_000], 3, 1, "xxx"),
    "an address in S3": (lambda: None, ["logs", "s3://bucket/key"], 3, 1, "s3://bucket/key: only local files and folders are read"),
    "an empty folder": (lambda: folder("empty"), ["logs", "empty"], 3, 1, "empty"),
    "a folder of folders": (lambda: folder("empty/a/b"), ["logs", "empty"], 3, 1, "empty"),
    "a folder of hidden files": (lambda: put("empty/.log.json", file(E2)), ["logs", "empty"], 3, 1, "empty"),
    "a hidden file beside others": (lambda: put("logs/.DS_Store", b"x"), ["logs"], 0, 1, ""),
    "a note beside the log": (lambda: put("logs/README.md", b"# Logs\n"), ["logs"], 0, 1, ""),
    "a digest beside the log": (lambda: put("logs/CloudTrail-Digest/x.json.gz", gz(DIGEST)), ["logs"], 0, 1, ""),
    "a digest that is named": (lambda: put("digest.json", DIGEST), ["logs", "digest.json"], 3, 1, "digest"),
    "a folder of digests": (lambda: put("digests/x.json.gz", gz(DIGEST)), ["digests"], 3, 0, ""),
    "a package file beside the log": (lambda: put("logs/package.json", b'{"dependencies": {}}'), ["logs"], 3, 1, "logs/package.json"),
    "a zip archive beside the log": (lambda: put("logs/more.zip", b"PK\3\4" + bytes(30)), ["logs"], 3, 1, "logs/more.zip"),
    "an empty log beside the log": (lambda: put("logs/empty.json", b""), ["logs"], 3, 1, "logs/empty.json"),
    "a log of no ending": (lambda: put("logs/more", file(E2)), ["logs"], 0, 2, ""),
    "a log of another ending": (lambda: put("logs/more.txt", gz(file(E2))), ["logs"], 0, 2, ""),
    "a log whose ending is in capitals": (lambda: put("logs/MORE.JSON.GZ", gz(file(E2))), ["logs"], 0, 2, ""),
    "a log that says gzip and is not": (lambda: put("logs/more.json.gz", file(E2)), ["logs"], 0, 2, ""),
    "two good logs and three bad": (lambda: [put("logs/a.json", b"{"), put("logs/b.json", b"[1"), put("logs/c.json", file(E2)), put("logs/d.gz", gz(lines(E1))[:-9])], ["logs"], 3, 2, "logs/d.gz"),
    "a link to a log": (lambda: link("logs/more.json", "good.json"), ["logs"], 0, 1, ""),
    "a link that leads nowhere": (lambda: link("logs/more.json", "gone.json"), ["logs"], 3, 1, "logs/more.json"),
    "a link that leads to itself": (lambda: link("logs/more.json", "more.json"), ["logs"], 3, 1, "logs/more.json"),
    "a link that leads to itself, named": (lambda: link("more.json", "more.json"), ["logs", "more.json"], 3, 1, "more.json"),
    "a link to the folder above": (lambda: link("logs/up", ".."), ["logs"], 3, 1, "logs/up"),
    "a link to the folder itself": (lambda: link("logs/again", "."), ["logs"], 0, 1, ""),
    "a folder that is named by a link": (lambda: link("linked", "logs"), ["linked"], 0, 1, ""),
    "a pipe in a folder": (lambda: pipe("logs/more.json"), ["logs"], 3, 1, "logs/more.json"),
    "a pipe that is named": (lambda: pipe("more.json"), ["logs", "more.json"], 3, 1, "more.json"),
    "a socket in a folder": (lambda: sock("logs/s.json"), ["logs"], 3, 1, "logs/s.json"),
    "a device": (lambda: None, ["logs", "/dev/zero"], 3, 1, "/dev/zero"),
    "a device that is linked": (lambda: link("logs/more.json", "/dev/zero"), ["logs"], 3, 1, "logs/more.json"),
    "a name with a line feed": (lambda: put("logs/a\nb.json", b"{"), ["logs"], 3, 1, "a\nb.json"),
    "a name with an escape": (lambda: put("logs/\x1b[31m.json", b"{"), ["logs"], 3, 1, ""),
    "a name of a workflow command": (lambda: put("logs/::error::x.json", b"{"), ["logs"], 3, 1, "::error::x"),
    "a name that begins with a dash": (lambda: put("logs/-r.json", file(E2)), ["logs"], 0, 2, ""),
    "a name like a glob": (lambda: put("logs/[1].json", file(E2)), ["logs/[1].json"], 0, 1, ""),
    "a name of other letters": (lambda: put("logs/журнал 😀.json", file(E2)), ["logs"], 0, 2, ""),
    "a name that is no UTF-8": (lambda: put(os.fsdecode(b"logs/\xff.json"), b"{"), ["logs"], 3, 1, ""),
    "a report of an earlier run beside the log": (lambda: put("logs/report.json", b'{"format": "trailcheck-report"}'), ["logs"], 3, 1, "logs/report.json"),
}
# fmt: on


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes, sockets and devices are of POSIX")
@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_read_or_is_a_problem(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    make, paths, exit_code, judged, said = PLACES[name]
    try:
        make()
    except OSError:
        pytest.skip("this file system has no such names")

    code, report = check(*paths)

    problems = "\n".join(f"{each['path']}: {each['cause']}" for each in report["problems"])
    assert (code, report["totals"]["judged"]) == (exit_code, judged), problems
    assert said in problems
    heard = capsys.readouterr()
    assert "Traceback" not in heard.err
    assert "".join(heard.out.splitlines()).isprintable()


# fmt: off
STREAMS: dict[str, tuple[bytes, int, int]] = {
    "a file": (file(E1), 0, 1),
    "gzip": (gz(file(E1)), 0, 1),
    "lines": (lines(E1, E2), 0, 2),
    "nothing": (b"", 3, 0),
    "a cut file": (file(E1, E2)[:-5], 3, 1),
    "cut gzip": (gz(file(E1))[:-5], 3, 1),
    "a picture": (b"\x89PNG\r\n\x1a\n", 3, 0),
}
# fmt: on


@pytest.mark.parametrize("name", STREAMS)
def test_standard_input_is_read_or_is_a_problem(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content, exit_code, judged = STREAMS[name]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    code, report = check("-", "-")

    assert (code, report["totals"]["judged"]) == (exit_code, judged)
    assert [each["path"] for each in report["inputs"]] in (["<stdin>"], [])


def test_standard_input_and_a_folder_are_read_together(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file(E2))))

    code, report = check("logs", "-")

    assert (code, report["totals"]["judged"]) == (0, 2)


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="a shell of POSIX closes it")
def test_standard_input_that_is_closed_is_no_crash(here: Path) -> None:
    closed = 'exec "$0" -m checker check - -r rules <&-'
    done = subprocess.run(
        ["/bin/sh", "-c", closed, sys.executable], check=False, capture_output=True
    )

    assert done.returncode in {2, 3}, done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["logs/good.json", "logs"])
def test_what_may_not_be_read_is_a_problem(here: Path, name: str) -> None:
    Path(name).chmod(0)

    code, report = check("logs")

    Path(name).chmod(0o700)
    assert code == 3
    assert "Permission denied" in str(report["problems"])


def test_a_limit_of_the_configuration_is_kept_and_named(here: Path) -> None:
    put("trailcheck.yaml", b"limits: {file_bytes: 100}")

    code, report = check("logs")

    assert code == 3
    assert "file_bytes" in str(report["problems"])


def test_ten_thousand_events_of_one_defect_are_one_problem(here: Path) -> None:
    put("logs/many.json", file(*[event(eventName=None, eventID=str(n)) for n in range(10_000)]))

    code, report = check("logs")

    assert code == 3
    assert report["totals"]["refused"] == 10_000
    assert len(report["problems"]) == 1
