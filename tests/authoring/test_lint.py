from pathlib import Path

import pytest

from checker.authoring.lint import lint
from checker.policy.loader import read_rules
from checker.policy.packs import bundled_packs
from tests.builders import rule_text, write_rules


def codes(folder: Path, condition: str) -> list[str]:
    text = rule_text(require=None) + f"forbid: >-\n  {condition}\n"
    rules = read_rules([write_rules(folder, text)]).rules
    return [problem.code for problem in lint(rules)]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("additionalEventData.MFAUsed", "condition-not-boolean"),
        ("length(eventName)", "condition-not-boolean"),
        ("a == 'x' && b", "condition-not-boolean"),
        ('userIdentity.type == "IAMUser"', "field-in-quotes"),
        ('!(a == "b")', "field-in-quotes"),
    ],
)
def test_what_is_hardly_meant_is_warned_about(tmp_path: Path, condition: str, code: str) -> None:
    assert codes(tmp_path, condition) == [code]


@pytest.mark.parametrize(
    "condition",
    [
        "userIdentity.type == 'IAMUser'",
        "a != `null` && !(b == 'x') || contains(c, 'd')",
        'a."odd name" == b',
        '"odd name" == b',
        "a > `3`",
        "`true`",
    ],
)
def test_what_may_be_meant_is_not(tmp_path: Path, condition: str) -> None:
    assert codes(tmp_path, condition) == []


def test_a_warning_stands_at_its_condition(tmp_path: Path) -> None:
    text = rule_text(where="a.b")
    (problem,) = lint(read_rules([write_rules(tmp_path, text)]).rules)

    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (8, 8)


def test_the_bundled_packs_are_clean() -> None:
    assert list(lint(read_rules(bundled_packs()).rules)) == []
