import gzip
import io
import tarfile
import zlib

import pytest

from checker.errors import Level
from checker.limits import Limits
from checker.trail.text import may_hold_events, text_of

TEXT = '{"Records": []}'
PLAIN = TEXT.encode()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        gzip.compress(PLAIN, mtime=0),
        gzip.compress(b"\xef\xbb\xbf" + PLAIN, mtime=0),
    ],
)
def test_utf_8_is_read_with_or_without_a_byte_order_mark(content: bytes) -> None:
    assert text_of(content) == (TEXT, ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_wide_text_with_a_byte_order_mark_is_read_with_a_warning(encoding: str) -> None:
    text, (defect,) = text_of(TEXT.encode(encoding))
    assert text == TEXT
    assert (defect.code, defect.level) == ("wide-text", Level.WARNING)
    assert text_of(b"\xfe\xff" + TEXT.encode("utf-16-be"))[0] == TEXT
    assert text_of(b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"))[0] == TEXT


def test_a_wide_text_that_is_cut_is_not_read() -> None:
    text, (defect,) = text_of(TEXT.encode("utf-16")[:-1])
    assert text == ""
    assert (defect.code, defect.level) == ("not-utf-8", Level.ERROR)


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("log.json"), io.BytesIO(b""))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty-file", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty-file", "empty"),
        (TEXT.encode("utf-16-le"), "not-utf-8", "UTF-16"),
        (b"\0\0\0\0", "not-utf-8", "binary"),
        (b"\x89PNG\r\n\x1a\n", "not-a-trail-log", "binary"),
        (zlib.compress(PLAIN), "not-a-trail-log", "binary"),
        (gzip.compress(PLAIN, mtime=0), "not-a-trail-log", "gzip inside gzip"),
        (b"PK\x03\x04rest", "not-a-trail-log", "zip archive"),
        (b"(\xb5/\xfdrest", "not-a-trail-log", "zstd"),
        (b"PAR1rest", "not-a-trail-log", "Parquet"),
        (b"version https://git-lfs.github.com/spec/v1", "not-a-trail-log", "Git LFS"),
        (b"<html>", "not-a-trail-log", "HTML"),
        (b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code>', "not-a-trail-log", "error page"),
        (b"version account-id interface-id srcaddr", "not-a-trail-log", "VPC flow log"),
        (b"Event name,Event time,User name\r\n", "not-a-trail-log", "CSV"),
        (b'"User name","Event time","Event source"\n', "not-a-trail-log", "CSV"),
        (tar(), "not-a-trail-log", "tar archive"),
    ],
)
def test_what_is_no_json_is_named_also_within_gzip(content: bytes, code: str, words: str) -> None:
    for wrapped in (gzip.compress(content), content):
        if words == "gzip inside gzip" and wrapped is content:
            continue
        text, (defect,) = text_of(wrapped)
        assert text == ""
        assert defect.code == code
        assert words in defect.cause
        assert defect.hint


def test_bytes_that_are_not_utf_8_are_left_to_the_decoder() -> None:
    assert text_of(b'{"a": "\xff"}') == ('{"a": "\udcff"}', ())


def test_damage_and_what_it_leaves_are_both_told() -> None:
    text, (defect,) = text_of(gzip.compress(PLAIN)[:-1])
    assert (text, defect.code) == (TEXT, "damaged-gzip")
    assert [one.code for one in text_of(b"\x1f\x8b")[1]] == ["damaged-gzip"]
    codes = [one.code for one in text_of(gzip.compress(b" ")[:-1])[1]]
    assert codes == ["damaged-gzip", "empty-file"]


def test_a_limit_that_is_met_gives_no_text() -> None:
    text, (defect,) = text_of(gzip.compress(PLAIN), Limits(file_bytes=3))
    assert (text, defect.code) == ("", "too-large")


def test_logs_are_told_by_how_they_begin() -> None:
    for opening in (
        b"  {half",
        b"\xef\xbb\xbf\n[1",
        b"\x1f\x8b\0",
        b"\xff\xfe{\0",
        b"2024-12-16T00:00:00.000Z {",
        b"PK\x03\x04",
        b"BZh9",
        b"PAR1",
        tar(),
        b"Event name,Event time,User name\n",
    ):
        assert may_hold_events(opening)
    for opening in (
        b"",
        b"about these logs",
        b"\x89PNG",
        b"2024 was a year",
        b"<html>",
        b"%PDF-1.7",
    ):
        assert not may_hold_events(opening)


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\xff\xfe \0\n\0"])
def test_wide_text_with_nothing_in_it_is_an_empty_file(bom: bytes) -> None:
    _, defects = text_of(bom)

    assert "empty-file" in [defect.code for defect in defects]
