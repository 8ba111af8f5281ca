from datetime import UTC, datetime

import pytest

from checker.report.portable import cut, instant, millis, one_line, portable, stamp


def test_hidden_characters_are_written_out_in_values_and_in_keys() -> None:
    value = {"a\u202e": ["\ud800", {"b": "line\nfeed"}], "n": 1, "none": None}

    assert portable(value) == {
        "a\\u202e": ["\\ud800", {"b": "line\nfeed"}],
        "n": 1,
        "none": None,
    }


def test_a_line_is_one_line_and_never_blank() -> None:
    assert one_line(" a\n\n b\t", 10) == "a b"
    assert one_line("\n", 10) == "-"
    assert one_line("x" * 11, 10) == "x" * 9 + "…"
    assert cut("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (("2025-01-31T12:00:00.5Z",), datetime(2025, 1, 31, 12, 0, 0, 500_000, UTC)),
        ((None, "", "no time", "2025-01-31T13:00:00+01:00"), datetime(2025, 1, 31, 12, tzinfo=UTC)),
        ((None,), datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_first_that_is_a_time_is_taken(
    times: tuple[str | None, ...], expected: datetime
) -> None:
    assert instant(*times) == expected
    assert millis(*times) == int(expected.timestamp() * 1_000)
    assert stamp(*times) == expected.isoformat().replace("+00:00", "Z")
