"""The shape of a cadence: how often something must occur, and of whom."""

from msgspec import Struct

from checker.aws import Json
from checker.policy.nodes import Node, Scalar, entries_of, kind_of
from checker.policy.rule import Cadence, Calendar, Per
from checker.policy.rule_shapes import GROUP_BY, NAME_PATTERN, choice
from checker.policy.scalars import Duration, Text
from checker.policy.shape import Field, Record, Shape, defect

_GROUPS_PATTERN = rf"\$(?!event$){NAME_PATTERN}"


class GroupsShape(Struct, frozen=True):
    """The name of a parameter that holds a list."""

    def read(self, node: Node) -> str:
        expected = "groups: expected a list parameter such as $keys"
        hint = "declare the list under params, keys: {type: [string]}, and write groups: $keys"
        if not isinstance(node, Scalar):
            raise defect(node.place, f"{expected}, found {kind_of(node)}", hint)
        text = Text(expected="a list parameter", pattern=_GROUPS_PATTERN, hint=hint).read(node)
        return text[1:]

    def schema(self) -> dict[str, Json]:
        return Text(pattern=_GROUPS_PATTERN).schema()


class CadenceShape(Struct, frozen=True):
    """A cadence whose groups, where they are listed, are values of one expression."""

    record: Shape[Cadence]

    def read(self, node: Node) -> Cadence:
        cadence = self.record.read(node)
        given = entries_of(node)
        if cadence.groups and len(cadence.group_by) != 1:
            found = f"{len(cadence.group_by)} expressions" if cadence.group_by else "none"
            cause = f"groups lists values of one group_by expression; found {found}"
            hint = "write group_by: requestParameters.keyId beside groups: $keys"
            raise defect(given["groups"][0].place, cause, hint, "rule-keys")
        return cadence

    def schema(self) -> dict[str, Json]:
        one = {"anyOf": [{"type": "string"}, {"maxItems": 1}]}
        groups = {"required": ["group_by"], "properties": {"group_by": one}}
        return {**self.record.schema(), "dependentSchemas": {"groups": groups}}


CADENCE = CadenceShape(
    Record(
        make=Cadence,
        expected="a cadence",
        fields=(
            Field(
                name="every",
                shape=Duration(),
                doc="The longest time without an event: a whole number and one of s, m, h, d, w.",
            ),
            Field(
                name="calendar",
                shape=choice(Calendar, "a calendar period"),
                doc="Instead of `every`: an event in each such period, in UTC.",
            ),
            Field(
                name="per",
                shape=choice(Per, "whose cadence it is"),
                doc="Of each account or region that the logs show, whether or not it has an event in scope.",
            ),
            Field(
                name="group_by",
                shape=GROUP_BY,
                doc="Instead of `per`: of each group that these expressions give.",
            ),
            Field(
                name="groups",
                shape=GroupsShape(),
                doc="With `group_by`: the list parameter, `$name`, of the groups that must occur.",
            ),
        ),
        hint="write cadence: {every: 90d, per: account}",
        exactly_one_of=(("every", "calendar"), ("per", "group_by")),
    )
)
