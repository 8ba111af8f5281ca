from pathlib import Path

from checker.authoring.explain_text import render_explanation
from checker.authoring.explanation import Asking, explain
from checker.report.text_lines import plain
from tests.authoring.test_explain import record_of
from tests.builders import event, rule_of, rule_text


def rendered(tmp_path: Path, width: int | None) -> list[str]:
    rule = rule_of(tmp_path, rule_text(require="userIdentity.arn == 'x' && readOnly"))
    explanation = explain(rule, [("log.json", record_of(event()))], Asking())
    return render_explanation(explanation, plain, width).splitlines()


def test_lines_are_cut_to_the_terminal_and_what_would_change_the_verdict_never_is(
    tmp_path: Path,
) -> None:
    lines = rendered(tmp_path, 40)

    long = [line for line in lines if len(line) > 40]
    assert long
    assert all("would have to be" in line or line.startswith(("by ", "in ")) for line in long)
    assert any(line.endswith("…") for line in lines)


def test_a_value_keeps_some_room_beside_a_long_expression(tmp_path: Path) -> None:
    cut = next(line for line in rendered(tmp_path, 60) if "userIdentity.arn = " in line)

    assert '= "arn:aws' in cut


def test_nothing_is_cut_where_there_is_no_terminal(tmp_path: Path) -> None:
    assert any(len(line) > 100 for line in rendered(tmp_path, None))


def test_styles_are_told_what_a_line_is(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text())
    explanation = explain(rule, [("log.json", record_of(event()))], Asking())
    text = render_explanation(explanation, lambda text, kind: f"<{kind}>{text}", None)

    assert "<fail>violation" in text
    assert "<fail>> require does not hold" in text
    assert "<pass>  match holds" in text
