"""What was found in the text of one expression, in the order found, nothing twice."""

from collections.abc import Iterable
from typing import Final

from checker.authoring.lint.check import Check, Note
from checker.authoring.lint.comparing import Finding
from checker.expression.syntax import Ast

_SHORT: Final = 60


class Notes:
    """Takes findings about the nodes of an expression.

    Attributes:
        found: The findings.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Note] = []

    def add(self, check: Check, node: Ast, cause: str, hint: str = "") -> None:
        """Note a finding, once for each place and check."""
        start, end = node["span"]
        note = Note(check=check, start=start, end=end, cause=cause, hint=hint)
        if not any(each.check is check and each.start == start for each in self.found):
            self.found.append(note)

    def add_first(self, node: Ast, findings: Iterable[Finding]) -> None:
        """Note the first of some findings, if there is one."""
        for found in findings:
            self.add(found.check, node, found.cause, found.hint)
            return

    def forget_at(self, node: Ast) -> None:
        """Forget what was found where a plainer finding follows."""
        self.found = [each for each in self.found if each.start != node["span"][0]]

    def written(self, node: Ast) -> str:
        """Give the text of a node."""
        start, end = node["span"]
        return self.text[start:end]

    def shown(self, node: Ast) -> str:
        """Give the text of a node on one line, and not long."""
        text = " ".join(self.written(node).split())
        return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
