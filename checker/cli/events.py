"""Events that the command line names: whole logs, or one event of a log by its number or its id."""

import os
import re
import sys
from collections.abc import Iterator, Sequence

from msgspec import Struct

from checker.errors import Level, Problem, UsageError
from checker.limits import Limits
from checker.trail.reader import open_trail
from checker.trail.record import Record
from checker.trail.source import find_sources

_HINT = "name an event as FILE#INDEX, counted from 0, or as PATH#EVENTID"
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


class Given(Struct, frozen=True):
    """The events that were named, each with the path of its log, and what was wrong with the logs."""

    located: tuple[tuple[str, Record], ...]
    problems: tuple[Problem, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the logs was lost."""
        return not any(each.level is Level.ERROR for each in self.problems)


def read_events(names: Sequence[str], limits: Limits) -> Given:
    """Read the events that are named, in the order of the names and of the logs.

    Raises:
        UsageError: There is no such log, no such event in it, or no event at all.
    """
    located: dict[tuple[str, int], tuple[str, Record]] = {}
    problems: list[Problem] = []
    for name in names:
        path, _, which = name.rpartition("#")
        if not path or os.path.lexists(name):
            path, which = name, ""
        found, told = _read(path, limits)
        problems += told
        for each in _chosen(name, found, which) if which else found:
            located.setdefault((each[0], each[1].index), each)
    problems = list(dict.fromkeys(problems))
    if not located and not any(each.level is Level.ERROR for each in problems):
        raise UsageError([Problem(code="no-events", cause="there are no events in what was named")])
    return Given(tuple(located.values()), tuple(problems))


def _read(path: str, limits: Limits) -> tuple[list[tuple[str, Record]], list[Problem]]:
    sources, missing = find_sources([path])
    if missing and not sources:
        raise UsageError(missing)
    problems = list(missing)
    found: list[tuple[str, Record]] = []
    for source in sources:
        log = open_trail(source, sys.stdin.buffer, limits)
        problems += log.problems
        found += [(source.path, record) for record in log.records]
    return found, problems


def _chosen(
    name: str, found: Sequence[tuple[str, Record]], which: str
) -> Iterator[tuple[str, Record]]:
    """Give the one event that is meant; the same event delivered twice is one."""
    if _INDEX.fullmatch(which):
        paths = {path for path, _ in found}
        if len(paths) > 1:
            cause = f"{name}: a number names an event of one file, and this is {len(paths)} files"
            raise _usage(cause, _HINT)
        matching = [each for each in found if each[1].index == int(which)]
    else:
        matching = [each for each in found if each[1].event.get("eventID") == which]
    if not matching:
        count = len(found)
        last = f"it holds {count} event{'' if count == 1 else 's'}"
        raise _usage(f"{name}: there is no such event; {last}", _HINT)
    yield matching[0]


def _usage(cause: str, hint: str) -> UsageError:
    return UsageError([Problem(code="event-unknown", cause=cause, hint=hint)])
