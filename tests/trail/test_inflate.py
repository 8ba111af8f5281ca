import gzip
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.limits import Limits
from checker.trail.inflate import Inflated, inflate

RANDOM = random.Random(1).randbytes(200_000)  # noqa: S311 - no secret
BOMB = gzip.compress(b"0" * (80 << 20), 1)


def cause(inflated: Inflated) -> str:
    assert inflated.defect is not None
    return inflated.defect.cause


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.integers(0, 5))
def test_all_members_are_inflated_and_padding_is_ignored(parts: list[bytes], padding: int) -> None:
    compressed = b"".join(map(gzip.compress, parts)) + b"\0" * padding
    inflated = inflate(compressed)
    assert inflated.content == b"".join(parts)
    assert inflated.defect is None


@pytest.mark.parametrize("content", [b"some text " * 50, RANDOM])
def test_a_cut_file_is_a_defect_and_its_beginning_is_kept(content: bytes) -> None:
    compressed = gzip.compress(content)
    step = max(1, len(compressed) // 100)
    for end in range(3, len(compressed), step):
        inflated = inflate(compressed[:end])
        assert "cut short" in cause(inflated)
        assert content.startswith(inflated.content)


@pytest.mark.parametrize("content", [b"short", RANDOM])
def test_a_wrong_checksum_is_a_defect_but_all_content_is_kept(content: bytes) -> None:
    compressed = bytearray(gzip.compress(content))
    compressed[-6] ^= 1
    inflated = inflate(bytes(compressed))
    assert "their checksum is wrong" in cause(inflated)
    assert inflated.content == content


def test_damage_in_the_middle_keeps_what_stands_before_it() -> None:
    first, second = gzip.compress(b"whole"), bytearray(gzip.compress(RANDOM))
    second[3] = 0xFF
    inflated = inflate(first + second)
    assert "damaged" in cause(inflated)
    assert inflated.content == b"whole"


def test_bytes_behind_the_last_member_are_a_defect() -> None:
    inflated = inflate(gzip.compress(b"whole") + b"\0\0more")
    assert inflated.content == b"whole"
    assert "bytes follow" in cause(inflated)


def test_damage_after_much_output_of_one_chunk_keeps_what_stands_before_it() -> None:
    content = b"0" * (5 << 20)
    compressed = bytearray(gzip.compress(content))
    compressed[-6] ^= 1
    inflated = inflate(bytes(compressed))
    assert "damaged" in cause(inflated)
    assert inflated.content == content


def test_a_bomb_is_stopped_and_gives_nothing() -> None:
    inflated = inflate(BOMB)
    assert inflated.content == b""
    assert "more than 200 times its size (limit inflate_ratio)" in cause(inflated)


def test_a_file_over_the_limit_gives_nothing() -> None:
    inflated = inflate(BOMB, Limits(file_bytes=1_000_000))
    assert inflated.content == b""
    assert "more than 1,000,000 bytes (limit file_bytes)" in cause(inflated)
    assert inflated.defect is not None
    assert "`limits: {file_bytes: …}`" in inflated.defect.hint


def test_a_large_file_within_its_limits_is_whole() -> None:
    inflated = inflate(BOMB, Limits(inflate_ratio=2_000))
    assert len(inflated.content) == 80 << 20
    assert inflated.defect is None
    cut = inflate(BOMB[:-8], Limits(inflate_ratio=2_000))
    assert len(cut.content) == 80 << 20
    assert "cut short" in cause(cut)


def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.json.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        for _ in range(600):
            file.write(b"0" * (1 << 20))
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from checker.trail.inflate import inflate\n"
        "resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000))\n"
        "assert inflate(Path(sys.argv[1]).read_bytes()).content == b''\n"
    )
    command = [sys.executable, "-c", script, str(bomb)]
    subprocess.run(command, check=True)


@given(st.binary(max_size=300))
def test_any_bytes_are_inflated_or_refused(content: bytes) -> None:
    inflated = inflate(b"\x1f\x8b" + content)
    assert isinstance(inflated.content, bytes)
