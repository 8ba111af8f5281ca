from pathlib import Path

import pytest

from checker.authoring.tested import Demand, chosen, run
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from tests.builders import book_of, rule_of, rule_text

GOOD = "{name: Approved attaches, event: {eventSource: iot.amazonaws.com, eventName: AttachPolicy, userIdentity: {arn: 'arn:aws:iam::111122223333:role/Approved'}}, expect: pass}"
FAIL = "{name: somebody attaches, event: {eventSource: iot.amazonaws.com, eventName: AttachPolicy}, expect: fail}"
OUT = "{name: another call, event: {eventName: Other}, expect: out_of_scope}"


def rule(folder: Path, *cases: str) -> Rule:
    tests = f"{{cases: [{', '.join(cases)}]}}" if cases else None
    return rule_of(folder, rule_text(tests=tests) if tests else rule_text())


@pytest.mark.parametrize(
    ("cases", "least", "shortfall"),
    [
        ((), 1, "no tests"),
        ((GOOD,), 1, ""),
        ((GOOD,), 2, "1 test; at least 2 are wanted"),
        ((GOOD, OUT), 2, "no test expects fail"),
        ((FAIL, FAIL), 2, "no test expects pass or out_of_scope"),
        ((FAIL, OUT), 2, ""),
        ((FAIL, GOOD), 3, "2 tests; at least 3 are wanted"),
    ],
)
def test_too_few_tests_are_a_failure(
    tmp_path: Path, cases: tuple[str, ...], least: int, shortfall: str
) -> None:
    (tested,) = run([rule(tmp_path, *cases)], Settings(), Demand(least=least))

    assert tested.shortfall == shortfall
    assert tested.passed is (not shortfall)


def test_cases_are_chosen_by_their_name_or_that_of_their_rule(tmp_path: Path) -> None:
    tests = f"{{cases: [{GOOD}, {FAIL}]}}"
    texts = (rule_text("one", tests=tests), rule_text("two", tests=tests))
    rules = book_of(tmp_path, *texts).rules

    def names(text: str) -> list[tuple[str, int]]:
        return [(each.id, len(each.tests)) for each in chosen(rules, text)]

    assert names("") == names("ATTACHES") == [("one", 2), ("two", 2)]
    assert names("somebody") == [("one", 1), ("two", 1)]
    assert names("tw") == [("two", 2)]
    assert names("nothing") == []


def test_coverage_is_measured_when_it_is_wanted(tmp_path: Path) -> None:
    (without,) = run([rule(tmp_path, GOOD)], Settings(), Demand())
    (with_it,) = run([rule(tmp_path, GOOD)], Settings(), Demand(coverage=True))

    assert without.coverage is None
    assert with_it.coverage is not None
    assert with_it.coverage.percent == 0
