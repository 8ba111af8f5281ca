import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.aws.hidden import hides, is_masked, is_omitted, is_plainly_there, path_is_hidden

OMITTED = {"omitted": True, "originalSize": 130455, "reason": "too large"}
MASK = "HIDDEN_DUE_TO_SECURITY_REASONS"
EVENT = {
    "requestParameters": OMITTED,
    "responseElements": {
        "secret": MASK,
        "plain": "x",
        "list": [{"key": "a"}, {"key": "***"}],
        "deep": {"far": {"down": "****"}},
        "empty": None,
    },
    "eventName": "CreateThing",
}


@pytest.mark.parametrize(
    "text",
    [
        MASK,
        "HIDDEN_FOR_SECURITY_REASONS",
        "Value hidden due to security reasons.",
        "<sensitiveDataRemoved>",
        "***OMITTED***",
        "***",
        "**********",
    ],
)
def test_a_mask_is_known(text: str) -> None:
    assert is_masked(text)


@pytest.mark.parametrize(
    "value", ["", "*", "**", "AKIA****************", "HIDDEN", None, 3, [MASK]]
)
def test_what_is_no_mask_is_a_value(value: Json) -> None:
    assert not is_masked(value)


@pytest.mark.parametrize(
    "value", [{"omitted": False}, {"omitted": "true"}, {}, [], "omitted", None]
)
def test_only_the_marker_of_cloudtrail_means_omitted(value: Json) -> None:
    assert not is_omitted(value)


def test_a_marker_anywhere_below_hides() -> None:
    assert hides(EVENT)
    assert hides([[{"a": [MASK]}]])
    assert not hides({"a": [1, None, "x", {"b": {}}]})


def test_even_a_very_deep_value_can_be_asked() -> None:
    value: Json = "***"
    for _ in range(5_000):
        value = [value]
    assert hides(value)


@pytest.mark.parametrize(
    ("path", "hidden", "hidden_presence"),
    [
        (("eventName",), False, False),
        (("requestParameters",), True, False),
        (("requestParameters", "policyName"), True, True),
        (("responseElements", "secret"), True, False),
        (("responseElements", "secret", "part"), True, True),
        (("responseElements", "plain"), False, False),
        (("responseElements", "absent"), False, False),
        (("responseElements", "empty", "below"), False, False),
        (("responseElements", "list"), True, False),
        (("responseElements", "list", None, "key"), True, False),
        (("responseElements", "list", "key"), False, False),
        (("responseElements", "deep"), True, False),
        (("responseElements", "deep", "far", None), True, False),
        (("responseElements", None), True, False),
        ((None, "policyName"), True, True),
        ((None, "plain"), True, True),
        ((), True, False),
    ],
)
def test_a_path_is_hidden_where_something_was_left_out(
    path: tuple[str | None, ...],
    hidden: bool,  # noqa: FBT001
    hidden_presence: bool,  # noqa: FBT001
) -> None:
    assert path_is_hidden(EVENT, path, presence=False) is hidden
    assert path_is_hidden(EVENT, path, presence=True) is hidden_presence


anything = st.recursive(
    st.sampled_from([None, True, 0, 1.5, "", "x", "***", "HIDDEN_x", "<sensitiveDataRemoved>"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "b", "omitted"]), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(anything, st.lists(st.sampled_from(["a", "b", None]), max_size=3), st.booleans())
def test_what_is_plainly_there_is_not_hidden(
    value: Json,
    path: list[str | None],
    presence: bool,  # noqa: FBT001 - one of the strategies
) -> None:
    if is_plainly_there(value, tuple(path)):
        assert not path_is_hidden(value, tuple(path), presence=presence)
