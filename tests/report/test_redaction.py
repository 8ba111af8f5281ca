import hashlib
from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.report.redaction import key_name, read_key


def test_a_key_is_the_bytes_of_a_file_without_its_line_end(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for content in (b"0123456789abcdef", b"0123456789abcdef\n", b"0123456789abcdef\r\n"):
        path.write_bytes(content)
        assert read_key(path) == b"0123456789abcdef"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "shorter than 16 bytes"),
        (b"0123456789abcde\n", "shorter than 16 bytes"),
        (b"\0" * 64, "all of one byte"),
        (bytes(range(256)) * 257, "larger than 65,536 bytes"),
    ],
)
def test_what_is_no_key_is_told_with_the_way_out(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=told) as raised:
        read_key(path)
    assert "head -c 32 /dev/urandom" in str(raised.value)


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path, Path("a\0b")):
        with pytest.raises(UsageError, match="cannot be read"):
            read_key(path)


def test_the_name_of_a_key_is_no_hash_of_it() -> None:
    key = b"0123456789abcdef"

    assert key_name(key) == key_name(key) != key_name(key + b"x")
    assert hashlib.sha256(key).hexdigest()[:16] not in key_name(key)
