"""A file of tests beside a rule, as the rule names it."""

from msgspec import Struct

from checker.errors import Place


class SideFile(Struct, frozen=True):
    """Its name, from the rule's folder on, and where that stands in the rule."""

    name: str
    place: Place
