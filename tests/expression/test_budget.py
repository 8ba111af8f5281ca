import pytest

from checker.expression.budget import Budget, repeated, weight
from checker.expression.faults import EvaluationError
from checker.limits import DEFAULT


def test_the_last_step_may_be_taken_and_no_other() -> None:
    budget = Budget(DEFAULT)

    budget.charge(DEFAULT.evaluation_steps)

    with pytest.raises(EvaluationError, match="more than 200,000 steps"):
        budget.charge(1)


def test_every_evaluation_begins_with_all_steps() -> None:
    budget = Budget(DEFAULT)
    budget.charge(DEFAULT.evaluation_steps)

    budget.renew()

    budget.charge(DEFAULT.evaluation_steps)


def test_a_value_that_shares_its_parts_is_charged_for_each_time_they_occur() -> None:
    value: list[object] = []
    for _ in range(24):
        value = [value, value]

    with pytest.raises(EvaluationError):
        Budget(DEFAULT).charge_whole(value)


def test_the_largest_result_is_accepted_and_no_larger_one() -> None:
    Budget(DEFAULT).admit(DEFAULT.evaluation_result)

    with pytest.raises(EvaluationError, match="more than 100,000 elements or characters"):
        Budget(DEFAULT).admit(DEFAULT.evaluation_result + 1)


def test_long_values_weigh_more() -> None:
    assert [weight(value) for value in (None, 1, "", "x" * 64, [], [1, 2], {"a": 1})] == [
        *(1, 1, 1, 2, 1, 3, 2)
    ]


def test_a_large_part_weighs_more_each_time() -> None:
    assert (repeated(10, 1), repeated(10, 8), repeated(0, 80)) == (10, 20, 0)
