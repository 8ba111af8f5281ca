import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.trail.inflate import inflate

RANDOM = random.Random(1).randbytes(200_000)  # noqa: S311 - no secret


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.integers(0, 5))
def test_all_members_are_inflated_and_padding_is_ignored(parts: list[bytes], padding: int) -> None:
    compressed = b"".join(map(gzip.compress, parts)) + b"\0" * padding
    inflated = inflate(compressed)
    assert inflated.content == b"".join(parts)
    assert inflated.defect == ""


@pytest.mark.parametrize("content", [b"some text " * 50, RANDOM])
def test_a_cut_file_is_a_defect_and_its_beginning_is_kept(content: bytes) -> None:
    compressed = gzip.compress(content)
    step = max(1, len(compressed) // 100)
    for end in range(3, len(compressed), step):
        inflated = inflate(compressed[:end])
        assert "cut short" in inflated.defect
        assert content.startswith(inflated.content)


@pytest.mark.parametrize("content", [b"short", RANDOM])
def test_a_wrong_checksum_is_a_defect_but_all_content_is_kept(content: bytes) -> None:
    compressed = bytearray(gzip.compress(content))
    compressed[-6] ^= 1
    inflated = inflate(bytes(compressed))
    assert "damaged" in inflated.defect
    assert inflated.content == content


def test_damage_in_the_middle_keeps_what_stands_before_it() -> None:
    first, second = gzip.compress(b"whole"), bytearray(gzip.compress(RANDOM))
    second[3] = 0xFF
    inflated = inflate(first + second)
    assert "damaged" in inflated.defect
    assert inflated.content == b"whole"


def test_bytes_behind_the_last_member_are_a_defect() -> None:
    inflated = inflate(gzip.compress(b"whole") + b"\0\0more")
    assert inflated.content == b"whole"
    assert "bytes follow" in inflated.defect


def test_a_bomb_is_stopped_and_gives_nothing() -> None:
    bomb = gzip.compress(b"0" * (80 << 20), 1)
    inflated = inflate(bomb)
    assert inflated.content == b""
    assert "more than is sensible" in inflated.defect


@given(st.binary(max_size=300))
def test_any_bytes_are_inflated_or_refused(content: bytes) -> None:
    inflated = inflate(b"\x1f\x8b" + content)
    assert isinstance(inflated.content, bytes)
