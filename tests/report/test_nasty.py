"""Every format is read back by a parser of that format, whatever the texts in it."""

from collections.abc import Callable
from functools import cache

import pytest

from checker.report.formats import FORMATS, FORMATS_BY_NAME
from checker.report.model import Report
from checker.visible import visible
from tests.report.nasty import NASTY, long_report, nasty_report, nasty_suffixed_report
from tests.report.readers import Shape, shape_of
from tests.report.runner import FOREIGN, command_in

NAMES = [each.name for each in FORMATS]
BENIGN = "harmless words"

MakeReport = Callable[[str], Report]

# Behind every text, and in place of every text, where it is any.
CASES = [
    *((name, nasty_suffixed_report) for name in NASTY),
    *((name, nasty_report) for name in NASTY if NASTY[name].strip()),
]

# Not for the log of a step: a page, and bytes whose hash is stated.
NOT_PRINTED = {"html", "manifest"}


@cache
def report_of(nasty: str, make: MakeReport) -> Report:
    return make(NASTY.get(nasty, nasty))


@cache
def benign_shape(name: str, make: MakeReport) -> Shape:
    return shape_of(name, FORMATS_BY_NAME[name].render(report_of(BENIGN, make)))


@pytest.mark.parametrize(("nasty", "make"), CASES)
@pytest.mark.parametrize("name", NAMES)
def test_a_nasty_text_changes_no_structure_hides_nothing_and_commands_nothing(
    name: str, nasty: str, make: MakeReport
) -> None:
    text = FORMATS_BY_NAME[name].render(report_of(nasty, make))

    assert shape_of(name, text) == benign_shape(name, make)
    plain = text.replace("\r\n", "\n")
    assert visible(plain, keep_newlines=True) == plain
    text.encode()
    if name not in NOT_PRINTED:
        commands = {each.name for line in plain.split("\n") if (each := command_in(line))}
        assert commands <= ({"error", "warning", "notice"} if name == "github" else set())
        assert not [each for each in FOREIGN if each in text]


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_a_million_characters_can_be_read_back(name: str) -> None:
    text = FORMATS_BY_NAME[name].render(long_report())

    shape_of(name, text)
