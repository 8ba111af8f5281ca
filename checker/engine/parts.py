"""Joining the parts of files that several workers read, so that nobody sees that they were cut."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

from msgspec.structs import replace

from checker.engine.exhibits import Exhibits
from checker.engine.sightings import Sightings
from checker.engine.tally import InputFact, Tally, unite
from checker.limits import Limits
from checker.trail.census import joined_spans
from checker.trail.record import JSON_LINES, ONE_EVENT
from checker.trail.source import Source


def join_parts(
    tallies: Iterable[Tally], rescan: Callable[[Sequence[Source]], Iterable[Tally]], limits: Limits
) -> Iterator[Tally]:
    """Give tallies of whole files only.

    Args:
        tallies: Of whole files, and of parts in any order.
        rescan: Reads files whole: those with a part that could not be read by itself.
        limits: What is too much to keep.
    """
    waiting: dict[str, list[Tally]] = {}
    again: list[Source] = []
    for tally in tallies:
        if tally.part is None:
            yield tally
            continue
        parts = waiting.setdefault(tally.part.source.path, [])
        parts.append(tally)
        if len(parts) == tally.part.part.of:
            # Parts that stay behind belong to a file of which another was lost with its worker,
            # which is a problem of the run already.
            del waiting[tally.part.source.path]
            joined = _joined(parts, limits)
            if joined is None:
                again.append(tally.part.source)
            else:
                yield joined
    if again:
        yield from rescan(again)


def _joined(parts: Sequence[Tally], limits: Limits) -> Tally | None:
    """Join the tallies of all parts of one file; None when one of them is doubtful."""
    if any(tally.part is None or tally.part.doubtful for tally in parts):
        return None
    ordered = sorted(parts, key=_number)
    before = 0
    for tally in ordered:
        tally.exhibits = _moved(tally.exhibits, before)
        tally.sightings = _moved_pages(tally.sightings, before)
        tally.listing = tally.listing.moved(before)
        before += sum(fact.records for fact in tally.inputs.values())
    facts = [fact for tally in ordered for fact in tally.inputs.values()]
    whole = unite(ordered, limits)
    whole.inputs = {facts[0].path: reduce(_added, facts)}
    return whole


def _number(tally: Tally) -> int:
    return tally.part.part.number if tally.part else 0


def _moved(exhibits: Exhibits, by: int) -> Exhibits:
    """Count the places of events from the beginning of the file."""
    moved = Exhibits(exhibits.most)
    for key, exhibit in exhibits:
        moved.add(key, replace(exhibit, index=exhibit.index + by))
    return moved


def _moved_pages(sightings: Sightings, by: int) -> Sightings:
    return Sightings(
        {
            stream: [replace(page, before=by) for page in pages]
            for stream, pages in sightings.pages.items()
        }
    )


def _added(one: InputFact, other: InputFact) -> InputFact:
    records = one.records + other.records
    return replace(
        one,
        container=ONE_EVENT if records == 1 else JSON_LINES,
        size=one.size + other.size,
        records=records,
        outside=one.outside + other.outside,
        in_scope=one.in_scope + other.in_scope,
        newest=max((time for time in (one.newest, other.newest) if time), default=None),
        spans=joined_spans([one.spans, other.spans]),
        hours=Counter(one.hours) + Counter(other.hours),
    )
