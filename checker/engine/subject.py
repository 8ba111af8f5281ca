"""The event that is being judged, and what several rules ask of it, answered once."""

from datetime import datetime

from checker.aws import Json
from checker.aws.hidden import is_plainly_there, path_is_hidden
from checker.aws.outcome import outcome
from checker.engine.finding import Judged
from checker.expression.expression import Read


class Subject:
    """One canonical event before the rules.

    Attributes:
        event: The canonical event.
        time: Its eventTime, None when it cannot be read.
        groups: What it comes to under rules over many events, by what these group it by.
    """

    __slots__ = ("_outcome", "event", "groups", "time")

    def __init__(self, event: Json, time: datetime | None) -> None:
        self.event = event
        self.time = time
        self.groups: dict[object, Judged] = {}
        self._outcome = ""

    @property
    def outcome(self) -> str:
        """How the call ended."""
        if not self._outcome:
            self._outcome = outcome(self.event)
        return self._outcome

    def first_hidden(self, reads: tuple[Read, ...]) -> str | None:
        """Name the first of some paths that CloudTrail left out or masked."""
        for read in reads:
            if is_plainly_there(self.event, read.path):
                continue
            if path_is_hidden(self.event, read.path, presence=read.presence):
                return ".".join("*" if step is None else step for step in read.path) or "the event"
        return None
