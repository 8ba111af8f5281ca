import pytest

from checker.expression.time_functions import (
    difference,
    hour,
    is_after,
    is_before,
    is_between,
    read_zone,
    weekday,
)

NOON = "2024-12-16T12:00:00Z"


def test_times_are_compared_as_instants_not_as_text() -> None:
    assert is_before("2024-12-16T12:30:00+01:00", NOON)
    assert is_after("2024-12-16T11:30:00-01:00", NOON)
    assert not is_before(NOON, NOON)
    assert not is_after(NOON, "2024-12-16T13:00:00+01:00")


def test_a_period_holds_its_start_and_not_its_end() -> None:
    assert is_between("2024-12-16T00:00:00Z", "2024-12-16", "2024-12-17")
    assert not is_between("2024-12-17T00:00:00Z", "2024-12-16", "2024-12-17")


@pytest.mark.parametrize(
    ("second", "seconds"),
    [
        ("2024-12-16T13:00:00Z", 3600),
        ("2024-12-16T11:00:00Z", -3600),
        ("2024-12-16T12:00:00.5Z", 0.5),
    ],
)
def test_the_difference_is_in_seconds_and_signed(second: str, seconds: float) -> None:
    assert difference(NOON, second) == seconds


def test_clocks_and_days_are_those_of_the_zone() -> None:
    late = "2024-12-15T23:30:00Z"

    assert (hour(late, "UTC"), weekday(late, "UTC")) == (23, "sunday")
    assert (hour(late, "Europe/Berlin"), weekday(late, "Europe/Berlin")) == (0, "monday")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe", "\0"])
def test_an_unknown_zone_raises(zone: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        read_zone(zone)


@pytest.mark.parametrize("time", ["", "yesterday", "2024-12-16T12:00:00", "1734350400"])
def test_what_is_no_time_raises(time: str) -> None:
    with pytest.raises(ValueError, match="time"):
        is_before(time, NOON)


def test_a_time_beyond_the_calendar_of_its_zone_raises() -> None:
    with pytest.raises(ValueError, match="outside of the years"):
        hour("0001-01-01T00:00:00Z", "America/New_York")
