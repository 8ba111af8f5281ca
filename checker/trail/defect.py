"""What is wrong with a trail log, before it has a place in a file."""

from msgspec import Struct

from checker.errors import Level


class Defect(Struct, frozen=True, kw_only=True):
    """A fault in bytes or text, or a piece that could not be read, standing in its place.

    Attributes:
        code: Stable kebab-case name of this kind of problem.
        cause: Why, in words that hold no text of the file.
        hint: What is valid or what to do; may be empty.
        offset: Where the text stops making sense, in characters; None if that cannot be said.
        level: Whether evidence was lost.
    """

    code: str
    cause: str
    hint: str = ""
    offset: int | None = None
    level: Level = Level.ERROR


def too_much(code: str, cause: str, limit: str) -> Defect:
    """Give the defect of something over a limit: nothing of it is read.

    Args:
        code: The kind of problem.
        cause: What is too much.
        limit: The name of the limit in `checker.limits.Limits`.
    """
    hint = f"if it is genuine, raise the limit in trailcheck.yaml: `limits: {{{limit}: …}}`"
    return Defect(code=code, cause=f"{cause} (limit {limit})", hint=hint)
