"""What a check does once it is known what to check: scan, judge, and stream what is asked for."""

import io
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
from msgspec import Struct

from checker.aws import Json
from checker.aws.period import Period
from checker.cli.configuration import Configuration
from checker.cli.excepting import Excepting
from checker.cli.outputs import write_all
from checker.cli.provenance import given_of
from checker.engine.exceptions import Excepter
from checker.engine.executors import scan_all
from checker.engine.found import Found, settle
from checker.engine.orders import Orders
from checker.engine.tally import unite
from checker.errors import Problem
from checker.policy.audit_scope import UNSTATED
from checker.policy.loader import RuleBook
from checker.report.build import Run
from checker.report.exceptions import Waived
from checker.report.formats import STREAMS
from checker.report.mask import MakeMask, Masked, Shown
from checker.report.write import write_lines
from checker.trail.source import Source
from checker.verdict.coverage import cover
from checker.verdict.gate import decide
from checker.verdict.inputs import crowded, folders_without_logs, is_whole, late_delivery
from checker.verdict.verdicts import RuleResult, judge
from checker.verdict.waivers import waiver_problems, waiver_results


class Request(Struct, frozen=True, kw_only=True):
    """What to check, once command line and configuration are one."""

    book: RuleBook
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    configuration: Configuration
    period: Period
    excepting: Excepting
    now: datetime
    show_secrets: bool

    @property
    def orders(self) -> Orders:
        """What the scan does beside judging."""
        return self.excepting.orders(lists=bool(self.streams))

    @property
    def streams(self) -> dict[str, str]:
        """Paths of what is written from the logs themselves, by its names."""
        return {name: path for name, path in self.configuration.outputs.items() if name in STREAMS}

    @property
    def outputs(self) -> dict[str, str]:
        """Paths of the reports, by format."""
        outputs = self.configuration.outputs
        return {name: path for name, path in outputs.items() if name not in STREAMS}

    @property
    def mask(self) -> MakeMask:
        """Makes the mask of a record."""
        return Shown if self.show_secrets else Masked


class Rereading:
    """Reads records of the input again, once all of it was read.

    Attributes:
        stdin: Kept whole where it is read twice: a pipe gives its bytes only once.
    """

    def __init__(self, request: Request) -> None:
        self._limits = request.configuration.limits
        self._sources = {source.path: source for source in request.sources}
        self.stdin: BinaryIO = sys.stdin.buffer
        if _is_read_twice(request):
            self.stdin = io.BytesIO(self.stdin.read(self._limits.file_bytes + 1))

    def __call__(self, path: str, indexes: Sequence[int]) -> Mapping[int, dict[str, Json]]:
        """Give records of a file by their positions, as far as they still stand there."""
        from checker.trail.again import read_again  # noqa: PLC0415 - most rules want none

        return read_again(self._sources[path], self.stdin, indexes, self._limits)


def _is_read_twice(request: Request) -> bool:
    piped = any(each.stdin for each in request.sources)
    return piped and (
        bool(request.streams) or any(rule.spans_events for rule in request.book.rules)
    )


def scan(request: Request, jobs: int, look_up: Rereading, *, quiet: bool) -> Found:
    """Scan the input; say how far it is, where somebody looks."""
    book, limits, orders = request.book, request.configuration.limits, request.orders
    scanning = scan_all(request.sources, book, jobs, look_up.stdin, limits, request.period, orders)
    tallies = scanning.tallies()
    if quiet or not (sys.stderr.isatty() and sys.stdout.isatty()):
        tally = unite(scanning.joined(tallies), limits)
    else:
        with click.progressbar(
            tallies, length=len(scanning.shards), label="reading", file=sys.stderr
        ) as progress:
            tally = unite(scanning.joined(progress), limits)
    return settle(
        tally, book.rules, limits, read_again=look_up, period=request.period, orders=orders
    )


def conclude(request: Request, found: Found) -> Run:
    """Judge what was found, and decide."""
    configuration = request.configuration
    problems = (
        *request.problems,
        *folders_without_logs(request.sources, found),
        *late_delivery(request.period, found),
    )
    whole = is_whole(problems, found)
    coverage = cover(found, configuration.scope or UNSTATED, request.period)
    results = judge(
        request.book.rules,
        found,
        coverage,
        whole=whole,
        declared=configuration.not_applicable,
    )
    waived = _waived(request, found, results)
    problems = (
        *problems,
        *crowded(results, configuration.limits),
        *(waiver_problems(waived.results) if waived and waived.applied else ()),
    )
    return Run(
        book=request.book,
        found=found,
        coverage=coverage,
        results=results,
        decision=decide(results, found, configuration.gate, whole=whole),
        problems=problems,
        gate=configuration.gate,
        selection=configuration.selection,
        owners=configuration.owners,
        account_names=configuration.accounts,
        limits=configuration.limits,
        now=request.now,
        show_secrets=request.show_secrets,
        period=request.period,
        waived=waived,
        baseline=request.excepting.baseline,
        sample=request.orders.sample,
        catalogue=bool(request.outputs),
        given=given_of(
            configuration,
            request.book.rules,
            request.period,
            request.excepting,
            show_secrets=request.show_secrets,
        ),
    )


def _waived(request: Request, found: Found, results: Sequence[RuleResult]) -> Waived | None:
    book = request.excepting.waivers
    if book is None:
        return None
    return Waived(
        book=book,
        applied=request.excepting.asked.apply_waivers,
        results=waiver_results(book.waivers, found.marks, results, request.now),
    )


def stream(request: Request, run: Run, look_up: Rereading, key: bytes | None) -> list[str]:
    """Write what is asked for of all exceptions; give a line for each file.

    Raises:
        OutputError: Some could not be written, or not all of it could be read again.
    """
    one = partial(_stream, request, run, look_up, key)
    return write_all(*(partial(one, name, path) for name, path in request.streams.items()))


def _stream(  # noqa: PLR0913, PLR0917 - what goes where
    request: Request, run: Run, look_up: Rereading, key: bytes | None, name: str, path: str
) -> list[str]:
    # Imported when wanted: most checks write none.
    from checker.report.evidence_files import WRITERS, Exceptions  # noqa: PLC0415
    from checker.report.redact import RowRedaction  # noqa: PLC0415

    rules, limits = request.book.rules, request.configuration.limits
    excepter = Excepter(rules, request.orders, limits)
    timed = not request.period.is_open
    exceptions = Exceptions(
        rules=rules,
        entries=run.found.listing.entries(rules, excepter, limits, look_up, timed=timed),
        results=run.results,
        waivers=run.waivers,
        mask=request.mask,
        redaction=RowRedaction(key) if key else None,
    )
    lines = WRITERS[name](exceptions)
    if path == "-":
        for line in lines:
            click.echo(line.encode(), nl=False)
        return []
    write_lines(Path(path), lines)
    return [f"{name}: {path}"]
