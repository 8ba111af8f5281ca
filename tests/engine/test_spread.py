import os
from functools import partial

import pytest

from checker.engine.spread import spread


def _double(number: int, *, ids: bool = False) -> int:
    return os.getpid() if ids else number * 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_work(jobs: int) -> None:
    assert spread(_double, list(range(20)), jobs) == [number * 2 for number in range(20)]


def test_little_work_stays_here() -> None:
    assert set(spread(partial(_double, ids=True), [1, 2], 2)) == {os.getpid()}


def test_much_work_goes_elsewhere() -> None:
    assert os.getpid() not in spread(partial(_double, ids=True), list(range(20)), 2)


def _divide(number: int) -> float:
    return 1 / number


def test_an_error_in_a_worker_is_an_error_here() -> None:
    with pytest.raises(ZeroDivisionError):
        spread(_divide, list(range(20)), 2)
