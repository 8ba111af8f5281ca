"""The plugin in projects of others, each run by a pytest of its own."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.builders import APPROVED, event, rule_text, write_rules

pytest_plugins = ["pytester"]

NAME = "checker.authoring.pytest_plugin"
TESTS = """
  base: {eventSource: iot.amazonaws.com, eventName: AttachPolicy, userIdentity: {arn: x}}
  cases:
    - name: someone else attaches
      expect: fail
    - name: another event
      set: {eventName: Other}
      expect: out_of_scope
"""
SOUND = rule_text(tests=TESTS)
UNSOUND = rule_text("b-rule", tests=TESTS.replace("fail", "pass"))
INI = """
[pytest]
trailcheck_rules = rules
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Give a project with two rules, of which one fails a case, and with a test of its own."""
    write_rules(pytester.path / "rules", SOUND, UNSOUND)
    pytester.makefile(".yaml", compose="services: {}")
    pytester.makepyfile("def test_of_its_own(): pass")
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest as in an environment that trailcheck is installed in."""
    there = any(each.value == NAME for each in entry_points(group="pytest11"))
    plugin = () if there else ("-p", NAME)
    return project.runpytest_inprocess("-p", "no:randomly", *plugin, *arguments)


def test_rules_are_no_tests_unless_somebody_says_so(project: pytest.Pytester) -> None:
    run(project).assert_outcomes(passed=1)


def test_every_case_of_the_rules_in_the_configuration_is_a_test(project: pytest.Pytester) -> None:
    project.makeini(INI)

    run(project).assert_outcomes(passed=4, failed=1)


def test_what_looks_like_a_rule_is_collected_on_demand(project: pytest.Pytester) -> None:
    run(project, "--trailcheck").assert_outcomes(passed=4, failed=1)


def test_a_failure_says_where_what_and_why(project: pytest.Pytester) -> None:
    project.makeini(INI)

    result = run(project, "rules/b-rule.yaml")

    result.stdout.fnmatch_lines(
        [
            "*b-rule: someone else attaches*",
            "rules/b-rule.yaml:11:13",
            "expected pass, found fail",
            "false  require: userIdentity.arn == 'arn:aws:iam::111122223333:role/Approved'",
            "FAILED rules/b-rule.yaml::someone else attaches*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_rules_are_collected_beside_the_paths_of_the_tests(project: pytest.Pytester) -> None:
    project.makeini(f"{INI}testpaths = own\n")
    own = project.mkdir("own")
    (own / "test_own.py").write_text("def test_own(): pass")

    run(project).assert_outcomes(passed=4, failed=1)


def test_paths_on_the_command_line_are_all_that_is_collected(project: pytest.Pytester) -> None:
    project.makeini(f"{INI}testpaths = own\n")

    run(project, "test_paths_on_the_command_line_are_all_that_is_collected.py").assert_outcomes(
        passed=1
    )


def test_a_broken_rule_is_an_error_with_its_place(project: pytest.Pytester) -> None:
    project.makeini(INI)
    write_rules(project.path / "rules", SOUND.replace("severity: high", "severty: high"))

    result = run(project)

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["rules/a-rule.yaml:3:1: unknown key 'severty' *"])


def test_a_rule_without_tests_fails(project: pytest.Pytester) -> None:
    project.makeini(INI)
    write_rules(project.path / "rules", rule_text("c-rule"))

    run(project, "rules/c-rule.yaml").assert_outcomes(failed=1)


def test_parameter_values_come_from_a_file(project: pytest.Pytester) -> None:
    project.makeini(f"{INI}trailcheck_params = values.yaml\n")
    project.makefile(".yaml", values="who: x")
    text = rule_text(
        "c-rule",
        params="{who: {type: string}}",
        require="userIdentity.arn == $who",
        tests=TESTS.replace("fail", "pass"),
    )
    write_rules(project.path / "rules", text)

    run(project, "rules/c-rule.yaml").assert_outcomes(passed=2)


def test_a_fixture_judges_events_by_a_rule(project: pytest.Pytester) -> None:
    project.makepyfile(
        f"""
        def test_fails(trailcheck_rule):
            rule = trailcheck_rule("rules/a-rule.yaml")
            assert rule.judge({event()!r}).found == "fail"
            rule.expect("pass", {event(userIdentity=dict(APPROVED))!r})
        """
    )

    run(project).assert_outcomes(passed=1)


def test_a_pytest_that_asks_for_no_rules_imports_nothing_of_trailcheck(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it():\n"
        "    assert sorted(name for name in sys.modules if name.startswith('checker')) == [\n"
        f"        'checker', 'checker.authoring', {NAME!r}]\n"
    )
    (tmp_path / "a.yaml").write_text("x: 1")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    there = any(each.value == NAME for each in entry_points(group="pytest11"))

    done = subprocess.run(
        [*command, *([] if there else ["-p", NAME])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
