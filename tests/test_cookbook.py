"""Every recipe of the cookbook is a rule in which the linter finds nothing, and whose tests pass."""

import re
from pathlib import Path

import pytest

from checker.authoring.lint.linter import lint
from checker.authoring.rule_tests import run_tests
from checker.policy.loader import load_rules
from checker.policy.parameters import Settings
from checker.policy.rule import Expectation

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "cookbook.md").read_text(encoding="utf-8")
RECIPES = {
    text.partition("\n")[0].removeprefix("id: "): text
    for text in re.findall(r"```yaml\n(id: .*?)```", PAGE, re.DOTALL)
}


def test_there_are_recipes_for_the_common_questions() -> None:
    assert len(RECIPES) >= 15


@pytest.mark.parametrize("rule_id", RECIPES)
def test_a_recipe_works(rule_id: str, tmp_path: Path) -> None:
    path = tmp_path / f"{rule_id}.yaml"
    path.write_text(RECIPES[rule_id], encoding="utf-8")
    (rule,) = load_rules([path.as_posix()], Settings()).rules
    results = list(run_tests((rule,), Settings()))

    assert [f"{each.case.name}: {each.reason}" for each in results if not each.passed] == []
    assert {Expectation.FAIL} < {each.case.expect for each in results}
    assert [str(each) for each in lint((rule,), ())] == []
