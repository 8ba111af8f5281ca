import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.report.csv_cells import MAX_TEXT, Cell, csv_line, csv_text, guarded

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.text(), min_size=1))
def test_no_cell_is_a_formula_and_every_row_reads_back_whole(cells: list[str]) -> None:
    ((*read,),) = rows(csv_line(cells))

    assert read == [guarded(cell) for cell in cells]
    assert not [cell for cell in read if cell.lstrip().startswith(TRIGGERS)]


@pytest.mark.parametrize("text", ["plain", "a=b", "1-2", "", "é漢", "'quoted'", 'say "x", y'])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" -2", "' -2"),
        ("\t=1", r"\x09=1"),
        ("a\r\nb", r"a\x0d\x0ab"),
        ("\uff1d1", "'\uff1d1"),
        ("\u202e=1", r"\u202e=1"),
    ],
)
def test_a_formula_becomes_text_and_what_hides_is_written_out(text: str, shown: str) -> None:
    assert guarded(text) == shown


@pytest.mark.parametrize("number", [-5, 0, 12_345, -0.5])
def test_a_number_stays_a_number(number: Cell) -> None:
    assert rows(csv_line([number])) == [[str(number)]]


def test_every_cell_is_quoted_and_lines_end_as_rfc_4180_has_it() -> None:
    assert csv_text(["a", "b"], [[1, None]]) == '"a","b"\r\n"1",""\r\n'


def test_a_cell_is_no_longer_than_a_spreadsheet_keeps() -> None:
    assert len(str(guarded("x" * 100_000))) == MAX_TEXT
