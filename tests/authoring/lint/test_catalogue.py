from pathlib import Path

import pytest

from checker.authoring.lint.catalogue import CHECKS, CHECKS_BY_CODE
from checker.authoring.lint.check import Check
from tests.authoring.lint.examples import linted, place_of, write_example


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_bad_example_of_a_check_gives_that_check_alone_at_its_place(
    check: Check, tmp_path: Path
) -> None:
    *_, path = write_example(tmp_path, check.bad, check.pack)

    problems = linted(tmp_path)

    written = path.parent / "pack.yaml" if check.at not in path.read_text() else path
    assert [(each.code, each.level) for each in problems] == [(check.code, check.level)]
    place = problems[0].place
    assert place is not None
    assert Path(place.path) == written
    assert (place.line, place.column) == place_of(check, written, check.bad)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_good_example_of_a_check_gives_nothing(check: Check, tmp_path: Path) -> None:
    write_example(tmp_path, check.good, check.pack)

    assert linted(tmp_path) == ()


def test_no_code_is_given_twice_and_codes_are_in_order() -> None:
    codes = [check.code for check in CHECKS]

    assert codes == sorted(CHECKS_BY_CODE)


def test_no_two_checks_have_one_name() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
