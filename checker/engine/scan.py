"""Scanning: one shard of trail logs against the rule set gives one tally."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from checker.aws import Json
from checker.aws.identity import identity_type, principal
from checker.aws.outcome import outcome
from checker.engine.ruleset import Description, Finding, Judged, RuleSet
from checker.engine.tally import Exhibit, Fact, Identity, InputFact, Tally, identify
from checker.limits import DEFAULT, Limits
from checker.trail.event import event_account
from checker.trail.reader import Record, TrailLog, open_trail
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
        _LogScan(open_trail(source, stdin, limits), rules, tally).run()
    tally.trim()
    return tally


@dataclass(frozen=True, slots=True)
class _LogScan:
    """One trail log on its way into a tally."""

    log: TrailLog
    rules: RuleSet
    tally: Tally

    def run(self) -> None:
        population: Counter[tuple[str, str]] = Counter()
        in_scope = 0
        for record in self.log.records:
            account = event_account(record.event) or ""
            population[account, _text(record.event.get("awsRegion"))] += 1
            judgements = self.rules.judge(record.event, record.time)
            if judgements:
                in_scope += 1
                self._take(record, account, judgements)
        self._note_input(population, in_scope)

    def _take(
        self, record: Record, account: str, judgements: tuple[tuple[int, Judged], ...]
    ) -> None:
        identity = identify(record.event, self.log.source.path, record.index)
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
            path=self.log.source.path,
            index=record.index,
            record=record.original,
        )

    def _note_input(self, population: Mapping[tuple[str, str], int], in_scope: int) -> None:
        log = self.log
        times = [record.time for record in log.records if record.time is not None]
        self.tally.inputs[log.source.path] = InputFact(
            path=log.source.path,
            container=log.container,
            size=log.size,
            sha256=log.sha256,
            records=len(log.records),
            refused=log.refused,
            in_scope=in_scope,
            first=min(times, default=None),
            last=max(times, default=None),
            population=dict(population),
            problems=log.problems,
            set_aside=log.set_aside,
        )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
