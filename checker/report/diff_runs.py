"""How two runs differ beside their verdicts: the program, the period, the settings, the inputs."""

from collections.abc import Iterator

from checker.aws import Json
from checker.report.diff_model import Setting
from checker.report.model import Report
from checker.visible import visible_json


def runs_changed(before: Report, after: Report) -> Iterator[Setting]:
    """Give what of the runs is another, as text."""
    for name, was, found in _facts(before, after):
        if was != found:
            yield Setting(name=name, before=_text(was), after=_text(found))
    older, newer = before.provenance, after.provenance
    for name in sorted({*older.settings, *newer.settings}):
        was, found = older.settings.get(name), newer.settings.get(name)
        if was != found:
            yield Setting(name=f"setting {name}", before=_text(was), after=_text(found))
    files = {each.path: each.sha256 for each in older.files}
    others = {each.path: each.sha256 for each in newer.files}
    for path in sorted({*files, *others}):
        if files.get(path) != others.get(path):
            yield Setting(
                name=f"file {path}", before=_text(files.get(path)), after=_text(others.get(path))
            )


def inputs_changed(before: Report, after: Report) -> Iterator[Setting]:
    """Give the inputs that only one run judged; a file that only moved is the same."""
    older = {each.path: each.sha256 for each in before.inputs}
    newer = {each.path: each.sha256 for each in after.inputs}
    same = set(older.values()) & set(newer.values())
    for path in sorted({*older, *newer}):
        was, found = older.get(path), newer.get(path)
        if was == found or {was, found} <= {*same, None}:
            continue
        yield Setting(name=path, before=_text(was), after=_text(found))


def _facts(before: Report, after: Report) -> Iterator[tuple[str, Json, Json]]:
    yield "evaluated at", before.evaluated_at, after.evaluated_at
    yield "program", before.tool.version, after.tool.version
    yield "period from", before.period.first, after.period.first
    yield "period to", before.period.last, after.period.last
    yield "exit code", before.gate.exit_code, after.gate.exit_code
    yield "complete", before.gate.complete, after.gate.complete
    yield "events judged", before.totals.judged, after.totals.judged
    yield (
        "input manifest",
        before.provenance.manifest.sha256,
        after.provenance.manifest.sha256,
    )
    waivers = [each.waivers.sha256 if each.waivers else None for each in (before, after)]
    yield "waivers", waivers[0], waivers[1]
    baselines = [each.baseline.sha256 if each.baseline else None for each in (before, after)]
    yield "baseline", baselines[0], baselines[1]


def _text(value: Json) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else visible_json(value, indent=None)
