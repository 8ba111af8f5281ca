"""A draft as the YAML of a rule."""

from collections.abc import Iterator, Sequence
from typing import Final

from checker.authoring.sigma.condition import Condition, Exists, all_of
from checker.authoring.sigma.draft import CorrelationDraft, Draft, Source, StepDraft
from checker.authoring.sigma.expression import expression_lines
from checker.authoring.sigma.fields import field_of
from checker.authoring.sigma.literals import path_of
from checker.authoring.sigma.scope import ANY_EVENT, Mapping
from checker.authoring.sigma.yaml_text import block, comment, items, mapping, prose, scalar
from checker.policy.rule import CorrelationType
from checker.visible import visible

MARK: Final = "# Imported from Sigma"
"""How every file begins that an import wrote, and may write again."""

_DRL: Final = "None is stated in the rule. SigmaHQ publishes its rules under the Detection Rule License (DRL) 1.1."
_LONGEST_TITLE: Final = 200


def document(draft: Draft) -> str:
    """Write a rule."""
    source = draft.source
    lines = [
        *_head(source, draft.notes),
        f"id: {draft.id}",
        f"title: {scalar(_one_line(source.title)[:_LONGEST_TITLE])}",
        f"severity: {source.severity}",
        *prose("description", "\n\n".join(_description(source))),
    ]
    addresses = _addresses(source)
    if addresses:
        lines += ["references:", *(f"  - {scalar(each)}" for each in addresses)]
    lines += items("tags", source.tags)
    lines += _correlation(draft.correlation) if draft.correlation else _detection(draft)
    if draft.base is not None and draft.cases:
        lines += ["tests:", "  base:", *mapping(draft.base, "    ")]
        lines += mapping({"cases": [dict(case) for case in draft.cases]}, "  ")
    return "\n".join(lines) + "\n"


def _head(source: Source, notes: Sequence[str]) -> Iterator[str]:
    identifier = f", rule {source.identifier}" if source.identifier else ""
    yield from comment(visible(f"{MARK[2:]}{identifier}, by trailcheck import sigma."))
    yield from comment(visible(f"Source: {source.path}"))
    for note in notes:
        yield from comment(visible(f"Note: {note}"))


def _description(source: Source) -> Iterator[str]:
    if source.description:
        yield visible(source.description, keep_newlines=True)
    if source.false_positives:
        yield visible(f"False positives: {'; '.join(source.false_positives)}.")
    named = f"Sigma rule {source.identifier or 'without an id'}"
    dates = ", ".join(
        f"{what} {when}"
        for what, when in (("of", source.date), ("modified", source.modified))
        if when
    )
    status = f", status {source.status}" if source.status else ""
    author = source.author or "an author who is not named"
    yield visible(_one_line(f"{named}{f' {dates}' if dates else ''}{status}, by {author}."))
    if source.parts:
        yield visible(_one_line(f"It takes in: {'; '.join(source.parts)}."))
    yield visible(_one_line(f"Licence: {source.licence or _DRL}"))
    others = [each for each in source.references if each not in _addresses(source)]
    if others:
        yield visible(_one_line(f"See also: {'; '.join(others)}."))


def _addresses(source: Source) -> tuple[str, ...]:
    """Give the references that are addresses, which alone a rule takes."""
    return tuple(
        dict.fromkeys(
            each
            for each in source.references
            if each.startswith(("http://", "https://")) and each.isprintable() and " " not in each
        )
    )


def _detection(draft: Draft) -> Iterator[str]:
    yield from _match(draft.match)
    yield "outcome: any"
    if draft.forbid is None:
        yield "forbid: true"
    else:
        yield from block("forbid", expression_lines(draft.forbid))
    yield 'message: "{principal(userIdentity)} called {eventName} of {eventSource}"'


def _correlation(correlation: CorrelationDraft) -> Iterator[str]:
    if correlation.type.is_count:
        (step,) = correlation.steps
        yield from _match(step.match)
        yield from _where(step)
        yield "outcome: any"
    yield "correlation:"
    yield f"  type: {correlation.type}"
    yield f"  timespan: {correlation.timespan}"
    if correlation.type.is_count:
        yield from _group_by(correlation.steps[0], "  ")
        if correlation.type is CorrelationType.VALUE_COUNT:
            yield f"  field: {scalar(_path(correlation.counted))}"
        yield f"  condition: {{gte: {correlation.at_least}}}"
    else:
        yield "  steps:"
        for each in correlation.steps:
            yield from _step(each)


def _step(step: StepDraft) -> Iterator[str]:
    yield f"    - name: {step.name}"
    yield from _match(step.match, "      ")
    yield from _where(step, "      ")
    yield "      outcome: any"
    yield from _group_by(step, "      ")


def _where(step: StepDraft, indent: str = "") -> Iterator[str]:
    """Write what else is asked; Sigma takes no event into a group that lacks a field of it."""
    asked: list[Condition] = [step.where] if step.where is not None else []
    asked += [Exists(name) for name in step.groups]
    if asked:
        yield from block("where", expression_lines(all_of(asked)), indent)


def _group_by(step: StepDraft, indent: str) -> Iterator[str]:
    if step.groups:
        yield from items("group_by", [_path(name) for name in step.groups], indent)


def _path(name: str) -> str:
    return path_of(field_of(name).parts)


def _match(alternatives: tuple[Mapping, ...], indent: str = "") -> Iterator[str]:
    if alternatives == (ANY_EVENT,):
        yield from comment("Any event: the rule names no event source or name.", indent)
    if len(alternatives) == 1:
        yield f"{indent}match:"
        yield from _keys(alternatives[0], f"{indent}  ")
        return
    yield f"{indent}match:"
    for alternative in alternatives:
        first, *rest = _keys(alternative, f"{indent}    ")
        yield f"{indent}  - {first.strip()}"
        yield from rest


def _keys(alternative: Mapping, indent: str) -> Iterator[str]:
    for key, values in alternative:
        if len(values) == 1 and values[0] is not None:
            yield f"{indent}{key}: {scalar(values[0])}"
        elif None in values:
            yield f"{indent}{key}: [{', '.join(scalar(value) for value in values)}]"
        else:
            yield from items(key, [value for value in values if value is not None], indent)


def _one_line(text: str) -> str:
    return " ".join(text.split())
