from pathlib import Path

import pytest

from checker.authoring.side_files import idle_files, with_side_files
from checker.errors import RulesError
from checker.policy.loader import read_rules
from checker.policy.rule import Rule
from tests.builders import rule_text, write_rules

CASES = """\
cases:
  - name: someone attaches
    expect: fail
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(files: str, **beside: str) -> tuple[Rule, ...]:
    """Write a rule that names files of tests, and files beside it; `__` stands for a dot."""
    base = "{eventSource: iot.amazonaws.com, eventName: AttachPolicy}"
    write_rules(Path("rules"), rule_text(tests=f"{{base: {base}, files: {files}}}"))
    for name, text in beside.items():
        path = Path("rules", name.replace("__", ".").replace("_of_", "/"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_rules(["rules"]).rules


def test_cases_of_a_file_are_those_of_the_rule_over_its_base() -> None:
    (rule,) = with_side_files(rules("more.tests.yaml", more__tests__yaml=CASES))

    (case,) = rule.tests
    assert case.events == ({"eventSource": "iot.amazonaws.com", "eventName": "AttachPolicy"},)
    assert str(case.place) == "rules/more.tests.yaml:2:11"


def test_a_base_of_the_file_goes_before_that_of_the_rule() -> None:
    text = "base: {eventName: Own}\n" + CASES
    (rule,) = with_side_files(rules("[a_of.tests.yaml]", a_of__tests__yaml=text))

    assert rule.tests[0].events == ({"eventName": "Own"},)


def test_files_of_tests_are_no_rules_and_are_not_read_before_they_are_wanted() -> None:
    (rule,) = rules("x.tests.yaml", x__tests__yaml="{{ no yaml")

    assert rule.tests == ()
    assert [each.name for each in rule.test_files] == ["x.tests.yaml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases: []", "rules/x.tests.yaml:1:8: expected a list of test cases, found an empty list"),
        ("base: {}", "rules/x.tests.yaml:1:1: a file of tests lacks 'cases'"),
        (CASES + "files: y.tests.yaml", "rules/x.tests.yaml:4:1: unknown key 'files'"),
        (CASES.replace("fail", "no_evidence"), "rules/x.tests.yaml:3:13: no_evidence is for rules"),
        (
            CASES + "    params: {who: x}",
            "rules/x.tests.yaml:4:19: the case 'someone attaches' sets",
        ),
        (
            CASES + "    covers: {from: +0s}",
            "rules/x.tests.yaml:4:5: covers is for rules over many",
        ),
        ("{{ no yaml", "rules/x.tests.yaml:1:"),
    ],
)
def test_a_mistake_is_told_at_its_place_in_the_file(text: str, said: str) -> None:
    found = rules("x.tests.yaml", x__tests__yaml=text)

    with pytest.raises(RulesError) as caught:
        with_side_files(found)

    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_told_where_it_is_named() -> None:
    with pytest.raises(RulesError) as caught:
        with_side_files(rules("x.tests.yaml"))

    assert "rules/a-rule.yaml:8:" in str(caught.value)
    assert "there is no file 'x.tests.yaml' in the folder of the rule" in str(caught.value)


def test_a_link_out_of_the_folder_is_not_followed(here: Path) -> None:
    found = rules("x.tests.yaml")
    (here / "outside.yaml").write_text(CASES)
    Path("rules/x.tests.yaml").symlink_to(here / "outside.yaml")

    with pytest.raises(RulesError, match="is a link out of the folder of the rule"):
        with_side_files(found)


@pytest.mark.parametrize(
    "name", ["../x.tests.yaml", "/x.tests.yaml", "a/../x.tests.yaml", ".x.tests.yaml", "x.yaml"]
)
def test_a_name_stays_in_the_folder_and_says_what_it_is(name: str) -> None:
    with pytest.raises(RulesError, match="expected the name of a file of tests"):
        rules(name)


def test_tests_without_cases_and_files_are_refused() -> None:
    write_rules(Path("rules"), rule_text(tests="{base: {}}"))

    with pytest.raises(RulesError, match="tests lacks 'cases'"):
        read_rules(["rules"])


def test_a_file_that_no_rule_names_is_told() -> None:
    found = rules("x.tests.yaml", x__tests__yaml=CASES, y__tests__yaml=CASES)

    (problem,) = idle_files(["rules"], found)
    assert str(problem).startswith("rules/y.tests.yaml: no rule names this file of tests")
    assert not list(idle_files(["rules/a-rule.yaml"], found))
