"""What the linter takes for certain of a condition is so on every event."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker.authoring.lint.facts import Facts
from checker.authoring.lint.judging import Judge
from checker.authoring.lint.notes import Notes
from checker.authoring.lint.reading import Reader
from checker.authoring.lint.setting import Setting
from checker.authoring.lint.values import Path
from checker.expression.compiler import compile_expression
from checker.expression.evaluation import holds
from checker.expression.expression import parse_expression
from checker.expression.extension import type_of
from checker.expression.faults import EvaluationError
from tests.builders import event
from tests.expression.strategies import events as any_events
from tests.expression.strategies import expressions

_TEXTS = ("CreateUser", "DeleteUser", "", "true", "bob")
_OPEN = ("requestParameters.a", "requestParameters.b", "requestParameters.a.c")
_PATHS = ("eventName", "errorCode", "readOnly", "userIdentity.userName", *_OPEN)
_LITERALS = (*(f"'{text}'" for text in _TEXTS if text), "`null`", "`true`", "`1`", "`[]`")

paths = st.sampled_from(_PATHS)
literals = st.sampled_from(_LITERALS)
lists = st.lists(st.sampled_from([f"'{text}'" for text in _TEXTS]), min_size=1, max_size=2).map(
    lambda texts: f"[{', '.join(texts)}]"
)
leaves = st.one_of(
    paths,
    st.builds("{} == {}".format, paths, literals),
    st.builds("{} != {}".format, paths, literals),
    st.builds("{} > {}".format, paths, st.just("`0`")),
    st.builds("{} == {}".format, paths, paths),
    st.builds("contains({}, {})".format, lists, paths),
    st.builds("glob({}, 'Create*')".format, paths),
    st.builds("starts_with({}, 'Create')".format, paths),
    st.builds("lower({}) != {}".format, paths, literals),
    st.builds("length({}) > `0`".format, paths),
    st.builds("({} || {}) == {}".format, paths, paths, literals),
    st.builds("as_list({})[?@ == {}]".format, paths, literals),
    st.builds("identity_type(userIdentity) == '{}'".format, st.sampled_from(["root", "iam_user"])),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({}) && ({})".format, inner, inner),
        st.builds("({}) || ({})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=6,
)

values = st.sampled_from(
    [None, *_TEXTS, True, False, 0, 1, [], ["bob"], {}, {"c": "bob"}, {"c": None}]
)
events = st.builds(
    lambda name, code, read_only, user, a, b: event(
        eventName=name,
        errorCode=code,
        readOnly=read_only,
        userIdentity={"type": "IAMUser", "userName": user},
        requestParameters={"a": a, "b": b},
    ),
    st.sampled_from(_TEXTS),
    st.sampled_from([None, *_TEXTS]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, *_TEXTS]),
    values,
    values,
)


def at(path: Path, of: Any) -> Any:
    value = of
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def assert_true_of(facts: Facts, of: Any) -> None:
    for path, known in facts.known.items():
        if any(step is None or isinstance(step, int) or step.startswith("=") for step in path):
            continue
        value = at(path, of)
        assert type_of(value) in known.types, path
        if known.constants is not None and value is not None:
            assert (type_of(value), value) in known.constants, path


def assert_certain(text: str, of: dict[str, Any]) -> None:
    expression = parse_expression(text)
    read = Reader(Judge(notes=Notes(text)), {}).read(expression.ast, Setting())
    try:
        value = compile_expression(expression, {})(of)
    except EvaluationError:
        return
    assert read.value.truth in {None, holds(value)}
    assert type_of(value) in read.value.types
    assert_true_of(read.yes if holds(value) else read.no, of)


@given(conditions, events)
def test_what_is_taken_for_certain_is_so(text: str, of: dict[str, Any]) -> None:
    assert_certain(text, of)


@given(expressions, any_events)
def test_what_is_taken_for_certain_of_any_expression_is_so(text: str, of: dict[str, Any]) -> None:
    assert_certain(text, of)


@given(expressions)
def test_every_expression_can_be_read(text: str) -> None:
    notes = Notes(text)

    Reader(Judge(notes=notes), {}).read(parse_expression(text).ast, Setting())

    assert all(0 <= note.start < note.end <= len(text) for note in notes.found)
