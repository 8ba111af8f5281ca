"""Scanning: one shard of trail logs against the rule set gives one tally."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from checker.aws import Json
from checker.aws.identity import identity_type, principal
from checker.aws.outcome import outcome
from checker.engine.ruleset import Description, Finding, Judged, RuleSet
from checker.engine.tally import Exhibit, Fact, Identity, InputFact, Tally, identify
from checker.limits import DEFAULT, Limits
from checker.trail.container import CLOUDTRAIL_FILE
from checker.trail.defect import Defect
from checker.trail.event import event_account
from checker.trail.load import load
from checker.trail.reader import Record, TrailLog, read_loaded
from checker.trail.source import Source

_EXHIBITED = frozenset({Finding.VIOLATION, Finding.UNDETERMINED, Finding.ERROR})


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of input that one worker reads."""

    sources: tuple[Source, ...]


def scan(shard: Shard, rules: RuleSet, stdin: BinaryIO, limits: Limits = DEFAULT) -> Tally:
    """Read a shard and judge every event in it.

    Args:
        shard: What to read.
        rules: The compiled rules.
        stdin: Where the source `-` reads from.
        limits: What is too much to read or to keep.
    """
    tally = Tally(most=limits.exhibits)
    for source in shard.sources:
        content = load(source, stdin, limits)
        if not _scan_at_a_glance(source, content, rules, tally, limits):
            scan_log(read_loaded(source, content, limits), rules, tally)
    tally.trim()
    return tally


def scan_log(log: TrailLog, rules: RuleSet, tally: Tally) -> None:
    """Judge every record of a log that was read in full."""
    population: Counter[tuple[str, str]] = Counter(
        (event_account(record.event) or "", _text(record.event.get("awsRegion")))
        for record in log.records
    )
    times = [record.time for record in log.records if record.time is not None]
    tally.inputs[log.source.path] = InputFact(
        path=log.source.path,
        container=log.container,
        size=log.size,
        sha256=log.sha256,
        records=len(log.records),
        refused=log.refused,
        in_scope=_Judging(log.source.path, rules, tally).judge_all(log.records),
        first=min(times, default=None),
        last=max(times, default=None),
        population=dict(population),
        problems=log.problems,
        set_aside=log.set_aside,
    )


def _scan_at_a_glance(
    source: Source, content: bytes | Defect, rules: RuleSet, tally: Tally, limits: Limits
) -> bool:
    """Judge the records of a file that a rule could be about; False when it is no such file."""
    if isinstance(content, Defect):
        return False
    glance = rules.glancer.glance(content, limits)
    if glance is None:
        return False
    wanted = [n for n, values in enumerate(glance.values) if rules.index.candidates_for(values)]
    records = glance.records(wanted) if wanted else ()
    if records is None:
        return False
    tally.inputs[source.path] = InputFact(
        path=source.path,
        container=CLOUDTRAIL_FILE,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        records=len(glance.values),
        in_scope=_Judging(source.path, rules, tally).judge_all(records),
        first=glance.first,
        last=glance.last,
        population=dict(glance.population),
    )
    return True


@dataclass(frozen=True, slots=True)
class _Judging:
    """The records of one log on their way into a tally."""

    path: str
    rules: RuleSet
    tally: Tally

    def judge_all(self, records: Iterable[Record]) -> int:
        """Judge records; give how many of them at least one rule is about."""
        in_scope = 0
        for record in records:
            judgements = self.rules.judge(record.event, record.time)
            if judgements:
                in_scope += 1
                self._take(record, event_account(record.event) or "", judgements)
        return in_scope

    def _take(
        self, record: Record, account: str, judgements: tuple[tuple[int, Judged], ...]
    ) -> None:
        identity = identify(record.event, self.path, record.index)
        findings = tuple((number, judged.finding) for number, judged in judgements)
        event_id = _text(record.event.get("eventID"))
        self.tally.judged[identity] = Fact(event_id, account, findings)
        for number, judged in judgements:
            if judged.finding in _EXHIBITED:
                rule = self.rules.rules[number]
                described = rule.describe(record.event, judged.finding)
                exhibit = self._exhibit(record, identity, described, judged.reason)
                self.tally.add_exhibit(number, judged.finding, exhibit)

    def _exhibit(
        self, record: Record, identity: Identity, described: Description, reason: str
    ) -> Exhibit:
        event = record.event
        who = event.get("userIdentity")
        known = who if isinstance(who, dict) else None
        return Exhibit(
            identity=identity,
            time=_text(event.get("eventTime")),
            account=event_account(event) or "",
            region=_text(event.get("awsRegion")),
            principal=principal(known) or "",
            identity_type=identity_type(known) or "",
            source_address=_text(event.get("sourceIPAddress")),
            event_source=_text(event.get("eventSource")),
            event_name=_text(event.get("eventName")),
            event_id=_text(event.get("eventID")),
            outcome=outcome(event),
            resources=described.resources,
            message=described.message,
            reason=reason,
            evidence=described.evidence,
            path=self.path,
            index=record.index,
            record=record.original,
        )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
