"""Reading some records again: those that a report shows, or lists, once all were judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, TypeAlias

import msgspec

from checker.aws import Json
from checker.limits import Limits
from checker.trail.defect import Defect
from checker.trail.glance import raw_records
from checker.trail.load import load
from checker.trail.reader import read_loaded
from checker.trail.source import Source

_Record: TypeAlias = dict[str, Json]


def read_again(
    source: Source, stdin: BinaryIO, indexes: Iterable[int], limits: Limits
) -> Mapping[int, _Record]:
    """Give records by their 0-based positions, as far as they still stand there.

    Args:
        source: Where they stand.
        stdin: Where the source `-` reads from; it is read from its beginning once more.
        indexes: Their positions.
        limits: What is too much to read.
    """
    if source.stdin:
        stdin.seek(0)
    content = load(source, stdin, limits)
    wanted = sorted(set(indexes))
    raws = None if isinstance(content, Defect) else raw_records(content, limits)
    if raws is not None and len(raws) > max(wanted, default=-1):
        found = _Raws(raws, wanted)
        if all("eventName" in each for each in found.values()):
            return found
    log = read_loaded(source, content, limits)
    known = frozenset(wanted)
    return {record.index: record.original for record in log.records if record.index in known}


class _Raws(Mapping[int, _Record]):
    """Records that are read only when they are asked for: a file may list very many of them."""

    def __init__(self, raws: Sequence[msgspec.Raw], indexes: Sequence[int]) -> None:
        self._raws = {index: raws[index] for index in indexes}

    def __getitem__(self, index: int) -> _Record:
        record = msgspec.json.decode(self._raws[index])
        return record if isinstance(record, dict) else {}

    def __iter__(self) -> Iterator[int]:
        return iter(self._raws)

    def __len__(self) -> int:
        return len(self._raws)
