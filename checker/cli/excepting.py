"""Options on exceptions: waivers, the baseline, samples; and what they mean for a run."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from checker.cli.configuration import Configuration
from checker.engine.orders import Orders, Sample
from checker.errors import usage_error
from checker.limits import Limits
from checker.policy.loader import RuleBook, read_rules
from checker.policy.packs import bundled_packs
from checker.policy.waiver import WaiverBook
from checker.report.mask import MakeMask
from checker.report.write import write_report
from checker.verdict.baseline import (
    Author,
    Baseline,
    entries_of,
    load_baseline,
    write_baseline,
)
from checker.verdict.verdicts import RuleResult

_OPTIONS: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option(
        "--seed",
        metavar="TEXT",
        help="What the choice of --sample depends on, beside the eventIDs.",
    ),
    click.option(
        "--sample",
        type=click.IntRange(1),
        metavar="N",
        help="Add so many conforming events of each rule to the reports, for re-performance.",
    ),
    click.option(
        "--baseline-reason",
        metavar="TEXT",
        help="Why what --write-baseline notes is let be.",
    ),
    click.option(
        "--write-baseline",
        metavar="FILE",
        help="Note what was found in a baseline; what it has already stays. Needs --prepared-by and "
        "--baseline-reason.",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        help="Violations that are known: they are shown as known and do not fail the gate.",
    ),
    click.option(
        "--no-waivers",
        is_flag=True,
        help="Let no waiver count, whatever the configuration says.",
    ),
    click.option("--waivers", metavar="FILE", help="A YAML file of waivers."),
)


def excepting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on waivers, the baseline and samples."""
    return reduce(lambda wrapped, option: option(wrapped), _OPTIONS, command)


class Asked(Struct, frozen=True, kw_only=True):
    """What the command line alone says of exceptions.

    Attributes:
        apply_waivers: Whether waivers count.
        note: Where to note what was found; empty for nowhere.
    """

    apply_waivers: bool = True
    note: str = ""
    reason: str = ""
    sample: Sample | None = None


def asked_of(
    *, no_waivers: bool, note: str | None, reason: str | None, sample: int | None, seed: str | None
) -> Asked:
    """Read the options that only the command line has.

    Raises:
        UsageError: One of two that go together is missing.
    """
    if (sample is None) != (seed is None):
        hint = "the same seed chooses the same events again; any text will do"
        raise usage_error("sample-option", "--sample and --seed go together", hint)
    if reason and not note:
        raise usage_error(
            "baseline-option", "--baseline-reason without --write-baseline", "give both"
        )
    if note == "-":
        hint = "a baseline is added to, so it is a file: --write-baseline baseline.json"
        raise usage_error("baseline-option", "--write-baseline -: not standard output", hint)
    return Asked(
        apply_waivers=not no_waivers,
        note=note or "",
        reason=reason or "",
        sample=Sample(sample, seed) if sample is not None and seed is not None else None,
    )


class Excepting(Struct, frozen=True, kw_only=True):
    """What is excepted in a run: the waivers and the baseline that were read.

    Attributes:
        waivers: None where there are none.
        noted: The baseline that stands where one is to be written; None where none does.
        now: The evaluation instant.
    """

    asked: Asked
    now: datetime
    waivers: WaiverBook | None = None
    baseline: Baseline | None = None
    noted: Baseline | None = None
    author: Author | None = None

    def orders(self, *, lists: bool) -> Orders:
        """Give what the scan is to do, beside judging."""
        waivers = self.waivers.waivers if self.waivers and self.asked.apply_waivers else ()
        return Orders(
            waivers=tuple(each.as_of(self.now) for each in waivers),
            baseline=self.baseline.known if self.baseline else frozenset(),
            sample=self.asked.sample,
            lists=lists,
            names=lists or bool(self.asked.note),
        )

    @property
    def files(self) -> tuple[str, ...]:
        """What was read."""
        return tuple(each.file.path for each in (self.waivers, self.baseline) if each)

    @property
    def settings(self) -> Mapping[str, object]:
        """What of it can change an answer, for the provenance."""
        asked = self.asked
        return {
            "waivers_applied": None if self.waivers is None else asked.apply_waivers,
            "sample": asked.sample.size if asked.sample else None,
            "seed": asked.sample.seed if asked.sample else None,
        }


def excepting_of(
    asked: Asked, configuration: Configuration, book: RuleBook, now: datetime
) -> Excepting:
    """Read the waivers and the baseline of a run.

    Raises:
        UsageError: One of them is wrong, or what goes with an option is missing.
    """
    if asked.sample and asked.sample.size > configuration.limits.exhibits:
        most = configuration.limits.exhibits
        hint = "raise limits: {exhibits: …} in trailcheck.yaml"
        raise usage_error("sample-option", f"--sample {asked.sample.size}: at most {most}", hint)
    baseline, limits = configuration.baseline, configuration.limits
    return Excepting(
        asked=asked,
        now=now,
        waivers=_waivers(configuration, book),
        baseline=load_baseline(Path(baseline), limits) if baseline else None,
        # By a function that raises on no path; what cannot be written is told with the reports.
        noted=load_baseline(Path(asked.note), limits) if os.path.isfile(asked.note) else None,  # noqa: PTH113 - as said
        author=_author(asked, configuration, now),
    )


def note(excepting: Excepting, results: Sequence[RuleResult], make_mask: MakeMask) -> list[str]:
    """Write the baseline that was asked for; give a line that says so.

    Args:
        excepting: What was asked for.
        results: Every rule's.
        make_mask: Makes the mask of what goes into the file.

    Raises:
        OutputError: It could not be written.
    """
    if excepting.author is None:
        return []
    known = excepting.noted.entries if excepting.noted else ()
    # Imported when one is written: most runs write none.
    from checker.report.exceptions import masked  # noqa: PLC0415

    rules = {each.rule.id: each.rule for each in results}
    mask = make_mask(None)
    found = tuple(
        masked(each, rules[each.rule], mask) for each in entries_of(results, excepting.author)
    )
    write_report(Path(excepting.asked.note), write_baseline(known, found))
    before = {(each.rule, each.fingerprint) for each in known}
    added = len({(each.rule, each.fingerprint) for each in found} - before)
    return [f"baseline: {excepting.asked.note}: {added} noted, {len(before)} were there"]


def _waivers(configuration: Configuration, book: RuleBook) -> WaiverBook | None:
    if not configuration.waivers:
        return None
    # Imported when there are some: a run without starts faster.
    from checker.policy.waiver_document import load_waivers, refuse_unknown_rules  # noqa: PLC0415

    limits = configuration.limits
    waivers = load_waivers(Path(configuration.waivers), limits)
    known = {rule.id for rule in (*book.rules, *book.left_out)}
    if any(each.rule not in known for each in waivers.waivers):
        known |= _bundled_ids(limits)
    refuse_unknown_rules(waivers, known)
    return waivers


def _bundled_ids(limits: Limits) -> set[str]:
    """Give the ids of all bundled rules: one file of waivers may serve runs of several packs."""
    return {rule.id for rule in read_rules(bundled_packs(), limits).rules}


def _author(asked: Asked, configuration: Configuration, now: datetime) -> Author | None:
    if not asked.note:
        return None
    if not asked.reason or not configuration.prepared_by:
        cause = "--write-baseline says who noted what, and why"
        hint = "give --prepared-by NAME and --baseline-reason TEXT"
        raise usage_error("baseline-option", cause, hint)
    return Author(on=now.date(), by=configuration.prepared_by, reason=asked.reason)
