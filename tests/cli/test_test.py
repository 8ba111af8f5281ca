"""`trailcheck test` from end to end."""

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator
from junitparser import JUnitXml

from checker.authoring.results import Results, results_json, results_schema
from checker.cli.main import main
from tests.builders import rule_text, write_rules

GOLDEN = Path(__file__).parents[1] / "authoring" / "golden"
FILES = {
    "results.json": ["--json", "results.json"],
    "results.xml": ["--junit", "results.xml"],
}
BASE = "\n  base: {eventSource: iot.amazonaws.com, eventName: AttachPolicy, userIdentity: {arn: x}}"
TESTS = f"""{BASE}
  cases:
    - name: someone else attaches
      expect: fail
    - name: another event
      set: {{eventName: Other}}
      expect: out_of_scope
"""
WRONG = f"""{BASE}
  cases:
    - name: someone else & <another> attaches
      expect: pass
    - name: nobody can tell
      params: {{most: many}}
      expect: fail
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    params = "{most: {type: integer, default: 1}}"
    write_rules(
        Path("rules"),
        rule_text("good", tests=TESTS),
        rule_text("wrong", require="length(eventName) < $most", params=params, tests=WRONG),
        rule_text("untested"),
    )


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    assert main(["test", *arguments]) == code
    return capsys.readouterr().out


def test_failures_come_last_and_say_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "rules", "-v", code=1) == (
        "ok    good: someone else attaches\n"
        "ok    good: another event\n"
        "rules/wrong.yaml:12:13: rule wrong: someone else & <another> attaches\n"
        "    expected pass, found fail\n"
        "    false  require: length(eventName) < $most\n"
        "rules/wrong.yaml:14:13: rule wrong: nobody can tell\n"
        "    this case cannot be judged\n"
        "    expected a value of type integer, found 'many'\n"
        "rules/untested.yaml: rule untested: no tests\n"
        "    hint: write them under tests:\n"
        "rules: 3 rules, 4 tests: 2 passed, 2 failed, 1 rule without tests\n"
    )


def test_cases_are_chosen_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "rules", "-k", "ANOTHER EVENT", code=0) == (
        "rules: 1 rule, 1 test: 1 passed, 0 failed\n"
    )


def test_a_name_that_means_nothing_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "rules", "-k", "nothing"]) == 2
    assert "no case and no rule has that in its name" in capsys.readouterr().err


def test_too_few_tests_fail(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "rules/good.yaml", "--minimum-tests", "3", code=1)

    assert "rules/good.yaml: rule good: 2 tests; at least 3 are wanted" in out
    assert out.endswith("2 tests: 2 passed, 0 failed, 1 rule with too few\n")


def test_coverage_names_what_was_not_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "rules/good.yaml", "--coverage", code=0).startswith(
        " 33.3%  good: 1 of 3 operands\n"
        "    never false  match: eventSource\n"
        "    never true   require: userIdentity.arn == 'arn:aws:iam::111122223333:role/Approved'\n"
    )


def test_mutation_shows_what_no_test_notices(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "rules/good.yaml", "--mutate", code=0)

    assert (
        "rules/good.yaml:4:1: outcome: no test notices: outcome success became any\n"
        "    + outcome: any\n"
        "    hint: a case of a call that was denied, or one that failed for another reason than its"
        " rights\n"
    ) in out
    assert "mutants noticed  all\n" in out


@pytest.mark.parametrize(("least", "code"), [("1", 0), ("100", 1)])
def test_too_few_changes_noticed_fail(
    capsys: pytest.CaptureFixture[str], least: str, code: int
) -> None:
    out = said(capsys, "rules/good.yaml", "--mutate-min", least, code=code)

    assert out.endswith("too few changes noticed\n") is (code == 1)


@pytest.mark.parametrize("name", FILES)
def test_results_are_their_golden_file(
    name: str, capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config
) -> None:
    said(capsys, "rules", "--mutate", *FILES[name], code=1)
    found = Path(name).read_text(encoding="utf-8")

    if pytestconfig.getoption("--update-golden"):
        (GOLDEN / name).write_text(found, encoding="utf-8")
    assert found == (GOLDEN / name).read_text(encoding="utf-8")


def test_json_is_as_its_schema_says_and_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    shape = json.loads(said(capsys, "rules", "--mutate", "--json", "-", code=1))

    assert not list(Draft202012Validator(results_schema()).iter_errors(shape))
    assert json.loads(results_json(msgspec.convert(shape, Results))) == shape


def test_junit_is_read_by_others(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "rules", "--junit", "results.xml", code=1)
    suites = list(JUnitXml.fromfile("results.xml"))

    assert [(each.name, each.tests, each.failures, each.errors) for each in suites] == [
        ("good", 2, 0, 0),
        ("untested", 1, 1, 0),
        ("wrong", 2, 1, 1),
    ]


def test_what_passed_is_left_out_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    shape = json.loads(said(capsys, "rules", "--only-failures", "--json", "-", code=1))

    assert [(rule["id"], len(rule["cases"])) for rule in shape["rules"]] == [
        ("untested", 0),
        ("wrong", 2),
    ]


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (["--json", "rules/good.yaml"], "the json report would overwrite"),
        (["--json", "-", "--junit", "-"], "would go to one place"),
        (["--json", "x", "--junit", "x"], "the json report would overwrite"),
    ],
)
def test_results_go_where_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], options: list[str], cause: str
) -> None:
    assert main(["test", "rules", *options]) == 2
    assert cause in capsys.readouterr().err


def test_tests_in_files_beside_a_rule_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    write_rules(Path("more"), rule_text(tests=f"{TESTS}  files: more.tests.yaml\n"))
    Path("more/more.tests.yaml").write_text("cases: [{name: one more, expect: fail}]")

    assert said(capsys, "more", code=0) == "more: 1 rule, 3 tests: 3 passed, 0 failed\n"


def test_a_file_of_tests_that_no_rule_names_is_no_success(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("rules/stray.tests.yaml").write_text("cases: []")

    assert main(["test", "rules"]) == 2
    assert "rules/stray.tests.yaml: no rule names this file" in capsys.readouterr().err


def test_what_a_rule_says_is_no_command_in_the_results(capsys: pytest.CaptureFixture[str]) -> None:
    tests = TESTS.replace("someone else attaches", '"##vso[x] \\u202e"').replace("fail", "pass")
    write_rules(Path("hostile"), rule_text(tests=tests))

    out = said(capsys, "hostile", "--junit", "results.xml", code=1)

    assert "##vso[" not in out
    assert "\u202e" not in out + Path("results.xml").read_text(encoding="utf-8")
