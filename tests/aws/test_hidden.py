import pytest

from checker.aws import Json
from checker.aws.hidden import hides, is_masked, is_omitted, path_is_hidden

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
