"""Waivers, baseline and groups of violations, as a report shows them."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from checker.aws.time import format_known, format_time
from checker.engine.groups import CountedGroup
from checker.engine.orders import Sample
from checker.policy.rule import Rule
from checker.policy.waiver import Waiver, WaiverBook
from checker.report import exceptions_model as model
from checker.report.asks import group_names, one_line
from checker.report.episodes import group_value
from checker.report.evidence import cut
from checker.report.mask import REMOVED, Mask
from checker.report.words import match_in_words
from checker.verdict.baseline import Baseline, Entry, What, fixed
from checker.verdict.verdicts import RuleResult
from checker.verdict.waivers import WaiverResult


class Waived(Struct, frozen=True, kw_only=True):
    """The waivers of a run, and what they came to.

    Attributes:
        applied: Whether they were let count.
    """

    book: WaiverBook
    applied: bool
    results: tuple[WaiverResult, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the waivers, by their numbers."""
        return tuple(each.id for each in self.book.waivers)


def exception_notes(
    waived: Waived | None, baseline: Baseline | None, sample: Sample | None
) -> list[str]:
    """Say in full sentences what was excepted, known, or added for re-performance."""
    notes: list[str] = []
    if waived and waived.applied:
        file = f"{waived.book.file.path} (sha256 {waived.book.file.sha256})"
        notes.append(f"Approval of waivers is as stated in {file}, not verified.")
    if waived and not waived.applied:
        notes.append(f"No waiver of {waived.book.file.path} was let count (--no-waivers).")
    if baseline:
        notes.append(
            f"What {baseline.file.path} has is shown as known and does not fail the gate "
            "(--baseline); no verdict changes by it."
        )
    if sample:
        notes.append(
            f"Samples are up to {sample.size} conforming events of each rule: those with the "
            f"smallest SHA-256 of the seed {sample.seed!r} followed by the eventID."
        )
    return notes


def waivers_of(waived: Waived | None, mask: Mask) -> model.Waivers | None:
    """Give the model's part on waivers; None without any."""
    if waived is None:
        return None
    return model.Waivers(
        path=waived.book.file.path,
        sha256=waived.book.file.sha256,
        applied=waived.applied,
        entries=[_waiver(each, mask) for each in waived.results],
    )


def baseline_of(
    baseline: Baseline | None, results: Sequence[RuleResult], mask: Mask, *, complete: bool
) -> model.Baseline | None:
    """Give the model's part on the baseline; None without one."""
    if baseline is None:
        return None
    return model.Baseline(
        path=baseline.file.path,
        sha256=baseline.file.sha256,
        known=sum(each.counts.known for each in results),
        new=sum(each.counts.new for each in results),
        fixed=[_fixed(each, mask) for each in fixed(baseline, results, complete=complete)],
    )


def groups_of(
    rule: Rule, groups: Sequence[CountedGroup], most: int, waivers: Sequence[str], mask: Mask
) -> model.ViolationGroups:
    """Give the groups that a report shows: those with something new first, then by time.

    Args:
        rule: That found them.
        groups: All, earliest first.
        most: How many are shown.
        waivers: The ids of the waivers, by their numbers.
        mask: For what comes out of no record that is at hand.
    """
    ordered = sorted(groups, key=lambda each: (each.waived == each.count, each.known))
    return model.ViolationGroups(
        total=len(groups), shown=[_group(rule, each, waivers, mask) for each in ordered[:most]]
    )


def masked(entry: Entry, rule: Rule, mask: Mask) -> Entry:
    """Give an entry of a baseline as it may be written: a report does not show more of it."""
    what = entry.what
    return replace(
        entry,
        what=What(
            account=mask.text(what.account),
            region=mask.text(what.region),
            principal=mask.text(what.principal),
            event_source=mask.text(what.event_source),
            event_name=mask.text(what.event_name),
            resources=tuple(_resource(rule, each, mask) for each in what.resources),
            group=tuple(
                group_value(name, value, [mask])
                for name, value in zip(group_names(rule), what.group, strict=bool(what.group))
            ),
        ),
    )


def _resource(rule: Rule, text: str, mask: Mask) -> str:
    """Mask what was acted on as the field is masked that it may be from.

    Its record, which would tell where else a secret stands, is not at hand.
    """
    reads = rule.resource.reads if rule.resource else ()
    names = {step for read in reads for step in read.path[-1:] if step is not None}
    by_name = (shown for name in sorted(names) for shown in mask.value({name: text}).values())
    return REMOVED if REMOVED in by_name else cut(mask.value(text))


def _group(
    rule: Rule, group: CountedGroup, waivers: Sequence[str], mask: Mask
) -> model.ViolationGroup:
    trait = group.trait

    def shown(text: str) -> str:
        return cut(mask.text(text))

    return model.ViolationGroup(
        fingerprint=group.fingerprint.hex(),
        account=shown(trait.account),
        region=shown(trait.region),
        principal=shown(trait.principal),
        event_source=shown(trait.event_source),
        event_name=shown(trait.event_name),
        resources=[_resource(rule, each, mask) for each in trait.resources],
        count=group.count,
        waived=group.waived,
        waivers=[waivers[number] for number in group.waivers],
        in_baseline=group.known,
        first=format_known(group.first),
        last=format_known(group.last),
    )


def _waiver(result: WaiverResult, mask: Mask) -> model.WaiverEntry:
    waiver = result.waiver
    return model.WaiverEntry(
        id=waiver.id,
        rule=waiver.rule,
        rule_judged=result.rule_judged,
        kind=waiver.kind.value,
        scope=mask.text(scope_in_words(waiver)),
        reason=mask.text(waiver.reason),
        owner=mask.text(waiver.owner),
        approved_by=mask.text(waiver.approved_by),
        ticket=mask.text(waiver.ticket),
        approved_on=format_time(waiver.approved_on),
        expires=format_time(waiver.expires),
        retroactive=mask.text(waiver.retroactive),
        status=result.status.value,
        covered=result.covered,
        retroactively=result.retroactively,
        before_approval=result.before_approval,
        after_end=result.after_end,
    )


def scope_in_words(waiver: Waiver) -> str:
    """Say which violations of its rule a waiver is about."""
    scope = waiver.scope
    if scope.is_all:
        return "all of the rule"
    match = [match_in_words(scope.match)] if scope.match else []
    where = [f"for which this holds: {one_line(scope.where.text)}"] if scope.where else []
    return ", ".join([*match, *where])


def _fixed(entry: Entry, mask: Mask) -> model.BaselineEntry:
    return model.BaselineEntry(
        rule=entry.rule,
        fingerprint=entry.fingerprint,
        what=cut(mask.text(_in_words(entry.what))),
        created_on=entry.created_on,
        created_by=mask.text(entry.created_by),
        reason=mask.text(entry.reason),
    )


def _in_words(what: What) -> str:
    if what.group:
        values = ", ".join("(absent)" if each is None else each for each in what.group)
        return f"events of {values}"
    parts = [
        f"{what.event_name} of {what.event_source}" if what.event_name else "",
        f"by {what.principal}" if what.principal else "",
        f"on {', '.join(what.resources)}" if what.resources else "",
        f"in {' '.join(part for part in (what.account, what.region) if part)}",
    ]
    return " ".join(part for part in parts if part)
