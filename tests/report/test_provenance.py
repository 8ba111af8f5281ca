from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.limits import DEFAULT
from checker.policy.parameters import settings_from_options
from checker.policy.yaml_source import FileRead
from checker.report.formats import FORMATS_BY_NAME
from checker.report.mask import Masked, Shown
from checker.report.provenance import (
    Given,
    changed_limits,
    given_parameters,
    provenance_of,
    stated,
    stated_as,
)
from tests.builders import book_of, rule_text
from tests.report.sample import sample_report

HASH = "0" * 64
WHO = "\n  who:\n    type: [string]\n    default: [x]"


def test_every_file_that_had_a_say_is_named_with_its_kind(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "pack.yaml").write_text("id: ours\ntitle: Ours\nversion: '1'\n")
    book = book_of(tmp_path / "ours", rule_text())
    given = Given(
        configuration=(FileRead("trailcheck.yaml", HASH),), params=(FileRead("p.yaml", HASH),)
    )

    files = provenance_of([], book.packs, given, Masked(None)).files

    assert [(each.kind, Path(each.path).name) for each in files] == [
        ("configuration", "trailcheck.yaml"),
        ("pack", "pack.yaml"),
        ("params", "p.yaml"),
    ]
    assert all(len(each.sha256) == 64 for each in files)


def test_settings_are_sorted_and_what_says_nothing_is_left_out() -> None:
    given = Given(
        settings={"since": None, "rules": ["iot"], "select": [], "fail_on": "low", "scope": {},
                  "show_secrets": False},
    )  # fmt: skip

    settings = provenance_of([], (), given, Masked(None)).settings

    assert list(settings.items()) == [
        ("fail_on", "low"), ("rules", ["iot"]), ("show_secrets", False),
    ]  # fmt: skip


def test_given_parameters_are_told_by_rule_and_defaults_are_not(tmp_path: Path) -> None:
    require = "contains($who, userIdentity.arn)"
    settings = settings_from_options(("a-rule.who=001",))
    book = book_of(
        tmp_path,
        rule_text("a-rule", params=WHO, require=require),
        rule_text("b-rule", params=WHO, require=require),
        settings=settings,
    )

    assert given_parameters(book.rules, settings) == {"a-rule.who": ["001"]}


def test_only_limits_that_are_not_the_default_are_told() -> None:
    assert changed_limits(DEFAULT) == {}
    assert changed_limits(replace(DEFAULT, exhibits=5)) == {"exhibits": 5}


def test_a_stated_command_is_masked_unless_asked_for() -> None:
    key = "AKIAIOSFODNN7EXAMPLE"
    given = Given(stated=stated_as("A", "B", {"command": f"login {key}"}))

    masked = provenance_of([], (), given, Masked(None)).stated
    shown = provenance_of([], (), given, Shown(None)).stated

    assert key not in masked.obtained.command
    assert shown.obtained.command == f"login {key}"
    assert (masked.prepared_by, masked.purpose) == ("A", "B")


def test_what_is_stated_is_told_as_not_verified_and_nothing_where_nothing_is() -> None:
    report = sample_report()
    silent = replace(report, provenance=replace(report.provenance, stated=stated_as()))

    assert [name for name, _ in stated(report)] == [
        "prepared by (as stated, not verified)",
        "purpose (as stated, not verified)",
        "logs obtained (as stated, not verified)",
    ]
    assert "by: B. Example, at: 2025-02-01, command: aws s3 sync" in stated(report)[2][1]
    assert stated(silent) == []


@pytest.mark.parametrize("name", ["html", "json", "junit", "text"])
def test_every_report_shows_the_root_and_what_is_stated(name: str) -> None:
    report = sample_report()

    text = FORMATS_BY_NAME[name].render(report)

    assert report.provenance.manifest.sha256 in text
    assert "A. Example, Internal Audit" in text
    assert "aws s3 sync s3://example-trail/AWSLogs trail" in text
    assert "not verified" in text or "None of it was verified" in text or name == "json"


@pytest.mark.parametrize("name", ["html", "json", "junit"])
def test_reports_with_room_show_every_hash_and_every_setting(name: str) -> None:
    report = sample_report()

    text = FORMATS_BY_NAME[name].render(report)

    assert all(rule.sha256 in text and rule.path in text for rule in report.rules)
    assert all(file.sha256 in text and file.path in text for file in report.provenance.files)
    assert all(setting in text for setting in report.provenance.settings)
