from datetime import UTC, datetime

import pytest

from checker.aws.period import parse_since, parse_until

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)

BOTH = [
    ("2024-12-16", "2024-12-16T00:00:00", "2024-12-16T00:00:00"),
    ("2024-12-16T08:00:00Z", "2024-12-16T08:00:00", "2024-12-16T08:00:00"),
    ("2024-12-16T08:00:00+02:00", "2024-12-16T06:00:00", "2024-12-16T06:00:00"),
    ("2026-Q3", "2026-07-01T00:00:00", "2026-10-01T00:00:00"),
    ("2026-Q4", "2026-10-01T00:00:00", "2027-01-01T00:00:00"),
    ("2024-02", "2024-02-01T00:00:00", "2024-03-01T00:00:00"),
    ("2024-12", "2024-12-01T00:00:00", "2025-01-01T00:00:00"),
    ("2024", "2024-01-01T00:00:00", "2025-01-01T00:00:00"),
    ("30d", "2026-10-22T08:00:00", "2026-10-22T08:00:00"),
    ("2w", "2026-11-07T08:00:00", "2026-11-07T08:00:00"),
    ("12h", "2026-11-20T20:00:00", "2026-11-20T20:00:00"),
]


@pytest.mark.parametrize(("text", "since", "until"), BOTH)
def test_a_period_is_read_from_its_first_instant_to_the_first_one_after(
    text: str, since: str, until: str
) -> None:
    assert parse_since(text, NOW) == datetime.fromisoformat(f"{since}Z")
    assert parse_until(text, NOW) == datetime.fromisoformat(f"{until}Z")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-Q5", "2026-13", "0d", "30", "30x", "2024-02-30", "0000"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are those of other readers
        parse_since(text, NOW)
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        parse_until(text, NOW)
