"""Reading some records again: the few that a report shows of rules over many events."""

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from checker.aws import Json
from checker.limits import Limits
from checker.trail.defect import Defect
from checker.trail.glance import raw_records
from checker.trail.load import load
from checker.trail.reader import read_loaded
from checker.trail.source import Source


def read_again(
    source: Source, stdin: BinaryIO, indexes: Iterable[int], limits: Limits
) -> dict[int, dict[str, Json]]:
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
        found = {index: msgspec.json.decode(raws[index]) for index in wanted}
        if all(isinstance(each, dict) and "eventName" in each for each in found.values()):
            return found
    log = read_loaded(source, content, limits)
    known = frozenset(wanted)
    return {record.index: record.original for record in log.records if record.index in known}
