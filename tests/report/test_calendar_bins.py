from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.report.calendar_bins import MOST_BINS, bins_between

INSTANTS = st.datetimes(timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(first=INSTANTS, last=INSTANTS)
def test_parts_are_few_and_in_order_and_hold_all_of_the_span(
    first: datetime, last: datetime
) -> None:
    first, last = min(first, last), max(first, last)

    bins = bins_between(first, last)

    assert 1 <= len(bins.starts) <= MOST_BINS
    assert all(before < after for before, after in pairwise(bins.edges))
    assert bins.position(first) == 0
    if last.year < 9999:
        assert bins.position(last) == len(bins.starts) - 1


@pytest.mark.parametrize(
    ("first", "last", "unit", "label", "number"),
    [
        ("2025-01-15T08:20", "2025-01-15T08:20", "hour", "2025-01-15 08:00", 1),
        ("2025-01-15T08:20", "2025-01-18T08:20", "hour", "2025-01-15 08:00", 73),
        ("2024-12-01T00:00", "2025-01-31T23:59", "day", "2024-12-01", 62),
        ("2024-01-03T00:00", "2025-01-31T23:59", "week", "2024-01-01", 57),
        ("2017-11-29T00:00", "2025-01-31T23:59", "month", "2017-11", 87),
        ("1970-01-01T00:00", "2025-01-31T23:59", "year", "1970", 56),
        ("0001-01-01T00:00", "9999-12-31T23:59", "year", "0001", 120),
    ],
)
def test_the_smallest_unit_that_gives_few_parts_is_taken(
    first: str, last: str, unit: str, label: str, number: int
) -> None:
    bins = bins_between(at(first), at(last))

    assert (bins.unit, bins.label(0)) == (unit, label)
    assert len(bins.starts) == number or number == MOST_BINS


def test_what_lies_outside_of_the_span_lies_in_no_part() -> None:
    bins = bins_between(at("2025-01-15T08:20"), at("2025-01-16T08:20"))

    assert bins.position(bins.starts[0] - timedelta(seconds=1)) is None
    assert bins.position(bins.stop) is None
