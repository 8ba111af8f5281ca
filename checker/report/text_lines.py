"""Lines for a terminal: styled, and broken at spaces where they would be too long."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from checker.visible import inert

Style = Callable[[str, str], str]


def plain(text: str, kind: str) -> str:  # noqa: ARG001 - the signature of a style
    """Style nothing."""
    return text


class Look(Struct, frozen=True):
    """How lines are to look.

    Attributes:
        style: Called with a piece of text and what it is: a verdict, a severity, `heading`, `faint`.
        verbose: All that the report carries, and where it was found.
        width: Columns of the terminal; None for lines of any length.
    """

    style: Style = plain
    verbose: bool = False
    width: int | None = None

    def lines(self, text: str, kind: str = "", *, indent: int = 0, hang: int = 0) -> Iterator[str]:
        """Give a text of any origin as one line, or several as the width asks for.

        Args:
            text: What to show.
            kind: What it is, for the style.
            indent: Columns before it.
            hang: Columns more before its further lines.
        """
        for number, part in enumerate(self._broken(inert(text), indent, hang)):
            # Again: what was amid a text may begin a line by now.
            line = inert(part.rstrip())
            shown = self.style(line, kind) if kind else line
            yield f"{' ' * (indent + (hang if number else 0))}{shown}"

    def _broken(self, text: str, indent: int, hang: int) -> Iterator[str]:
        if self.width is None or indent + len(text) <= self.width:
            yield text
            return
        line, room = "", self.width - indent
        # A word longer than a line stays whole: an ARN that is broken cannot be copied.
        for word in text.split(" "):
            if line and len(line) + 1 + len(word) > room:
                yield line
                line, room = word, self.width - indent - hang
            else:
                line = f"{line} {word}" if line else word
        yield line


def counted(count: int, word: str) -> str:
    """Give a number with its noun: `1 rule`, `2 rules`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
