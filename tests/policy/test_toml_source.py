from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.nodes import Node, entries_of
from checker.policy.scalars import JsonValue
from checker.policy.toml_source import load_table
from checker.policy.yaml_source import Document

TABLE = ("tool", "trailcheck")
TEXT = """\
[project]
name = "x"

[tool.trailcheck]
paths = ["a", "b"]
fail_on = "high"
require_evidence = true
since = 2026-01-01
limits.rules = 20

[tool.trailcheck.owners]
"soc2:CC6.*" = "Audit"
soc2 = "Others"
"""


def load(folder: Path, text: str | bytes) -> Document | None:
    path = folder / "pyproject.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_table(path, "pyproject.toml", TABLE)


def at(document: Document | None, *keys: str) -> str:
    assert document is not None
    node: Node = document.root
    place = node.place
    for key in keys:
        found, node = entries_of(node)[key]
        place = found.place
    return str(place)


def test_a_table_reads_as_the_same_document_in_yaml_would(tmp_path: Path) -> None:
    document = load(tmp_path, TEXT)

    assert document is not None
    assert JsonValue().read(document.root) == {
        "paths": ["a", "b"],
        "fail_on": "high",
        "require_evidence": True,
        "since": "2026-01-01",
        "limits": {"rules": 20},
        "owners": {"soc2:CC6.*": "Audit", "soc2": "Others"},
    }


def test_keys_have_their_lines(tmp_path: Path) -> None:
    document = load(tmp_path, TEXT)

    assert at(document) == "pyproject.toml:4:2"
    assert at(document, "fail_on") == "pyproject.toml:6:1"
    assert at(document, "limits", "rules") == "pyproject.toml:9:1"
    assert at(document, "owners", "soc2:CC6.*") == "pyproject.toml:12:1"


def test_a_key_within_a_line_has_the_place_of_the_one_above_it(tmp_path: Path) -> None:
    document = load(tmp_path, "[tool]\ntrailcheck = {outputs = {json = 'x'}}\n")

    assert at(document, "outputs", "json") == "pyproject.toml:2:1"


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'\n", "[tool.other]\ntrailcheck = 1\n", "this is no TOML"]
)
def test_a_file_that_has_no_such_table_gives_none(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[tool.trailcheck]\npaths = \n", "pyproject.toml:2:9: not valid TOML: invalid value"),
        (b"[tool.trailcheck", "pyproject.toml: not valid TOML: expected ']'"),
        (b"# trailcheck\nx = '\xff'\n", "pyproject.toml:2: not text in UTF-8"),
        (b"[tool]\ntrailcheck = " + b"[" * 40 + b"]" * 40, "nested deeper than 32 levels"),
        (b"[tool]\ntrailcheck = " + b"[" * 90_000, "nested too deep"),
    ],
)
def test_what_is_not_sound_is_refused(tmp_path: Path, text: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=r"\[toml-syntax\]") as refused:
        load(tmp_path, text)
    assert said in str(refused.value)


def test_a_file_that_cannot_be_read_is_not_taken_for_one_without_the_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_table(tmp_path / "missing.toml", "missing.toml", TABLE)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="larger than"):
        load(tmp_path, b"#" * 2_000_000)
