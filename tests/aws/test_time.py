from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws.time import format_time, parse_instant, parse_naive_time, parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-12-16T00:00:00Z", "2024-12-16T00:00:00Z"),
        ("2024-12-16t00:00:00z", "2024-12-16T00:00:00Z"),
        ("2024-12-16T02:00:00+05:30", "2024-12-15T20:30:00Z"),
        ("2024-12-16T02:00:00-00:00", "2024-12-16T02:00:00Z"),
        ("2024-12-16T02:00:00.5Z", "2024-12-16T02:00:00.500000Z"),
        ("2024-12-16T02:00:00.123456789Z", "2024-12-16T02:00:00.123456Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ("2017-01-01T05:29:60+05:30", "2016-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_an_rfc_3339_time_is_read_as_utc(text: str, expected: str) -> None:
    assert format_time(parse_time(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-12-16",
        "2024-12-16 00:00:00Z",
        "2024-12-16T00:00:00",
        "2024-12-16T00:00Z",
        "2024-12-16T00:00:00.Z",
        "2024-12-16T00:00:00Z\n",
        "20241216T000000Z",
        "2024-02-30T00:00:00Z",
        "2024-12-16T24:00:00Z",
        "2024-12-16T00:00:61Z",
        "2024-12-16T12:00:60Z",
        "2024-12-16T00:00:00+24:00",
        "2024-12-16T00:00:00+0100",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "٢٠٢٤-12-16T00:00:00Z",
        "1460159496",
    ],
)
def test_what_is_no_rfc_3339_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|date|offset|second"):
        parse_time(text)


def test_a_missing_zone_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="no zone"):
        parse_time("2024-12-16T00:00:00")


def test_a_naive_time_is_utc_only_when_asked_for() -> None:
    assert parse_naive_time("2024-12-16T00:00:00") == datetime(2024, 12, 16, tzinfo=UTC)
    with pytest.raises(ValueError, match="expected a time"):
        parse_naive_time("2024-12-16T00:00:00Z")


def test_a_date_is_a_boundary_at_its_first_second() -> None:
    assert format_time(parse_instant("2024-12-16")) == "2024-12-16T00:00:00Z"
    assert format_time(parse_instant("2024-12-16T01:00:00+01:00")) == "2024-12-16T00:00:00Z"
    for text in ("2024-02-30", "2024-12-16T00:00:00", "2024-W51-1", "tomorrow"):
        with pytest.raises(ValueError, match=r"time|date"):
            parse_instant(text)


OFFSETS = st.timedeltas(min_value=timedelta(hours=-14), max_value=timedelta(hours=14)).map(
    lambda delta: timedelta(minutes=delta // timedelta(minutes=1))
)


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), OFFSETS)  # noqa: DTZ001
def test_a_written_time_reads_back_the_same(naive: datetime, offset: timedelta) -> None:
    time = naive.replace(tzinfo=UTC)
    assert parse_time(format_time(time)) == time
    sign = "-" if offset < timedelta(0) else "+"
    minutes = abs(offset) // timedelta(minutes=1)
    local = (naive + offset).isoformat()
    assert parse_time(f"{local}{sign}{minutes // 60:02}:{minutes % 60:02}") == time


@given(st.text(alphabet="0123456789-T:Z+. ", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        time = parse_instant(text)
    except ValueError:
        return
    assert time.tzinfo is UTC
