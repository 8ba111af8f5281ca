"""The tests of a rule as written: cases in its own file, and in files beside it."""

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.policy.cases import BASE_AND_CASES, Drafts
from checker.policy.nodes import Node
from checker.policy.rule import Case
from checker.policy.scalars import Text
from checker.policy.shape import DIALECT, Field, Many, Record, defect
from checker.policy.side_file import SideFile

TESTS_SUFFIXES = (".tests.yaml", ".tests.yml")
"""How the name of a file of tests ends; no such file is a rule."""

_FILE_NAME = Text(
    expected="the name of a file of tests",
    pattern=r"(?!.*(^|/)\.)[^/\\\x00-\x1f][^\\\x00-\x1f]*\.tests\.ya?ml",
    hint="a name that ends in .tests.yaml, from the rule's folder on and not out of it: "
    "fixtures/attach-policy.tests.yaml",
)


class _File(Struct, frozen=True):
    """The name of a file of tests, with its place."""

    def read(self, node: Node) -> SideFile:
        return SideFile(_FILE_NAME.read(node), node.place)

    def schema(self) -> dict[str, Json]:
        return _FILE_NAME.schema()


class Cases(Struct, frozen=True, kw_only=True):
    """The tests of a rule, as far as they stand in its own file.

    Attributes:
        files: Where there are more, which only who runs the tests reads.
        base: What the cases in these files change, where they have no base of their own.
    """

    cases: tuple[Case, ...] = ()
    files: tuple[SideFile, ...] = ()
    base: dict[str, Json] | None = None


class CasesShape(Struct, frozen=True):
    """The tests of a rule: cases, or files of cases, or both."""

    record: Record[Drafts]

    def read(self, node: Node) -> Cases:
        drafts = self.record.read(node)
        if not drafts.cases and not drafts.files:
            hint = "write cases: [{name: …, expect: pass}], or files: [NAME.tests.yaml]"
            raise defect(node.place, "tests lacks 'cases'", hint, "rule-missing-key")
        return Cases(cases=drafts.complete(None), files=drafts.files, base=drafts.base)

    def schema(self) -> dict[str, Json]:
        some = [{"required": ["cases"]}, {"required": ["files"]}]
        return {**self.record.schema(), "anyOf": some}


def read_cases(node: Node, base: dict[str, Json] | None) -> tuple[Case, ...]:
    """Read a file of tests.

    Args:
        node: The document.
        base: That of the rule, for a file without its own.

    Raises:
        ShapeError: With every defect.
    """
    return FILE_OF_TESTS.read(node).complete(base)


def cases_schema() -> dict[str, Json]:
    """Give the JSON Schema (draft 2020-12) of a file of tests."""
    return {"$schema": DIALECT, "title": "trailcheck tests", **FILE_OF_TESTS.schema()}


TESTS = CasesShape(
    Record(
        make=Drafts,
        expected="tests",
        fields=(
            *BASE_AND_CASES,
            Field(
                name="files",
                shape=Many(item=_File(), expected="a list of files of tests", or_one=True, least=1),
                doc="Files with more cases, each with `cases` and perhaps a `base`, as here.",
            ),
        ),
    )
)

FILE_OF_TESTS = Record(
    make=Drafts,
    expected="a file of tests",
    fields=tuple(replace(each, required=each.name == "cases") for each in BASE_AND_CASES),
    hint="write cases: [{name: …, expect: pass}], and perhaps a base above them",
)
