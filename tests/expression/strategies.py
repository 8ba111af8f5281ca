"""Expressions and values small enough to collide."""

from hypothesis import strategies as st

from checker.aws import Json

_LEAVES = [
    "a",
    "b",
    "c",
    "a.b",
    "a[0]",
    "a[*].b",
    "a[]",
    "*.b",
    "@",
    "$event.a",
    "'x'",
    "`0`",
    "`null`",
]
_SHAPES = [
    *("({0}) || ({1})", "({0}) && ({1})", "!({0})", "({0}) == ({1})", "({0}) != `null`"),
    *("({0}) < ({1})", "({0})[?{1}]", "({0})[?{1}].{2}", "({0})[*].b", "({0}).a", "({0})[]"),
    *("({0})[0]", "({0})[1:]", "({0}).*", "[{0}, {1}]", "{{a: {0}, b: {1}}}", "({0}) | ({1})"),
    *("length({0})", "not_null({0}, {1})", "map(&({0}), {1})", "as_list({0})", "to_string({0})"),
    *(
        "contains({0}, {1})",
        "sort_by({0}, &({1}))",
        "outcome(not_null({0}))",
        "keys({0})",
        "to_array({0})",
    ),
    *(
        "max({0})",
        "sum({0})",
        "merge({0}, {1})",
        "join('-', {0})",
        "get(not_null({0}), 'a')",
        "type({0})",
    ),
]


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda shape, first, second, name: shape.format(first, second, name),
        st.sampled_from(_SHAPES),
        inner,
        inner,
        st.sampled_from("abc"),
    )


expressions = st.recursive(st.sampled_from(_LEAVES), _combined, max_leaves=6)

_scalars: st.SearchStrategy[Json] = st.sampled_from([None, True, False, 0, 1, 2.5, "", "x", "a"])
values: st.SearchStrategy[Json] = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
events = st.dictionaries(st.sampled_from("abc"), values)
