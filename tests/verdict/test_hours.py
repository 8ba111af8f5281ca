from collections.abc import Iterable
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from checker.verdict.hours import runs, without

HOUR = st.integers(-5, 40)
RANGES = st.lists(st.tuples(HOUR, HOUR), max_size=6).map(sorted)


def spread(ranges: Iterable[tuple[int, int]]) -> list[int]:
    return [hour for start, stop in ranges for hour in range(start, stop)]


@given(ranges=RANGES, hours=st.sets(HOUR).map(sorted))
def test_what_is_left_of_ranges_is_each_hour_once_and_none_of_those_taken_out(
    ranges: list[tuple[int, int]], hours: list[int]
) -> None:
    left = spread(without(ranges, hours))

    assert left == sorted(set(spread(ranges)) - set(hours))


@given(hours=st.sets(HOUR).map(sorted), length=st.integers(0, 30))
def test_lengths_of_runs_tell_which_hours_were_meant(hours: list[int], length: int) -> None:
    clock = range(3, 3 + length)

    lengths = runs(((hour, hour + 1) for hour in hours), clock)

    edges = list(accumulate(lengths, initial=clock.start))
    meant = list(pairwise(edges))[1::2]
    assert spread(meant) == [hour for hour in hours if hour in clock]
    assert all(lengths[1:])


def test_a_run_from_the_first_event_on_begins_with_a_zero() -> None:
    assert runs([(3, 5), (5, 6), (8, 9)], range(3, 20)) == (0, 3, 2, 1)
    assert runs([], range(3, 20)) == ()
