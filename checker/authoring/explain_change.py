"""What would have to be otherwise for the other verdict: no more than that, and nothing guessed."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from checker.authoring.explain_model import Change, Need
from checker.authoring.explain_step import Asked, EntryAsked, StepAnswer, cause_of
from checker.aws import Json
from checker.aws.time import format_time
from checker.engine.finding import Finding
from checker.engine.scope import Scope
from checker.engine.subject import Subject
from checker.expression.trace import Part, State
from checker.policy.rule import Rule
from checker.report.mask import Mask

_LONGEST: Final = 160
_CHOICES: Final = {"and_expression": True, "or_expression": False}
"""Kinds of parts with sides, and whether all of the sides make them true."""

_YES_OR_NO: Final = frozenset({"comparator", "not_expression"})


def change_of(
    rule: Rule, answers: Sequence[StepAnswer], subject: Subject, mask: Mask
) -> Change | None:
    """Say what would have to change in an event for the other verdict.

    Args:
        rule: Bound to its parameters.
        answers: Of each of its steps.
        subject: The event.
        mask: For what is shown of it.

    Returns:
        None where no change to the event alone could do it.
    """
    changing = _Changing(rule, subject, mask)
    if all(each.judged is None for each in answers):
        needs = [_named(each, changing.into_scope(each)) for each in answers]
        return Change(verdict="in_scope", need=any_of(needs))
    if len(answers) > 1:
        return None
    return changing.other(answers[0])


def all_of(needs: Iterable[Need]) -> Need:
    """Give one need for several that must all be met."""
    listed = _flat(needs, lambda each: each.all)
    return listed[0] if len(listed) == 1 else Need(text="", all=listed, any=[])


def any_of(needs: Iterable[Need]) -> Need:
    """Give one need for several of which one is enough."""
    listed = _flat(needs, lambda each: each.any)
    return listed[0] if len(listed) == 1 else Need(text="", all=[], any=listed)


def in_words(text: str) -> Need:
    """Give a need that is one thing."""
    return Need(text=text, all=[], any=[])


def brief(value: Json, longest: int = _LONGEST) -> str:
    """Give a value as JSON, on one line and not long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):  # numbers and depths that JSON has no text for
        return "a value that JSON cannot write"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _flat(needs: Iterable[Need], inside: Callable[[Need], list[Need]]) -> list[Need]:
    return [inner for each in needs for inner in (inside(each) or [each])]


def _named(answer: StepAnswer, need: Need) -> Need:
    """Say of which step a need is, where a rule has several."""
    return _of_step(need, f"step {answer.step.name}: ") if answer.step.name else need


def _of_step(need: Need, step: str) -> Need:
    return Need(
        text=f"{step}{need.text}" if need.text else "",
        all=[_of_step(each, step) for each in need.all],
        any=[_of_step(each, step) for each in need.any],
    )


class _Changing:
    """One event under one rule, and what could be otherwise."""

    def __init__(self, rule: Rule, subject: Subject, mask: Mask) -> None:
        self._rule = rule
        self._subject = subject
        self._mask = mask

    def other(self, answer: StepAnswer) -> Change | None:
        """Say what would make an event that the rule is about come to something else."""
        last = answer.asked[-1]
        match answer.judged.finding if answer.judged else None:
            case Finding.VIOLATION | Finding.UPCOMING if last.part:
                return Change(verdict="conforming", need=self.want(last.part, self._rule.is_duty))
            case Finding.CONFORMING if last.part:
                need = self.want(last.part, not self._rule.is_duty)
                return Change(verdict="violation", need=need)
            case Finding.OTHER_SUCCESS | Finding.OTHER_DENIED | Finding.OTHER_FAILED:
                return Change(verdict="in_scope", need=self._outcome(answer))
            case Finding.ERROR:
                return Change(verdict="judged", need=in_words(self._raised(answer, last)))
            case Finding.UNDETERMINED:
                return Change(verdict="judged", need=self._determined(answer))
            case _:
                return None

    def into_scope(self, answer: StepAnswer) -> Need:
        """Say what would bring an event into the scope of a step."""
        last = answer.asked[-1]
        if last.name == "where" and last.part:
            return self.want(last.part, wanted=True)
        if last.name == "effective":
            return in_words(self._time())
        return any_of(
            all_of(self._entry(each) for each in entries if each.scope is not Scope.IN)
            for entries in last.alternatives
        )

    def want(self, part: Part, wanted: bool) -> Need:  # noqa: FBT001 - it is what is asked for
        """Say what would make a part true, or not true."""
        if part.kind == "not_expression" and part.parts:
            return self.want(part.parts[0], not wanted)
        if part.kind not in _CHOICES:
            return in_words(self._atom(part, wanted))
        takes_all = _CHOICES[part.kind] is wanted
        needs = [self._side(each, wanted) for each in part.parts if _is_other(each, wanted)]
        if not needs:  # its other sides are literals, which no event changes
            return in_words(self._atom(part, wanted))
        return all_of(needs) if takes_all else any_of(needs)

    def _side(self, side: Part, wanted: bool) -> Need:  # noqa: FBT001 - as above
        if side.state is State.SKIPPED and side.would is None:
            text = f"`{side.text}`, which was not evaluated, would have to be {_word(wanted)}"
            return in_words(text)
        return self.want(side.would or side, wanted)

    def _atom(self, part: Part, wanted: bool) -> str:  # noqa: FBT001 - as above
        if part.state is State.RAISED:
            return f"`{part.text}` would have to have a value: {self._mask.text(cause_of(part))}"
        is_boolean = isinstance(part.value, bool) or part.kind in _YES_OR_NO
        below = [each for each in part.parts if each.state is State.VALUE]
        known = ", ".join(f"{each.text} is {self._shown(each.value)}" for each in below)
        if is_boolean or not wanted:
            word = _word(wanted) if is_boolean else "null, false or empty"
            tail = known or f"it is {self._shown(part.value)}"
            return f"`{part.text}` would have to be {word}: {tail}"
        tail = f"; {known}" if known else ""
        return f"`{part.text}` would have to give something: it is {self._shown(part.value)}{tail}"

    def _entry(self, entry: EntryAsked) -> Need:
        accepts = " or ".join("absent" if each is None else each for each in entry.accepts)
        if entry.scope is None:
            return in_words(f"`{entry.key}` would have to have a value")
        return in_words(
            f"`{entry.key}` would have to be {accepts}: it is {self._shown(entry.value)}"
        )

    def _outcome(self, answer: StepAnswer) -> Need:
        event = self._subject.event
        told = [
            f"{name} is {self._shown(event[name])}"
            for name in ("errorCode", "errorMessage")
            if event.get(name)
        ]
        if event.get("eventName") == "ConsoleLogin":
            told.append(f"responseElements is {self._shown(event.get('responseElements'))}")
        tail = f": {', '.join(told)}" if told else ": it names no error"
        return in_words(f"its outcome would have to be {answer.step.outcome}{tail}")

    def _raised(self, answer: StepAnswer, last: Asked) -> str:
        cause = self._mask.text(answer.judged.reason if answer.judged else "")
        if last.name == "effective":
            time = self._shown(self._subject.event.get("eventTime"))
            return f"`eventTime` would have to be a time: it is {time}"
        return f"`{last.name}` would have to have a value: {cause}"

    def _determined(self, answer: StepAnswer) -> Need:
        hidden = [path for each in answer.asked for path in each.hidden]
        if hidden:
            return all_of(
                in_words(f"CloudTrail would have to record {path}, which it left out or masked")
                for path in dict.fromkeys(hidden)
            )
        last = answer.asked[-1]
        if last.name == "requires" and last.part:
            return in_words(f"`{last.part.text}` would have to be there: it is null")
        unknown = [
            entry.key
            for each in answer.asked
            for entries in each.alternatives
            for entry in entries
            if entry.scope is Scope.UNKNOWN
        ]
        paths = ", ".join(dict.fromkeys(unknown)) or "what is read"
        return in_words(f"CloudTrail would have to record {paths}, which it left out or masked")

    def _time(self) -> str:
        effective, time = self._rule.effective, self._subject.time
        bounds = [f"at or after {format_time(effective.start)}"] if effective.start else []
        bounds += [f"before {format_time(effective.until)}"] if effective.until else []
        is_at = format_time(time) if time else "unknown"
        return f"`eventTime` would have to be {' and '.join(bounds)}: it is {is_at}"

    def _shown(self, value: Json) -> str:
        return brief(self._mask.value(value))


def _is_other(side: Part, wanted: bool) -> bool:  # noqa: FBT001 - as above
    """Tell whether a side is not what is wanted of it, or nobody knows."""
    known = side.would or side
    return known.state is not State.VALUE or known.is_true is not wanted


def _word(wanted: bool) -> str:  # noqa: FBT001 - as above
    return "true" if wanted else "false"
