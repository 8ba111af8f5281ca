"""The report model, version 1: the JSON shape that every format is made from.

Its own shape, not a dump of internals: the engine may change, this does not without a new version.
Times are RFC 3339 in UTC. Lists are sorted, so equal input gives equal bytes.
"""

from typing import Literal

from checker.aws import Json
from checker.report.coverage_model import Coverage
from checker.report.exceptions_model import Baseline, ViolationGroups, Waivers
from checker.report.frameworks_model import FrameworkEntry
from checker.report.provenance_model import Provenance
from checker.report.shape import Shape

FORMAT = "trailcheck-report"
VERSION = 1

VerdictName = Literal[
    "fail", "error", "no_evidence", "waived", "pass", "no_occurrence", "not_applicable"
]
SeverityName = Literal["info", "low", "medium", "high", "critical"]
RelationName = Literal["tests", "supports"]
KindName = Literal["event", "correlation", "cadence"]


class Tool(Shape, frozen=True):
    """The program that made the report."""

    name: str
    version: str


class ProblemEntry(Shape, frozen=True):
    """Something wrong with the input, or odd about it.

    `level` is `error` when evidence was lost or is ambiguous, `warning` when it is odd but complete.
    """

    level: Literal["error", "warning"]
    code: str
    cause: str
    hint: str
    path: str
    line: int
    column: int


class Input(Shape, frozen=True):
    """One file or stream that was read, with the hash of the bytes as read."""

    path: str
    container: str
    size: int
    sha256: str
    records: int
    refused: int
    first_event: str | None
    last_event: str | None


class SetAside(Shape, frozen=True):
    """A file found in a folder that is no trail log, and why it was not read as one."""

    path: str
    size: int
    sha256: str
    reason: str


class Totals(Shape, frozen=True):
    """Control totals: `read` = `judged` + `duplicates` + `outside_period` + `refused`.

    `in_scope` is the part of `judged` that at least one rule is about.
    """

    read: int
    judged: int
    in_scope: int
    duplicates: int
    outside_period: int
    refused: int


class Period(Shape, frozen=True):
    """The span of time that the report answers for, and where it comes from."""

    first: str | None
    last: str | None
    source: str


class Population(Shape, frozen=True):
    """Events seen for one account and region; either may be empty where records name none."""

    account: str
    region: str
    events: int


class Gate(Shape, frozen=True):
    """What was asked of the run, and what decided the exit code.

    `soft_fail` are the selectors of rules whose failures did not count, `soft_failed` the ids of
    those that did fail. `known_only` are the ids of rules of which all that failed was known.
    """

    exit_code: int
    fail_on: SeverityName | Literal["none"]
    soft_fail: list[str]
    soft_failed: list[str]
    known_only: list[str]
    require_evidence: bool
    complete: bool
    reasons: list[str]


class Counts(Shape, frozen=True):
    """Events under one rule.

    Of a rule that judges each event by itself, `in_scope` = `conforming` + `violations` +
    `undetermined` + `errors`. Of a rule over many events none is `conforming`, `violations` counts
    groups of events or intervals, and `uncertain` those that the logs are too short to tell of.
    Of the violations, waivers cover `waived`; of the others `known` are in the baseline. `upcoming`
    events are not in scope: they will be violations once the rule is in force.
    `other_outcomes` were matched by the rule but had an outcome that it does not judge, by outcome.
    """

    in_scope: int
    conforming: int
    violations: int
    waived: int
    known: int
    undetermined: int
    errors: int
    uncertain: int
    upcoming: int
    other_outcomes: dict[str, int]


class AccountHours(Shape, frozen=True):
    """How much of the period an account's logs speak of: hours, those with an event, and gaps."""

    hours: int
    observed: int
    gaps: int


class AccountVerdict(Shape, frozen=True):
    """One rule's verdict for one account; `coverage` is null where nothing is known of its logs."""

    account: str
    verdict: VerdictName
    reason: str
    counts: Counts
    coverage: AccountHours | None


class Control(Shape, frozen=True):
    """A control that a rule speaks to; `owner` answers for it, and is empty where none is named."""

    framework: str
    id: str
    relation: RelationName
    owner: str


class Lines(Shape, frozen=True):
    """Where a record stands in a file that is text; lines and columns are counted from 1.

    `last_column` is that behind its last character.
    """

    first_line: int
    first_column: int
    last_line: int
    last_column: int


class Evidence(Shape, frozen=True):
    """One event behind a verdict.

    `reason` says why an undetermined or failed evaluation could not be judged. `event` is the
    record as it was found, with access keys masked and secrets removed. Of a violation,
    `fingerprint` is that of its group, `waiver` the id of the waiver that covers it, and
    `in_baseline` whether the baseline has it. `lines` are known of files that are text.
    """

    time: str | None
    account: str
    region: str
    principal: str
    identity_type: str
    source_address: str
    event_source: str
    event_name: str
    outcome: str
    resources: list[str]
    message: str
    reason: str
    evidence: dict[str, Json]
    event_id: str
    path: str
    index: int
    lines: Lines | None
    fingerprint: str
    waiver: str
    in_baseline: bool
    event: Json


class Exhibits(Shape, frozen=True):
    """Events behind a verdict, earliest first, at most a stated number: `shown` of `total`."""

    total: int
    shown: list[Evidence]


class GroupValue(Shape, frozen=True):
    """One value that the events of a group have in common; null where it is absent."""

    name: str
    value: str | None


class Episode(Shape, frozen=True):
    """Events that together break a rule, or an interval without the event that had to occur.

    `group` is empty where all events are one group, and where `known` is false: its values could
    not be read again. `first` and `last` are the times of the first and the last event, or the
    ends of the interval; `events` is 0 for an interval. Where `certain` is false, the logs begin
    too late or end too soon to tell. Where `cut_off` is true, more may follow after their end.
    `summary` says all that in one line. `evidence` holds the first and the last of the events, or
    those that bound the interval. `fingerprint`, `waiver` and `in_baseline` are as
    those of an event.
    """

    group: list[GroupValue]
    known: bool
    account: str
    first: str
    last: str
    events: int
    certain: bool
    cut_off: bool
    fingerprint: str
    waiver: str
    in_baseline: bool
    summary: str
    evidence: list[Evidence]


class Episodes(Shape, frozen=True):
    """Episodes of a rule, earliest first, at most a stated number: `shown` of `total`."""

    total: int
    shown: list[Episode]


class RuleResult(Shape, frozen=True):
    """One rule: what it says, its verdict, and what stands behind it.

    `kind` is what it judges: each event, events taken together, or how often one occurs. What it
    looks for in many events is said in `asks`, and what it found there is in `episodes`.
    `violations` are shown one by one, earliest first; `groups` has them by fingerprint. `sample`
    are conforming events for re-performance, chosen as a note says. `upcoming` are events that will
    be violations once the rule is in force; they never count.
    """

    id: str
    title: str
    severity: SeverityName
    kind: KindName
    asks: str
    pack: str
    path: str
    sha256: str
    description: str
    procedure: str
    remediation: str
    references: list[str]
    tags: list[str]
    controls: list[Control]
    parameters: dict[str, Json]
    effective_from: str | None
    effective_until: str | None
    verdict: VerdictName
    reason: str
    counts: Counts
    by_account: list[AccountVerdict]
    violations: Exhibits
    undetermined: Exhibits
    errors: Exhibits
    episodes: Episodes
    groups: ViolationGroups
    sample: list[Evidence]
    upcoming: Exhibits


class PackEntry(Shape, frozen=True):
    """A pack whose rules were applied, with what it can and cannot show."""

    id: str
    title: str
    version: str
    description: str
    proves: list[str]
    limits: list[str]


class Statement(Shape, frozen=True):
    """The words on what a verdict means and does not mean."""

    verdict: VerdictName
    text: str


class Report(Shape, frozen=True):
    """One run of the program over trail logs."""

    format: Literal["trailcheck-report"]
    version: Literal[1]
    tool: Tool
    evaluated_at: str
    gate: Gate
    verdicts: dict[VerdictName, int]
    totals: Totals
    period: Period
    population: list[Population]
    coverage: Coverage
    inputs: list[Input]
    set_aside: list[SetAside]
    problems: list[ProblemEntry]
    packs: list[PackEntry]
    provenance: Provenance
    rules: list[RuleResult]
    waivers: Waivers | None
    baseline: Baseline | None
    frameworks: list[FrameworkEntry]
    statements: list[Statement]
    account_names: dict[str, str]
    notes: list[str]
