"""What an imported rule finds is what pySigma's SQLite backend finds in the same events."""

import gzip
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sigma.backends.sqlite", reason="needs pysigma-backend-sqlite")

from sigma.rule import SigmaRule

from checker.authoring.sigma.cases import rule_in
from checker.authoring.sigma.condition import (
    And,
    Compared,
    Condition,
    Exists,
    Networks,
    Not,
    Null,
    Or,
    Refers,
    fields_of,
    leaves,
)
from checker.authoring.sigma.document import document
from checker.authoring.sigma.draft import Draft
from checker.authoring.sigma.importer import import_sigma
from checker.authoring.sigma.reading import read_library
from checker.authoring.sigma.samples import event_with, guesses
from checker.engine.compiled_rule import CompiledRule
from checker.engine.finding import Finding
from checker.limits import DEFAULT
from checker.policy.loader import bound
from checker.policy.parameters import Settings
from checker.trail.event import canonical_event, event_time
from tests.authoring.sigma.judge import judge
from tests.builders import event

RULES = Path(__file__).with_name("rules")
FILES = tuple(
    str(RULES / name) for name in ("values.yml", "modifiers.yml", "conditions.yml", "fields.yml")
)
FOLDER = os.environ.get("TRAILCHECK_SIGMA_RULES", "")
SPELT = frozenset({"eventSource", "eventName"})
ADDRESSES = ("192.0.2.1", "192.0.20.1", "10.1.2.3", "198.51.100.17", "198.51.100.32", "2001:db8::1")
WORDS = ("example", "", "AllUsers", "null", "x", "22", 22, 0.5, True, False)


class Ours:
    """An imported rule, ready to judge, and the Sigma rule that it was made from."""

    def __init__(self, draft: Draft, sigma: SigmaRule) -> None:
        assert draft.condition is not None
        self.condition: Condition = draft.condition
        self.sigma = sigma
        self.compiled = CompiledRule(bound(rule_in(document(draft), draft.id), Settings()), DEFAULT)

    def finds(self, record: dict[str, Any]) -> bool | None:
        """Tell whether the rule finds an event; None where it cannot tell."""
        subject = canonical_event(record)
        judged = self.compiled.judge(subject, event_time(subject))
        finding = judged.finding if judged else None
        assert finding is not Finding.ERROR, judged
        return None if finding is Finding.UNDETERMINED else finding is Finding.VIOLATION


def pairs(*locations: str) -> dict[str, Ours]:
    drafts = {draft.source.title: draft for draft in import_sigma(locations).drafts}
    rules = {
        found.rule.title: found.rule
        for found in read_library(locations).rules
        if isinstance(found.rule, SigmaRule)
    }
    return {
        title: Ours(draft, rules[title])
        for title, draft in drafts.items()
        if draft.condition is not None
    }


@cache
def ours() -> dict[str, Ours]:
    return pairs(*FILES)


def denied(condition: Condition, *, within: bool = False) -> Iterator[str]:
    match condition:
        case Not(part=part):
            yield from denied(part, within=True)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from denied(part, within=within)
        case _:
            yield from fields_of(condition) if within else ()


def variants(text: Any, draw: st.DrawFn) -> Any:
    """Write a text in another case, or with something around it."""
    if not isinstance(text, str):
        return text
    written = (
        text,
        text.upper(),
        text.lower(),
        text.swapcase(),
        f"<{text}",
        f"{text}>",
        f"a {text} b",
    )
    return draw(st.sampled_from(written))


@st.composite
def events_for(draw: st.DrawFn, condition: Condition) -> dict[str, Any]:
    """Give an event about what a condition asks: near to what it finds, and near to what it does not."""
    names = fields_of(condition)
    # Of a list, whether it is there is asked otherwise: see docs/import-sigma.md.
    presence = {leaf.field for leaf in leaves(condition) if isinstance(leaf, Exists | Null)}
    denies = presence | set(denied(condition))
    others = {leaf.other for leaf in leaves(condition) if isinstance(leaf, Refers)}
    addresses = {leaf.field for leaf in leaves(condition) if isinstance(leaf, Networks)}
    numeric = {leaf.field for leaf in leaves(condition) if isinstance(leaf, Compared)}
    near = [dict(each) for holds in (True, False) for each in guesses(condition, holds=holds)]
    chosen = draw(st.sampled_from(near))
    values: dict[str, Any] = {name: chosen.get(name) for name in names}
    for name in draw(st.sets(st.sampled_from(names), max_size=2)):
        known = [each[name] for each in near if name in each]
        values[name] = draw(st.sampled_from((None, *WORDS, *known)))
        if name not in SPELT:
            values[name] = variants(values[name], draw)
    for name in numeric:
        values[name] = draw(st.sampled_from((None, 29, 30, 301, 1.5, 1, -2, -3, 400)))
    for name in addresses:
        values[name] = draw(st.sampled_from((None, "AWS Internal", *ADDRESSES)))
    record = event_with(
        event(), {name: None if each is None else str(each) for name, each in values.items()}
    )
    for name, value in values.items():
        if name not in presence | others:
            put(record, name, value, draw, lists=name not in denies | numeric | others)
    return record


TEXTS = frozenset(
    {
        "eventSource",
        "eventName",
        "userAgent",
        "errorCode",
        "errorMessage",
        "sourceIPAddress",
        "eventType",
    }
)
OBJECTS = frozenset({"requestParameters", "responseElements"})


def put(record: dict[str, Any], name: str, value: Any, draw: st.DrawFn, *, lists: bool) -> None:
    """Put a value where CloudTrail could have it: in lists, in objects, as it is."""
    if value is None or name in TEXTS or name.startswith("userIdentity."):
        return
    *way, last = name.split(".")
    holder = record
    for step in way:
        if not isinstance(holder.get(step), dict):
            return
        holder = holder[step]
    if last not in holder:
        return
    if name in OBJECTS:
        extra = {"more": {"state": draw(st.sampled_from(("failed", "ok", 'he said "failed"')))}}
        holder[last] = (
            {**holder[last], **extra} if isinstance(holder[last], dict) else {"text": value}
        )
        return
    if str(value).lower() in {"true", "false", "22", "0.5"}:
        # CloudTrail writes both, the value and the text of it.
        value = draw(st.sampled_from((value, json.loads(str(value).lower()))))
    shapes = [value, [value]]
    if lists:
        shapes += [[value, "other"], [], ["other", value]]
    if name in {"readOnly", "apiVersion"} or not name.startswith("requestParameters."):
        shapes = [value]
    holder[last] = draw(st.sampled_from(shapes))
    if len(way) > 1 and isinstance(record[way[0]].get(way[1]), dict) and draw(st.booleans()):
        inner = record[way[0]][way[1]]
        record[way[0]][way[1]] = [{}, inner] if lists else [inner]


@pytest.mark.parametrize("title", sorted(ours()))
@settings(max_examples=60)
@given(data=st.data())
def test_a_rule_finds_what_sqlite_finds(title: str, data: st.DataObject) -> None:
    rule = ours()[title]
    records = data.draw(st.lists(events_for(rule.condition), min_size=1, max_size=8))

    found = {index for index, record in enumerate(records) if rule.finds(record)}

    assert found == judge(rule.sigma, fields_of(rule.condition), records)


@pytest.mark.skipif(not FOLDER, reason="set TRAILCHECK_SIGMA_RULES to a folder of Sigma rules")
def test_rules_of_a_folder_find_what_sqlite_finds() -> None:
    """The folder is one of SigmaHQ's, whose rules may not be copied into this repository."""
    found = pairs(FOLDER)
    assert found

    for title, rule in sorted(found.items()):
        expect_agreement(title, rule)


def expect_agreement(title: str, rule: Ours) -> None:
    @settings(max_examples=40, database=None)
    @given(records=st.lists(events_for(rule.condition), min_size=1, max_size=8))
    def agree(records: list[dict[str, Any]]) -> None:
        ours_finds = {index for index, record in enumerate(records) if rule.finds(record)}
        assert ours_finds == judge(rule.sigma, fields_of(rule.condition), records), title

    agree()


def test_rules_find_what_sqlite_finds_in_published_logs(shared: Path) -> None:
    records = published(shared)
    for title, rule in sorted((pairs(FOLDER) if FOLDER else ours()).items()):
        if any(isinstance(leaf, Networks) for leaf in leaves(rule.condition)):
            continue  # SQLite compares the text of an address, also of what only looks like one.
        told = [(index, rule.finds(record)) for index, record in enumerate(records)]
        # What CloudTrail left out or masked, Sigma takes for a text, and this program for unknown.
        judged = [records[index] for index, finds in told if finds is not None]
        finding = {
            at
            for at, (_, finds) in enumerate(each for each in told if each[1] is not None)
            if finds
        }

        assert finding == judge(rule.sigma, fields_of(rule.condition), judged), title


def published(shared: Path) -> list[dict[str, Any]]:
    """Give the events of published logs, but those that someone abridged into other types."""
    with gzip.open(shared / "trails" / "ALL_EVENTS.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line)["event"] for line in lines]
    return [each for each in records if isinstance(each.get("userAgent") or "", str)]
