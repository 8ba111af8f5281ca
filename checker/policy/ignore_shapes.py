"""The shape of what a rule ignores of the linter's findings."""

from typing import Final

from checker.aws import Json
from checker.errors import Place
from checker.policy.nodes import Node
from checker.policy.rule import Ignore
from checker.policy.scalars import ONE_LINE, Text
from checker.policy.shape import Field, Many, Record


class _Code:
    """A code, with its place."""

    _TEXT: Final = Text(
        expected="a code of the linter",
        pattern="TC[0-9]{3}",
        hint="the code that stands in brackets behind the finding, such as TC202",
    )

    def read(self, node: Node) -> tuple[str, Place]:
        return self._TEXT.read(node), node.place

    def schema(self) -> dict[str, Json]:
        return self._TEXT.schema()


def _ignore(*, code: tuple[str, Place], reason: str) -> Ignore:
    text, place = code
    return Ignore(code=text, reason=reason, place=place)


def _ignores(*, ignore: tuple[Ignore, ...] = ()) -> tuple[Ignore, ...]:
    return ignore


_IGNORE: Record[Ignore] = Record(
    make=_ignore,
    expected="an ignore",
    fields=(
        Field(name="code", shape=_Code(), doc="The code of the finding.", required=True),
        Field(
            name="reason",
            shape=Text(
                expected="a reason",
                pattern=ONE_LINE,
                hint="one line that says why the finding does not hold here",
            ),
            doc="Why it does not hold here.",
            required=True,
        ),
    ),
    hint="write {code: TC202, reason: Absence is a violation here.}",
)

IGNORES: Record[tuple[Ignore, ...]] = Record(
    make=_ignores,
    expected="settings of the linter",
    fields=(
        Field(
            name="ignore",
            shape=Many(item=_IGNORE, expected="a list of ignores", or_one=True, least=1),
            doc="Findings that the rule does without, each with its reason.",
        ),
    ),
    hint="write lint: {ignore: [{code: TC202, reason: Absence is a violation here.}]}",
)
