"""What of Sigma could not be made into a rule, said so that its author can look."""

from msgspec import Struct


class Refusal(Exception):  # noqa: N818 - it is no fault of the program
    """One rule cannot be translated as it is meant.

    Attributes:
        construct: What it is, as Sigma calls it.
        why: Why there is no translation that means the same.
        sought: A text of the file where it stands; may be empty.
    """

    def __init__(self, construct: str, why: str, sought: str = "") -> None:
        super().__init__(f"{construct}: {why}")
        self.construct = construct
        self.why = why
        self.sought = sought


class Refused(Struct, frozen=True, kw_only=True):
    """One document that is no rule here.

    Attributes:
        path: Its file, as the user named it.
        line: Where in the file; 0 when only the file is known.
        title: Of the Sigma rule; empty where none can be read.
    """

    path: str
    line: int
    title: str
    construct: str
    why: str
