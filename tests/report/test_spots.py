import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.report.spots import event_spot, line_spot, relative, rule_spot, spot_of
from tests.report.sample_rules import LINES, sample_counts, sample_evidence, sample_result

RULE = sample_result("a-rule", "low", "fail", "", sample_counts(1))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("logs/a.json", "logs/a.json"),
        ("./logs//a.json", "logs/a.json"),
        ("logs/..a.json", "logs/..a.json"),
        ("logs/a b é.json", "logs/a b é.json"),
        ("../logs/a.json", ""),
        ("logs/../../a.json", ""),
        ("/logs/a.json", ""),
        ("C:/logs/a.json", ""),
        ("C:a.json", ""),
        ("logs\\a.json", ""),
        ("<stdin>", ""),
        ("logs/a\n.json", ""),
        ("logs/##[error].json", ""),
        ("", ""),
        (".", ""),
    ],
)
def test_only_a_path_within_the_working_directory_is_a_place(path: str, shown: str) -> None:
    assert relative(path) == shown


@given(st.text())
def test_no_path_leads_out(path: str) -> None:
    shown = relative(path)

    assert not shown.startswith(("/", "\\"))
    assert ".." not in shown.split("/")


def test_a_finding_stands_where_its_first_event_with_lines_stands() -> None:
    events = [sample_evidence(0), replace(sample_evidence(1), path="logs/a.json", lines=LINES)]

    assert spot_of(RULE, events) == event_spot(events[1])
    assert spot_of(RULE, events[:1]) == rule_spot(RULE)


def test_a_rule_outside_of_the_working_directory_has_a_path_all_the_same() -> None:
    rule = replace(RULE, path="/opt/rules/x.yaml", pack="..", id="a/../b")

    assert rule_spot(rule) == line_spot("rules/rule/a_.._b.yaml", 1, 1)


def test_a_place_without_line_and_column_is_the_first_character() -> None:
    assert line_spot("a", 0, 0) == line_spot("a", 1, 1)
