"""The part of the report model on what the logs cover."""

from typing import Literal

from checker.report.shape import Shape

CategoryName = Literal["Management", "Data", "Insight", "NetworkActivity"]


class RegionCoverage(Shape, frozen=True):
    """What one account's logs of one region hold.

    Of the hours of the period, `observed` have an event; `declared` have none and the owner
    declares them complete; `empty` are the rest. `first_event` and `last_event` are the times
    of the first and the last event. `expected` says whether the stated scope lists it.
    `observed_runs` and `declared_runs` say which hours those are, by lengths of runs: so many from
    the first hour of the period are not, so many are, so many are not, and so on; the rest are not.
    """

    region: str
    expected: bool
    events: int
    first_event: str | None
    last_event: str | None
    observed: int
    declared: int
    empty: int
    observed_runs: list[int]
    declared_runs: list[int]


class Gap(Shape, frozen=True):
    """Time that is not covered: from a change of a trail until logging resumed.

    `cause` is the call, `region` where it was made, `trail` as it names it. Without `until`,
    nothing in the logs ends it.
    """

    start: str
    until: str | None
    cause: str
    region: str
    trail: str


class AccountCoverage(Shape, frozen=True):
    """What one account's logs hold; `observed` are hours with an event in any region.

    `read_only` says whether management events that only read are among them.
    """

    account: str
    expected: bool
    observed: int
    categories: list[CategoryName]
    read_only: bool
    regions: list[RegionCoverage]
    gaps: list[Gap]


class Bound(Shape, frozen=True):
    """How much the logs in one kind of container can show at most, and how many such inputs."""

    container: str
    inputs: int
    claim: str


class Declaration(Shape, frozen=True):
    """What the owner of the logs declares, which was not verified.

    Hours are declared complete, or, where `sources`, `resource_types` or `read_only` say so, that
    such events are logged. Empty `accounts` and `regions` mean all.
    """

    reason: str
    accounts: list[str]
    regions: list[str]
    start: str | None
    until: str | None
    sources: list[str]
    resource_types: list[str]
    read_only: bool


class Coverage(Shape, frozen=True):
    """What the logs themselves show of the time and the places that they are about.

    `hours` are those of the period, as the clock strikes them. An hour without an event proves no
    gap, and one with events not that all are there. `trails` are those that the logs are stated to
    be from.
    """

    hours: int
    accounts: list[AccountCoverage]
    bounds: list[Bound]
    trails: list[str]
    declared: list[Declaration]
