"""The rules in the text report: a table, and under each rule what stands behind its verdict."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from checker.report.findings import episode_line, mark
from checker.report.model import Evidence, Report, RuleResult
from checker.report.text_lines import Look, counted
from checker.visible import inert

SHOWN: Final = 3
"""How many of a kind are shown, unless all are asked for."""

_MANY: Final = 4
_BETWEEN: Final = "  "
_NAME: Final = 2


class _Column(Struct, frozen=True):
    head: str
    cells: list[str]
    least: int = 0
    is_number: bool = False

    @property
    def width(self) -> int:
        return max(self.least, *(len(each) for each in (self.head, *self.cells)))

    def padded(self, text: str) -> str:
        return text.rjust(self.width) if self.is_number else text.ljust(self.width)


class _Table(Struct, frozen=True):
    """Columns of which one, the third, holds names, which are never broken."""

    columns: list[_Column]
    look: Look

    @property
    def fits(self) -> bool:
        widths = [each.width + len(_BETWEEN) for each in self.columns]
        return self.look.width is None or sum(widths) - len(_BETWEEN) <= self.look.width

    def row(self, cells: Sequence[str], kinds: Sequence[str]) -> list[str]:
        """Give a row, its first cells styled as `kinds` say; in two lines where it must be."""
        padded = [each.padded(cell) for each, cell in zip(self.columns, cells, strict=True)]
        styled = [
            self.look.style(cell, kind) if kind else cell
            for cell, kind in zip_longest(padded, kinds, fillvalue="")
        ]
        if self.fits:
            return [_BETWEEN.join(styled)]
        del styled[_NAME]
        name = cells[_NAME]
        taken = len(_BETWEEN.join([*padded[:_NAME], *padded[_NAME + 1 :], name]))
        if self.look.width is not None and taken > self.look.width:
            return [_BETWEEN.join(styled), f"  {name}"]
        return [_BETWEEN.join([*styled, name])]


def table(report: Report, look: Look) -> Iterator[str]:
    """Give the table, with lines about each rule that found something or could not be tested.

    Rules with nothing in scope and the same to say of it are one row, unless all are asked for: a
    pack has hundreds of rules, and what was found would be lost among them. Where the terminal is too narrow for it, ids come last, and on a line of their own where they
    still have no room.
    """
    shown = _Table(_columns(report), look)
    if not shown.fits:
        shown = _Table([replace(each, least=0) for each in shown.columns], look)
    heads = [each.head for each in shown.columns]
    yield from shown.row(heads, ["heading"] * len(heads))
    rows = enumerate(report.rules)
    for verdict, numbered in groupby(rows, key=lambda row: row[1].verdict):
        alone, alike = _folded(list(numbered), look)
        for number, rule in alone:
            cells = [each.cells[number] for each in shown.columns]
            yield from shown.row(cells, [rule.verdict, rule.severity])
            yield from _details(rule, look)
        for reason, count in alike.items():
            more = "more " if alone else ""
            word = look.style(shown.columns[0].padded(_word(verdict)), verdict)
            yield f"{word}{_BETWEEN}{count} {more}rules with nothing in scope; -v lists them"
            yield from look.lines(reason, indent=4)


def _folded(
    rows: Sequence[tuple[int, RuleResult]], look: Look
) -> tuple[list[tuple[int, RuleResult]], dict[str, int]]:
    """Give the rows of one verdict that are shown, and how many others there are by reason."""
    reasons = Counter(rule.reason for _, rule in rows if _is_bare(rule) and not look.verbose)
    alike = {reason: count for reason, count in reasons.items() if count >= _MANY}
    shown = [row for row in rows if not _is_bare(row[1]) or row[1].reason not in alike]
    return shown, alike


def _is_bare(rule: RuleResult) -> bool:
    found = (rule.violations, rule.errors, rule.undetermined, rule.episodes, rule.upcoming)
    beside = rule.counts.in_scope or rule.counts.other_outcomes
    return not beside and not any(each.total for each in found)


def _columns(report: Report) -> list[_Column]:
    """Give the columns, of waivers and the baseline only where there are any."""
    rules = report.rules
    words = [_word(rule.verdict) for rule in rules]
    numbers = {
        "IN SCOPE": [rule.counts.in_scope for rule in rules],
        "EXCEPTIONS": [rule.counts.violations for rule in rules],
    }
    if report.waivers:
        numbers["WAIVED"] = [rule.counts.waived for rule in rules]
    if report.baseline:
        numbers["KNOWN"] = [rule.counts.known for rule in rules]
    return [
        _Column("VERDICT", words, least=len("not applicable")),
        _Column("SEVERITY", [rule.severity for rule in rules]),
        _Column("RULE", [inert(rule.id) for rule in rules]),
        *(_Column(head, list(map(str, each)), is_number=True) for head, each in numbers.items()),
    ]


def _word(verdict: str) -> str:
    return verdict.replace("_", " ")


def _details(rule: RuleResult, look: Look) -> Iterator[str]:
    # Input that was lost makes an error of every rule: it is told once, with the problems.
    exhibits = (rule.violations, rule.errors, rule.undetermined)
    untold = rule.verdict == "no_evidence"
    if untold or rule.episodes.total or any(each.total for each in exhibits):
        yield from look.lines(rule.title, "faint", indent=4)
        yield from look.lines(rule.reason, indent=4)
        yield from _exceptions(rule, look)
    yield from _episodes(rule, look)
    for each in exhibits:
        shown = each.shown if look.verbose else each.shown[:SHOWN]
        for evidence in shown:
            yield from look.lines(f"- {mark(evidence)}{exhibit(evidence)}", indent=4, hang=2)
            if look.verbose:
                yield from look.lines(_found(evidence), "faint", indent=6)
        yield from _more(each.total, len(shown), len(each.shown))
    yield from _upcoming(rule, look)
    others = [f"{count} {outcome}" for outcome, count in rule.counts.other_outcomes.items()]
    if others:
        yield from look.lines(f"not judged, by their outcome: {', '.join(others)}", indent=4)


def _upcoming(rule: RuleResult, look: Look) -> Iterator[str]:
    """Tell of what will be an exception once the rule is in force; it never counts."""
    if not rule.upcoming.total:
        return
    what = counted(rule.upcoming.total, "event")
    line = f"upcoming, from {rule.effective_from} on such a call is an exception: {what}"
    yield from look.lines(line, indent=4)
    shown = rule.upcoming.shown if look.verbose else rule.upcoming.shown[:SHOWN]
    for evidence in shown:
        yield from look.lines(f"- {exhibit(evidence)}", indent=4, hang=2)
    yield from _more(rule.upcoming.total, len(shown), len(rule.upcoming.shown))


def _exceptions(rule: RuleResult, look: Look) -> Iterator[str]:
    """Say how much of what was found is waived or known already."""
    counts = rule.counts
    told = [
        f"{count} of them {what}"
        for count, what in ((counts.waived, "waived"), (counts.known, "in the baseline"))
        if count
    ]
    if told:
        yield from look.lines(", ".join(told), indent=4)


def _episodes(rule: RuleResult, look: Look) -> Iterator[str]:
    episodes = rule.episodes
    if episodes.total:
        asked = "must occur" if rule.kind == "cadence" else "looked for"
        yield from look.lines(f"{asked} {rule.asks}", "faint", indent=4)
    # What is certain comes first: it is what the rule failed for.
    kept = sorted(episodes.shown, key=lambda each: not each.certain)
    shown = kept if look.verbose else kept[:SHOWN]
    for episode in shown:
        yield from look.lines(f"- {mark(episode)}{episode_line(episode)}", indent=4, hang=2)
        for evidence in episode.evidence if look.verbose else ():
            yield from look.lines(exhibit(evidence), indent=8)
            yield from look.lines(_found(evidence), "faint", indent=10)
        left = episode.events - len(episode.evidence)
        if look.verbose and left > 0:
            yield f"        … {left} more of {counted(episode.events, 'event')}"
    yield from _more(episodes.total, len(shown), len(kept))


def _more(total: int, shown: int, kept: int) -> Iterator[str]:
    if total > shown:
        hint = "" if shown == kept else ", -v shows those that are kept"
        yield f"    … {total - shown} more of {total}{hint}"


def exhibit(evidence: Evidence) -> str:
    """Give an event in one line: when, where and what."""
    where = " ".join(part for part in (evidence.account, evidence.region) if part)
    what = f"{evidence.message} ({evidence.reason})" if evidence.reason else evidence.message
    return f"{evidence.time or 'no time'}  {where}  {what}"


def _found(evidence: Evidence) -> str:
    line = f", line {evidence.lines.first_line}" if evidence.lines else ""
    where = f"{evidence.path}#{evidence.index}{line}"
    return f"event {evidence.event_id or 'without an id'} in {where}"
