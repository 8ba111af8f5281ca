"""The rule document: each key of a rule declared once, for reading and for the JSON Schema."""

from collections.abc import Mapping as AbcMapping

from checker.aws import Json
from checker.policy.case_files import TESTS, Cases
from checker.policy.needs import Needs
from checker.policy.parameters import make_parameter
from checker.policy.rule import (
    Cadence,
    ControlRef,
    Correlation,
    Effective,
    Ignore,
    OutcomeScope,
    Relation,
    Rule,
    Severity,
)
from checker.policy.rule_record import RuleRecord
from checker.policy.rule_shapes import (
    ID_PATTERN,
    NAME,
    NAME_PATTERN,
    Condition,
    ControlShape,
    EffectiveShape,
    Forbidden,
    MessageText,
    OneOrMore,
    Raw,
    TypeShape,
    choice,
)
from checker.policy.scalars import ONE_LINE, Duration, Instant, Text
from checker.policy.shape import DIALECT, Field, Later, Many, Record, Shape, Table


def _correlation() -> Shape[Correlation]:
    # Imported here: a check with rules of one event alone starts faster without it.
    from checker.policy.correlation_shapes import CORRELATION  # noqa: PLC0415

    return CORRELATION


def _cadence() -> Shape[Cadence]:
    # Imported here: as above.
    from checker.policy.cadence_shapes import CADENCE  # noqa: PLC0415

    return CADENCE


def _needs() -> Shape[Needs]:
    # Imported here: as above.
    from checker.policy.needs_shapes import NEEDS  # noqa: PLC0415

    return NEEDS


def _ignores() -> Shape[tuple[Ignore, ...]]:
    # Imported here: as above.
    from checker.policy.ignore_shapes import IGNORES  # noqa: PLC0415

    return IGNORES


CONTROL = ControlShape(
    Record(
        make=ControlRef,
        expected="a control",
        fields=(
            Field(
                name="id",
                shape=Text(expected="a control id"),
                doc="The control's id.",
                required=True,
            ),
            Field(
                name="relation",
                shape=choice(Relation, "a relation"),
                doc="`tests` when a violation is an exception to the control; `supports` otherwise.",
            ),
        ),
        hint="write its id, or {id: ac-6.9, relation: tests}",
    )
)

_PARAMETER_NAME = Text(
    expected="a parameter's name",
    pattern=f"(?!event$){NAME_PATTERN}",
    hint="letters, digits and underscores, not beginning with a digit; $event is the event itself",
)

PARAMETERS: Table[object] = Table(
    key=_PARAMETER_NAME,
    value=Record(
        make=make_parameter,
        expected="a parameter",
        fields=(
            Field(
                name="type",
                attribute="value_type",
                shape=TypeShape(),
                doc="`string`, `integer`, `number`, `boolean`, or a list: `[string]`.",
                required=True,
            ),
            Field(name="description", shape=Text(), doc="What it means and how to choose it."),
            Field(name="default", shape=Raw(), doc="Its value when none is given."),
        ),
        hint="write approved: {type: [string], default: [alice, bob]}",
    ),
    expected="parameters by name",
)

EFFECTIVE = EffectiveShape(
    Record(
        make=Effective,
        expected="effective",
        fields=(
            Field(
                name="from",
                attribute="start",
                shape=Instant(),
                doc="In force from this instant on (a date is its first second in UTC).",
            ),
            Field(name="until", shape=Instant(), doc="In force before this instant."),
        ),
        hint="write effective: {from: 2024-12-16}",
    )
)

_URL = Text(
    expected="an http(s) address",
    pattern="https?://[^\\s]+",
    hint="write the whole address: https://…",
)

FIELDS: tuple[Field, ...] = (
    Field(
        name="id",
        shape=Text(
            expected="a rule id",
            pattern=ID_PATTERN,
            hint="kebab-case: small letters, digits and single hyphens",
        ),
        doc="Unique, kebab-case, equal to the file's name without its ending.",
        required=True,
    ),
    Field(
        name="title",
        shape=Text(
            expected="a title",
            max_length=200,
            pattern=ONE_LINE,
            hint="one line without control characters; a long one goes on after >- in the next lines",
        ),
        doc="The requirement that should hold, in one line.",
        required=True,
    ),
    Field(
        name="severity",
        shape=choice(Severity, "a severity"),
        doc="How bad a violation is.",
        required=True,
    ),
    Field(name="description", shape=Text(), doc="Why the rule exists, for the auditor."),
    Field(
        name="procedure",
        shape=Text(),
        doc="The test as an auditor would word it; generated when absent.",
    ),
    Field(name="remediation", shape=Text(), doc="What to do about a violation."),
    Field(
        name="references",
        shape=Many(item=_URL, expected="a list of addresses", or_one=True),
        doc="Where the facts come from.",
    ),
    Field(
        name="tags",
        shape=Many(
            item=Text(expected="a tag", pattern=ID_PATTERN, hint="kebab-case"),
            expected="a list of tags",
            or_one=True,
        ),
        doc="For selection.",
    ),
    Field(
        name="controls",
        shape=Table(
            key=Text(
                expected="a framework",
                pattern="[a-z0-9][a-z0-9.-]*",
                hint="for example nist-800-53-r5, cis-aws-v7.0.0, pci-dss-4.0.1, iso-27001-2022, soc2",
            ),
            value=Many(item=CONTROL, expected="a list of controls", or_one=True, least=1),
            expected="controls by framework",
        ),
        doc="Controls that the rule speaks to, by framework.",
    ),
    Field(
        name="params",
        shape=PARAMETERS,
        doc="Values that differ between organisations, read as `$name`.",
    ),
    Field(
        name="match",
        shape=OneOrMore(),
        doc="The events that the rule is about: paths and values; all must hold, in a list of mappings any. Required, but where the steps of a correlation have it.",
        required=True,
    ),
    Field(
        name="where",
        shape=Condition("where"),
        doc="A JMESPath condition that narrows the scope further.",
    ),
    Field(
        name="outcome",
        shape=choice(OutcomeScope, "an outcome"),
        doc="Which outcomes of a call are judged (default success); the rest is counted and shown.",
    ),
    Field(name="require", shape=Condition("require"), doc="True of every event in scope."),
    Field(
        name="forbid",
        shape=Forbidden("forbid"),
        doc="True of a violation; `true` forbids all of the scope.",
    ),
    Field(
        name="correlation",
        shape=Later(_correlation),
        doc="Which events, taken together within a timespan, are a violation.",
    ),
    Field(
        name="cadence",
        shape=Later(_cadence),
        doc="How often there must be an event in scope.",
    ),
    Field(
        name="requires",
        shape=Many(item=Condition("requires"), expected="a list of paths", or_one=True),
        doc="Where one of these is null, the event is undetermined.",
    ),
    Field(
        name="resource",
        shape=Condition("resource"),
        doc="What was acted on; by default the event's own `resources`.",
    ),
    Field(
        name="message",
        shape=MessageText(),
        doc="One line about a violation, with `{JMESPath}` placeholders.",
    ),
    Field(
        name="evidence",
        shape=Table(key=NAME, value=Condition("evidence"), expected="evidence fields by name"),
        doc="What a reader of a violation wants to see, by name.",
    ),
    Field(name="effective", shape=EFFECTIVE, doc="When the rule is in force, judged on eventTime."),
    Field(
        name="notice",
        shape=Duration(),
        doc="How long before `effective: from` what would break the rule is listed as upcoming; it never gates.",
    ),
    Field(
        name="needs",
        shape=Later(_needs),
        doc="What the logs of an account must hold for the rule to be judged; derived from its scope when absent.",
    ),
    Field(name="tests", shape=TESTS, doc="Events and what the rule must say of them."),
    Field(
        name="lint",
        attribute="ignores",
        shape=Later(_ignores),
        doc="What `trailcheck lint` need not find in the rule.",
    ),
)


def _make_rule(*, tests: Cases | None = None, **fields: Json) -> Rule:
    given = tests or Cases()
    return Rule(tests=given.cases, test_files=given.files, test_base=given.base, **fields)


RULE = RuleRecord(
    make=_make_rule,
    expected="a rule",
    fields=FIELDS,
    hint="a file holds one rule: id, title, severity, match, and require, forbid, correlation or cadence",
    exactly_one_of=(("require", "forbid", "correlation", "cadence"),),
)


def rule_schema() -> AbcMapping[str, Json]:
    """Give the JSON Schema (draft 2020-12) of a rule document."""
    # Imported here: only who prints the schema needs what editors show of it.
    from checker.policy.schema_hints import with_hints  # noqa: PLC0415

    return {
        "$schema": DIALECT,
        "title": "trailcheck rule",
        "description": "One rule of trailcheck: which CloudTrail events it is about, and what must hold of them.",
        **with_hints(RULE.schema()),
    }
