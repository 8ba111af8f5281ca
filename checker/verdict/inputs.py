"""What the inputs as a whole come to, once all of them are read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from checker.aws.period import Period
from checker.engine.found import Found
from checker.errors import Level, Place, Problem
from checker.limits import Limits
from checker.trail.source import Source
from checker.verdict.verdicts import RuleResult


def is_whole(problems: Iterable[Problem], found: Found) -> bool:
    """Whether every input was found and read to its end, and no record was refused.

    Args:
        problems: About the input as a whole.
        found: What was read, with the problems of each input.
    """
    of_inputs = (problem for each in found.inputs.values() for problem in each.problems)
    return not any(problem.level is Level.ERROR for problem in (*problems, *of_inputs))


def folders_without_logs(sources: Sequence[Source], found: Found) -> Iterator[Problem]:
    """Name the folders that were given and hold no trail log at all: hardly what was meant."""
    given = [folder for source in sources for folder in _folders(source)]
    for folder in sorted(set(given)):
        below = f"{folder.rstrip('/')}/"
        files = [
            source
            for source in sources
            if folder in _folders(source) or source.path.startswith(below)
        ]
        if all(found.inputs[source.path].set_aside for source in files):
            yield Problem(
                code="no-trail-logs",
                cause=f"none of its {len(files)} files is a trail log",
                place=Place(path=folder),
                hint="name a folder with trail logs, such as the AWSLogs of a trail's bucket",
            )


def _folders(source: Source) -> tuple[str, ...]:
    """Give the folders that were named and hold a file."""
    named = {source.named, *source.also} - {source.path, ""}
    return tuple(sorted(named))


def crowded(results: Sequence[RuleResult], limits: Limits) -> Iterator[Problem]:
    """Warn of rules whose violations are of too many groups for these to be told apart."""
    for each in results:
        if each.crowded:
            yield Problem(
                code="too-many-groups",
                cause=f"rule {each.rule.id}: its violations make more than {limits.groups:,} groups",
                hint="they are counted, told from what a baseline has, and neither grouped nor noted; "
                "raise limits: {groups: …} in trailcheck.yaml",
                level=Level.WARNING,
            )


_DELIVERED_WITHIN: Final = timedelta(hours=24)


def late_delivery(period: Period, found: Found) -> Iterator[Problem]:
    """Warn of a period whose end may not have been delivered when the newest log was."""
    newest = max((each.newest for each in found.inputs.values() if each.newest), default=None)
    if period.stop and newest and newest < period.stop + _DELIVERED_WITHIN:
        yield Problem(
            code="late-delivery",
            cause="no event supplied is 24 hours or more after the end of the period",
            hint="events may be delivered late; fetch the logs again when a day has passed",
            level=Level.WARNING,
        )
