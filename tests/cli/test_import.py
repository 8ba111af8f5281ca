import sys
from pathlib import Path

import pytest

from checker.cli.main import main

RULE = """\
title: A bucket is deleted
id: 11111111-0000-4000-8000-00000000000a
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventSource: s3.amazonaws.com, eventName: DeleteBucket}
  condition: selection
level: low
"""
KEYWORDS = """\
title: Words "::error::"
logsource: {product: aws, service: cloudtrail}
detection:
  words: [secret]
  condition: words
"""

needs_pysigma = pytest.mark.skipif(
    "not __import__('importlib.util').util.find_spec('sigma')", reason="needs pysigma"
)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("from-sigma")
    folder.mkdir()
    (folder / "bucket.yml").write_text(RULE, encoding="utf-8")
    return folder


@needs_pysigma
def test_rules_are_written_where_nothing_else_is_said(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "sigma", rules.as_posix()]) == 0

    assert capsys.readouterr().out == (
        "imported 1 rule into sigma\nsigma/a-bucket-is-deleted.yaml: A bucket is deleted\n"
    )
    assert sorted(path.name for path in Path("sigma").iterdir()) == [
        "a-bucket-is-deleted.yaml",
        "pack.yaml",
    ]
    assert main(["lint", "sigma"]) == 0
    assert main(["test", "sigma"]) == 0


@needs_pysigma
def test_what_is_not_translated_is_listed_and_exits_1(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "words.yml").write_text(KEYWORDS, encoding="utf-8")
    (rules / "okta.yml").write_text(RULE.replace("aws,", "okta,"), encoding="utf-8")

    assert main(["import", "sigma", rules.as_posix(), "-o", "out/my-rules"]) == 1

    assert capsys.readouterr().out == (
        "imported 1 rule into out/my-rules\n"
        "out/my-rules/a-bucket-is-deleted.yaml: A bucket is deleted\n"
        "left alone: 1 rule about other logs\n"
        "not translated: 1\n"
        'from-sigma/words.yml:4: Words "::error::": keywords\n'
        "    a value without a field is searched in the whole event, of which JMESPath has no text\n"
    )


@needs_pysigma
def test_nothing_imported_exits_1_and_writes_nothing(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rules / "bucket.yml").write_text(KEYWORDS, encoding="utf-8")

    assert main(["import", "sigma", rules.as_posix()]) == 1
    assert capsys.readouterr().out.startswith("imported nothing\nnot translated: 1\n")
    assert not Path("sigma").exists()


@needs_pysigma
def test_a_place_that_is_not_there_exits_2(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "sigma", "nowhere"]) == 2
    assert "nowhere: there is no such file or folder [sigma-not-found]" in capsys.readouterr().err


@needs_pysigma
def test_a_folder_that_cannot_be_made_is_told(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken").write_text("a file", encoding="utf-8")

    assert main(["import", "sigma", rules.as_posix(), "-o", "taken/sigma"]) == 4
    assert "[import-unwritable]" in capsys.readouterr().err


def test_without_pysigma_the_message_says_what_to_install(
    rules: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sigma", None)

    assert main(["import", "sigma", rules.as_posix()]) == 2
    assert "hint: pip install 'trailcheck[sigma]'" in capsys.readouterr().err
