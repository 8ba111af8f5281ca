"""The input manifest: which bytes were judged, as lines that anybody can hash again."""

import hashlib
import json
from collections.abc import Iterable

from checker.report.model import Input, Report
from checker.report.provenance_model import Manifest


def render_manifest(report: Report) -> str:
    """Give one line of JSON for each input that was judged: path, size in bytes, sha256."""
    return manifest_text(report.inputs)


def manifest_text(inputs: Iterable[Input]) -> str:
    """Give the manifest of inputs, sorted by path; what could not be read has no sha256."""
    ordered = sorted(inputs, key=lambda each: (each.path, each.sha256))
    return "".join(
        json.dumps({"path": each.path, "size": each.size, "sha256": each.sha256}) + "\n"
        for each in ordered
    )


def manifest_of(inputs: Iterable[Input]) -> Manifest:
    """Give the root of a manifest: the hash of its bytes stands for all inputs at once."""
    listed = list(inputs)
    return Manifest(
        inputs=len(listed),
        size=sum(each.size for each in listed),
        sha256=hashlib.sha256(manifest_text(listed).encode()).hexdigest(),
    )
