"""Why one rule says what it says of one event: everything that it asked, and what would change it."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from msgspec import Struct

from checker.authoring import explain_model as model
from checker.authoring.explain_change import change_of
from checker.authoring.explain_step import Asked, EntryAsked, StepAnswer, StepExplainer
from checker.aws import Json
from checker.aws.identity import principal
from checker.aws.time import format_time
from checker.engine.compiled_rule import gravest
from checker.engine.finding import Finding, Judged
from checker.engine.grouping import names_of
from checker.engine.scope import Scope
from checker.engine.subject import Subject
from checker.engine.waiving import COVERING, Standing, Waiving
from checker.expression.message import compile_message
from checker.expression.trace import Part, State, deciding
from checker.limits import DEFAULT, Limits
from checker.policy.rule import Rule
from checker.policy.waiver import Waiver
from checker.report.mask import MakeMask, Mask, Masked
from checker.trail.event import event_account, text_in
from checker.trail.record import Record

_NAMES: Final[Mapping[Finding, model.FindingName]] = {
    Finding.ERROR: "error",
    Finding.UNDETERMINED: "undetermined",
    Finding.VIOLATION: "violation",
    Finding.KNOWN: "violation",
    Finding.WAIVED: "violation",
    Finding.COUNTED: "counted",
    Finding.CONFORMING: "conforming",
    Finding.UPCOMING: "upcoming",
    Finding.OTHER_SUCCESS: "other_outcome",
    Finding.OTHER_DENIED: "other_outcome",
    Finding.OTHER_FAILED: "other_outcome",
}
_STATES: Final[Mapping[State, model.StateName]] = {
    State.VALUE: "value",
    State.RAISED: "raised",
    State.SKIPPED: "not_evaluated",
}
_STANDINGS: Final = {
    Standing.COVERED: "it covers this",
    Standing.COVERED_RETROACTIVELY: "it covers this, though it was approved later",
    Standing.BEFORE_APPROVAL: "this happened before it was approved",
    Standing.AFTER_END: "it had ended by then",
}


class Answer(Struct, frozen=True):
    """What a rule makes of an event, before it is put in words."""

    subject: Subject
    steps: tuple[StepAnswer, ...]

    @property
    def judged(self) -> Judged | None:
        """The finding; None where the rule is not about the event."""
        return gravest([each.judged for each in self.steps if each.judged is not None])


class Explainer:
    """Explains one rule on one event after the other."""

    def __init__(
        self,
        rule: Rule,
        limits: Limits = DEFAULT,
        waivers: Sequence[Waiver] = (),
        mask: MakeMask = Masked,
    ) -> None:
        """Make ready to explain.

        Args:
            rule: Bound to its parameters.
            limits: What one evaluation may cost.
            waivers: Of this rule.
            mask: Makes the mask for what comes out of one record.
        """
        self.rule = rule
        self._steps = tuple(StepExplainer(rule, step, limits) for step in rule.steps)
        self._waivers = tuple(waivers)
        self._waiving = Waiving(enumerate(self._waivers), limits)
        self._make_mask = mask
        self._message = compile_message(rule.message, rule.values, limits) if rule.message else None

    def ask(self, record: Record) -> Answer:
        """Ask of an event all that the engine would."""
        subject = Subject(record.event, record.time)
        return Answer(subject, tuple(each.ask(subject) for each in self._steps))

    def explain(self, record: Record, path: str) -> model.Explained:
        """Put in words what the rule makes of an event."""
        answer = self.ask(record)
        judged, mask = answer.judged, self._make_mask(record.original)
        waivers = self._stands(record) if judged and judged.finding is Finding.VIOLATION else []
        told = judged is not None and judged.finding in {Finding.VIOLATION, Finding.UPCOMING}
        return model.Explained(
            event=_event(record, path, answer.subject, mask),
            finding=finding_of(judged),
            reason=mask.text(judged.reason) if judged else "",
            message=mask.text(self._message(record.event)) if self._message and told else "",
            waived_by=next((each.id for each in waivers if each.covers), ""),
            steps=[self._step(each, mask) for each in answer.steps],
            change=change_of(self.rule, answer.steps, answer.subject, mask),
            waivers=waivers,
        )

    def _step(self, answer: StepAnswer, mask: Mask) -> model.Step:
        judged = answer.judged
        names = names_of(self.rule)
        key = dict(zip(names, answer.key, strict=False)) if answer.key else {}
        last = len(answer.asked) - 1
        return model.Step(
            name=answer.step.name,
            finding=finding_of(judged),
            reason=mask.text(judged.reason) if judged else "",
            checks=[
                *(_check(each, mask, decides=at == last) for at, each in enumerate(answer.asked)),
                *(_not_reached(name) for name in answer.unasked),
            ],
            group=masked_group(key, mask),
        )

    def _stands(self, record: Record) -> list[model.WaiverShown]:
        """Tell how every waiver of the rule stands to a violation."""
        about = self._waiving.about(record.event)
        marks = dict(self._waiving.marks(about, record.time, record.time)) if record.time else {}
        return [
            model.WaiverShown(
                id=waiver.id,
                covers=marks.get(number) in COVERING,
                standing=_standing(number in about, marks.get(number)),
                approved_on=format_time(waiver.approved_on),
                expires=format_time(waiver.expires),
                reason=waiver.reason,
            )
            for number, waiver in enumerate(self._waivers)
        ]


def finding_of(judged: Judged | None) -> model.FindingName:
    """Name a finding."""
    return _NAMES[judged.finding] if judged else "out_of_scope"


def masked_group(key: Mapping[str, str | None], mask: Mask) -> dict[str, str | None]:
    """Mask the values of a group, with their names: what some fields hold is always a secret."""
    masked: dict[str, str | None] = mask.value(dict(key))
    return masked


def _standing(is_about: bool, standing: Standing | None) -> str:  # noqa: FBT001 - one of two answers
    if not is_about:
        return "it is about others"
    return _STANDINGS[standing] if standing else "the time of this cannot be read"


def _event(record: Record, path: str, subject: Subject, mask: Mask) -> model.Event:
    event = record.event
    who = event.get("userIdentity")
    return model.Event(
        path=path,
        index=record.index,
        event_id=mask.text(text_in(event, "eventID")),
        time=mask.text(text_in(event, "eventTime")),
        source=mask.text(text_in(event, "eventSource")),
        name=mask.text(text_in(event, "eventName")),
        account=event_account(event) or "",
        region=mask.text(text_in(event, "awsRegion")),
        principal=mask.text(principal(who if isinstance(who, dict) else None) or ""),
        outcome=subject.outcome,
    )


def _check(asked: Asked, mask: Mask, *, decides: bool) -> model.Check:
    told = frozenset(map(id, deciding(asked.part))) if asked.part and decides else frozenset()
    return model.Check(
        name=asked.name,
        result=_result(asked.scope),
        detail=mask.text(asked.detail),
        decides=decides,
        alternatives=[[_entry(each, mask) for each in entries] for entries in asked.alternatives],
        tree=part_shown(asked.part, mask, told) if asked.part else None,
        hidden=list(asked.hidden),
    )


def _not_reached(name: str) -> model.Check:
    return model.Check(
        name=name,
        result="not_reached",
        detail="",
        decides=False,
        alternatives=[],
        tree=None,
        hidden=[],
    )


def _entry(entry: EntryAsked, mask: Mask) -> model.Entry:
    return model.Entry(
        path=entry.key,
        accepts=list(entry.accepts),
        value=named_value(entry.key, entry.value, mask),
        result=_result(entry.scope),
    )


def part_shown(part: Part, mask: Mask, told: frozenset[int]) -> model.Part:
    """Give a part of an expression as it is shown.

    Args:
        part: As it was traced.
        mask: For what came out of the event.
        told: The ids of the parts that decided.
    """
    return model.Part(
        expression=part.text,
        state=_STATES[part.state],
        value=named_value(part.text, part.value, mask),
        decides=id(part) in told,
        cause=mask.text(part.cause),
        unkept=part.unkept,
        parts=[part_shown(each, mask, told) for each in part.parts],
    )


def named_value(path: str, value: Json, mask: Mask) -> Json:
    """Mask a value that stands at a path, by what its last name says, too."""
    name = path.rpartition(".")[2]
    (shown,) = mask.value({name: value}).values()
    return shown


def _result(scope: Scope | None) -> model.ResultName:
    match scope:
        case Scope.IN:
            return "holds"
        case Scope.OUT:
            return "fails"
        case Scope.UNKNOWN:
            return "unknown"
        case None:
            return "raises"
        case _:
            assert_never(scope)
