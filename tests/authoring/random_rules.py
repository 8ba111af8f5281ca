"""Rules and events at random, small enough to collide: whatever a rule can ask is asked of some."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from checker.expression.expression import parse_expression
from checker.policy.rule import Effective, MatchEntry, Origin, OutcomeScope, Rule, Severity

OMITTED = {"omitted": True}
_KEYS = ["eventSource", "eventName", "errorCode", "nested.a", "list[].a", "list[0:2].a"]
_TEXTS = ["a", "ab", "true", "1", "***"]
_CONDITIONS = [
    "eventName == 'a'",
    "nested.a || eventName == 'ab' && !(errorCode)",
    "length(list) > `1`",
    "list[?a == 'a' || a > `0`]",
    "contains(nested.a, 'a') && eventSource != 'a'",
    "!(nested.a && list) || $p == eventName",
    "any_in(as_list(nested.a), $q)",
    "`true`",
    "nested | a",
    "list[].a | [0]",
]

entries = st.builds(
    lambda key, patterns, null: MatchEntry(parse_expression(key), tuple(patterns), null),
    st.sampled_from(_KEYS),
    st.lists(st.sampled_from([*_TEXTS, "a*", "*"]), max_size=2),
    st.booleans(),
)
_scopes = st.lists(st.lists(entries, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2)
_conditions = st.sampled_from(_CONDITIONS).map(parse_expression)
_times = st.sampled_from([None, datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)])

rules = st.builds(
    lambda match, where, outcome, condition, duty, requires, start, until, notice: Rule(
        id="a-rule",
        title="A rule",
        severity=Severity.LOW,
        match=tuple(match),
        where=where,
        outcome=outcome,
        require=condition if duty else None,
        forbid=None if duty else condition,
        requires=tuple(requires),
        effective=Effective(start=start, until=until),
        notice=notice if start else 0,
        values={"p": "a", "q": ["a", "b"]},
        origin=Origin(path="a-rule.yaml", sha256=""),
    ),
    _scopes,
    st.none() | _conditions,
    st.sampled_from(OutcomeScope),
    _conditions,
    st.booleans(),
    st.lists(
        st.sampled_from(["nested", "list[0].a", "length(list)"]).map(parse_expression), max_size=2
    ),
    _times,
    _times,
    st.sampled_from([0, 864_000]),
)
_values = st.sampled_from([None, True, 0, 1, "", OMITTED, ["a", None], {}, *_TEXTS])
events = st.fixed_dictionaries(
    {},
    optional={
        "eventSource": _values,
        "eventName": _values,
        "errorCode": st.sampled_from([None, "", "AccessDenied", "Throttling"]),
        "eventTime": st.sampled_from(
            ["2024-04-28T10:00:00Z", "2024-05-15T10:00:00Z", "2025-01-01T00:00:00Z", "odd"]
        ),
        "nested": st.one_of(_values, st.fixed_dictionaries({"a": _values})),
        "list": st.lists(st.fixed_dictionaries({"a": _values}), max_size=3),
        "omitted": st.sampled_from([True, False]),
    },
)
