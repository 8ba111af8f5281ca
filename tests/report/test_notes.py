from pathlib import Path

from checker.limits import Limits
from checker.policy.loader import load_rules
from checker.policy.parameters import Settings
from checker.policy.selection import ALL_RULES, Selection, parse_selector
from checker.report.notes import notes_of
from checker.verdict.gate import Gate
from tests.builders import rule_text, write_rules


def notes(
    folder: Path, selection: Selection = ALL_RULES, gate: Gate | None = None, **limits: int
) -> list[str]:
    """Give the notes that not every report has."""
    rules = write_rules(folder, rule_text(), rule_text("b-rule"))
    book = load_rules([rules], Settings(), selection=selection)
    plain = notes_of(book, ALL_RULES, Gate(), Limits(), show_secrets=False)
    told = notes_of(book, selection, gate or Gate(), Limits(**limits), show_secrets=False)
    assert told[: len(plain)] == plain
    return told[len(plain) :]


def test_a_plain_run_has_the_notes_of_every_report_only(tmp_path: Path) -> None:
    assert notes(tmp_path) == []


def test_a_selection_says_how_many_rules_it_chose_and_names_the_rest(tmp_path: Path) -> None:
    select, exclude = parse_selector("*-rule"), parse_selector("b-*")

    assert notes(tmp_path, Selection(select=(select,), exclude=(exclude,))) == [
        "Rules selected by *-rule, without those of b-*: 1 of 2 were judged. Left out: b-rule."
    ]
    assert notes(tmp_path, Selection(select=(select,))) == [
        "Rules selected by *-rule: 2 of 2 were judged. Left out: none."
    ]


def test_whatever_weakens_or_sharpens_the_gate_is_told(tmp_path: Path) -> None:
    gate = Gate(fail_on=None, soft_fail=(parse_selector("tag:new"),), require_evidence=True)

    assert notes(tmp_path, gate=gate) == [
        "The gate was off (--fail-on none): no failure could change the exit code.",
        "Failures of the rules tag:new did not fail the gate (--soft-fail).",
        "A rule without evidence makes the run incomplete (--require-evidence).",
    ]


def test_changed_limits_are_told_with_their_defaults(tmp_path: Path) -> None:
    assert notes(tmp_path, exhibits=7) == ["Limits changed for this run: exhibits 7 (default 50)."]
