import pytest

from checker.aws import Json
from checker.expression.list_functions import as_list, get, has_any


@pytest.mark.parametrize(("value", "result"), [([1], [1]), ("a", ["a"]), ({"a": 1}, [{"a": 1}])])
def test_one_element_is_a_list_of_one(value: Json, result: Json) -> None:
    assert as_list(value) == result


@pytest.mark.parametrize(
    ("values", "accepted", "found"),
    [
        (["a", "b"], ["b"], True),
        ("b", ["a", "b"], True),
        (["a"], "a", True),
        (["a"], ["b"], False),
        ([], [], False),
        ([True], [1], False),
        ([1], [1.0], True),
        (["1"], [1], False),
    ],
)
def test_values_are_among_others_by_json_equality(
    values: Json, accepted: Json, *, found: bool
) -> None:
    assert has_any(values, accepted) is found


def test_a_key_that_is_missing_gives_null() -> None:
    assert (get({"a": 1}, "a"), get({"a": 1}, "b")) == (1, None)
