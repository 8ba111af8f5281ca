"""What trail logs must hold for a rule to be judged, as a rule states it."""

from enum import StrEnum

from msgspec import Struct


class Category(StrEnum):
    """The kinds of events that a trail can be told to log, as `eventCategory` spells them."""

    MANAGEMENT = "Management"
    DATA = "Data"
    INSIGHT = "Insight"
    NETWORK_ACTIVITY = "NetworkActivity"


class Needs(Struct, frozen=True, kw_only=True):
    """What the logs of an account must hold; what a rule states stands in place of what is derived.

    Attributes:
        categories: Each must be seen.
        read_only: Whether management events that only read must be seen.
        sources: Event sources, each of which must be seen, or declared.
        resource_types: Of data events, each of which must be seen, or declared.
        regions: Each must be seen, or declared; empty for those that the scope of the audit expects.
    """

    categories: tuple[Category, ...] = ()
    read_only: bool = False
    sources: tuple[str, ...] = ()
    resource_types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
