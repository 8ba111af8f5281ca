"""From verdicts to the report model: sorted, masked, nothing internal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

import checker
from checker.aws.period import EVER, Period
from checker.aws.time import format_known, format_time
from checker.engine.evidence import Evidence
from checker.engine.found import Found
from checker.engine.orders import Sample
from checker.engine.tally import InputFact
from checker.errors import Level, Problem
from checker.limits import Limits
from checker.policy.loader import RuleBook
from checker.policy.packs import Pack
from checker.policy.rule import Rule
from checker.policy.selection import ALL_RULES, Selection, control_matches
from checker.report import model
from checker.report.asks import asks
from checker.report.coverage import coverage_of
from checker.report.episodes import episodes_of
from checker.report.evidence import evidence_of
from checker.report.exceptions import (
    Waived,
    baseline_of,
    exception_notes,
    groups_of,
    waivers_of,
)
from checker.report.frameworks import frameworks_of
from checker.report.mask import MakeMask, Mask
from checker.report.notes import notes_of
from checker.report.provenance import NOTHING_GIVEN, Given, provenance_of
from checker.report.words import (
    NOTHING_IN_SCOPE,
    STATEMENTS,
    period_source,
    procedure,
)
from checker.verdict.baseline import Baseline
from checker.verdict.counts import Counts
from checker.verdict.coverage import Coverage
from checker.verdict.gate import Decision, Gate
from checker.verdict.verdicts import AccountResult, RuleResult, Verdict


class Run(Struct, frozen=True, kw_only=True):
    """Everything that a report is made from.

    Attributes:
        problems: About the input as a whole, such as a path that does not exist.
        now: The evaluation instant.
        owners: Who answers for a control, by globs for `FRAMEWORK` or `FRAMEWORK:ID`.
        account_names: By account ids.
        catalogue: Whether the controls of frameworks are told: a table on the terminal has none,
            and a check that writes no report starts faster without reading them.
    """

    book: RuleBook
    found: Found
    coverage: Coverage
    results: tuple[RuleResult, ...]
    decision: Decision
    problems: tuple[Problem, ...]
    gate: Gate
    limits: Limits
    now: datetime
    show_secrets: bool
    period: Period = EVER
    selection: Selection = ALL_RULES
    owners: Mapping[str, str] = field(default_factory=dict)
    account_names: Mapping[str, str] = field(default_factory=dict)
    given: Given = NOTHING_GIVEN
    waived: Waived | None = None
    baseline: Baseline | None = None
    sample: Sample | None = None
    catalogue: bool = True

    @property
    def waivers(self) -> tuple[str, ...]:
        """The ids of the waivers, by their numbers."""
        return self.waived.names if self.waived else ()


def build(run: Run, mask: MakeMask) -> model.Report:
    """Make the report of a run.

    Args:
        run: What was found and decided.
        mask: Makes the mask for what comes out of one record.
    """
    inputs = [run.found.inputs[path] for path in sorted(run.found.inputs)]
    judged = [_input(each) for each in inputs if not each.set_aside]
    first, last = run.found.span or (None, None)
    verdicts = Counter(each.verdict.value for each in run.results)
    return model.Report(
        format="trailcheck-report",
        version=1,
        tool=model.Tool(name="trailcheck", version=checker.__version__),
        evaluated_at=format_time(run.now),
        gate=model.Gate(
            exit_code=int(run.decision.exit_code),
            fail_on=run.gate.fail_on.value if run.gate.fail_on else "none",
            soft_fail=[each.text for each in run.gate.soft_fail],
            soft_failed=list(run.decision.soft_failed),
            known_only=list(run.decision.known_only),
            require_evidence=run.gate.require_evidence,
            complete=run.decision.complete,
            reasons=list(run.decision.reasons),
        ),
        verdicts={verdict.value: verdicts.get(verdict.value, 0) for verdict in Verdict},
        totals=_totals(inputs, run.found),
        period=model.Period(
            first=format_known(first), last=format_known(last), source=period_source(run.period)
        ),
        population=_population(inputs),
        coverage=coverage_of(run.coverage, mask(None)),
        inputs=judged,
        set_aside=[
            model.SetAside(
                path=each.path, size=each.size, sha256=each.sha256, reason=each.set_aside
            )
            for each in inputs
            if each.set_aside
        ],
        problems=_problems(run),
        packs=[_pack(pack) for pack in run.book.packs],
        provenance=provenance_of(judged, run.book.packs, run.given, mask(None)),
        rules=[_rule(result, run, mask) for result in _in_order(run.results)],
        waivers=waivers_of(run.waived, mask(None)),
        baseline=baseline_of(run.baseline, run.results, mask(None), complete=run.decision.complete),
        frameworks=frameworks_of(run.book.rules) if run.catalogue else [],
        statements=[
            model.Statement(verdict=verdict.value, text=text)
            for verdict, text in STATEMENTS.items()
        ],
        account_names={each: run.account_names[each] for each in sorted(run.account_names)},
        notes=[
            *([] if run.found.events else [NOTHING_IN_SCOPE]),
            *notes_of(run.book, run.selection, run.gate, run.limits, show_secrets=run.show_secrets),
            *exception_notes(run.waived, run.baseline, run.sample),
        ],
    )


def _in_order(results: Sequence[RuleResult]) -> list[RuleResult]:
    """Worst first: by verdict, then severity, then id."""
    return sorted(
        results, key=lambda each: (each.verdict.rank, -each.rule.severity.rank, each.rule.id)
    )


def _totals(inputs: Sequence[InputFact], found: Found) -> model.Totals:
    records = sum(each.records for each in inputs)
    refused = sum(each.refused for each in inputs)
    outside = sum(each.outside for each in inputs)
    duplicates = sum(each.in_scope for each in inputs) - found.events
    return model.Totals(
        read=records + refused,
        judged=records - duplicates - outside,
        in_scope=found.events,
        duplicates=duplicates,
        outside_period=outside,
        refused=refused,
    )


def _population(inputs: Sequence[InputFact]) -> list[model.Population]:
    counts: Counter[tuple[str, str]] = Counter()
    for each in inputs:
        for (account, region, _), events in each.hours.items():
            counts[account, region] += events
    return [
        model.Population(account=account, region=region, events=counts[account, region])
        for account, region in sorted(counts)
    ]


def _input(fact: InputFact) -> model.Input:
    return model.Input(
        path=fact.path,
        container=fact.container,
        size=fact.size,
        sha256=fact.sha256,
        records=fact.records,
        refused=fact.refused,
        first_event=format_known(fact.first),
        last_event=format_known(fact.last),
    )


def _problems(run: Run) -> list[model.ProblemEntry]:
    of_inputs = [each for fact in run.found.inputs.values() for each in fact.problems]
    found = [*run.problems, *of_inputs, *_conflicts(run.found)]
    found.sort(key=lambda each: (each.level is not Level.ERROR, each.sort_key))
    return [_problem(each) for each in found]


def _conflicts(found: Found) -> list[Problem]:
    return [
        Problem(
            code="event-id-conflict",
            cause=f"the eventID {event_id} stands for {count} records of different content",
            hint="each was judged; one of the copies was changed or redacted",
            level=Level.WARNING,
        )
        for event_id, count in found.conflicts.items()
    ]


def _problem(problem: Problem) -> model.ProblemEntry:
    place = problem.place
    return model.ProblemEntry(
        level=problem.level.value,
        code=problem.code,
        cause=problem.cause,
        hint=problem.hint,
        path=place.path if place else "",
        line=place.line if place else 0,
        column=place.column if place else 0,
    )


def _pack(pack: Pack) -> model.PackEntry:
    return model.PackEntry(
        id=pack.id,
        title=pack.title,
        version=pack.version,
        description=pack.description.strip(),
        proves=list(pack.proves),
        limits=list(pack.limits),
    )


def _rule(result: RuleResult, run: Run, mask: MakeMask) -> model.RuleResult:
    rule = result.rule
    counts = result.counts
    # What rules over many events count as violations are no single events.
    single = 0 if rule.spans_events else counts.violations
    # A reason can hold the name of a trail, out of a record that is not at hand.
    unnamed = mask(None)
    return model.RuleResult(
        id=rule.id,
        title=rule.title,
        severity=rule.severity.value,
        kind=_kind(rule),
        asks=asks(rule),
        pack=rule.origin.pack,
        path=rule.origin.path,
        sha256=rule.origin.sha256,
        description=rule.description.strip(),
        procedure=procedure(rule),
        remediation=rule.remediation.strip(),
        references=list(rule.references),
        tags=sorted(rule.tags),
        controls=_controls(rule, run.owners),
        parameters={name: rule.values[name] for name in sorted(rule.values)},
        effective_from=format_known(rule.effective.start),
        effective_until=format_known(rule.effective.until),
        verdict=result.verdict.value,
        reason=unnamed.text(result.reason),
        counts=_counts(counts),
        by_account=[_account(each, run.coverage, unnamed) for each in result.by_account],
        violations=_exhibits(result.violations, single, run, mask),
        undetermined=_exhibits(result.undetermined, counts.undetermined, run, mask),
        errors=_exhibits(result.errors, counts.errors, run, mask),
        episodes=episodes_of(
            rule, result.episodes, run.limits.exhibits, run.found.span, mask, run.waivers
        ),
        groups=groups_of(rule, result.groups, run.limits.exhibits, run.waivers, unnamed),
        sample=_sample(result.sample, run, mask),
        upcoming=_exhibits(result.upcoming, counts.upcoming, run, mask),
    )


def _kind(rule: Rule) -> model.KindName:
    if rule.correlation:
        return "correlation"
    return "cadence" if rule.cadence else "event"


def _controls(rule: Rule, owners: Mapping[str, str]) -> list[model.Control]:
    return [
        model.Control(
            framework=framework,
            id=control.id,
            relation=control.relation.value,
            owner=_owner(f"{framework}:{control.id}", owners),
        )
        for framework in sorted(rule.controls)
        for control in sorted(rule.controls[framework], key=lambda each: each.id)
    ]


def _owner(control: str, owners: Mapping[str, str]) -> str:
    """Give the first owner whose pattern fits."""
    return next((owners[each] for each in owners if control_matches(each, control)), "")


def _counts(counts: Counts) -> model.Counts:
    others = {
        "success": counts.other_success,
        "denied": counts.other_denied,
        "failed": counts.other_failed,
    }
    return model.Counts(
        in_scope=counts.in_scope,
        conforming=counts.conforming,
        violations=counts.violations,
        waived=counts.waived,
        known=counts.known,
        undetermined=counts.undetermined,
        errors=counts.errors,
        uncertain=counts.uncertain,
        upcoming=counts.upcoming,
        other_outcomes={name: count for name, count in others.items() if count},
    )


def _account(result: AccountResult, coverage: Coverage, mask: Mask) -> model.AccountVerdict:
    known = coverage.accounts.get(result.account)
    return model.AccountVerdict(
        account=result.account,
        verdict=result.verdict.value,
        reason=mask.text(result.reason),
        counts=_counts(result.counts),
        coverage=model.AccountHours(
            hours=coverage.hours, observed=known.observed, gaps=len(known.gaps)
        )
        if known
        else None,
    )


def _exhibits(exhibits: Sequence[Evidence], total: int, run: Run, mask: MakeMask) -> model.Exhibits:
    shown = [evidence_of(each, mask(each.record), run.waivers) for each in exhibits]
    return model.Exhibits(total=total, shown=shown)


def _sample(kept: Sequence[Evidence], run: Run, mask: MakeMask) -> list[model.Evidence]:
    size = run.sample.size if run.sample else 0
    return [evidence_of(each, mask(each.record)) for each in kept[:size]]
