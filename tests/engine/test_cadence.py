from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.engine.cadence import Interval, intervals
from checker.policy.rule import Cadence, Calendar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
DAY = 86_400 * SECOND
EVERY_90_DAYS = Cadence(every=90 * 86_400)
LENGTHS = {Calendar.MONTH: 1, Calendar.QUARTER: 3, Calendar.HALF: 6, Calendar.YEAR: 12}


def at(text: str) -> int:
    """Give a date, or a time, of UTC in microseconds since 1970."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def breaks(cadence: Cadence, covered: str, *times: str) -> list[str]:
    """Give the intervals that break a cadence as text, those that cannot tell with a question mark."""
    start, end = map(at, covered.split())
    return [
        f"{text(each.start)} {text(each.end)}{'' if each.certain else ' ?'}"
        for each in intervals(cadence, [at(time) for time in times], start, end)
    ]


def text(instant: int) -> str:
    return (EPOCH + timedelta(microseconds=instant)).isoformat()[:19].removesuffix("T00:00:00")


# In 2024, a leap year, 1 January and 90 days is 31 March, 30 March and 90 days is 28 June.
@pytest.mark.parametrize(
    ("covered", "times", "expected"),
    [
        # exactly as long as every keeps it; a second more does not
        ("2024-01-01 2024-03-31", [], ["2024-01-01 2024-03-31 ?"]),
        ("2024-01-01 2024-03-31T00:00:01", [], ["2024-01-01 2024-03-31T00:00:01"]),
        ("2024-01-01 2024-06-29", ["2024-03-31"], []),
        ("2024-01-01 2024-06-28", ["2024-03-31T00:00:01"], ["2024-01-01 2024-03-31T00:00:01"]),
        # before the first, between two, and after the last
        ("2024-01-01 2024-05-01", ["2024-04-15"], ["2024-01-01 2024-04-15"]),
        ("2024-01-01 2024-07-01", ["2024-01-02", "2024-06-30"], ["2024-01-02 2024-06-30"]),
        ("2024-01-01 2024-05-01", ["2024-01-02"], ["2024-01-02 2024-05-01"]),
        # all three at once
        (
            "2024-01-01 2025-01-01",
            ["2024-04-15", "2024-09-15"],
            ["2024-01-01 2024-04-15", "2024-04-15 2024-09-15", "2024-09-15 2025-01-01"],
        ),
        # a span too short to tell, unless something occurred
        ("2024-01-01 2024-01-31", [], ["2024-01-01 2024-01-31 ?"]),
        ("2024-01-01 2024-01-31", ["2024-01-10"], []),
        # at the very ends something occurred all the same
        ("2024-01-01 2024-01-31", ["2024-01-01"], []),
        ("2024-01-01 2024-01-31", ["2024-01-31"], []),
        ("2024-01-01 2024-05-01", ["2024-05-01"], ["2024-01-01 2024-05-01"]),
        # what is outside of the span is not seen
        ("2024-01-01 2024-01-31", ["2023-12-31", "2024-01-31T00:00:01"], ["2024-01-01 2024-01-31 ?"]),
        ("2024-01-01 2024-05-01", ["2023-12-31", "2024-06-01"], ["2024-01-01 2024-05-01"]),
        # a span of one instant, and one that ends before it begins
        ("2024-01-01 2024-01-01", [], ["2024-01-01 2024-01-01 ?"]),
        ("2024-01-01 2024-01-01", ["2024-01-01"], []),
        ("2024-01-02 2024-01-01", ["2024-01-01"], ["2024-01-02 2024-01-02 ?"]),
    ],
)  # fmt: skip
def test_every_90_days(covered: str, times: list[str], expected: list[str]) -> None:
    assert breaks(EVERY_90_DAYS, covered, *times) == expected


@pytest.mark.parametrize(
    ("calendar", "covered", "times", "expected"),
    [
        # February of a leap year and of another
        (Calendar.MONTH, "2024-02-01 2024-03-01", [], ["2024-02-01 2024-03-01"]),
        (Calendar.MONTH, "2024-02-01 2024-03-01", ["2024-02-29T23:59:59"], []),
        (Calendar.MONTH, "2023-02-01 2023-03-01", ["2023-03-01"], ["2023-02-01 2023-03-01"]),
        (Calendar.MONTH, "2024-02-01 2024-02-29", [], ["2024-02-01 2024-02-29 ?"]),
        # a month that has begun before, or is not over, breaks nothing
        (Calendar.MONTH, "2024-01-02 2024-03-31T12:00:00", [], ["2024-02-01 2024-03-01"]),
        (Calendar.MONTH, "2024-01-02 2024-03-31T12:00:00", ["2024-02-15"], []),
        (Calendar.MONTH, "2024-01-02 2024-02-20", [], ["2024-01-02 2024-02-20 ?"]),
        (Calendar.MONTH, "2024-01-02 2024-02-20", ["2024-02-20"], []),
        (Calendar.MONTH, "2024-01-02 2024-02-20", ["2024-01-01"], ["2024-01-02 2024-02-20 ?"]),
        # a period ends with its last microsecond; its end belongs to the next
        (Calendar.MONTH, "2024-04-01 2024-04-30T23:59:59.999999", [], ["2024-04-01 2024-05-01"]),
        (Calendar.MONTH, "2024-04-01 2024-04-30T23:59:59", [], ["2024-04-01 2024-04-30T23:59:59 ?"]),
        (Calendar.MONTH, "2024-04-01 2024-05-01", ["2024-05-01"], ["2024-04-01 2024-05-01"]),
        (Calendar.MONTH, "2024-04-01T00:00:01 2024-05-31", ["2024-05-01"], []),
        # across the turn of a year
        (
            Calendar.QUARTER,
            "2023-10-01 2024-10-01",
            ["2023-12-31T23:59:59", "2024-04-01"],
            ["2024-01-01 2024-04-01", "2024-07-01 2024-10-01"],
        ),
        (Calendar.QUARTER, "2024-02-01 2024-09-30", [], ["2024-04-01 2024-07-01"]),
        # the last day of one quarter and the last of the next: 182 days, and both are kept
        (Calendar.QUARTER, "2024-01-01 2024-07-01", ["2024-01-01", "2024-06-30"], []),
        (Calendar.HALF, "2024-01-01 2025-01-01", ["2024-06-30"], ["2024-07-01 2025-01-01"]),
        (Calendar.HALF, "2024-01-01 2025-01-01", ["2024-07-01"], ["2024-01-01 2024-07-01"]),
        (Calendar.HALF, "2024-02-01 2024-12-31", [], ["2024-02-01 2024-12-31 ?"]),
        (Calendar.YEAR, "2023-01-01 2025-06-01", ["2024-12-31"], ["2023-01-01 2024-01-01"]),
        (Calendar.YEAR, "2024-01-02 2025-12-30", ["2024-05-05"], []),
        (Calendar.YEAR, "2024-01-02 2025-12-30", [], ["2024-01-02 2025-12-30 ?"]),
    ],
)  # fmt: skip
def test_calendar_periods(
    calendar: Calendar, covered: str, times: list[str], expected: list[str]
) -> None:
    assert breaks(Cadence(calendar=calendar), covered, *times) == expected


@pytest.mark.parametrize("calendar", Calendar)
def test_the_last_period_of_the_calendar_ends_with_it(calendar: Calendar) -> None:
    last = at("9999-12-31T23:59:59.999999")
    begun = at(f"9999-{13 - LENGTHS[calendar]:02}-01")

    assert intervals(Cadence(calendar=calendar), [], begun, last) == [
        Interval(begun, last + 1, certain=True)
    ]
    assert intervals(Cadence(calendar=calendar), [], last, last) == [
        Interval(last, last, certain=False)
    ]


def test_the_first_period_of_the_calendar_is_one() -> None:
    found = intervals(Cadence(calendar=Calendar.YEAR), [], at("0001-01-01"), at("0002-01-01"))

    assert found == [Interval(at("0001-01-01"), at("0002-01-01"), certain=True)]


def by_definition(every: int, times: Sequence[int], start: int, end: int) -> list[Interval]:
    """Judge any two points between which nothing occurred."""
    inside = {time for time in times if start <= time <= end}
    overlong = [
        Interval(one, other, certain=True)
        for one, other in product({start, *inside}, {end, *inside})
        if other - one > every and not any(one < time < other for time in inside)
    ]
    if not inside and end - start <= every:
        return [Interval(start, max(start, end), certain=False)]
    return sorted(overlong, key=lambda each: each.start)


instants = st.integers(-3, 30)


@given(st.integers(1, 6), st.lists(instants, max_size=12), instants, instants)
def test_an_interval_is_overlong_as_the_definition_says(
    every: int, halves: list[int], start: int, end: int
) -> None:
    times = [half * SECOND // 2 for half in halves]
    first, last = start * SECOND // 2, end * SECOND // 2

    assert intervals(Cadence(every=every), times, first, last) == by_definition(
        every * SECOND, times, first, last
    )


def period_of(instant: int, calendar: Calendar) -> tuple[int, int]:
    time = EPOCH + timedelta(microseconds=instant)
    return time.year, (time.month - 1) // LENGTHS[calendar]


def missed_by_definition(
    calendar: Calendar, times: Sequence[int], start: int, end: int
) -> list[Interval]:
    """Sort the days of six years into periods, and judge those that are wholly inside."""
    periods: dict[tuple[int, int], list[int]] = {}
    for day in range(at("2020-01-01"), at("2026-01-01"), DAY):
        periods.setdefault(period_of(day, calendar), []).append(day)
    inside = [time for time in times if start <= time <= end]
    whole = {
        name: days
        for name, days in periods.items()
        if start <= days[0] and days[-1] + DAY - 1 <= end
    }
    kept = {period_of(time, calendar) for time in inside}
    if not whole and not inside:
        return [Interval(start, max(start, end), certain=False)]
    return [
        Interval(days[0], days[-1] + DAY, certain=True)
        for name, days in whole.items()
        if name not in kept
    ]


firsts = [at(f"{year}-{month:02}-01") for year in range(2021, 2025) for month in range(1, 13)]
near_midnight = st.builds(
    int.__add__,
    st.one_of(
        st.sampled_from(firsts), st.integers(0, 1_100).map(lambda day: firsts[0] + day * DAY)
    ),
    st.sampled_from([-1, 0, 1, DAY // 2]),
)


@given(
    st.sampled_from(Calendar), st.lists(near_midnight, max_size=12), near_midnight, near_midnight
)
@example(Calendar.YEAR, [], at("2022-01-01"), at("2024-12-31"))
def test_a_period_is_missed_as_the_definition_says(
    calendar: Calendar, times: list[int], start: int, end: int
) -> None:
    found = intervals(Cadence(calendar=calendar), times, start, end)

    assert found == missed_by_definition(calendar, times, start, end)


cadences = st.one_of(
    st.builds(Cadence, every=st.integers(1, 400).map(lambda days: days * 86_400)),
    st.builds(Cadence, calendar=st.sampled_from(Calendar)),
)


@given(cadences, st.lists(near_midnight), near_midnight, near_midnight, st.randoms())
def test_neither_order_nor_duplicates_change_the_answer(
    cadence: Cadence, times: list[int], start: int, end: int, random: Random
) -> None:
    mixed = [*times, *random.choices(times, k=5)] if times else []
    random.shuffle(mixed)

    assert intervals(cadence, mixed, start, end) == intervals(cadence, times, start, end)
