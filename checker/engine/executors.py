"""Executors: where shards are scanned. One process now; others fit the same seam."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol

from checker.engine.ruleset import RuleSet
from checker.engine.scan import Shard, scan
from checker.engine.tally import Tally
from checker.limits import DEFAULT, Limits
from checker.policy.loader import RuleBook
from checker.trail.source import Source


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


def cut(sources: Sequence[Source]) -> tuple[Shard, ...]:
    """Cut the input into shards: one file each."""
    return tuple(Shard((source,)) for source in sources)
