"""From what the logs cover to its part of the report model, and to the lines that sum it up."""

from collections.abc import Iterator

from checker.aws.time import format_known, format_time
from checker.policy.audit_scope import Declared
from checker.policy.needs import Category
from checker.report import coverage_model as model
from checker.report.evidence import cut
from checker.report.mask import Mask
from checker.verdict.coverage import AccountCoverage, Coverage, RegionCoverage
from checker.verdict.gaps import Gap

_SHOWN = 5


def coverage_of(coverage: Coverage, mask: Mask) -> model.Coverage:
    """Give the model's part on coverage.

    Args:
        coverage: As it was derived.
        mask: For what comes out of no record of its own.
    """
    return model.Coverage(
        hours=coverage.hours,
        accounts=[_account(each, coverage.hours, mask) for each in coverage.accounts.values()],
        bounds=[
            model.Bound(container=each.container, inputs=each.inputs, claim=each.claim)
            for each in coverage.bounds
        ],
        trails=list(coverage.scope.trails),
        declared=[_declaration(each) for each in coverage.scope.declared],
    )


def coverage_lines(coverage: model.Coverage) -> Iterator[str]:
    """Sum it up for a terminal: an account a line, then the times that are not covered."""
    hours = f"{coverage.hours:,} {'hour' if coverage.hours == 1 else 'hours'}"
    for account in coverage.accounts[:_SHOWN]:
        regions = ", ".join(each.region or "no region" for each in account.regions)
        seen = [*account.categories, *(["read-only events"] if account.read_only else [])]
        yield (
            f"coverage of {account.account or 'no account'}: events in {account.observed:,} of "
            f"{hours}; {regions or 'no logs'}; {', '.join(seen) or 'no events'}"
        )
        yield from (_gap_line(account.account, gap) for gap in account.gaps[:_SHOWN])
    left = len(coverage.accounts) - _SHOWN
    if left > 0:
        yield f"coverage of {left} more {'account' if left == 1 else 'accounts'}: see a report"
    yield from (f"{each.container} ({each.inputs}): {each.claim}" for each in coverage.bounds)


def _gap_line(account: str, gap: model.Gap) -> str:
    until = gap.until or "the end of the period"
    trail = gap.trail or "(not named)"
    return f"not covered in {account}: {gap.start} to {until}, after {gap.cause} of {trail}"


def _account(account: AccountCoverage, hours: int, mask: Mask) -> model.AccountCoverage:
    recorded = account.recorded
    return model.AccountCoverage(
        account=account.account,
        expected=account.expected,
        observed=account.observed,
        categories=[each.value for each in Category if each in recorded.categories],
        read_only=recorded.reads,
        regions=[_region(each, hours) for each in account.regions.values()],
        gaps=[_gap(each, mask) for each in account.gaps],
    )


def _region(region: RegionCoverage, hours: int) -> model.RegionCoverage:
    return model.RegionCoverage(
        region=region.region,
        expected=region.expected,
        events=region.events,
        first_event=format_known(region.first),
        last_event=format_known(region.last),
        observed=region.observed,
        declared=region.declared,
        empty=hours - region.observed - region.declared,
        observed_runs=list(region.observed_runs),
        declared_runs=list(region.declared_runs),
    )


def _gap(gap: Gap, mask: Mask) -> model.Gap:
    return model.Gap(
        start=format_time(gap.start),
        until=format_known(gap.stop),
        cause=gap.cause,
        region=gap.region,
        trail=cut(mask.text(gap.trail)),
    )


def _declaration(declared: Declared) -> model.Declaration:
    return model.Declaration(
        reason=declared.reason,
        accounts=list(declared.accounts),
        regions=list(declared.regions),
        start=format_known(declared.start),
        until=format_known(declared.until),
        sources=list(declared.sources),
        resource_types=list(declared.resource_types),
        read_only=declared.read_only,
    )
