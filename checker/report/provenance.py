"""Where a report comes from: the files and settings behind it, and what people state about it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field, structs

from checker.aws import Json
from checker.limits import Limits
from checker.policy.packs import Pack
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from checker.policy.scalars import Text
from checker.policy.shape import Field, Record
from checker.policy.yaml_source import FileRead
from checker.report.manifest import manifest_of
from checker.report.mask import Mask
from checker.report.model import Input, Report
from checker.report.provenance_model import AppliedFile, FileKind, Obtained, Provenance, Stated

NOT_VERIFIED = "as stated, not verified"

OBTAINED: Record[dict[str, str]] = Record(
    make=dict,
    expected="how the logs were obtained",
    hint="obtained: {trail: …, location: …, by: …, at: …, command: …}",
    fields=(
        Field(name="trail", shape=Text(), doc="The trail or event data store of the logs."),
        Field(name="location", shape=Text(), doc="Where they were taken from, such as a bucket."),
        Field(name="by", shape=Text(), doc="Who obtained them."),
        Field(name="at", shape=Text(), doc="When they were obtained."),
        Field(name="command", shape=Text(), doc="The command that fetched them."),
    ),
)


def stated_as(
    prepared_by: str = "", purpose: str = "", obtained: Mapping[str, str] | None = None
) -> Stated:
    """Give what is stated; what is not is empty.

    Args:
        prepared_by: Who prepared the report.
        purpose: What for.
        obtained: How the logs were obtained, by the names of `OBTAINED`.
    """
    how = {each.name: (obtained or {}).get(each.name, "") for each in OBTAINED.fields}
    return Stated(prepared_by=prepared_by, purpose=purpose, obtained=Obtained(**how))


NOTHING_STATED = stated_as()


class Given(Struct, frozen=True, kw_only=True):
    """What a run was given from outside, as far as a report is to say it.

    Attributes:
        configuration: The configuration files that were read.
        params: The parameters files that were read.
        waivers: The file of waivers that was read.
        baseline: The baseline that was read.
        settings: Those that can change an answer, by the names that the configuration has for
            them; what is None or empty is not told.
        stated: What people state, and the program cannot know.
    """

    configuration: tuple[FileRead, ...] = ()
    params: tuple[FileRead, ...] = ()
    waivers: FileRead | None = None
    baseline: FileRead | None = None
    settings: Mapping[str, Json] = field(default_factory=dict)
    stated: Stated = NOTHING_STATED


NOTHING_GIVEN = Given()


def provenance_of(
    inputs: Sequence[Input], packs: Sequence[Pack], given: Given, mask: Mask
) -> Provenance:
    """Say where a report comes from.

    Args:
        inputs: What was judged.
        packs: Those of the rules that were applied.
        given: What came from outside.
        mask: Takes out of a stated command what must not be shown.
    """
    return Provenance(
        manifest=manifest_of(inputs),
        files=[
            *(_applied("configuration", each) for each in given.configuration),
            *(_applied("pack", pack.file) for pack in packs if pack.file),
            *(_applied("params", each) for each in given.params),
            *([_applied("waivers", given.waivers)] if given.waivers else []),
            *([_applied("baseline", given.baseline)] if given.baseline else []),
        ],
        settings={
            name: value
            for name, value in sorted(given.settings.items())
            if value is not None and value not in ("", [], {})
        },
        stated=_masked(given.stated, mask),
    )


def changed_limits(limits: Limits) -> dict[str, int]:
    """Give the limits that are not the default ones."""
    return {
        each.name: getattr(limits, each.name)
        for each in structs.fields(Limits)
        if getattr(limits, each.name) != each.default
    }


def given_parameters(rules: Sequence[Rule], settings: Settings) -> dict[str, Json]:
    """Give the parameter values that came from outside, as the rules read them."""
    return {
        f"{rule.id}.{name}": rule.values[name]
        for rule in rules
        for name in sorted(rule.values)
        if settings.node_for(rule.id, name) is not None
    }


def stated(report: Report) -> list[tuple[str, str]]:
    """Give what was stated about a report: what it is about, and that in words."""
    told = report.provenance.stated
    obtained = structs.asdict(told.obtained)
    how = ", ".join(f"{name}: {text}" for name, text in obtained.items() if text)
    parts = (("prepared by", told.prepared_by), ("purpose", told.purpose), ("logs obtained", how))
    return [(f"{name} ({NOT_VERIFIED})", text) for name, text in parts if text]


def _applied(kind: FileKind, file: FileRead) -> AppliedFile:
    return AppliedFile(kind=kind, path=file.path, sha256=file.sha256)


def _masked(stated: Stated, mask: Mask) -> Stated:
    obtained = structs.asdict(stated.obtained)
    return stated_as(
        mask.text(stated.prepared_by),
        mask.text(stated.purpose),
        {name: mask.text(text) for name, text in obtained.items()},
    )
