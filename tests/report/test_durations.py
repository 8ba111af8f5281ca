from datetime import timedelta

import pytest

from checker.report.durations import measured, stated


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (90, "90 seconds"),
        (600, "10 minutes"),
        (3_600, "1 hour"),
        (5_400, "90 minutes"),
        (90 * 86_400, "90 days"),
        (7 * 86_400, "7 days"),
    ],
)
def test_a_stated_time_is_given_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert stated(seconds) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=12), "12 s"),
        (timedelta(minutes=8, seconds=12), "8 min 12 s"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=5, seconds=59), "1 h 5 min"),
        (timedelta(days=1, seconds=3), "1 day 3 s"),
        (timedelta(days=120), "120 days"),
        (timedelta(days=1_000, hours=2), "1,000 days 2 h"),
    ],
)
def test_a_measured_time_is_given_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert measured(length) == words


def test_a_time_just_over_a_bound_does_not_look_like_the_bound() -> None:
    assert measured(timedelta(days=90, microseconds=1)) == "90 days 0.000001 s"
