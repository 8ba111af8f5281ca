import io
import os
import socket
from pathlib import Path

import pytest

from checker.limits import Limits
from checker.trail.defect import Defect
from checker.trail.load import load
from checker.trail.source import Source

NO_STDIN = io.BytesIO()
STDIN = Source("<stdin>", explicit=True, stdin=True)
SMALL = Limits(file_bytes=10)


class Endless(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        return b"0" * (size or 1)


class Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(f"the pipe broke before {size} bytes")


def code_of(path: str, limits: Limits = SMALL) -> str:
    found = load(Source(path, explicit=True), NO_STDIN, limits)
    assert isinstance(found, Defect)
    assert found.hint
    return found.code


def test_a_file_and_standard_input_give_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"0123456789")
    assert load(Source(str(path), explicit=True), NO_STDIN, SMALL) == b"0123456789"
    assert load(STDIN, io.BytesIO(b"0123456789"), SMALL) == b"0123456789"


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a sparse file: more than any machine could hold
    assert code_of(str(path)) == "too-large"


def test_standard_input_is_read_no_further_than_the_limit() -> None:
    found = load(STDIN, Endless(), Limits(file_bytes=5 << 20))
    assert isinstance(found, Defect)
    assert "5,242,880 bytes (limit file_bytes)" in found.cause
    assert "`limits: {file_bytes: …}`" in found.hint


def test_standard_input_that_breaks_is_a_defect() -> None:
    for stream in (Broken(), closed()):
        found = load(STDIN, stream)
        assert isinstance(found, Defect)
        assert found.code == "unreadable-file"


def closed() -> io.BytesIO:
    stream = io.BytesIO()
    stream.close()
    return stream


def test_a_file_that_is_gone_or_barred_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in ("gone.json", "loop", "nul\0byte", "x" * 10_000):
        assert code_of(str(tmp_path / path)) == "unreadable-file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_the_right_to_read_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.touch(mode=0)
    assert code_of(str(path)) == "unreadable-file"


def test_what_turned_into_a_pipe_or_a_device_is_neither_read_nor_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    for path in (str(pipe), "/dev/zero"):
        assert code_of(path) == "not-a-file"
    assert code_of(str(tmp_path)) == "unreadable-file"


def test_a_socket_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("agent.sock")
        assert code_of("agent.sock") == "unreadable-file"
