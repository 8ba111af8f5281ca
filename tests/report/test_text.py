import msgspec

from checker.report.text import closing_line, render_text
from tests.report.sample import hostile_report, sample_report


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


def test_no_control_character_of_a_log_reaches_a_terminal() -> None:
    for verbose in (False, True):
        text = render_text(hostile_report(), verbose=verbose)

        assert all(char == "\n" or char.isprintable() for char in text)
        text.encode("utf-8")


def test_the_text_is_plain_where_no_style_is_given() -> None:
    assert "\x1b" not in render_text(sample_report())
