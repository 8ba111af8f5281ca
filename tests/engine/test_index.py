import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.engine.finding import Judged
from checker.engine.index import ScopeIndex
from checker.engine.ruleset import RuleSet
from checker.expression.expression import parse_expression
from checker.policy.loader import RuleBook, load_rules
from checker.policy.parameters import Settings
from checker.policy.rule import MatchEntry, Origin, OutcomeScope, Rule, Severity
from checker.trail.event import event_time
from checker.trail.reader import open_trail
from checker.trail.source import find_sources
from tests.builders import event

KEYS = ["eventSource", "eventName", "errorCode", "readOnly", "region", "nested.a", "list[].a"]
TEXTS = ["a", "ab", "b", "true", "1", "***"]
PATTERNS = [*TEXTS, "a*", "?b", "*", r"\*"]
OMITTED = {"omitted": True}

entries = st.builds(
    lambda key, patterns, null: MatchEntry(parse_expression(key), tuple(patterns), null),
    st.sampled_from(KEYS),
    st.lists(st.sampled_from(PATTERNS), max_size=2),
    st.booleans(),
)
scopes = st.lists(st.lists(entries, min_size=1, max_size=3).map(tuple), min_size=1, max_size=2)
conditions = st.sampled_from(["eventName == 'a'", "readOnly", "length(region) > `1`", "nested.a"])
rules = st.builds(
    lambda match, condition, outcome, duty: Rule(
        id="a-rule",
        title="A rule",
        severity=Severity.LOW,
        match=tuple(match),
        outcome=outcome,
        origin=Origin(path="a-rule.yaml", sha256=""),
        require=parse_expression(condition) if duty else None,
        forbid=None if duty else parse_expression(condition),
    ),
    scopes,
    conditions,
    st.sampled_from(OutcomeScope),
    st.booleans(),
)
values = st.sampled_from([None, True, False, 0, 1, 1.0, "", OMITTED, ["a", None], {}, *TEXTS])
events = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(KEYS[:5], values),
        "omitted": st.sampled_from([True, False]),
        "nested": st.one_of(values, st.fixed_dictionaries({"a": values})),
        "list": st.lists(st.fixed_dictionaries({"a": values}), max_size=2),
    },
)


def plainly(ruleset: RuleSet, record: dict[str, Any]) -> list[tuple[int, Judged]]:
    """Judge an event under every rule, without the index."""
    time = event_time(record)
    judged = ((number, rule.judge(record, time)) for number, rule in enumerate(ruleset.rules))
    return [(number, each) for number, each in judged if each is not None]


def indexed(ruleset: RuleSet, record: dict[str, Any]) -> list[tuple[int, Judged]]:
    return list(ruleset.judge(record, event_time(record)))


@given(st.lists(rules, max_size=6), st.lists(events, max_size=6))
def test_the_index_never_drops_a_rule_that_a_plain_loop_would_match(
    chosen: list[Rule], records: list[dict[str, Any]]
) -> None:
    ruleset = RuleSet(RuleBook(rules=tuple(chosen), packs=()))

    for record in records:
        assert indexed(ruleset, record) == plainly(ruleset, record)


@given(st.lists(rules, max_size=6), st.lists(events, min_size=2, max_size=6))
def test_what_was_remembered_does_not_change_the_answer(
    chosen: list[Rule], records: list[dict[str, Any]]
) -> None:
    ruleset = RuleSet(RuleBook(rules=tuple(chosen), packs=()))
    first = [indexed(ruleset, record) for record in records]

    assert [indexed(ruleset, record) for record in reversed(records)] == list(reversed(first))


def scope_of_source(text: str) -> RuleSet:
    rule = Rule(
        id="a-rule",
        title="A rule",
        severity=Severity.LOW,
        match=((MatchEntry(parse_expression("eventSource"), (text,), null=False),),),
        forbid=parse_expression("`true`"),
    )
    return RuleSet(RuleBook(rules=(rule,), packs=()))


def test_an_event_of_another_source_meets_no_rule() -> None:
    index = scope_of_source("iot.amazonaws.com").index

    assert index.met(event()) == ((0, True),)
    assert index.met(event(eventSource="s3.amazonaws.com")) == ()


@pytest.mark.parametrize("odd", [["iot.amazonaws.com"], {"a": 1}])
def test_an_odd_value_of_an_indexed_field_rules_nothing_out(odd: Any) -> None:
    assert scope_of_source("s3.amazonaws.com").index.met(event(eventSource=odd)) == ((0, False),)


def test_the_fields_that_most_rules_name_are_indexed_and_never_an_event_s_own_id() -> None:
    ruleset = scope_of_source("x")

    assert ScopeIndex([rule.steps[0].alternatives for rule in ruleset.rules]).fields == (
        "eventSource",
        "eventName",
    )


def test_the_index_agrees_with_a_plain_loop_on_real_logs(shared: Path) -> None:
    ruleset = RuleSet(load_rules(["iot"], Settings()))
    sources, _ = find_sources([(shared / "trails").as_posix()])
    records = [record for source in sources for record in open_trail(source, io.BytesIO()).records]

    assert len(records) > 800
    for record in records:
        assert indexed(ruleset, record.event) == plainly(ruleset, record.event)
