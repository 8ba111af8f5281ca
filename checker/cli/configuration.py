"""The configuration: what the command line would say every time, and the shape it is written in."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import FieldInfo, fields

from checker.aws import Json
from checker.limits import Limits
from checker.policy.audit_scope import SCOPE, UNSTATED, AuditScope
from checker.policy.nodes import Node, Scalar
from checker.policy.parameters import Settings
from checker.policy.rule import Severity
from checker.policy.rule_shapes import ID_PATTERN, Raw
from checker.policy.scalars import ONE_LINE, Flag, Quantity, Text
from checker.policy.selection import SELECTOR, Selection, Selector
from checker.policy.shape import Field, Many, Record, Table
from checker.policy.yaml_source import FileRead
from checker.report.formats import FORMATS, STREAMS, TEMPLATE, template_of
from checker.report.provenance import OBTAINED
from checker.verdict.gate import OFF, Gate

FILE: Final = "trailcheck.yaml"
PYPROJECT: Final = "pyproject.toml"
TABLE: Final = ("tool", "trailcheck")
"""Where a configuration stands in a TOML file."""

PREFIX: Final = "TRAILCHECK_"
CONFIG_VARIABLE: Final = f"{PREFIX}CONFIG"
"""The variable that names the configuration file, as `--config` does."""

SEVERITIES_AND_OFF: Final = (*(each.value for each in Severity), OFF)

_FORMAT: Final = Text(expected="a format", choices=(*(each.name for each in FORMATS), *STREAMS))

GIVEN_PARAMETERS = Table(key=Text(), value=Raw(), expected="parameters by name")


class Configuration(Struct, frozen=True, kw_only=True):
    """What is configured; None, or nothing in it, where something is not.

    Attributes:
        paths: Trail logs.
        rules: Files, folders and names of bundled packs.
        params: Parameter values; the first layer that has a value gives it.
        outputs: Report paths by format.
        fail_on: A severity, or `none`.
        owners: Who answers for a control, by `FRAMEWORK` or `FRAMEWORK:ID`, both globs.
        accounts: Names of accounts, by their ids.
        not_applicable: Why the owner declares rules not applicable, by their ids.
        waivers: A file of waivers; empty for none.
        baseline: A file of known violations; empty for none.
        scope: Which logs there should be.
        bounds: Limits that are not the default ones, by name.
        obtained: How the logs were obtained, as stated, by the names of its shape.
        files: What it was read from, as it is from the working directory.
    """

    paths: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    select: tuple[Selector, ...] = ()
    exclude: tuple[Selector, ...] = ()
    params: Settings = field(default_factory=Settings)
    fail_on: str | None = None
    soft_fail: tuple[Selector, ...] = ()
    require_evidence: bool | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    waivers: str = ""
    baseline: str = ""
    since: str | None = None
    until: str | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    scope: AuditScope | None = None
    bounds: Mapping[str, int] = field(default_factory=dict)
    prepared_by: str = ""
    purpose: str = ""
    obtained: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileRead, ...] = ()

    @property
    def selection(self) -> Selection:
        """Which of the rules are judged."""
        return Selection(select=self.select, exclude=self.exclude)

    @property
    def gate(self) -> Gate:
        """What is asked of a run."""
        word = self.fail_on or Severity.LOW
        return Gate(
            fail_on=None if word == OFF else Severity(word),
            soft_fail=self.soft_fail,
            require_evidence=bool(self.require_evidence),
        )

    @property
    def bounds_of_period(self) -> tuple[str | None, str | None]:
        """Where the period begins and ends, as written; what names a time itself goes first."""
        stated = self.scope or UNSTATED
        return self.since or stated.since or None, self.until or stated.until or None

    @property
    def limits(self) -> Limits:
        """What is refused as too much."""
        return Limits(**self.bounds)

    def over(self, below: "Configuration") -> "Configuration":
        """Give both: what this one says wins; mappings are joined, the names here first."""
        mine, theirs = _attributes(self), _attributes(below)
        return Configuration(**{name: _joined(mine[name], theirs[name]) for name in mine})


def variable_of(name: str) -> str:
    """Name the environment variable of a key."""
    return f"{PREFIX}{name.upper()}"


def _attributes(configuration: Configuration) -> dict[str, Any]:
    return {each.name: getattr(configuration, each.name) for each in fields(Configuration)}


def _joined(mine: Any, theirs: Any) -> Any:
    """Give what is in force of one attribute: of whatever type it has, in both of them."""
    if isinstance(mine, Settings) and isinstance(theirs, Settings):
        return mine.over(theirs)
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return {**mine, **{key: theirs[key] for key in theirs if key not in mine}}
    return theirs if mine in (None, (), "") else mine


class _Format(Struct, frozen=True):
    """The name of a format, or `template:` and a path."""

    def read(self, node: Node) -> str:
        if isinstance(node, Scalar) and template_of(node.text):
            return node.text
        return _FORMAT.read(node)

    def schema(self) -> dict[str, Json]:
        template = {"type": "string", "pattern": f"^{TEMPLATE}.+$"}
        return {"anyOf": [_FORMAT.schema(), template]}


class _Params(Struct, frozen=True):
    """Parameter values by `name` or `rule-id.name`."""

    def read(self, node: Node) -> Settings:
        return Settings((GIVEN_PARAMETERS.read(node),))

    def schema(self) -> dict[str, Json]:
        return GIVEN_PARAMETERS.schema()


_PATHS = Many(item=Text(expected="a path"), expected="a list of paths", or_one=True, least=1)
_SELECTORS = Many(item=SELECTOR, expected="a list of selectors of rules", or_one=True, least=1)
_LINE = Text(expected="a name in one line", pattern=ONE_LINE, max_length=200)
_CONTROL = Text(
    expected="a control",
    pattern=r"[^\s:]+(:[^\s:]+)?",
    hint="FRAMEWORK or FRAMEWORK:ID, both globs, such as nist-800-53-r5:ac-6*",
)
_RULE = Text(expected="a rule id", pattern=ID_PATTERN, hint="kebab-case")
_ACCOUNT = Text(expected="an account id", pattern="[0-9]{12}", hint="twelve digits, in quotes")


def _limit(limit: FieldInfo) -> Field:
    (about,) = limit.type.__metadata__
    return Field(
        name=limit.name,
        # A bound where there is one: what nests deeper would run out of stack.
        shape=Quantity(most=about.le) if about.le else Quantity(),
        doc=f"{about.description} Default: {limit.default:,}.",
    )


LIMITS: Record[dict[str, int]] = Record(
    make=dict, expected="limits", fields=tuple(_limit(each) for each in fields(Limits))
)

CONFIGURATION: Record[Configuration] = Record(
    make=Configuration,
    expected="the configuration",
    fields=(
        Field(name="paths", shape=_PATHS, doc="Trail logs: files, folders, globs."),
        Field(name="rules", shape=_PATHS, doc="Rule files, folders, names of bundled packs."),
        Field(name="select", shape=_SELECTORS, doc="Judge only the rules that one of them means."),
        Field(name="exclude", shape=_SELECTORS, doc="Judge no rule that one of them means."),
        Field(name="params", shape=_Params(), doc="Parameter values, by `name` or `rule-id.name`."),
        Field(
            name="fail_on",
            shape=Text(expected="a severity", choices=SEVERITIES_AND_OFF),
            doc="The least severity of a failing rule that fails the gate; `none` turns it off.",
        ),
        Field(
            name="soft_fail",
            shape=_SELECTORS,
            doc="Rules whose failures are reported and do not fail the gate.",
        ),
        Field(
            name="require_evidence",
            shape=Flag(expected="true or false"),
            doc="Whether a verdict `no_evidence` makes the run incomplete.",
        ),
        Field(
            name="outputs",
            shape=Table(
                key=_Format(),
                value=Text(expected="a path"),
                expected="report paths by format",
            ),
            doc="Reports to write, by format; `template:FILE` is a template of your own.",
        ),
        Field(
            name="not_applicable",
            shape=Table(key=_RULE, value=_LINE, expected="reasons by rule id"),
            doc="Rules that the owner declares not applicable, each with the reason; a violation counts all the same.",
        ),
        Field(
            name="waivers",
            shape=Text(expected="a path"),
            doc="A file of waivers: written, approved exceptions that expire.",
        ),
        Field(
            name="baseline",
            shape=Text(expected="a path"),
            doc="A file of known violations, which do not fail the gate.",
        ),
        Field(
            name="since",
            shape=Text(expected="a time"),
            doc="Judge events from this time on, as --since says it.",
        ),
        Field(
            name="until",
            shape=Text(expected="a time"),
            doc="Judge events before this time, as --until says it.",
        ),
        Field(
            name="owners",
            shape=Table(key=_CONTROL, value=_LINE, expected="owners by control"),
            doc="Who answers for a control, by `FRAMEWORK` or `FRAMEWORK:ID`, both globs; "
            "the first that fits.",
        ),
        Field(
            name="accounts",
            shape=Table(key=_ACCOUNT, value=_LINE, expected="names by account id"),
            doc="Names of accounts for people, by account id.",
        ),
        Field(
            name="scope",
            shape=SCOPE,
            doc="Which logs there should be: accounts, Regions, trails and the period.",
        ),
        Field(
            name="prepared_by",
            shape=Text(expected="a name"),
            doc="Who prepares the reports; stated in them, not verified.",
        ),
        Field(
            name="purpose",
            shape=Text(),
            doc="What the reports are for; stated in them, not verified.",
        ),
        Field(
            name="obtained",
            shape=OBTAINED,
            doc="How the logs were obtained; stated in reports, not verified.",
        ),
        Field(
            name="limits",
            shape=LIMITS,
            doc="Bounds on what a run reads and computes.",
            attribute="bounds",
        ),
    ),
)
