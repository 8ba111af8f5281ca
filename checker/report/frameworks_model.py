"""The part of the report model on frameworks: which of their controls rules speak to."""

from typing import Literal

from checker.report.shape import Shape


class CatalogueControl(Shape, frozen=True):
    """A control of a framework, titled in words of ours, and what CloudTrail can say of it."""

    id: str
    title: str
    cloudtrail: Literal["tests", "supports", "none"]


class FrameworkEntry(Shape, frozen=True):
    """A framework that judged rules speak to.

    `controls` are those that a judged rule speaks to, and all others that CloudTrail can say
    something of; `beyond` is how many more the framework has. Without a catalogue of the framework
    `title` and `source` are empty.
    """

    id: str
    title: str
    source: str
    controls: list[CatalogueControl]
    beyond: int
