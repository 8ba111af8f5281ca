"""What all parts of the report model have in common."""

from msgspec import Struct


class Shape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the report model: named fields, and no others."""
