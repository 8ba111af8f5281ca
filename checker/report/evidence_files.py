"""All exceptions, one a line, as CSV or JSON Lines: streamed, however many there are."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, to_builtins

from checker.aws import Json
from checker.engine.episodes import Episode
from checker.engine.finding import Finding
from checker.engine.listing import Entry
from checker.policy.rule import Rule
from checker.report.csv_cells import Cell, csv_line
from checker.report.episodes import one_episode
from checker.report.evidence import evidence_of
from checker.report.mask import MakeMask
from checker.report.redact import RowRedaction
from checker.verdict.verdicts import RuleResult

_WORDS: Final[Mapping[Finding, str]] = {
    Finding.VIOLATION: "violation",
    Finding.KNOWN: "known",
    Finding.WAIVED: "waived",
    Finding.UPCOMING: "upcoming",
    Finding.UNDETERMINED: "undetermined",
    Finding.ERROR: "error",
}

COLUMNS: Final = (
    "rule",
    "severity",
    "kind",
    "finding",
    "waiver",
    "fingerprint",
    "time",
    "until",
    "events",
    "account",
    "region",
    "principal",
    "identity_type",
    "source_address",
    "event_source",
    "event_name",
    "outcome",
    "resources",
    "message",
    "reason",
    "event_id",
    "path",
    "index",
    "evidence",
)
"""What a row tells, in this order; of events that are judged together one row is a whole group."""

Row = dict[str, Json]


class Exceptions(Struct, frozen=True, kw_only=True):
    """Everything that the rows are made from.

    Attributes:
        entries: Events behind exceptions of rules that judge each by itself.
        waivers: The ids of the waivers, by their numbers.
        mask: Makes the mask for what comes out of one record.
        redaction: Puts pseudonyms for names; None where they are shown.
    """

    rules: Sequence[Rule]
    entries: Iterable[Entry]
    results: Sequence[RuleResult]
    waivers: Sequence[str]
    mask: MakeMask
    redaction: RowRedaction | None = None


def csv_lines(exceptions: Exceptions) -> Iterator[str]:
    """Give the lines of a CSV file: single events by place, then groups of events and intervals."""
    yield csv_line(COLUMNS)
    for row in _rows(exceptions):
        yield csv_line([_cell(row.get(name)) for name in COLUMNS])


def json_lines(exceptions: Exceptions) -> Iterator[str]:
    """Give the same as JSON Lines, each with its masked record, or records, besides."""
    for row in _rows(exceptions):
        yield json.dumps(row, ensure_ascii=True, allow_nan=False) + "\n"


WRITERS: Final[Mapping[str, Callable[[Exceptions], Iterator[str]]]] = {
    "evidence-csv": csv_lines,
    "evidence-jsonl": json_lines,
}
"""By the name that -o has for them."""


def _rows(exceptions: Exceptions) -> Iterator[Row]:
    for entry in exceptions.entries:
        yield _event(entry, exceptions)
    for result in exceptions.results:
        for episode in result.episodes:
            if episode.certain:
                yield _episode(result.rule, episode, exceptions)


def _event(entry: Entry, exceptions: Exceptions) -> Row:
    evidence = entry.evidence
    masked = evidence_of(evidence, exceptions.mask(evidence.record), exceptions.waivers)
    if exceptions.redaction:
        masked = exceptions.redaction.evidence(masked)
    shown = to_builtins(masked)
    del shown["lines"], shown["in_baseline"]
    rule = exceptions.rules[entry.rule]
    return {**_head(rule, entry.finding), "until": shown["time"], "events": 1, **shown}


def _episode(rule: Rule, episode: Episode, exceptions: Exceptions) -> Row:
    shown = one_episode(rule, episode, exceptions.mask, exceptions.waivers)
    if exceptions.redaction:
        shown = exceptions.redaction.episode(shown)
    return {
        **_head(rule, episode.finding),
        "waiver": shown.waiver,
        "fingerprint": shown.fingerprint,
        "time": shown.first,
        "until": shown.last,
        "events": shown.events,
        "account": shown.account,
        "message": shown.summary,
        "evidence": {each.name: each.value for each in shown.group},
        "event": [each.event for each in shown.evidence],
    }


def _head(rule: Rule, finding: Finding) -> Row:
    kind = "correlation" if rule.correlation else "cadence" if rule.cadence else "event"
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "kind": kind,
        "finding": _WORDS[finding],
    }


def _cell(value: Json) -> Cell:
    match value:
        case None | str() | int() | float():
            return value
        case list() if all(isinstance(each, str) for each in value):
            return " ".join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
