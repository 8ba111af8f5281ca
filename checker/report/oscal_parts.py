"""The small parts of an OSCAL document: ids, text, properties, resources with their hashes."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from checker.aws import Json
from checker.report.model import Report
from checker.report.portable import one_line
from checker.visible import visible, visible_json

NAMESPACE: Final = "urn:trailcheck:oscal"
"""What the names of our properties belong to."""

_UUIDS: Final = uuid5(NAMESPACE_URL, NAMESPACE)
_LINE: Final = 1_000
# Text of OSCAL is Markdown with insertions: what begins one is text here, whoever wrote it.
_MARKUP: Final = re.compile(r"([\\`*_~^\[\]{}<>])")


def derived(*parts: str) -> str:
    """Give the UUID that belongs to these parts: the same for the same, in every run."""
    name = "".join(f"{len(part)}:{part}" for part in parts)
    return str(uuid5(_UUIDS, visible(name)))


def within(outer: str, *parts: str) -> str:
    """Give the UUID of what is part of something with a UUID."""
    name = "".join(f"{len(part)}:{part}" for part in parts)
    return str(uuid5(UUID(outer), visible(name)))


def title(text: str) -> str:
    """Give text as one line of OSCAL's markup."""
    return _MARKUP.sub(r"\\\1", one_line(text, _LINE))


def prose(text: str) -> str:
    """Give text as paragraphs of OSCAL's markup."""
    return _MARKUP.sub(r"\\\1", visible(text, keep_newlines=True).strip()) or "-"


def props(kind: str = "", /, **values: Json) -> list[Json]:
    """Give properties of ours; those that are empty are left out.

    Args:
        kind: Their class, if they have one.
        values: By their names, in which `_` stands for `-`.
    """
    return [
        prop(name.replace("_", "-"), value, kind)
        for name, value in values.items()
        if value not in ("", None)
    ]


def prop(name: str, value: Json, kind: str = "") -> dict[str, Json]:
    """Give one property of ours."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    made: dict[str, Json] = {"name": name, "ns": NAMESPACE, "value": one_line(text, _LINE)}
    return {**made, "class": kind} if kind else made


def having(**members: Json) -> dict[str, Json]:
    """Give members by their names, `_` for `-`, without those that are empty: OSCAL allows none."""
    return {
        name.replace("_", "-"): value
        for name, value in members.items()
        if value not in ("", None, [], {})
    }


def file_uuid(path: str, sha256: str) -> str:
    """Give the UUID of the resource that stands for a file."""
    return derived("file", path, sha256)


def plan_uuid(report: Report) -> str:
    """Give the UUID of the resource that stands for the assessment plan."""
    return derived("plan", visible_json(dict(report.provenance.settings)))


def resources(report: Report) -> list[Json]:
    """Give the resources of a report: what stands for its plan, and every file with its hash."""
    found: dict[str, Json] = {}
    for each in (_plan(report), *_files(report)):
        found[each["uuid"]] = each
    return list(found.values())


def _plan(report: Report) -> dict[str, Json]:
    settings = visible_json(dict(report.provenance.settings))
    return {
        "uuid": plan_uuid(report),
        "title": "Assessment plan: the settings of the run",
        "description": prose(
            "There is no assessment plan in OSCAL. In its place stand the settings of the run that "
            f"can change an answer; what is not there was at its default.\n\n{settings}"
        ),
    }


def _files(report: Report) -> Iterator[dict[str, Json]]:
    for judged in report.inputs:
        yield _file(f"Trail log: {judged.path}", judged.path, judged.sha256, "input")
    manifest = report.provenance.manifest
    yield {
        "uuid": derived("manifest", manifest.sha256),
        "title": "Manifest of all trail logs that were judged",
        "description": "Lines of JSON with the path, size and SHA-256 of each trail log, as "
        "`-o manifest=FILE` writes them; its hash stands for all of them.",
        "props": props(
            "manifest", inputs=manifest.inputs, bytes=manifest.size, sha256=manifest.sha256
        ),
    }
    for rule in report.rules:
        yield _file(f"Rule: {rule.id}", rule.path, rule.sha256, "rule")
    for each in report.provenance.files:
        yield _file(f"{each.kind.capitalize()}: {each.path}", each.path, each.sha256, each.kind)
    if report.waivers:
        waivers = report.waivers
        yield _file(f"Waivers: {waivers.path}", waivers.path, waivers.sha256, "waivers")
    if report.baseline:
        baseline = report.baseline
        yield _file(f"Baseline: {baseline.path}", baseline.path, baseline.sha256, "baseline")


def _file(name: str, path: str, sha256: str, kind: str) -> dict[str, Json]:
    link: Mapping[str, Json] = having(
        href=quote(visible(path)) or "-",
        hashes=[{"algorithm": "SHA-256", "value": one_line(sha256, _LINE)}] if sha256 else [],
    )
    return {
        "uuid": file_uuid(path, sha256),
        "title": title(name),
        "props": [prop("kind", kind)],
        "rlinks": [link],
    }
