"""Scopes changed in one place: values and lines of `match`, `where`, `outcome`."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from checker.authoring.mutation.expressions import variants
from checker.authoring.mutation.globs import covers, missed_members, narrowed
from checker.authoring.mutation.mutant import Change, Path, short
from checker.aws.dictionary import sources_of
from checker.aws.glob import literals_of
from checker.policy.rule import MatchEntry, OutcomeScope, Step

_OUTCOMES: Final = {
    OutcomeScope.SUCCESS: "that succeeded",
    OutcomeScope.DENIED: "that was denied",
    OutcomeScope.FAILED: "that failed for another reason than its rights",
}


class ChangedStep(Struct, frozen=True):
    """A scope with one change."""

    step: Step
    change: Change


def changed_steps(step: Step, path: Path) -> Iterator[ChangedStep]:
    """Give the variants of a scope.

    Args:
        step: The scope of a rule, or of one step of it.
        path: Where its keys stand.
    """
    yield from _match(step, (*path, "match"))
    if step.where:
        at = (*path, "where")
        for each in variants(step.where):
            change = Change(
                path=at,
                what=each.what,
                hint=each.hint,
                old=step.where.text,
                new=each.expression.text,
            )
            yield ChangedStep(replace(step, where=each.expression), change)
        hint = f"a case that is out of scope by where alone: {short(step.where.text)}"
        gone = Change(path=at, what="where left out", hint=hint)
        yield ChangedStep(replace(step, where=None), gone)
    yield from _outcomes(step, (*path, "outcome"))


def _match(step: Step, path: Path) -> Iterator[ChangedStep]:
    several = len(step.match) > 1
    for at, entries in enumerate(step.match):
        inside = (*path, at) if several else path
        for changed, change in _entries(entries, inside):
            match = (*step.match[:at], changed, *step.match[at + 1 :])
            yield ChangedStep(replace(step, match=match), change)
        if several:
            match = (*step.match[:at], *step.match[at + 1 :])
            hint = "a case that is in scope by this alternative alone"
            change = Change(path=inside, what="an alternative of match left out", hint=hint)
            yield ChangedStep(replace(step, match=match), change)


def _entries(
    entries: tuple[MatchEntry, ...], path: Path
) -> Iterator[tuple[tuple[MatchEntry, ...], Change]]:
    for at, entry in enumerate(entries):
        key = entry.key.text
        inside = (*path, key)
        for changed, change in _values(entry, inside):
            yield (*entries[:at], changed, *entries[at + 1 :]), change
        if len(entries) > 1 and not _is_told_by_names(entry, entries):
            hint = f"a case that is out of scope by its {key} alone"
            change = Change(path=inside, what=f"{key} left out of match", hint=hint)
            yield (*entries[:at], *entries[at + 1 :]), change


def _is_told_by_names(entry: MatchEntry, entries: tuple[MatchEntry, ...]) -> bool:
    """Tell of an `eventSource` whether no service but it has calls of these names.

    Without it, the rule would be about the same events of all that CloudTrail writes.
    """
    named = next((each for each in entries if each.key.text == "eventName"), None)
    if entry.key.text != "eventSource" or named is None or named.null:
        return False
    names, sources = literals_of(named.patterns), literals_of(entry.patterns)
    if not names or not sources:
        return False
    return all(
        known and sources.issuperset(known) for known in (sources_of(name) for name in names)
    )


def _values(entry: MatchEntry, path: Path) -> Iterator[tuple[MatchEntry, Change]]:
    key, patterns = entry.key.text, entry.patterns
    if len(patterns) + entry.null > 1:
        for at in missed_members(patterns, covers):
            # Of several values the place of one is where it stands among the texts: a null is none.
            rest = (*patterns[:at], *patterns[at + 1 :])
            hint = f"a case in scope whose {key} is {short(patterns[at])}"
            what = f"left out of {key}: {short(patterns[at])}"
            old = patterns[at]
            change = Change(path=path, what=what, hint=hint, old=old, member=old)
            yield replace(entry, patterns=rest), change
        if entry.null:
            hint = f"a case in scope without {key}"
            what = f"null left out of {key}"
            change = Change(path=path, what=what, hint=hint, old="null", member="null")
            yield replace(entry, null=False), change
    for at, pattern in enumerate(patterns):
        for text in narrowed(pattern):
            rest = (*patterns[:at], text, *patterns[at + 1 :])
            hint = f"a case in scope with something in the place of the star of {short(pattern)}"
            what = f"{short(pattern)} became {short(text) or 'empty'}"
            change = Change(path=path, what=what, hint=hint, old=pattern, new=text, member=pattern)
            yield replace(entry, patterns=rest), change


def _outcomes(step: Step, path: Path) -> Iterator[ChangedStep]:
    for other in OutcomeScope:
        if other is step.outcome:
            continue
        # Where one of them is judged, the other one is not: either shows the difference.
        told = [each for each in _OUTCOMES if each in {step.outcome, other}]
        if step.outcome is OutcomeScope.ANY:
            told = [each for each in _OUTCOMES if each is not other]
        elif other is OutcomeScope.ANY:
            told = [each for each in _OUTCOMES if each is not step.outcome]
        hint = f"a case of a call {', or one '.join(_OUTCOMES[each] for each in told)}"
        what = f"outcome {step.outcome} became {other}"
        change = Change(path=path, what=what, hint=hint, old=step.outcome.value, new=other.value)
        yield ChangedStep(replace(step, outcome=other), change)
