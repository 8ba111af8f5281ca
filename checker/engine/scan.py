"""Scanning: one shard of trail logs against the rule set gives one tally."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import BinaryIO, Final, TypeAlias

from msgspec import Struct

from checker.aws import Json
from checker.engine.exhibits import Bars, Exhibit, ExhibitKey, Exhibits
from checker.engine.finding import EXHIBITED, Finding
from checker.engine.identity import event_id_of, identify
from checker.engine.ledger import Findings, Ledger, PageWriter
from checker.engine.ruleset import Purpose, RuleSet
from checker.engine.sightings import Sightings, SightingWriter
from checker.engine.subject import Subject
from checker.engine.tally import InputFact, PartOf, Tally
from checker.engine.trail_changes import trail_change
from checker.limits import DEFAULT, Limits
from checker.trail.census import hour_of, kind_of
from checker.trail.defect import Defect
from checker.trail.event import canonical_bytes, event_account
from checker.trail.glance import Glance
from checker.trail.load import load
from checker.trail.part import Part, load_part, sha256_of_file
from checker.trail.record import JSON_LINES, ONE_EVENT, Record, TrailLog
from checker.trail.source import Source

_HOUR: Final = slice(13)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


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
            judging.take_log(_read_in_full(source, content, limits))
    return judging.tally()


def _scan_at_a_glance(source: Source, content: bytes | Defect, judging: "Judging") -> bool:
    """Judge the records of a file that a rule could be about; False when it is no such file."""
    if isinstance(content, Defect):
        return False
    glance = judging.rules.glance(content)
    survivors = None if glance is None else glance.records()
    if glance is None or survivors is None:
        return False
    judging.take_glance(source, glance, survivors, len(content), sha256(content).hexdigest())
    return True


def _read_in_full(source: Source, content: bytes | Defect, limits: Limits) -> TrailLog:
    # Imported when wanted: most runs are over files that are as CloudTrail writes them.
    from checker.trail.reader import read_loaded  # noqa: PLC0415

    return read_loaded(source, content, limits)


def _scan_part(source: Source, part: Part, judging: "Judging") -> Tally:
    """Judge a part of a JSON Lines file; on any doubt the tally says so and holds nothing."""
    content = load_part(source, part)
    if content is None:
        return Tally(part=PartOf(source, part, doubtful=True))
    # One hash for the whole file, made where its first part is read.
    digest = "" if part.start else sha256_of_file(source, part)
    if digest is None:
        return Tally(part=PartOf(source, part, doubtful=True))
    if content and not content.isspace():
        glance = judging.rules.glance(content, part.size)
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


Survivor: TypeAlias = tuple[Record, Purpose | None]


def _stands_alone(glance: Glance[Purpose | None], survivors: Iterable[Survivor]) -> bool:
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
        self._sightings = SightingWriter()
        self._tally = Tally(exhibits=Exhibits(limits.exhibits))
        self._bars = bars

    def tally(self) -> Tally:
        """Give what was found."""
        self._tally.ledger = Ledger([self._writer.page()], self._writer.names)
        self._tally.sightings = Sightings(self._sightings.pages())
        return self._tally

    def take_glance(
        self,
        source: Source,
        glance: Glance[Purpose | None],
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
            outside=glance.outside,
            in_scope=sum(self._judge(source.path, *survivor) for survivor in survivors),
            first=glance.first,
            last=glance.last,
            newest=glance.newest,
            hours=glance.hours,
            since=glance.since,
        )

    def take_log(self, log: TrailLog) -> None:
        """Judge every record of a log that was read in full."""
        path = log.source.path
        period = self.rules.period
        records = [
            record for record in log.records if not record.time or period.holds_at(record.time)
        ]
        times = [record.time for record in records if record.time is not None]
        self._tally.kinds |= {kind_of(record.event) for record in records}
        self._tally.inputs[path] = InputFact(
            path=path,
            container=log.container,
            size=log.size,
            sha256=log.sha256,
            records=len(log.records),
            refused=log.refused,
            outside=len(log.records) - len(records),
            in_scope=sum(
                self._judge(path, record, self.rules.purpose_of(record.event)) for record in records
            ),
            first=min(times, default=None),
            last=max(times, default=None),
            newest=max((each.time for each in log.records if each.time), default=None),
            hours=Counter(
                hour_of(record.event, record.time.isoformat()[_HOUR] if record.time else "")
                for record in records
            ),
            since=_since(records),
            problems=log.problems,
            set_aside=log.set_aside,
        )

    def _judge(self, path: str, record: Record, purpose: Purpose | None) -> bool:
        """Judge one record; tell whether at least one rule is about it."""
        if purpose is None:
            return False
        if purpose.changes_trails:
            change = trail_change(record.event, record.time)
            self._tally.trail_changes |= {change} if change else set()
        subject = Subject(record.event, record.time)
        judgements = self.rules.judge_met(subject, purpose.met)
        if not judgements:
            return False
        event = record.event
        content = record.canonical or canonical_bytes(event)
        identity, name = identify(event, content, path, record.index)
        account = event_account(event) or ""
        findings = tuple([(rule, judged.finding) for rule, _, judged in judgements])
        if len(findings) > 1:
            findings = _one_for_each_rule(findings)
        self._writer.add(identity, name, account, findings)
        for rule, step, judged in judgements:
            if judged.finding in EXHIBITED:
                self._show((rule, judged.finding), judged.reason, identity, path, record)
            elif judged.sighting and record.time:
                time = (record.time - _EPOCH) // _MICROSECOND
                stream = (rule, step)
                self._sightings.add(
                    stream, judged.sighting, time, identity, account, path, record.index
                )
        return True

    def _show(
        self, key: ExhibitKey, reason: str, identity: bytes, path: str, record: Record
    ) -> None:
        time, event_id = _text(record.event.get("eventTime")), event_id_of(record.event)
        if self._bars.pass_by(key, (time, event_id, identity)):
            exhibit = Exhibit(
                identity=identity,
                time=time,
                event_id=event_id,
                reason=reason,
                path=path,
                index=record.index,
                record=record.original,
            )
            self._tally.exhibits.add(key, exhibit)


def _since(records: Iterable[Record]) -> dict[tuple[str, str], datetime]:
    """Give the earliest readable time of each account and region."""
    first: dict[tuple[str, str], datetime] = {}
    for record in records:
        if record.time is not None:
            account, region, _ = hour_of(record.event, "")
            first[account, region] = min(record.time, first.get((account, region), record.time))
    return first


def _one_for_each_rule(findings: Findings) -> Findings:
    """Give what an event comes to under each rule, when several steps of one are about it."""
    gravest: dict[int, Finding] = {}
    for rule, finding in findings:
        known = gravest.get(rule)
        if known is None or finding.rank < known.rank:
            gravest[rule] = finding
    return tuple(gravest.items())


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
