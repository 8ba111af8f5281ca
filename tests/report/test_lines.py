import gzip
import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.limits import DEFAULT
from checker.report.lines import MOST_BYTES, LookUp, lines_in, with_lines
from checker.report.model import Input, Lines, Report
from checker.trail.source import Source
from tests.builders import event
from tests.report.sample import sample_report

LINES = Lines(first_line=3, first_column=5, last_line=9, last_column=6)


def entry(path: Path, content: bytes) -> Input:
    (known, *_) = sample_report().inputs
    digest = sha256(content).hexdigest()
    return replace(known, path=path.as_posix(), size=len(content), sha256=digest)


def look_up(path: Path, **other: object) -> LookUp:
    return lines_in([Source(path.as_posix(), explicit=True, **other)], DEFAULT)  # type: ignore[arg-type]


def test_all_evidence_of_an_input_gets_its_lines_with_one_look() -> None:
    report = sample_report()
    asked: list[tuple[str, set[int]]] = []

    def find(found: Input, indexes: Collection[int]) -> Mapping[int, Lines]:
        asked.append((found.path, set(indexes)))
        return {1: LINES, 20: LINES, 31: LINES}

    lined = with_lines(report, find)

    ((path, indexes),) = asked
    assert path == report.inputs[0].path
    assert indexes >= {0, 1, 2, 7, 9, 11, 20, 22, 23, 31, 33}
    assert evidence(lined) == {1, 20, 31}


def test_a_report_whose_logs_are_no_text_stays_as_it_is() -> None:
    report = sample_report()

    assert with_lines(report, lambda *_: {}) is report


def test_lines_are_found_in_a_file_that_is_what_was_judged(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    content = json.dumps({"Records": [event()]}, indent=2).encode()
    path.write_bytes(content)

    found = look_up(path)(entry(path, content), [0])

    assert found[0].first_line == 3
    assert look_up(path)(entry(path, content + b" "), [0]) == {}


@pytest.mark.parametrize("name", ["log.json.gz", "log.json"])
def test_no_lines_are_found_in_compressed_logs(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    content = gzip.compress(json.dumps([event()]).encode())
    path.write_bytes(content)

    assert look_up(path)(entry(path, content), [0]) == {}


def test_no_lines_are_looked_for_in_large_files_in_pipes_and_in_what_is_gone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.json"
    content = json.dumps([event()]).encode()
    known = entry(path, content)

    assert look_up(path)(known, [0]) == {}
    path.write_bytes(content)
    assert look_up(path)(replace(known, size=MOST_BYTES + 1), [0]) == {}
    assert look_up(path, stdin=True)(known, [0]) == {}


def evidence(report: Report) -> set[int]:
    """Give the positions of the evidence that has lines, besides what had them before."""
    return {
        each.index
        for rule in report.rules
        for each in (
            *rule.violations.shown,
            *rule.undetermined.shown,
            *rule.errors.shown,
            *(event for episode in rule.episodes.shown for event in episode.evidence),
            *rule.sample,
        )
        if each.lines
    }
