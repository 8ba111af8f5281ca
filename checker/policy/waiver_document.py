"""The waivers document: each key of `waivers.yaml` declared once, for reading and for the schema."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AbcMapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.errors import Place, Problem, UsageError, did_you_mean
from checker.expression.expression import Expression
from checker.limits import DEFAULT, Limits
from checker.policy.nodes import Node
from checker.policy.rule import MatchEntry
from checker.policy.rule_shapes import ID_PATTERN, Condition, OneOrMore, choice
from checker.policy.scalars import ONE_LINE, Flag, Instant, Text
from checker.policy.shape import DIALECT, Field, Many, Record, Shape, ShapeError, defect
from checker.policy.waiver import Waiver, WaiverBook, WaiverKind, WaiverScope
from checker.policy.yaml_source import load_file

_SCOPE_HINT = "write scope: {match: {requestParameters.policyName: Example}}, or {all: true}"
_LINE = Text(expected="a text in one line", pattern=ONE_LINE, max_length=1_000)
_ID = Text(expected="a waiver id", pattern=ID_PATTERN, hint="kebab-case")


class _ScopeParts(Struct, frozen=True, kw_only=True):
    match: tuple[tuple[MatchEntry, ...], ...] = ()
    where: Expression | None = None
    all: bool = False


class _ScopeShape(Struct, frozen=True):
    """A scope that says what it is about: a condition, or `all: true` in so many words."""

    record: Shape[_ScopeParts]

    def read(self, node: Node) -> WaiverScope:
        parts = self.record.read(node)
        scope = WaiverScope(match=parts.match, where=parts.where)
        if scope.is_all and not parts.all:
            raise defect(
                node.place, "scope: it has no condition, and does not say all", _SCOPE_HINT
            )
        if parts.all and not scope.is_all:
            raise defect(node.place, "scope: all, and a condition beside it", _SCOPE_HINT)
        if scope.where and scope.where.parameters:
            names = ", ".join(f"${name}" for name in sorted(scope.where.parameters))
            cause = f"scope: where reads {names}; a waiver has no parameters"
            raise defect(node.place, cause, "write the value itself")
        return scope

    def schema(self) -> dict[str, Json]:
        return self.record.schema()


class _WaiverShape(Struct, frozen=True):
    """A waiver whose dates are in order, with the place where it stands."""

    record: Shape[Waiver]

    def read(self, node: Node) -> Waiver:
        try:
            waiver = self.record.read(node)
        except ShapeError as error:
            # What only the keys together show was found without a place.
            placed = [
                each if _has_place(each) else replace(each, place=node.place)
                for each in error.problems
            ]
            raise ShapeError(*placed) from error
        if waiver.expires <= waiver.approved_on:
            cause = f"waiver {waiver.id}: it expires before it begins"
            raise defect(node.place, cause, "expires is the first instant not covered; UTC")
        return replace(waiver, place=node.place)

    def schema(self) -> dict[str, Json]:
        return self.record.schema()


def _waiver(  # noqa: PLR0913 - one argument for each key
    *,
    id: str,  # noqa: A002 - as the key is called
    rule: str,
    scope: WaiverScope,
    kind: WaiverKind,
    reason: str,
    owner: str,
    approved_by: str,
    approved_on: datetime,
    expires: datetime,
    ticket: str = "",
    retroactive: bool = False,
    retroactive_reason: str = "",
) -> Waiver:
    place = Place(path="")
    if retroactive and not retroactive_reason:
        hint = "retroactive_reason: why what happened before the approval is covered"
        raise defect(place, f"waiver {id}: retroactive, without a retroactive_reason", hint)
    if retroactive_reason and not retroactive:
        cause = f"waiver {id}: a retroactive_reason, without retroactive: true"
        raise defect(place, cause, "say both, or neither")
    return Waiver(
        id=id,
        rule=rule,
        scope=scope,
        kind=kind,
        reason=reason,
        owner=owner,
        approved_by=approved_by,
        ticket=ticket,
        approved_on=approved_on,
        expires=expires,
        retroactive=retroactive_reason,
        place=place,
    )


SCOPE = _ScopeShape(
    Record(
        make=_ScopeParts,
        expected="a scope",
        hint=_SCOPE_HINT,
        fields=(
            Field(
                name="match",
                shape=OneOrMore(),
                doc="Paths and values of the events that it is about, as in a rule.",
            ),
            Field(
                name="where",
                shape=Condition("where"),
                doc="A JMESPath condition that holds of them.",
            ),
            Field(
                name="all",
                shape=Flag("true"),
                doc="`true`: every violation of the rule; to be said, so that nothing is by accident.",
            ),
        ),
    )
)

WAIVER = _WaiverShape(
    Record(
        make=_waiver,
        expected="a waiver",
        hint="a waiver has id, rule, scope, kind, reason, owner, approved_by, approved_on and expires",
        fields=(
            Field(name="id", shape=_ID, doc="Unique, kebab-case.", required=True),
            Field(
                name="rule",
                shape=Text(expected="a rule id", pattern=ID_PATTERN, hint="kebab-case"),
                doc="The id of the rule that it is an exception to.",
                required=True,
            ),
            Field(name="scope", shape=SCOPE, doc="Which of its violations.", required=True),
            Field(
                name="kind",
                shape=choice(WaiverKind, "a kind of waiver"),
                doc="Why they need not count.",
                required=True,
            ),
            Field(name="reason", shape=_LINE, doc="The same, in words.", required=True),
            Field(name="owner", shape=_LINE, doc="Who answers for it.", required=True),
            Field(name="approved_by", shape=_LINE, doc="Who approved it.", required=True),
            Field(name="ticket", shape=_LINE, doc="Where that is written."),
            Field(
                name="approved_on",
                shape=Instant(),
                doc="The first instant that it covers (a date is its first second in UTC).",
                required=True,
            ),
            Field(
                name="expires",
                shape=Instant(),
                doc="The first instant that it does not cover any more; a date likewise.",
                required=True,
            ),
            Field(
                name="retroactive",
                shape=Flag("true or false"),
                doc="Whether it covers what happened before its approval, too; listed apart.",
            ),
            Field(
                name="retroactive_reason",
                shape=_LINE,
                doc="Why it does; required with it.",
            ),
        ),
    )
)


class _Waivers(Struct, frozen=True, kw_only=True):
    waivers: tuple[Waiver, ...] = ()


WAIVERS: Record[_Waivers] = Record(
    make=_Waivers,
    expected="a file of waivers",
    hint="write waivers: [{id: …, rule: …, scope: …, …}]",
    fields=(
        Field(
            name="waivers",
            shape=Many(item=WAIVER, expected="a list of waivers"),
            doc="The waivers.",
            required=True,
        ),
    ),
)


def load_waivers(path: Path, limits: Limits = DEFAULT) -> WaiverBook:
    """Read a file of waivers.

    Raises:
        UsageError: With every problem in it.
    """
    document = load_file(path, path.as_posix(), limits)
    try:
        waivers = WAIVERS.read(document.root).waivers
    except ShapeError as error:
        raise UsageError(error.problems) from error
    problems = tuple(_doubles(waivers))
    if problems:
        raise UsageError(problems)
    return WaiverBook(waivers=tuple(sorted(waivers, key=lambda each: each.id)), file=document.file)


def refuse_unknown_rules(book: WaiverBook, known: Iterable[str]) -> None:
    """Refuse waivers of rules that there are not: a typing error would never waive, nor be told.

    Args:
        book: The waivers.
        known: The ids of all rules that there are, judged in this run or not.

    Raises:
        UsageError: A waiver is of none of them.
    """
    ids = frozenset(known)
    problems = [
        Problem(
            code="waiver-rule",
            cause=f"waiver {each.id}: there is no rule '{each.rule}'",
            place=each.place,
            hint=did_you_mean(each.rule, sorted(ids)),
        )
        for each in book.waivers
        if each.rule not in ids
    ]
    if problems:
        raise UsageError(problems)


def waivers_schema() -> AbcMapping[str, Json]:
    """Give the JSON Schema (draft 2020-12) of a file of waivers."""
    return {"$schema": DIALECT, "title": "trailcheck waivers", **WAIVERS.schema()}


def _has_place(problem: Problem) -> bool:
    return problem.place is not None and bool(problem.place.path)


def _doubles(waivers: Iterable[Waiver]) -> Iterator[Problem]:
    first: dict[str, Waiver] = {}
    for each in waivers:
        if each.id in first:
            cause = f"the waiver id '{each.id}' is also that in line {first[each.id].place.line}"
            yield Problem(
                code="waiver-id-twice", cause=cause, place=each.place, hint="ids are unique"
            )
        first.setdefault(each.id, each)
