from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from checker.report.hour_ranges import ranges, shares, united

RUNS = st.lists(st.integers(0, 9), max_size=8)


def hours(runs: list[int]) -> set[int]:
    return {hour for start, stop in ranges(runs) for hour in range(int(start), int(stop))}


def test_lengths_of_runs_alternate_and_begin_with_what_is_not_meant() -> None:
    assert ranges([0, 3, 2, 1]) == [(0, 3), (5, 6)]
    assert ranges([4]) == ranges([]) == []


@given(RUNS, RUNS)
def test_united_ranges_have_what_either_has(one: list[int], other: list[int]) -> None:
    found = united([ranges(one), ranges(other)])

    assert {hour for start, stop in found for hour in range(int(start), int(stop))} == (
        hours(one) | hours(other)
    )
    assert all(before[1] < after[0] for before, after in pairwise(found))


@given(RUNS, st.integers(1, 9))
def test_shares_add_up_to_the_hours_that_are_meant(runs: list[int], width: int) -> None:
    edges = list(range(0, 90, width))

    found = shares(united([ranges(runs)]), edges)

    assert len(found) == max(0, len(edges) - 1)
    assert all(0 <= share <= 1 for share in found)
    within = {hour for hour in hours(runs) if hour < edges[-1]}
    assert round(sum(found) * width) == len(within)
