"""Every log of the shared test data is read or refused, with the counts of its manifest."""

import io
import json
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

import pytest

from checker.aws import Json
from checker.errors import Level
from checker.trail.reader import open_trail
from checker.trail.record import TrailLog
from checker.trail.source import Source, find_sources

DIFFERENCES = (
    # (files, records read of the manifest's count, why)
    ("streamalert/c*/*.json", 0, "test cases of another tool: events in its own 'data' wrapper"),
    ("awsdocs/amazon-s3-userguide/notification-*", 0, "an S3 event notification"),
    ("awsdocs/*/cloudtrail-event-reference-user-identity__05.json", 0, "part of an event"),
    ("awsdocs/not_json/*/cloudtrail-log-file-examples__07.json", 0, "a line break in a text"),
    ("awsdocs/not_json/*/query-event-data-store-integration__03.json", 0, "line breaks in a text"),
    ("awsdocs/not_json/*/query-lake-cli__11.json", 0, "line breaks in a text"),
    (
        "awsdocs/not_json/amazon-cloudfront-*",
        0,
        "broken JSON; the manifest took events out by hand",
    ),
    ("awsdocs/not_json/amazon-gamelift-*", 0, "as before"),
    ("awsdocs/not_json/amazon-workdocs-*", 0, "as before"),
    ("awsdocs/not_json/aws-control-tower-guide/lifecycle-events__02.json", 0, "as before"),
)
CLEAN_FOLDERS = {
    "stratus-red-team",
    "umccr-awslogs",
    "umccr-versions",
    "traildiscover",
    "trailscraper",
    "opensearch-catalog-small",
    "security-analytics",
    "derived-shapes",
}


@pytest.fixture(scope="session")
def trails(shared: Path) -> Path:
    return shared / "trails"


@pytest.fixture(scope="session")
def manifest(trails: Path) -> dict[str, Json]:
    lines = (trails / "MANIFEST.jsonl").read_text(encoding="utf-8").splitlines()
    return {entry["file"]: entry for entry in map(json.loads, lines)}


@pytest.fixture(scope="session")
def logs(trails: Path) -> dict[str, TrailLog]:
    sources, problems = find_sources([str(trails)])
    assert problems == ()
    return {
        Path(source.path).relative_to(trails).as_posix(): open_trail(source, io.BytesIO())
        for source in sources
    }


def test_every_file_is_read_set_aside_or_refused_for_a_stated_reason(
    logs: dict[str, TrailLog], manifest: dict[str, Json]
) -> None:
    for name, log in logs.items():
        codes = {problem.code for problem in log.problems if problem.level is Level.ERROR}
        assert log.container or log.set_aside or codes, name
        assert bool(log.refused) is bool(codes - {"more-pages"}), name
        assert not (log.set_aside and name in manifest), name
    assert manifest.keys() <= logs.keys()


def test_the_counts_are_those_of_the_manifest(
    logs: dict[str, TrailLog], manifest: dict[str, Json]
) -> None:
    used = Counter[str]()
    for name, entry in manifest.items():
        expected = entry["events"]
        for pattern, count, _ in DIFFERENCES:
            if fnmatch(name, pattern) and expected != count:
                expected = count
                used[pattern] += 1
                assert logs[name].refused, name
                break
        assert len(logs[name].records) == expected, name
    assert set(used) == {pattern for pattern, _, _ in DIFFERENCES}


def test_sound_folders_give_no_problem_at_all(
    logs: dict[str, TrailLog], manifest: dict[str, Json]
) -> None:
    for name in manifest:
        if name.split("/")[0] in CLEAN_FOLDERS:
            assert logs[name].problems == (), name


def test_a_named_file_is_read_as_it_is_in_its_folder(
    trails: Path, logs: dict[str, TrailLog], manifest: dict[str, Json]
) -> None:
    for name in manifest:
        named = open_trail(Source(str(trails / name), explicit=True), io.BytesIO())
        assert named.records == logs[name].records
        assert named.problems == logs[name].problems
