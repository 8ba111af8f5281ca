"""Whatever comes in, the command answers: no traceback, and no exit code but its own."""

import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import example, given, settings

from checker.aws import Json
from checker.cli.main import main
from tests.builders import event, rule_text, write_rules, write_trail
from tests.tables.mutations import events, expressions, logs, rules

EXPECTED_EXITS = {0, 1, 2, 3}
ALL_FUNCTIONS = """>-
  arn_like(principal(userIdentity), 'arn:aws:iam::*:role/*') && outcome($event) == 'success'
  && ip_in(sourceIPAddress, '10.0.0.0/8') && time_after(eventTime, '2024-01-01')
  && policy_allows(requestParameters, 'iam:*', '*') && length(as_list(resources)) >= `0`
  && glob(eventName, 'Attach*') && hour(eventTime, 'Europe/Berlin') > `6`
  && starts_with(lower(userAgent), 'aws') && session_name(userIdentity) != 'x'
"""


@pytest.fixture(scope="module", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Work in a folder with a trail and a rule, for all examples of all tests."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("here"))
    write_trail(Path("trail.json"), [event()])
    write_rules(Path("rules"), rule_text(forbid=ALL_FUNCTIONS, require=None))
    yield
    os.chdir(before)


def run(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(arguments)
    return code, said.getvalue()


def assert_told_alike(linted: int, checked: int, also: str) -> None:
    """Assert that lint finds what stops a check, but for the values of parameters."""
    if checked == 2 and not linted:
        assert "the value of $" in also or "has no value" in also, also


def test_the_folder_is_fit_for_the_tests_below() -> None:
    assert run("check", "trail.json", "-r", "rules")[0] == 0


@given(logs)
@settings(max_examples=200)
def test_any_trail_log_comes_to_an_exit_code(content: bytes) -> None:
    Path("log.json").write_bytes(content)

    code, said = run("check", "log.json", "-r", "rules", "-o", "json=report.json")

    assert code in EXPECTED_EXITS, said
    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert report["gate"]["exit_code"] == code
    totals = report["totals"]
    assert totals["read"] == sum(totals[key] for key in ("judged", "duplicates", "refused"))


@given(events)
@settings(max_examples=200)
@example(event(userIdentity={"sessionContext": {"omitted": True}}))
@example(event(eventTime=0, userIdentity=[], sourceIPAddress={"a": 1}))
def test_any_event_comes_to_an_exit_code(record: Json) -> None:
    write_trail(Path("event.json"), [record])

    code, said = run("check", "event.json", "-r", "rules", "-o", "json=r.json", "-o", "html=r.html")

    assert code in EXPECTED_EXITS, said


@given(rules)
@settings(max_examples=300)
def test_any_rule_comes_to_an_exit_code(content: bytes) -> None:
    Path("own").mkdir(exist_ok=True)
    Path("own/a-rule.yaml").write_bytes(content)

    linted, said = run("lint", "own")
    checked, also = run("check", "trail.json", "-r", "own")
    tested, last = run("test", "own")

    assert linted in {0, 1}, said
    assert checked in EXPECTED_EXITS, also
    assert tested in EXPECTED_EXITS, last
    assert_told_alike(linted, checked, also)


@given(expressions)
@settings(max_examples=300)
def test_any_condition_comes_to_an_exit_code(text: str) -> None:
    write_rules(
        Path("own"),
        rule_text(
            require=None, forbid=json.dumps(text), params="{who: {type: string, default: a}}"
        ),
    )

    linted, said = run("lint", "own")
    checked, also = run("check", "trail.json", "-r", "own")

    assert linted in {0, 1}, said
    assert checked in EXPECTED_EXITS, also
    assert_told_alike(linted, checked, also)
