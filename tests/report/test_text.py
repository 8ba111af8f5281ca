from typing import Any

import msgspec
import pytest

from checker.report.model import Exhibits
from checker.report.text import closing_line, lost_lines, render_text
from tests.report.sample import hostile_report, sample_report
from tests.report.sample_rules import NOTHING, sample_counts


def test_every_rule_has_its_line_and_the_last_line_says_it_all() -> None:
    report = sample_report()
    lines = render_text(report).splitlines()

    for rule in report.rules:
        assert any(
            line.startswith(rule.verdict.replace("_", " ")) and rule.id in line for line in lines
        )
    assert lines[-1] == closing_line(report)
    assert f"Exit {report.gate.exit_code}" in lines[-1]


def test_what_is_not_shown_is_counted() -> None:
    report = sample_report()
    rule = next(rule for rule in report.rules if rule.violations.shown)
    many = msgspec.structs.replace(
        rule,
        violations=msgspec.structs.replace(
            rule.violations, total=70, shown=[rule.violations.shown[0]] * 50
        ),
    )
    text = render_text(msgspec.structs.replace(report, rules=[many]))
    verbose = render_text(msgspec.structs.replace(report, rules=[many]), verbose=True)

    assert "67 more of 70" in text
    assert "20 more of 70" in verbose


def test_episodes_are_told_with_group_and_span_and_with_their_events_when_asked() -> None:
    report = sample_report()
    text = render_text(report)
    verbose = render_text(report, verbose=True)
    span = "2025-01-15T08:20:30Z to 2025-01-15T08:23:30Z  111122223333"
    event = "\n        2025-01-15T08:22:30Z  111122223333 eu-west-1  "

    assert "looked for at least 3 events of one sourceIPAddress and one awsRegion within" in text
    assert "must occur at least once every 90 days in every account" in text
    assert f"- {span}  sourceIPAddress 203.0.113.7, awsRegion (absent): 3 events in 3 min" in text
    assert (
        f"- [in the baseline] {span}  a group whose values could not be read again: 3 events in 3 min"
        in text
    )
    assert "  account 111122223333: 117 days without an occurrence (at most 90 days)" in text
    assert "2 more of 5, -v shows those that are kept" in text
    assert event not in text
    assert event in verbose
    assert "… 237 more of 240 events" in verbose
    assert "- 2025-01-15T08:20:30Z  1 event; the logs end too soon" in verbose


def test_what_cannot_be_told_does_not_hide_what_is_certain() -> None:
    report = sample_report()
    rule = next(rule for rule in report.rules if rule.kind == "correlation")
    *certain, untold = rule.episodes.shown
    shown = [untold] * 3 + certain
    episodes = msgspec.structs.replace(rule.episodes, shown=shown)
    many = msgspec.structs.replace(rule, episodes=episodes)

    text = render_text(msgspec.structs.replace(report, rules=[many]))

    assert "sourceIPAddress 203.0.113.7" in text
    assert "too soon to tell" not in text


def test_no_control_character_of_a_log_reaches_a_terminal() -> None:
    for verbose in (False, True):
        text = render_text(hostile_report(), verbose=verbose)

        assert all(char == "\n" or char.isprintable() for char in text)
        text.encode("utf-8")


def test_the_text_is_plain_where_no_style_is_given() -> None:
    assert "\x1b" not in render_text(sample_report())


def test_a_rule_without_evidence_says_why() -> None:
    report = sample_report()
    untold = next(rule for rule in report.rules if rule.verdict == "no_evidence")
    bare = msgspec.structs.replace(
        untold,
        undetermined=NOTHING,
        reason="could not be tested, because the logs hold no data event; this is not a pass",
    )

    text = render_text(msgspec.structs.replace(report, rules=[bare]))

    assert f"    {bare.reason}\n" in text


def test_waived_and_known_exceptions_are_counted_and_marked() -> None:
    text = render_text(sample_report())

    assert "IN SCOPE  EXCEPTIONS  WAIVED  KNOWN\n" in text
    assert "    2 of them waived, 1 of them in the baseline\n" in text
    assert "    - [waived by rollout-2024-12] 2025-01-15T08:00:30Z" in text
    assert "    - [in the baseline] 2025-01-15T08:01:30Z" in text


def test_without_waivers_and_a_baseline_there_is_no_word_of_them() -> None:
    report = msgspec.structs.replace(sample_report(), waivers=None, baseline=None)

    text = render_text(report)

    assert "KNOWN" not in text
    assert "waivers.yaml" not in text
    assert "baseline.json" not in text


def test_a_few_lines_tell_of_waivers_first_those_to_act_on_and_of_the_baseline() -> None:
    text = render_text(sample_report())
    lines = text[text.index("\nwaivers.yaml") + 1 :].splitlines()

    assert (
        lines[0] == "waivers.yaml: 5 waivers, 2 in use, 2 live, 1 ending within 30 days, 1 expired"
    )
    assert [line.split()[1] for line in lines[1:4]] == [
        "debug-2024-11",
        "root-billing-2025-01",
        "rollout-2024-12",
    ]
    assert lines[1].endswith("1 exception before its approval, not 3 exceptions after its end")
    assert lines[4] == "baseline.json: 1 known, 3 new, 1 fixed"


def test_waivers_beyond_the_first_are_counted_unless_all_are_asked_for() -> None:
    report = sample_report()
    assert report.waivers
    many = msgspec.structs.replace(report.waivers, entries=report.waivers.entries * 3)
    grown = msgspec.structs.replace(report, waivers=many)

    assert "  … 6 more, -v shows them\n" in render_text(grown)
    assert "-v shows them" not in render_text(grown, verbose=True)


def test_waivers_that_were_not_applied_are_said_to_be_so() -> None:
    report = sample_report()
    assert report.waivers
    waivers = msgspec.structs.replace(report.waivers, applied=False)

    text = render_text(msgspec.structs.replace(report, waivers=waivers))

    assert "waivers.yaml: 5 waivers, none of them applied, 2 live" in text


@pytest.mark.parametrize("width", [200, 100, 80, 60, 40])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_terminal_but_for_a_word_that_is(
    width: int, *, verbose: bool
) -> None:
    report = sample_report()

    lines = render_text(report, verbose=verbose, width=width).splitlines()

    table = 65  # columns of a row of numbers
    assert not [line for line in lines if len(line) > max(width, table) and " " in line.strip()]
    for rule in report.rules:
        assert any(rule.id in line for line in lines)


def test_a_terminal_changes_no_word() -> None:
    narrow = render_text(sample_report(), width=50, verbose=True).split()
    wide = render_text(sample_report(), verbose=True).split()

    assert sorted(narrow) == sorted(wide)


def test_a_styled_table_is_the_plain_one_with_styles() -> None:
    marked = render_text(sample_report(), lambda text, _: f"<{text}>", width=80)

    assert marked.replace("<", "").replace(">", "") == render_text(sample_report(), width=80)


def test_breaking_a_line_makes_no_command() -> None:
    report = sample_report()
    rule = msgspec.structs.replace(report.rules[0], title=f"{'word ' * 9}::error::forged")

    lines = render_text(msgspec.structs.replace(report, rules=[rule]), width=50).splitlines()

    assert not [line for line in lines if line.lstrip().startswith("::")]


def test_rules_with_nothing_in_scope_and_one_thing_to_say_are_one_row() -> None:
    report = sample_report()
    idle = next(rule for rule in report.rules if rule.verdict == "no_occurrence")
    alike = [msgspec.structs.replace(idle, id=f"idle-{number}") for number in range(4)]
    other = msgspec.structs.replace(idle, id="other", reason="another reason")
    seen = msgspec.structs.replace(idle, id="seen", counts=sample_counts(1))
    many = msgspec.structs.replace(report, rules=[*alike, other, seen])

    text = render_text(many)
    verbose = render_text(many, verbose=True)

    row = "no occurrence   4 more rules with nothing in scope; -v lists them"
    assert f"{row}\n    {idle.reason}\n" in text
    assert "other" in text
    assert "seen" in text
    assert "idle-" not in text
    assert all(rule.id in verbose for rule in many.rules)
    assert "more rules" not in verbose


@pytest.mark.parametrize(
    "found",
    [
        {"upcoming": Exhibits(total=1, shown=[])},
        {"errors": Exhibits(total=1, shown=[])},
        {"counts": sample_counts(0, other_outcomes={"denied": 1})},
    ],
    ids=str,
)
def test_a_rule_with_something_to_tell_has_a_row_of_its_own(found: dict[str, Any]) -> None:
    report = sample_report()
    idle = next(rule for rule in report.rules if rule.verdict == "no_occurrence")
    rules = [msgspec.structs.replace(idle, id=f"rule-{number}", **found) for number in range(9)]

    text = render_text(msgspec.structs.replace(report, rules=rules))

    assert all(rule.id in text for rule in rules)


def test_of_many_problems_the_errors_come_first_and_the_rest_is_counted() -> None:
    report = sample_report()
    warning = next(each for each in report.problems if each.level == "warning")
    error = next(each for each in report.problems if each.level == "error")
    many = msgspec.structs.replace(report, problems=[*[warning] * 12, error])

    text = render_text(many)

    assert "Problems with the input (13)\n  error  " in text
    assert "  … 3 more, -v shows them\n" in text
    assert render_text(many, verbose=True).count(f"  warning  {warning.path}") == 12


def test_a_hint_that_several_problems_have_is_given_once() -> None:
    report = sample_report()
    problem = next(each for each in report.problems if each.hint)
    others = [msgspec.structs.replace(problem, path=name) for name in ("a", "b")]

    text = render_text(msgspec.structs.replace(report, problems=others))

    assert text.count(problem.hint) == 1


def test_all_that_was_lost_is_told_beside_the_closing_line() -> None:
    report = sample_report()
    error = next(each for each in report.problems if each.level == "error")
    many = [msgspec.structs.replace(error, path=f"{number}.json") for number in range(30)]

    lines = lost_lines(msgspec.structs.replace(report, problems=many))

    assert len([line for line in lines if line.startswith("  error  ")]) == 30
