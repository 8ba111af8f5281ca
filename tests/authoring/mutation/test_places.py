from pathlib import Path

import pytest

from checker.authoring.mutation.mutants import mutants
from checker.authoring.mutation.places import Diff, diff_of
from checker.policy.yaml_source import load_file
from tests.builders import rule_of, rule_text


def diffs(folder: Path, **changes: str | None) -> dict[str, Diff]:
    """Give the mutants of a rule by what they are, each as a diff of its file."""
    rule = rule_of(folder, rule_text(**changes))
    path = folder / "a-rule.yaml"
    root = load_file(path, "a-rule.yaml").root
    lines = tuple(path.read_text(encoding="utf-8").splitlines())
    return {each.change.what: diff_of(root, lines, each.change) for each in mutants(rule)}


@pytest.mark.parametrize(
    ("what", "place", "after"),
    [
        ("&& became ||", "7:12", "require: a || b == `1`"),
        ("== became !=", "7:17", "require: a && b != `1`"),
        ("an operand of && left out: a", "7:10", "require: b == `1`"),
    ],
)
def test_a_change_of_an_expression_is_shown_in_its_line(
    tmp_path: Path, what: str, place: str, after: str
) -> None:
    diff = diffs(tmp_path, require="a && b == `1`")[what]

    assert str(diff.place) == f"a-rule.yaml:{place}"
    assert diff.before == ("require: a && b == `1`",)
    assert diff.after == (after,)


def test_a_change_in_a_folded_block_is_shown_in_its_line(tmp_path: Path) -> None:
    diff = diffs(tmp_path, require=">-\n  a == 'x'\n  && b")["&& became ||"]

    assert str(diff.place) == "a-rule.yaml:9:3"
    assert (diff.before, diff.after) == (("  && b",), ("  || b",))


def test_what_is_lost_over_several_lines_is_shown_as_those_lines(tmp_path: Path) -> None:
    diff = diffs(tmp_path, require=">-\n  a == 'x'\n  && b\n  && c")["an operand of && left out: b"]

    assert diff.before
    assert "&& c" in "".join(diff.after)


@pytest.mark.parametrize(
    ("written", "what", "before", "after"),
    [
        ("[A, B, C]", "A", "  eventName: [A, B, C]", "  eventName: [B, C]"),
        ("[A, B, C]", "C", "  eventName: [A, B, C]", "  eventName: [A, B]"),
        ("\n    - A\n    - B", "B", "    - B", None),
    ],
)
def test_a_lost_value_is_shown_in_its_line(
    tmp_path: Path, written: str, what: str, before: str, after: str | None
) -> None:
    diff = diffs(tmp_path, match=f"\n  eventName: {written}")[f"left out of eventName: {what}"]

    assert diff.before == (before,)
    assert diff.after == ((after,) if after else ())


def test_a_lost_line_is_shown_alone(tmp_path: Path) -> None:
    diff = diffs(tmp_path)["eventName left out of match"]

    assert (diff.before, diff.after) == (("  eventName: AttachPolicy",), ())


def test_what_was_not_written_is_shown_as_put_in(tmp_path: Path) -> None:
    diff = diffs(tmp_path)["outcome success became any"]

    assert (diff.before, diff.after) == ((), ("outcome: any",))


def test_a_value_alone_is_changed_in_its_line(tmp_path: Path) -> None:
    diff = diffs(tmp_path, outcome="denied")["outcome denied became any"]

    assert (diff.before, diff.after) == (("outcome: denied",), ("outcome: any",))


def test_text_that_cannot_be_followed_is_shown_whole(tmp_path: Path) -> None:
    diff = diffs(tmp_path, require="\"a == '\\u0078'\"")["'x' became 'x~'"]

    assert diff.before
    assert diff.after != diff.before
