"""Executors: where shards are scanned, in this process or in several; others fit the same seam."""

import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from msgspec import Struct

from checker.aws.period import EVER, Period
from checker.engine.exhibits import Bars
from checker.engine.orders import NO_ORDERS, Orders
from checker.engine.parts import join_parts
from checker.engine.ruleset import RuleSet
from checker.engine.scan import Shard, scan
from checker.engine.tally import InputFact, Tally
from checker.errors import Place, Problem
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.trail.part import parts_of
from checker.trail.source import Source

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

SERIAL_BELOW: Final = 32 << 20
"""Bytes below which starting processes costs more than they save."""

_SHARDS_PER_WORKER: Final = 8
_LARGEST_SHARD: Final = 16 << 20
_STEP: Final = 1 << 20
"""Bytes after which a scan in this process can tell how far it is."""

ScanShard = Callable[[Shard], Tally]


class Executor(Protocol):
    """Scans shards, in any order, anywhere."""

    def tallies(self, book: RuleBook, shards: Sequence[Shard]) -> Iterator[Tally]:
        """Give one tally for each shard, as they come.

        Args:
            book: The rules as data; whoever scans compiles them, once.
            shards: What to read.
        """
        ...


class SerialExecutor:
    """Scans one shard after the other in this process."""

    def __init__(
        self,
        stdin: BinaryIO,
        limits: Limits = DEFAULT,
        period: Period = EVER,
        orders: Orders = NO_ORDERS,
    ) -> None:
        self._stdin = stdin
        self._limits = limits
        self._period = period
        self._orders = orders

    def tallies(self, book: RuleBook, shards: Sequence[Shard]) -> Iterator[Tally]:
        """Give one tally for each shard, in order."""
        rules = RuleSet(book, self._limits, self._period, self._orders)
        bars = Bars(self._limits.exhibits)
        with _collector_off():
            for shard in shards:
                yield scan(shard, rules, self._stdin, self._limits, bars)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Leave the garbage collector off: records are trees, to look for cycles in them is in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class ProcessExecutor:
    """Scans shards in worker processes; standard input stays with this one.

    A worker that dies (killed, out of memory) takes nothing with it in silence: every file that
    was not read to its end for it is a problem of the run.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - as a serial one, and how many
        self,
        jobs: int,
        stdin: BinaryIO,
        limits: Limits = DEFAULT,
        period: Period = EVER,
        orders: Orders = NO_ORDERS,
        scan_shard: ScanShard | None = None,
    ) -> None:
        self._jobs = jobs
        self._serial = SerialExecutor(stdin, limits, period, orders)
        self._told = (limits, period, orders)
        self._scan_shard = scan_shard or _scan_in_worker

    def tallies(self, book: RuleBook, shards: Sequence[Shard]) -> Iterator[Tally]:
        """Give one tally for each shard, as the workers finish them."""
        # Imported when processes are wanted: most runs are small.
        from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

        here = [shard for shard in shards if any(source.stdin for source in shard.sources)]
        there = [shard for shard in shards if shard not in here]
        pool = ProcessPoolExecutor(self._jobs, worker_context(), _prepare, (book, *self._told))
        waiting: dict[Future[Tally], Shard] = {}
        try:
            for shard in there:
                try:
                    waiting[pool.submit(self._scan_shard, shard)] = shard
                except BrokenProcessPool:
                    yield _lost_with(shard)
            if here:
                yield from self._serial.tallies(book, here)
            for future in as_completed(waiting):
                yield _tally_of(future, waiting[future])
        except BaseException:
            # An interrupt does not wait for files that nobody will hear of.
            end_workers()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def end_workers() -> None:
    """End the processes that work for this one."""
    import multiprocessing  # noqa: PLC0415 - as above

    for worker in multiprocessing.active_children():
        worker.terminate()


def worker_context() -> "BaseContext":
    """Choose how workers begin.

    A fork has all that was imported already, but one of a process with threads can hang, and macOS
    has threads that nobody sees.
    """
    import multiprocessing  # noqa: PLC0415 - as above

    forks = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")


def _tally_of(future: "Future[Tally]", shard: Shard) -> Tally:
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - as above

    try:
        return future.result()
    except BrokenProcessPool:
        return _lost_with(shard)


def _lost_with(shard: Shard) -> Tally:
    return Tally(inputs={source.path: _lost(source) for source in shard.sources})


def _lost(source: Source) -> InputFact:
    problem = Problem(
        code="worker-died",
        cause="a worker process died before this file was judged",
        place=Place(path=source.path),
        hint="there may be too little memory: try fewer --jobs",
    )
    return InputFact(path=source.path, problems=(problem,))


_worker: dict[str, tuple[RuleSet, Limits, Bars]] = {}
"""What a worker process keeps from one shard to the next: rules do not pickle once compiled."""


def _prepare(book: RuleBook, limits: Limits, period: Period, orders: Orders) -> None:
    # An interrupt reaches all processes; the one that people talk to ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True).start()
    gc.disable()
    rules = RuleSet(book, limits, period, orders)
    _worker["rules"] = (rules, limits, Bars(limits.exhibits))


def end_with_parent() -> None:
    """End this worker when the process that it works for is gone, however it went."""
    import multiprocessing.connection  # noqa: PLC0415 - as above

    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _scan_in_worker(shard: Shard) -> Tally:
    rules, limits, bars = _worker["rules"]
    return scan(shard, rules, io.BytesIO(), limits, bars)


def scan_all(  # noqa: PLR0913, PLR0917 - all that a scan depends on
    sources: Sequence[Source],
    book: RuleBook,
    jobs: int,
    stdin: BinaryIO,
    limits: Limits,
    period: Period = EVER,
    orders: Orders = NO_ORDERS,
) -> "Scanning":
    """Choose how some input is scanned: by whom, and in which shards.

    Args:
        sources: The input.
        book: The rules.
        jobs: How many processes may work at once.
        stdin: Where the source `-` reads from.
        limits: What is too much to read or to keep.
        period: The period that is answered for.
        orders: What is done beside judging.
    """
    sizes = [_size(source) for source in sources]
    if jobs == 1 or sum(sizes) < SERIAL_BELOW:
        serial = SerialExecutor(stdin, limits, period, orders)
        return Scanning(serial, bundle(sources, sizes, _STEP), book, limits)
    most = min(_LARGEST_SHARD, sum(sizes) // (jobs * _SHARDS_PER_WORKER))
    shards = cut(sources, sizes, most, limits)
    return Scanning(ProcessExecutor(jobs, stdin, limits, period, orders), shards, book, limits)


class Scanning(Struct, frozen=True):
    """A scan that is ready to begin."""

    executor: Executor
    shards: Sequence[Shard]
    book: RuleBook
    limits: Limits

    def tallies(self) -> Iterator[Tally]:
        """Give one tally for each shard, as they come; parts of files among them."""
        return self.executor.tallies(self.book, self.shards)

    def joined(self, tallies: Iterable[Tally]) -> Iterator[Tally]:
        """Give tallies of whole files only; those with a doubtful part are read once more."""
        return join_parts(tallies, self._rescanned, self.limits)

    def _rescanned(self, sources: Sequence[Source]) -> Iterator[Tally]:
        return self.executor.tallies(self.book, [Shard((source,)) for source in sources])


def cut(
    sources: Sequence[Source], sizes: Sequence[int], most: int, limits: Limits
) -> tuple[Shard, ...]:
    """Cut the input into shards of about as many bytes as `most`."""
    parted = {
        source: parts
        for source, size in zip(sources, sizes, strict=True)
        if size >= 2 * most and (parts := parts_of(source, most, limits))
    }
    whole = [(s, n) for s, n in zip(sources, sizes, strict=True) if s not in parted]
    return (
        *(Shard((source,), part) for source, parts in parted.items() for part in parts),
        *bundle([source for source, _ in whole], [size for _, size in whole], most),
    )


def bundle(sources: Sequence[Source], sizes: Sequence[int], most: int) -> tuple[Shard, ...]:
    """Bundle files into shards of about as many bytes as `most`; a larger file is its own."""
    shards: list[Shard] = []
    bundled: list[Source] = []
    size = 0
    for source, added in zip(sources, sizes, strict=True):
        if bundled and (size + added > most or source.stdin):
            shards.append(Shard(tuple(bundled)))
            bundled, size = [], 0
        bundled.append(source)
        size += added
    return (*shards, *((Shard(tuple(bundled)),) if bundled else ()))


def _size(source: Source) -> int:
    """Give a file's size as far as it can be told; what is wrong with it is told when it is read."""
    if source.stdin:
        return 0
    try:
        return Path(source.path).stat().st_size
    except (OSError, ValueError):
        return 0
