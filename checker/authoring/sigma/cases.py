"""The tests that an imported rule carries: events guessed from its condition, kept when they judge true."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from checker.authoring.rule_tests import run_tests
from checker.authoring.sigma.document import document
from checker.authoring.sigma.draft import CorrelationDraft, Draft, StepDraft
from checker.authoring.sigma.samples import event_with, guesses
from checker.aws import Json
from checker.policy.parameters import Settings
from checker.policy.rule import CorrelationType, Rule
from checker.policy.rule_document import RULE
from checker.policy.yaml_source import load_bytes

_BASE: Final[Mapping[str, Json]] = {
    "eventVersion": "1.11",
    "eventTime": "2024-05-01T10:00:00Z",
    "eventSource": "sts.amazonaws.com",
    "eventName": "GetCallerIdentity",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "192.0.2.10",
    "userAgent": "aws-cli/2.15.0",
    "userIdentity": {
        "type": "IAMUser",
        "arn": "arn:aws:iam::111122223333:user/alice",
        "accountId": "111122223333",
        "userName": "alice",
    },
    "recipientAccountId": "111122223333",
}
_ELSEWHERE: Final = (
    {"eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity"},
    {"eventSource": "kms.amazonaws.com", "eventName": "ListAliases"},
)
_FOUND, _PASSED, _OTHER = (
    "what the Sigma rule looks for",
    "a call that it does not mean",
    "another call",
)
_PLAIN_PATH: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_MOST_EVENTS: Final = 1_000
_MOST_VALUES: Final = 50
_MOST_TRIES: Final = 30


def with_cases(draft: Draft) -> Draft:
    """Give a draft with the tests that could be made, each of which its rule passes.

    Raises:
        ShapeError: What it comes to is no rule, because something is too long or too deep.
    """
    rule_in(document(draft), draft.id)
    drafts = _of_many(draft) if draft.correlation else _of_one(draft)
    for tried in islice(drafts, _MOST_TRIES):
        kept = _kept(tried)
        if any(case["expect"] == "fail" for case in kept):
            return replace(tried, cases=kept)
    note = "no event that it finds could be made up for a test: write one"
    return replace(draft, notes=(*draft.notes, note))


def rule_in(text: str, name: str) -> Rule:
    """Read a rule that was just written.

    Raises:
        ShapeError: Something in it is too long or too deep.
    """
    return RULE.read(load_bytes(text.encode(), name).root)


def _kept(draft: Draft) -> tuple[Mapping[str, Json], ...]:
    """Keep the cases of which the rule says what they expect."""
    rule = rule_in(document(draft), draft.id)
    kept: dict[str, Mapping[str, Json]] = {}
    for case, result in zip(draft.cases, run_tests((rule,), Settings()), strict=True):
        if result.passed:
            kept.setdefault(case["name"], case)
    return tuple(kept.values())


def _of_one(draft: Draft) -> Iterator[Draft]:
    if draft.condition is None:
        return
    for values in guesses(draft.condition, holds=True):
        base = event_with(_BASE, values)
        cases = ({"name": _FOUND, "expect": "fail"}, *_passing(draft, base), *_elsewhere())
        yield replace(draft, base=base, cases=cases)


def _passing(draft: Draft, base: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Give events in scope that differ from the one that is found in what the rest asks."""
    if draft.forbid is None:
        return
    for values in islice(guesses(draft.forbid, holds=False), 8):
        changed = event_with(base, values)
        yield {"name": _PASSED, **(_edits(base, changed) or {"event": changed}), "expect": "pass"}


def _edits(base: Mapping[str, Json], changed: Mapping[str, Json]) -> dict[str, Json]:
    """Give the changes of a case; none where a key is no plain name."""
    sets = dict(_differences(base, changed, ""))
    gone = list(_missing(base, changed, ""))
    if not all(_PLAIN_PATH.fullmatch(path) for path in (*sets, *gone)):
        return {}
    return {**({"set": sets} if sets else {}), **({"unset": gone} if gone else {})}


def _differences(
    old: Mapping[str, Json], new: Mapping[str, Json], prefix: str
) -> Iterator[tuple[str, Json]]:
    for key, value in new.items():
        before = old.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            yield from _differences(before, value, f"{prefix}{key}.")
        elif before != value:
            yield f"{prefix}{key}", value


def _missing(old: Mapping[str, Json], new: Mapping[str, Json], prefix: str) -> Iterator[str]:
    for key, value in old.items():
        if key not in new:
            yield f"{prefix}{key}"
        elif isinstance(value, dict) and isinstance(new[key], dict):
            yield from _missing(value, new[key], f"{prefix}{key}.")


def _elsewhere() -> Iterator[Mapping[str, Json]]:
    for call in _ELSEWHERE:
        yield {"name": _OTHER, "set": call, "expect": "out_of_scope"}


def _of_many(draft: Draft) -> Iterator[Draft]:
    correlation = draft.correlation
    if correlation is None:
        return
    steps = correlation.steps
    for values in zip(*(guesses(step.condition, holds=True) for step in steps), strict=False):
        events = _in_one_group(steps, [event_with(_BASE, each) for each in values])
        if correlation.type.is_count:
            timelines: Iterable[list[dict[str, Json]]] = _counting(correlation)
        else:
            timelines = ([{"at": f"+{n}s", "event": each} for n, each in enumerate(events)],)
        for timeline in timelines:
            found = {"name": _FOUND, "events": timeline, "expect": "fail"}
            yield replace(draft, base=events[0], cases=(found, *_too_little(timeline), *_others()))


def _in_one_group(
    steps: Sequence[StepDraft], events: list[dict[str, Json]]
) -> list[dict[str, Json]]:
    """Give every event the values of the first one in the fields by which events are grouped."""
    shared = [_text_at(events[0], name) or "example" for name in steps[0].groups]
    return [
        event_with(event, dict(zip(step.groups, shared, strict=True)))
        for step, event in zip(steps, events, strict=True)
    ]


def _text_at(event: Mapping[str, Json], name: str) -> str:
    value: Json = event
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _counting(correlation: CorrelationDraft) -> Iterator[list[dict[str, Json]]]:
    """Give so many events within the timespan; for values, each with another one."""
    count = correlation.at_least
    if correlation.type is CorrelationType.EVENT_COUNT and count <= _MOST_EVENTS:
        yield [{"at": "+0s", "repeat": count, "each": "0s"}]
    if correlation.type is CorrelationType.VALUE_COUNT and count <= _MOST_VALUES:
        yield [
            {"at": "+0s", "set": {correlation.counted: f"example-{number}"}}
            for number in range(count)
        ]


def _too_little(timeline: list[dict[str, Json]]) -> Iterator[Mapping[str, Json]]:
    first = timeline[0]
    shorter = timeline[:-1]
    if first.get("repeat", 1) > 1:
        shorter = [{**first, "repeat": first["repeat"] - 1}]
    if shorter:
        yield {"name": _PASSED, "events": shorter, "expect": "pass"}


def _others() -> Iterator[Mapping[str, Json]]:
    for call in _ELSEWHERE:
        yield {"name": _OTHER, "events": [{"at": "+0s", "set": call}], "expect": "out_of_scope"}
