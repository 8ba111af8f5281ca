"""Executors: where shards are scanned, in this process or in several; others fit the same seam."""

import io
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from checker.engine.ruleset import RuleSet
from checker.engine.scan import Shard, scan
from checker.engine.tally import InputFact, Tally
from checker.errors import Place, Problem
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.trail.source import Source

SERIAL_BELOW: Final = 32 << 20
"""Bytes below which starting processes costs more than they save."""

_SHARDS_PER_WORKER: Final = 8
_LARGEST_SHARD: Final = 16 << 20

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

    def __init__(self, stdin: BinaryIO, limits: Limits = DEFAULT) -> None:
        self._stdin = stdin
        self._limits = limits

    def tallies(self, book: RuleBook, shards: Sequence[Shard]) -> Iterator[Tally]:
        """Give one tally for each shard, in order."""
        rules = RuleSet(book, self._limits)
        for shard in shards:
            yield scan(shard, rules, self._stdin, self._limits)


class ProcessExecutor:
    """Scans shards in worker processes; standard input stays with this one.

    A worker that dies (killed, out of memory) takes nothing with it in silence: every file that
    was not read to its end for it is a problem of the run.
    """

    def __init__(
        self,
        jobs: int,
        stdin: BinaryIO,
        limits: Limits = DEFAULT,
        scan_shard: ScanShard | None = None,
    ) -> None:
        self._jobs = jobs
        self._serial = SerialExecutor(stdin, limits)
        self._limits = limits
        self._scan_shard = scan_shard or _scan_in_worker

    def tallies(self, book: RuleBook, shards: Sequence[Shard]) -> Iterator[Tally]:
        """Give one tally for each shard, as the workers finish them."""
        here = [shard for shard in shards if any(source.stdin for source in shard.sources)]
        yield from self._serial.tallies(book, here)
        there = [shard for shard in shards if shard not in here]
        # Spawned, not forked: a fork of a process with threads can hang.
        pool = ProcessPoolExecutor(
            max_workers=self._jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=(book, self._limits),
        )
        try:
            waiting = {pool.submit(self._scan_shard, shard): shard for shard in there}
            for future in as_completed(waiting):
                yield _tally_of(future, waiting[future])
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _tally_of(future: Future[Tally], shard: Shard) -> Tally:
    try:
        return future.result()
    except BrokenProcessPool:
        return Tally(inputs={source.path: _lost(source) for source in shard.sources})


def _lost(source: Source) -> InputFact:
    problem = Problem(
        code="worker-died",
        cause="a worker process died before this file was judged",
        place=Place(path=source.path),
        hint="there may be too little memory: try fewer --jobs",
    )
    return InputFact(path=source.path, problems=(problem,))


_worker: dict[str, tuple[RuleSet, Limits]] = {}
"""What a worker process keeps from one shard to the next: rules do not pickle once compiled."""


def _prepare(book: RuleBook, limits: Limits) -> None:
    # An interrupt reaches all processes; the one that people talk to ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker["rules"] = (RuleSet(book, limits), limits)


def _scan_in_worker(shard: Shard) -> Tally:
    rules, limits = _worker["rules"]
    return scan(shard, rules, io.BytesIO(), limits)


def choose(
    sources: Sequence[Source], jobs: int, stdin: BinaryIO, limits: Limits
) -> tuple[Executor, tuple[Shard, ...]]:
    """Choose the executor for some input, and cut the input for it.

    Args:
        sources: The input.
        jobs: How many processes may work at once.
        stdin: Where the source `-` reads from.
        limits: What is too much to read or to keep.
    """
    sizes = [_size(source) for source in sources]
    if jobs == 1 or sum(sizes) < SERIAL_BELOW:
        return SerialExecutor(stdin, limits), cut(sources)
    most = min(_LARGEST_SHARD, sum(sizes) // (jobs * _SHARDS_PER_WORKER))
    return ProcessExecutor(jobs, stdin, limits), bundle(sources, sizes, most)


def cut(sources: Sequence[Source]) -> tuple[Shard, ...]:
    """Cut the input into shards of one file each."""
    return tuple(Shard((source,)) for source in sources)


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
