"""What an explanation says, version 1: the shape that the text and the JSON are made from.

What comes out of an event is masked in it already. Lists are in the order of the rule and the input,
so equal input gives equal bytes.
"""

from typing import Final, Literal

from checker.aws import Json
from checker.report.shape import Shape

FORMAT: Final = "trailcheck-explanation"
VERSION: Final = 1

FindingName = Literal[
    "violation",
    "conforming",
    "undetermined",
    "error",
    "upcoming",
    "counted",
    "other_outcome",
    "out_of_scope",
]
StateName = Literal["value", "raised", "not_evaluated"]
ResultName = Literal["holds", "fails", "unknown", "raises", "not_reached"]


class Part(Shape, frozen=True):
    """One part of an expression: its text, what it came to, and the parts of it.

    `value` is null where there is none; `decides` says that it made the whole what it is; `cause` is
    why it raised. `unkept` is how many more times a list made it be evaluated.
    """

    expression: str
    state: StateName
    value: Json
    decides: bool
    cause: str
    unkept: int
    parts: list["Part"]


class Entry(Shape, frozen=True):
    """One line of a `match` mapping: the values that may stand there, null for absent, and what does."""

    path: str
    accepts: list[str | None]
    value: Json
    result: ResultName


class Check(Shape, frozen=True):
    """One thing that a rule asks of an event, in the order in which it asks.

    `match` has its alternatives, a condition its tree. `hidden` names what CloudTrail left out or
    masked of what is read. `decides` marks the last one that was asked.
    """

    name: str
    result: ResultName
    detail: str
    decides: bool
    alternatives: list[list[Entry]]
    tree: Part | None
    hidden: list[str]


class Step(Shape, frozen=True):
    """What one step of a rule makes of an event; most rules have one, without a name."""

    name: str
    finding: FindingName
    reason: str
    checks: list[Check]
    group: dict[str, str | None]


class Need(Shape, frozen=True):
    """What would have to be otherwise: one thing in words, all of several, or any of several."""

    text: str
    all: list["Need"]
    any: list["Need"]


class Change(Shape, frozen=True):
    """What it would take for the other verdict."""

    verdict: str
    need: Need


class WaiverShown(Shape, frozen=True):
    """How a waiver of the rule stands to a violation."""

    id: str
    covers: bool
    standing: str
    approved_on: str
    expires: str
    reason: str


class Event(Shape, frozen=True):
    """Which event it is."""

    path: str
    index: int
    event_id: str
    time: str
    source: str
    name: str
    account: str
    region: str
    principal: str
    outcome: str


class Explained(Shape, frozen=True):
    """What a rule makes of one event, and why. `waived_by` is the waiver that would apply."""

    event: Event
    finding: FindingName
    reason: str
    message: str
    waived_by: str
    steps: list[Step]
    change: Change | None
    waivers: list[WaiverShown]


class Member(Shape, frozen=True):
    """An event of a group, and the steps that it stands for."""

    path: str
    index: int
    event_id: str
    time: str
    name: str
    steps: list[str]
    counted: Json


class Window(Shape, frozen=True):
    """Events that together break the rule, or an interval in which nothing occurred."""

    group: dict[str, str | None]
    first: str
    last: str
    summary: str
    certain: bool
    waived_by: str
    members: list[Member]
    members_unshown: int


class Together(Shape, frozen=True):
    """What a rule over many events makes of all of them: its verdict, windows, and what came nearest."""

    verdict: str
    reason: str
    covered_from: str
    covered_to: str
    windows: list[Window]
    windows_unshown: int
    nearest: list[str]


class LeftOut(Shape, frozen=True):
    """Events that are not explained one by one, by why."""

    reason: str
    events: int


class RuleShown(Shape, frozen=True):
    """The rule that is explained, with the values of its parameters."""

    id: str
    title: str
    severity: str
    path: str
    parameters: dict[str, Json]


class Explanation(Shape, frozen=True):
    """One rule on some events."""

    format: Literal["trailcheck-explanation"]
    version: Literal[1]
    rule: RuleShown
    events: list[Explained]
    left_out: list[LeftOut]
    together: Together | None
