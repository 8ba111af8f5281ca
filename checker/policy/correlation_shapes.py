"""The shape of a correlation: its type, its steps, and the keys that go with them."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.errors import Problem
from checker.policy.nodes import Node, Scalar, Sequence, entries_of, quoted
from checker.policy.rule import (
    Correlation,
    CorrelationType,
    OutcomeScope,
    Step,
)
from checker.policy.rule_shapes import GROUP_BY, Condition, OneOrMore, choice
from checker.policy.scalars import Duration, Flag, Text, WholeNumber
from checker.policy.shape import Field, Many, Record, Shape, ShapeError, defect, gather

_STEP_NAME_PATTERN = "[a-z0-9]+([_-][a-z0-9]+)*"
_FOR_TOO_FEW = "write gt or gte; for what must occur so often: cadence: {every: 90d, per: account}"

_WANTED: dict[CorrelationType, tuple[str, ...]] = {
    CorrelationType.EVENT_COUNT: ("condition",),
    CorrelationType.VALUE_COUNT: ("condition", "field"),
    CorrelationType.TEMPORAL: ("steps",),
    CorrelationType.TEMPORAL_ORDERED: ("steps",),
}
_REFUSED: dict[CorrelationType, tuple[str, ...]] = {
    CorrelationType.EVENT_COUNT: ("field", "steps"),
    CorrelationType.VALUE_COUNT: ("steps",),
    CorrelationType.TEMPORAL: ("condition", "field"),
    CorrelationType.TEMPORAL_ORDERED: ("condition", "field"),
}
_EXAMPLES = {
    "condition": "condition: {gte: 5}",
    "field": "field: awsRegion, whose distinct values are counted",
    "steps": "steps: [{name: created, match: {eventName: CreateUser}}, {name: used, …}]",
}
_INSTEAD = {
    "condition": "a violation is every step within the timespan; to count: type: event_count",
    "field": "field is what value_count counts",
    "steps": "match, where and outcome stand beside correlation; steps are for temporal and temporal_ordered",
}


def _at_least(*, gt: int | None = None, gte: int | None = None) -> int:
    return gt + 1 if gt is not None else gte or 1


_THRESHOLD = Record(
    make=_at_least,
    expected="a condition",
    fields=(
        Field(name="gte", shape=WholeNumber(), doc="So many, or more."),
        Field(name="gt", shape=WholeNumber(), doc="More than so many."),
    ),
    hint="write condition: {gte: 5}",
    exactly_one_of=(("gte", "gt"),),
)


class Threshold(Struct, frozen=True):
    """How many make a violation, with a word on Sigma's operators that cannot be evaluated."""

    def read(self, node: Node) -> int:
        gather(_refuse_operator, entries_of(node).values())
        return _THRESHOLD.read(node)

    def schema(self) -> dict[str, Json]:
        return _THRESHOLD.schema()


def _refuse_operator(entry: tuple[Scalar, Node]) -> None:
    key, _ = entry
    if key.text in {"eq", "neq", "lt", "lte"}:
        cause = f"condition: {key.text} is not evaluated; a window shows what occurred, not what did not"
        raise defect(key.place, cause, _FOR_TOO_FEW, "rule-keys")
    if key.text == "field":
        hint = "write it one level up: field: awsRegion"
        raise defect(key.place, "field stands beside condition, not in it", hint, "rule-keys")


_STEP = Record(
    make=Step,
    expected="a step",
    fields=(
        Field(
            name="name",
            shape=Text(
                expected="a step's name",
                pattern=_STEP_NAME_PATTERN,
                max_length=60,
                hint="small letters, digits and single hyphens or underscores",
            ),
            doc="What happens in this step, in a word.",
            required=True,
        ),
        Field(
            name="match",
            shape=OneOrMore(),
            doc="The events of this step, as in a rule of one event.",
            required=True,
        ),
        Field(name="where", shape=Condition("where"), doc="A condition that narrows it further."),
        Field(
            name="outcome",
            shape=choice(OutcomeScope, "an outcome"),
            doc="Which outcomes of a call count in this step (default success).",
        ),
        Field(
            name="group_by",
            shape=GROUP_BY,
            doc="What puts an event of this step into a group, where it differs from the others.",
        ),
        Field(
            name="negated",
            shape=Flag("true or false"),
            doc="Whether no such event may be there for a violation; only in temporal_ordered.",
        ),
    ),
    hint="write {name: created, match: {eventSource: iam.amazonaws.com, eventName: CreateUser}}",
)


class CorrelationShape(Struct, frozen=True):
    """A correlation whose keys go with its type, its steps complete."""

    record: Shape[Correlation]

    def read(self, node: Node) -> Correlation:
        correlation = self.record.read(node)
        problems = [*_keys_of_type(correlation.type, node), *_wrong_steps(correlation, node)]
        if problems:
            raise ShapeError(*problems)
        if not correlation.steps:
            return correlation
        return replace(correlation, steps=_resolved(correlation))

    def schema(self) -> dict[str, Json]:
        return {**self.record.schema(), "allOf": [_schema_of_type(each) for each in _WANTED]}


def _resolved(correlation: Correlation) -> tuple[Step, ...]:
    """Give the steps with the group_by of the correlation where they have none of their own."""
    return tuple(
        replace(step, group_by=step.group_by or correlation.group_by) for step in correlation.steps
    )


def _keys_of_type(kind: CorrelationType, node: Node) -> Iterator[Problem]:
    given = entries_of(node)
    what = f"{'an' if kind.value.startswith('e') else 'a'} {kind} correlation"
    for name in _WANTED[kind]:
        if name not in given:
            cause = f"{what} lacks '{name}'"
            hint = f"write {_EXAMPLES[name]}"
            yield Problem(code="rule-missing-key", cause=cause, place=node.place, hint=hint)
    for name in _REFUSED[kind]:
        if name in given:
            place = given[name][0].place
            yield Problem(
                code="rule-keys",
                cause=f"{what} takes no '{name}'",
                place=place,
                hint=_INSTEAD[name],
            )


def _wrong_steps(correlation: Correlation, node: Node) -> Iterator[Problem]:
    """Find steps that do not go together, or not with the type."""
    written = entries_of(node).get("steps", (None, None))[1]
    if not isinstance(written, Sequence):
        return
    keys = [entries_of(item) for item in written.items]
    seen: set[str] = set()
    for step, entries in zip(correlation.steps, keys, strict=True):
        if step.name in seen:
            yield Problem(
                code="rule-value",
                cause=f"two steps are named {quoted(step.name)}",
                place=entries["name"][1].place,
                hint="every step has a name of its own",
            )
        seen.add(step.name)
        if step.negated and correlation.type is not CorrelationType.TEMPORAL_ORDERED:
            yield Problem(
                code="rule-keys",
                cause="a negated step has its place between others, and these have no order",
                place=entries["negated"][0].place,
                hint="type: temporal_ordered",
            )
    if correlation.steps and all(step.negated for step in correlation.steps):
        yield Problem(
            code="rule-keys",
            cause="every step is negated, so no event begins or ends it",
            place=written.place,
            hint="name the event that the missing one should follow or precede; "
            "for what must occur so often: cadence: {every: 90d, per: account}",
        )
    yield from _uneven_groups(correlation, keys, written)


def _uneven_groups(
    correlation: Correlation, keys: list[dict[str, tuple[Scalar, Node]]], written: Sequence
) -> Iterator[Problem]:
    """Find the steps whose group_by has another number of expressions than that of the most."""
    sizes = [len(step.group_by) for step in _resolved(correlation)]
    ((usual, _),) = Counter(sizes).most_common(1)
    for step, size, entries, item in zip(
        correlation.steps, sizes, keys, written.items, strict=True
    ):
        if size != usual:
            place = entries["group_by"][0].place if "group_by" in entries else item.place
            yield Problem(
                code="rule-keys",
                cause=f"step {quoted(step.name)} has a group_by of length {size}, others of {usual}",
                place=place,
                hint="groups of all steps are compared, expression by expression: as many in each",
            )


def _schema_of_type(kind: CorrelationType) -> dict[str, Json]:
    then: dict[str, Json] = {
        "required": list(_WANTED[kind]),
        "properties": dict.fromkeys(_REFUSED[kind], False),
    }
    positive = {"properties": {"negated": {"const": False}}}
    if kind is CorrelationType.TEMPORAL:
        then["properties"]["steps"] = {"items": positive}
    if kind is CorrelationType.TEMPORAL_ORDERED:
        then["properties"]["steps"] = {"contains": positive}
    return {
        "if": {"properties": {"type": {"const": kind.value}}, "required": ["type"]},
        "then": then,
    }


CORRELATION = CorrelationShape(
    Record(
        make=Correlation,
        expected="a correlation",
        fields=(
            Field(
                name="type",
                shape=choice(CorrelationType, "a type of correlation"),
                doc="What makes a violation: so many events, so many distinct values, every step, or every step in this order.",
                required=True,
            ),
            Field(
                name="timespan",
                shape=Duration(),
                doc="How long a window is: a whole number and one of s, m, h, d, w.",
                required=True,
            ),
            Field(
                name="group_by",
                shape=GROUP_BY,
                doc="Expressions; only events for which all of them give the same are taken together.",
            ),
            Field(
                name="condition",
                attribute="at_least",
                shape=Threshold(),
                doc="How many events, or distinct values, in one window are a violation.",
            ),
            Field(
                name="field",
                shape=Condition("field"),
                doc="What value_count counts; null is not counted.",
            ),
            Field(
                name="steps",
                shape=Many(
                    item=_STEP,
                    expected="a list of two or more steps",
                    least=2,
                    most=16,
                    hint=f"write {_EXAMPLES['steps']}",
                ),
                doc="The events that a temporal correlation looks for, each with a `match` of its own.",
            ),
        ),
        hint="write correlation: {type: event_count, group_by: sourceIPAddress, timespan: 10m, condition: {gte: 5}}",
    )
)
