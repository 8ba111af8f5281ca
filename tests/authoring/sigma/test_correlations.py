"""Imported correlations find what the SQLite backend finds in the same events, and refuse the rest."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

pytest.importorskip("sigma.backends.sqlite", reason="needs pysigma-backend-sqlite")

from sigma.backends.sqlite import sqliteBackend
from sigma.backends.sqlite.runtime import execute_plan
from sigma.collection import SigmaCollection

from checker.authoring.rule_tests import run_tests
from checker.authoring.sigma.cases import rule_in
from checker.authoring.sigma.document import document
from checker.authoring.sigma.importer import import_sigma
from checker.aws.time import format_time
from checker.errors import Place
from checker.policy.parameters import Settings
from checker.policy.rule import Case, Expectation, Rule
from checker.policy.timeline import BEGINNING
from tests.builders import event

FILE = Path(__file__).with_name("rules") / "correlations.yml"
TITLES = (
    "A user and a key by a condition",
    "A user and a key, in any order",
    "A user, then a key",
    "Many failed sign-ins",
    "One address tries many users",
)
SIGN_IN = {
    "eventSource": "signin.amazonaws.com",
    "eventName": "ConsoleLogin",
    "errorMessage": "Failed authentication",
}
CALLS = (
    SIGN_IN,
    {**SIGN_IN, "errorMessage": "No username found"},
    {"eventSource": "iam.amazonaws.com", "eventName": "CreateUser"},
    {"eventSource": "iam.amazonaws.com", "eventName": "CreateAccessKey"},
)
FIELDS = (
    *("eventTime", "eventSource", "eventName", "errorMessage", "sourceIPAddress"),
    *("recipientAccountId", "requestParameters.userName", "userIdentity.accountId"),
    *("userIdentity.userName", "userIdentity.type"),
)


@cache
def rules() -> dict[str, Rule]:
    drafts = import_sigma([str(FILE)]).drafts
    return {draft.source.title: rule_in(document(draft), draft.id) for draft in drafts}


@cache
def plans() -> dict[str, Any]:
    backend = sqliteBackend(timestamp_field="eventTime", collate_nocase=True)
    collection = SigmaCollection.from_yaml(FILE.read_text(encoding="utf-8"))
    written = json.loads(backend.convert(collection, output_format="zircolite"))
    return {
        each["title"]: each["correlation_plan"] for each in written if "correlation_plan" in each
    }


def sqlite_finds(title: str, records: Sequence[dict[str, Any]]) -> bool:
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f"`{name}` TEXT COLLATE NOCASE" for name in FIELDS)
    connection.execute(f"CREATE TABLE logs ({columns})")
    marks = ", ".join("?" * len(FIELDS))
    rows = [[value_at(record, name) for name in FIELDS] for record in records]
    connection.executemany(f"INSERT INTO logs VALUES ({marks})", rows)  # noqa: S608 - marks alone
    alerts, _ = execute_plan(connection, plans()[title], include_events=False)
    connection.close()
    return bool(alerts)


def value_at(record: Any, name: str) -> Any:
    for part in name.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def rule_finds(rule: Rule, records: Sequence[dict[str, Any]]) -> bool:
    case = Case(
        name="drawn",
        events=tuple(records),
        expect=Expectation.FAIL,
        place=Place(path="drawn"),
        timeline=True,
    )
    (result,) = run_tests([replace(rule, tests=(case,))], Settings())
    assert result.found in {Expectation.FAIL, Expectation.PASS, Expectation.OUT_OF_SCOPE}, result
    return result.violations > 0


@st.composite
def timelines(draw: st.DrawFn, about: tuple[dict[str, str], ...]) -> list[dict[str, Any]]:
    """Give events at different seconds: at equal ones, an order is judged otherwise."""
    seconds = draw(st.lists(st.integers(0, 7200), min_size=1, max_size=12, unique=True))
    # Near to one another, so that many fall into one window, and at its edges.
    scale = draw(st.sampled_from((1, 60, 300)))
    return [
        record_at(draw, about, index, second // scale * 30 + index)
        for index, second in enumerate(sorted(seconds))
    ]


def record_at(
    draw: st.DrawFn, about: tuple[dict[str, str], ...], index: int, second: int
) -> dict[str, Any]:
    person = draw(st.sampled_from(("alice", "bob", "carol", None)))
    account = draw(st.sampled_from(("111122223333", "111122223333", "444455556666")))
    identity = {"type": draw(st.sampled_from(("IAMUser", "IAMUser", "Root"))), "accountId": account}
    return event(
        **draw(st.sampled_from((*CALLS, *about * 4))),
        eventTime=format_time(BEGINNING + timedelta(seconds=second)),
        eventID=f"5c1f6e0a-2f3f-4a54-9d3f-{index:012}",
        sourceIPAddress=draw(st.sampled_from(("192.0.2.1", "192.0.2.1", "192.0.2.2", None))),
        recipientAccountId=account,
        userIdentity={**identity, **({"userName": person} if person else {})},
        requestParameters={"userName": draw(st.sampled_from(("alice", "bob")))},
    )


@pytest.mark.parametrize("title", TITLES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_correlation_finds_what_sqlite_finds(title: str, data: st.DataObject) -> None:
    about = (SIGN_IN,) if "sign-ins" in title or "tries" in title else CALLS[2:]
    records = data.draw(timelines(about))

    assert rule_finds(rules()[title], records) == sqlite_finds(title, records)


def test_the_rules_of_a_correlation_are_no_rules_of_their_own() -> None:
    imported = import_sigma([str(FILE)])

    assert {draft.source.title for draft in imported.drafts} == {*TITLES}
    assert imported.absorbed == ("Console sign-in that failed", "Key made", "User made")
    assert imported.refused == ()


def test_a_correlation_that_says_so_leaves_its_rules_as_rules(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("  timespan:", "  generate: true\n  timespan:")
    path = tmp_path / "generate.yml"
    path.write_text(
        text.replace("  generate: true\n  generate: true", "  generate: true"), encoding="utf-8"
    )

    titles = {draft.source.title for draft in import_sigma([str(path)]).drafts}

    assert {"Console sign-in that failed", "Key made", "User made"} <= titles
