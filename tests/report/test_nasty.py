"""Every format is read back by a parser of that format, whatever the texts in it."""

from functools import cache

import pytest

from checker.report.formats import FORMATS, FORMATS_BY_NAME
from checker.report.model import Report
from checker.visible import visible
from tests.report.nasty import NASTY, long_report, nasty_report, nasty_suffixed_report
from tests.report.readers import Shape, shape_of
from tests.report.runner import FOREIGN, command_in

NAMES = [each.name for each in FORMATS]
WHOLE = [name for name in NASTY if NASTY[name].strip()]
BENIGN = "harmless words"

# Not for the log of a step: a page, and bytes whose hash is stated.
NOT_PRINTED = {"html", "manifest"}


@cache
def suffixed(nasty: str) -> Report:
    return nasty_suffixed_report(NASTY[nasty])


@cache
def whole(nasty: str) -> Report:
    return nasty_report(NASTY[nasty])


@cache
def benign_shape(name: str, *, is_whole: bool) -> Shape:
    make = nasty_report if is_whole else nasty_suffixed_report
    return shape_of(name, FORMATS_BY_NAME[name].render(make(BENIGN)))


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", NAMES)
def test_a_nasty_text_behind_every_text_changes_no_structure(name: str, nasty: str) -> None:
    text = FORMATS_BY_NAME[name].render(suffixed(nasty))

    assert shape_of(name, text) == benign_shape(name, is_whole=False)


@pytest.mark.parametrize("nasty", WHOLE)
@pytest.mark.parametrize("name", NAMES)
def test_a_nasty_text_in_place_of_every_text_changes_no_structure(name: str, nasty: str) -> None:
    text = FORMATS_BY_NAME[name].render(whole(nasty))

    assert shape_of(name, text) == benign_shape(name, is_whole=True)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_nasty_text_is_hidden_or_a_command(name: str, nasty: str) -> None:
    for report in (suffixed(nasty), whole(nasty)):
        text = FORMATS_BY_NAME[name].render(report).replace("\r\n", "\n")

        text.encode()
        assert visible(text, keep_newlines=True) == text
        if name in NOT_PRINTED:
            continue
        commands = [each for line in text.split("\n") if (each := command_in(line))]
        assert {each.name for each in commands} <= {"error", "warning", "notice"}
        assert name == "github" or not commands
        assert not [each for each in FOREIGN if each in text]


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_a_million_characters_can_be_read_back(name: str) -> None:
    text = FORMATS_BY_NAME[name].render(long_report())

    shape_of(name, text)
