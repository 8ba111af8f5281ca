"""Scanning: one shard of trail logs against the rule set gives one tally."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import BinaryIO, NamedTuple, TypeAlias

from msgspec import Struct

from checker.aws.time import to_micros
from checker.engine.exceptions import Group, Violated
from checker.engine.exhibits import Bars, Exhibits, exhibit_of
from checker.engine.finding import EXHIBITED, Finding, Judged
from checker.engine.identity import identify
from checker.engine.ledger import Fact, Findings, Ledger, PageWriter
from checker.engine.listing import ListingWriter
from checker.engine.orders import Sample
from checker.engine.ruleset import Purpose, RuleSet
from checker.engine.sightings import Sightings, SightingWriter
from checker.engine.subject import Subject
from checker.engine.tally import InputFact, PartOf, Tally
from checker.engine.trail_changes import trail_change
from checker.limits import DEFAULT, Limits
from checker.trail.census import HOUR, kind_of, place_of, spans_of
from checker.trail.defect import Defect
from checker.trail.event import canonical_bytes, event_account, text_in
from checker.trail.glance import Glance
from checker.trail.load import load
from checker.trail.part import Part, load_part, sha256_of_file
from checker.trail.record import JSON_LINES, ONE_EVENT, Record, TrailLog
from checker.trail.source import Source

Survivor: TypeAlias = tuple[Record, Purpose]
"""A record that was read in full, and what for."""


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
    seen = None if isinstance(content, Defect) else _survivors(content, 0, judging)
    if seen is None or isinstance(content, Defect):
        return False
    judging.take_glance(source, *seen, len(content), sha256(content).hexdigest())
    return True


def _survivors(
    content: bytes, size: int, judging: "Judging"
) -> tuple[Glance[Purpose], list[Survivor]] | None:
    """Read at a glance, and in full what a rule could be about; None for the strict reader."""
    glance = judging.rules.glance(content, size)
    survivors = None if glance is None else glance.records()
    return None if glance is None or survivors is None else (glance, survivors)


def _read_in_full(source: Source, content: bytes | Defect, limits: Limits) -> TrailLog:
    # Imported when wanted: most runs are over files that are as CloudTrail writes them.
    from checker.trail.reader import read_loaded  # noqa: PLC0415

    return read_loaded(source, content, limits)


def _scan_part(source: Source, part: Part, judging: "Judging") -> Tally:
    """Judge a part of a JSON Lines file; on any doubt the tally says so and holds nothing."""
    doubtful = Tally(part=PartOf(source, part, doubtful=True))
    content = load_part(source, part)
    # One hash for the whole file, made where its first part is read.
    digest = "" if part.start else sha256_of_file(source, part)
    if content is None or digest is None:
        return doubtful
    if content and not content.isspace():
        seen = _survivors(content, part.size, judging)
        if seen is None or not _stands_alone(*seen):
            return doubtful
        judging.take_glance(source, *seen, len(content), digest)
    tally = judging.tally()
    tally.inputs.setdefault(
        source.path, InputFact(path=source.path, size=len(content), sha256=digest)
    )
    tally.part = PartOf(source, part, doubtful=False)
    return tally


def _stands_alone(glance: Glance[Purpose], survivors: Iterable[Survivor]) -> bool:
    """Tell whether a part is lines, of which none is known by its place in the whole file."""
    return glance.container in {JSON_LINES, ONE_EVENT} and all(
        text_in(record.event, "eventID") for record, _ in survivors
    )


class Judging:
    """The records of one shard on their way into a tally."""

    def __init__(self, rules: RuleSet, limits: Limits, bars: Bars) -> None:
        self.rules = rules
        self.limits = limits
        self._writer = PageWriter()
        self._sightings = SightingWriter()
        self._listing = ListingWriter()
        self._tally = Tally(exhibits=Exhibits(limits.exhibits))
        self._bars = bars

    def tally(self) -> Tally:
        """Give what was found."""
        self._tally.ledger = Ledger([self._writer.page()], self._writer.names)
        self._tally.sightings = Sightings(self._sightings.pages())
        self._tally.listing = self._listing.listing()
        return self._tally

    def take_glance(
        self,
        source: Source,
        glance: Glance[Purpose],
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
            newest=glance.newest,
            hours=glance.hours,
            spans=glance.spans,
        )

    def take_log(self, log: TrailLog) -> None:
        """Judge every record of a log that was read in full."""
        path = log.source.path
        period = self.rules.period
        records = [
            record for record in log.records if not record.time or period.holds_at(record.time)
        ]
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
                self._judge(path, record, purpose)
                for record in records
                if (purpose := self.rules.purpose_of(record.event))
            ),
            newest=max((each.time for each in log.records if each.time), default=None),
            hours=Counter(
                (*place_of(record.event), record.time.isoformat()[HOUR] if record.time else "")
                for record in records
            ),
            spans=spans_of(
                (place_of(record.event), record.time) for record in records if record.time
            ),
            problems=log.problems,
            set_aside=log.set_aside,
        )

    def _judge(self, path: str, record: Record, purpose: Purpose) -> bool:
        """Judge one record; tell whether at least one rule is about it."""
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
        known = _Known(record, identity, event_account(event) or "", path)
        violated: list[Violated] = []
        findings = tuple([self._take(*each, known, violated) for each in judgements])
        if len(findings) > 1:
            findings = _one_for_each_rule(findings)
        self._writer.add(identity, name, Fact(known.account, findings, tuple(violated)))
        return True

    def _take(
        self, rule: int, step: int, judged: Judged, known: "_Known", violated: list[Violated]
    ) -> tuple[int, Finding]:
        """Keep what an event came to under one step; give the rule and the finding."""
        finding = judged.finding
        record = known.record
        if finding is Finding.VIOLATION:
            finding = self._except(rule, record, violated)
        if finding in EXHIBITED:
            self._show(rule, finding, judged.reason, known)
            if self.rules.orders.lists:
                self._listing.add(rule, finding, known.identity, known.path, record.index)
        elif judged.sighting and record.time:
            excepter = self.rules.excepter
            self._sightings.add(
                (rule, step),
                judged.sighting,
                to_micros(record.time),
                known.identity,
                known.account,
                known.path,
                record.index,
                excepter.about(rule, record.event) if excepter.waives else (),
            )
        elif finding is Finding.CONFORMING and self.rules.orders.sample:
            self._show(rule, finding, "", known, _rank(self.rules.orders.sample, known))
        return rule, finding

    def _except(self, rule: int, record: Record, violated: list[Violated]) -> Finding:
        """Tell what becomes of a violation, and note its group."""
        excepter = self.rules.excepter
        excepted = excepter.of_event(rule, record.event, record.time)
        fingerprint = excepted.fingerprint
        if excepter.has_room(rule, fingerprint):
            group = Group(excepted.trait, record.time, record.time)
            groups = self._tally.groups.setdefault(rule, {})
            known = groups.get(fingerprint)
            groups[fingerprint] = known.joined(group) if known else group
        else:
            self._tally.crowded.add(rule)
            fingerprint = b""
        violated.append(Violated(rule, fingerprint, excepted.marks))
        return excepted.finding

    def _show(
        self, rule: int, finding: Finding, reason: str, known: "_Known", rank: str = ""
    ) -> None:
        record = known.record
        exhibit = exhibit_of(
            record.original, record.event, known.identity, known.path, record.index, reason, rank
        )
        if self._bars.pass_by((rule, finding), exhibit.moment):
            self._tally.exhibits.add((rule, finding), exhibit)


class _Known(NamedTuple):
    """A record, and what is known of it beside what it says."""

    record: Record
    identity: bytes
    account: str
    path: str


def _rank(sample: Sample, known: _Known) -> str:
    """Give the place of an event in the order by which a sample is chosen."""
    name = text_in(known.record.event, "eventID") or known.identity.hex()
    return sha256(f"{sample.seed}{name}".encode(errors="surrogatepass")).hexdigest()


def _one_for_each_rule(findings: Findings) -> Findings:
    """Give what an event comes to under each rule, when several steps of one are about it."""
    gravest: dict[int, Finding] = {}
    for rule, finding in findings:
        gravest[rule] = min(finding, gravest.get(rule, finding))
    return tuple(gravest.items())
