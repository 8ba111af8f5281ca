"""Readers of reports that are not ours, one for each format: what they read is checked."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import clevercsv
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from checker.aws import Json
from checker.report.saved import read_json
from tests.report.html_page import Page
from tests.report.runner import command_in

Shape = object
"""What of a report must not depend on the texts in it."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARKUP = MarkdownIt("gfm-like")


def shape_of(name: str, text: str) -> Shape:
    """Read a report with a real parser of its format; its structure is returned."""
    return _READERS.get(name, _any(name, text))(text)


def rows_of(text: str) -> list[list[str]]:
    """Read CSV with two readers, which must agree."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    others = list(clevercsv.reader(io.StringIO(text, newline=""), delimiter=",", quotechar='"'))
    assert rows == others
    return rows


def _any(name: str, text: str) -> Callable[[str], Shape]:
    """Give the reader of a format that is not listed, by its name or by how it begins."""
    if "csv" in name:
        return _csv
    if "jsonl" in name:
        return _json_lines
    return _json if text.startswith(("{", "[")) else bool


def _csv(text: str) -> Shape:
    rows = rows_of(text)
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows:
        for cell in row:
            assert not cell.lstrip().startswith(_FORMULAS)
    return len(rows)


def _json(text: str) -> Shape:
    return _kinds(json.loads(text))


def _json_lines(text: str) -> Shape:
    return [_kinds(json.loads(line)) for line in text.splitlines()]


def _kinds(value: Json) -> Shape:
    """Give what a JSON value is made of; keys may be texts of a log."""
    if isinstance(value, dict):
        return sorted(str(_kinds(each)) for each in value.values())
    if isinstance(value, list):
        return [_kinds(each) for each in value]
    return type(value).__name__


def _saved(text: str) -> Shape:
    read_json(text.encode(), "report.json")
    return _json(text)


def _html(text: str) -> Shape:
    page = Page(text)
    assert not page.open
    names = Counter(tag for tag, _ in page.tags)
    assert (names["script"], names["style"]) == (1, 1)
    assert not names.keys() & {"img", "iframe", "object", "embed", "link", "base"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
    assert all(link.startswith(("#", "https://")) for link in page.values("href"))
    return names["svg"], names["form"]


def _junit(text: str) -> Shape:
    root = ET.fromstring(text)  # noqa: S314 - our own output
    suites = JUnitXml.fromstring(text.encode())
    cases = [[type(each).__name__ for each in case.result] for suite in suites for case in suite]
    assert len(cases) == len(root.findall(".//testcase"))
    return [element.tag for element in root.iter()], cases


def _markdown(text: str) -> Shape:
    tokens = [
        (token.type, token.tag, token.nesting, str(token.attrs), token.level)
        for block in _MARKUP.parse(text)
        for token in (block, *(block.children or ()))
    ]
    return [token for token in tokens if token[0] != "text"]


def _github(text: str) -> Shape:
    found = [command_in(line) for line in text.splitlines()]
    for command in found:
        assert command is not None
        assert command.name in {"error", "warning", "notice"}
        assert command.properties.keys() <= {"title", "file", "line", "endLine"}
        path = command.properties.get("file", "x")
        assert not Path(path).is_absolute()
        assert ".." not in path.split("/")
    assert Counter(each.name for each in found if each).most_common(1)[0][1] <= 10
    return [command.name for command in found if command]


def _sarif(text: str) -> Shape:
    (run,) = json.loads(text)["runs"]
    assert not list(_empty_texts(run))
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert result["ruleId"] == ids[result["ruleIndex"]]
        assert "](" not in result["message"]["text"]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            place = location["physicalLocation"]
            assert not place["artifactLocation"]["uri"].startswith(("/", "."))
            assert ".." not in place["artifactLocation"]["uri"].split("/")
            assert len(place["region"]) == 4
    return [(each["level"], len(each["locations"])) for each in run["results"]]


def _empty_texts(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _empty_texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _empty_texts(each)]
    return [value] if value == "" else []


def _gitlab(text: str) -> Shape:
    entries = json.loads(text)
    for entry in entries:
        assert entry["description"]
        assert entry["check_name"]
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not Path(entry["location"]["path"]).is_absolute()
        assert ".." not in entry["location"]["path"].split("/")
        assert entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    return len(entries)


_READERS: Mapping[str, Callable[[str], Shape]] = {
    "asff": _json_lines,
    "csv": _csv,
    "github": _github,
    "gitlab": _gitlab,
    "html": _html,
    "json": _saved,
    "junit": _junit,
    "manifest": _json_lines,
    "markdown": _markdown,
    "ocsf": _json_lines,
    "sarif": _sarif,
    "text": bool,
}
