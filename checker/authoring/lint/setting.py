"""Where a node of an expression stands, and what it comes to there."""

from msgspec import Struct

from checker.authoring.lint.facts import NO_FACTS, Facts
from checker.authoring.lint.values import EVENT, Value


class Setting(Struct, frozen=True, kw_only=True):
    """Where a node stands.

    Attributes:
        current: What `@` is.
        facts: What holds when the node is reached.
        is_bare: Whether a field here is looked up in `@`, not in what stands before a dot.
        in_element: Whether `@` is an element of a list.
    """

    current: Value = EVENT
    facts: Facts = NO_FACTS
    is_bare: bool = True
    in_element: bool = False

    @property
    def in_event(self) -> bool:
        """Whether names are looked up in the event."""
        return self.current.path == ()


class Read(Struct, frozen=True):
    """What a node comes to, and what is known where that counts as true and where not."""

    value: Value
    yes: Facts
    no: Facts
