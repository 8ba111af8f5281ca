"""Waivers and the baseline in the text report: what was let through, and what is about to end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from checker.report.exceptions_model import Baseline, WaiverEntry, Waivers, WaiverStatus
from checker.report.model import Report
from checker.report.text_lines import Look, counted
from checker.report.text_rules import SHOWN

_STATUSES: Final[tuple[WaiverStatus, ...]] = get_args(WaiverStatus)
_WORDS: Final = {"ending": "ending within 30 days"}


def exception_lines(report: Report, look: Look) -> Iterator[str]:
    """Give a few lines on the waivers and the baseline of a run; none without any."""
    if report.waivers:
        yield from _waivers(report.waivers, look)
    if report.baseline:
        yield from look.lines(_baseline(report.baseline))


def _waivers(waivers: Waivers, look: Look) -> Iterator[str]:
    entries = waivers.entries
    statuses = Counter(each.status for each in entries)
    told = [counted(len(entries), "waiver")]
    if not waivers.applied:
        told.append("none of them applied")
    told += [f"{sum(1 for each in entries if each.covered)} in use"] if waivers.applied else []
    told += [
        f"{statuses[each]} {_WORDS.get(each, each)}" for each in _STATUSES[1:] if statuses[each]
    ]
    yield from look.lines(f"{waivers.path}: {', '.join(told)}")
    # What a reader must act on comes first.
    told_of = [
        each for status in ("expired", "ending") for each in entries if each.status == status
    ]
    told_of += [each for each in entries if each.covered and each not in told_of]
    shown = told_of if look.verbose else told_of[:SHOWN]
    for each in shown:
        yield from look.lines(f"- {_waiver(each)}", _kind(each), indent=2, hang=2)
    yield from _left(told_of, shown)


def _waiver(entry: WaiverEntry) -> str:
    what = f"{entry.id} of {entry.rule}"
    end = "expired" if entry.status == "expired" else "expires"
    parts = [f"{what} {end} {entry.expires}"]
    if entry.covered:
        parts.append(f"covers {counted(entry.covered, 'exception')}")
    for count, when in (
        (entry.before_approval, "before its approval"),
        (entry.after_end, "after its end"),
    ):
        if count:
            parts.append(f"not {counted(count, 'exception')} {when}")
    return ", ".join(parts)


def _kind(entry: WaiverEntry) -> str:
    return "warning" if entry.status in {"expired", "ending"} else ""


def _left(told: Sequence[WaiverEntry], shown: Sequence[WaiverEntry]) -> Iterator[str]:
    if len(told) > len(shown):
        yield f"  … {len(told) - len(shown)} more, -v shows them"


def _baseline(baseline: Baseline) -> str:
    fixed = len(baseline.fixed)
    return f"{baseline.path}: {baseline.known} known, {baseline.new} new, {fixed} fixed"
