"""Scanning: one shard of trail logs against the rule set gives one tally."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import BinaryIO, Final

from msgspec import Struct

from checker.aws import Json
from checker.aws.identity import identity_type, principal
from checker.engine.exhibits import Bars, Exhibit, Exhibits
from checker.engine.finding import EXHIBITED, Judged
from checker.engine.identity import event_id_of, identify
from checker.engine.index import Met
from checker.engine.ledger import Ledger, PageWriter
from checker.engine.ruleset import RuleSet
from checker.engine.subject import Subject
from checker.engine.tally import InputFact, PartOf, Tally
from checker.limits import DEFAULT, Limits
from checker.trail.census import hour_of, kind_of
from checker.trail.container import JSON_LINES, ONE_EVENT
from checker.trail.defect import Defect
from checker.trail.event import canonical_bytes, event_account
from checker.trail.glance import Glance
from checker.trail.load import load
from checker.trail.part import Part, load_part, sha256_of_file
from checker.trail.reader import Record, TrailLog, read_loaded
from checker.trail.source import Source

_HOUR: Final = "%Y-%m-%dT%H"


class Shard(Struct, frozen=True):
    """A piece of input that one worker reads: some files, or a part of one."""

    sources: tuple[Source, ...]
    part: Part | None = None


def scan(
    shard: Shard,
    rules: RuleSet,
    stdin: BinaryIO,
    limits: Limits = DEFAULT,
    bars: Bars | None = None,
) -> Tally:
    """Read a shard and judge every event in it.

    Args:
        shard: What to read.
        rules: The compiled rules.
        stdin: Where the source `-` reads from.
        limits: What is too much to read or to keep.
        bars: What the shards before showed, when all their tallies will be united.
    """
    judging = Judging(rules, limits, bars or Bars(limits.exhibits))
    if shard.part:
        return _scan_part(shard.sources[0], shard.part, judging)
    for source in shard.sources:
        content = load(source, stdin, limits)
        if not _scan_at_a_glance(source, content, judging):
            judging.take_log(read_loaded(source, content, limits))
    return judging.tally()


def _scan_at_a_glance(source: Source, content: bytes | Defect, judging: "Judging") -> bool:
    """Judge the records of a file that a rule could be about; False when it is no such file."""
    if isinstance(content, Defect):
        return False
    glance = judging.rules.glancer.glance(content, judging.limits)
    survivors = None if glance is None else glance.records()
    if glance is None or survivors is None:
        return False
    judging.take_glance(source, glance, survivors, len(content), sha256(content).hexdigest())
    return True


def _scan_part(source: Source, part: Part, judging: "Judging") -> Tally:
    """Judge a part of a JSON Lines file; on any doubt the tally says so and holds nothing."""
    content = load_part(source, part)
    if content is None:
        return Tally(part=PartOf(source, part, doubtful=True))
    # One hash for the whole file, made where its first part is read.
    digest = "" if part.start else sha256_of_file(source)
    if content and not content.isspace():
        glance = judging.rules.glancer.glance(content, judging.limits)
        survivors = None if glance is None else glance.records()
        if not (glance and survivors is not None and _stands_alone(glance, survivors)):
            return Tally(part=PartOf(source, part, doubtful=True))
        judging.take_glance(source, glance, survivors, len(content), digest)
    tally = judging.tally()
    tally.inputs.setdefault(
        source.path, InputFact(path=source.path, size=len(content), sha256=digest)
    )
    tally.part = PartOf(source, part, doubtful=False)
    return tally


Survivor = tuple[Record, Met]


def _stands_alone(glance: Glance[Met], survivors: Iterable[Survivor]) -> bool:
    """Tell whether a part is lines, of which none is known by its place in the whole file."""
    return glance.container in {JSON_LINES, ONE_EVENT} and all(
        event_id_of(record.event) for record, _ in survivors
    )


class Judging:
    """The records of one shard on their way into a tally."""

    def __init__(self, rules: RuleSet, limits: Limits, bars: Bars) -> None:
        self.rules = rules
        self.limits = limits
        self._writer = PageWriter()
        self._tally = Tally(exhibits=Exhibits(limits.exhibits))
        self._bars = bars

    def tally(self) -> Tally:
        """Give what was found."""
        self._tally.ledger = Ledger([self._writer.page()], self._writer.names)
        return self._tally

    def take_glance(
        self,
        source: Source,
        glance: Glance[Met],
        survivors: Iterable[Survivor],
        size: int,
        digest: str,
    ) -> None:
        """Judge the survivors of a file that was read at a glance."""
        self._tally.kinds |= glance.kinds
        self._tally.inputs[source.path] = InputFact(
            path=source.path,
            container=glance.container,
            size=size,
            sha256=digest,
            records=glance.count,
            in_scope=sum(self._judge(source.path, *survivor) for survivor in survivors),
            first=glance.first,
            last=glance.last,
            hours=glance.hours,
        )

    def take_log(self, log: TrailLog) -> None:
        """Judge every record of a log that was read in full."""
        path = log.source.path
        times = [record.time for record in log.records if record.time is not None]
        self._tally.kinds |= {kind_of(record.event) for record in log.records}
        self._tally.inputs[path] = InputFact(
            path=path,
            container=log.container,
            size=log.size,
            sha256=log.sha256,
            records=len(log.records),
            refused=log.refused,
            in_scope=sum(
                self._judge(path, record, self.rules.index.met(record.event))
                for record in log.records
            ),
            first=min(times, default=None),
            last=max(times, default=None),
            hours=Counter(
                hour_of(record.event, f"{record.time:{_HOUR}}" if record.time else "")
                for record in log.records
            ),
            problems=log.problems,
            set_aside=log.set_aside,
        )

    def _judge(self, path: str, record: Record, met: Met) -> bool:
        """Judge one record; tell whether at least one rule is about it."""
        if not met:
            return False
        subject = Subject(record.event, record.time)
        judgements = self.rules.judge_met(subject, met)
        if not judgements:
            return False
        event = record.event
        content = record.canonical or canonical_bytes(event)
        identity, name = identify(event, content, path, record.index)
        findings = tuple([(number, judged.finding) for number, judged in judgements])
        self._writer.add(identity, name, event_account(event) or "", findings)
        for number, judged in judgements:
            if judged.finding in EXHIBITED:
                moment = (_text(event.get("eventTime")), event_id_of(event), identity)
                key = (number, judged.finding)
                if self._bars.pass_by(key, moment):
                    exhibit = self._exhibit(number, judged, subject, identity, path, record)
                    self._tally.exhibits.add(key, exhibit)
        return True

    def _exhibit(  # noqa: PLR0913, PLR0917 - what an exhibit is made of
        self,
        number: int,
        judged: Judged,
        subject: Subject,
        identity: bytes,
        path: str,
        record: Record,
    ) -> Exhibit:
        event = record.event
        who = event.get("userIdentity")
        known = who if isinstance(who, dict) else None
        described = self.rules.rules[number].describe(event, judged.finding)
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
            event_id=event_id_of(event),
            outcome=subject.outcome,
            resources=described.resources,
            message=described.message,
            reason=judged.reason,
            evidence=described.evidence,
            path=path,
            index=record.index,
            record=record.original,
        )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
