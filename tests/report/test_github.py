from collections import Counter

from msgspec.structs import replace

from checker.report.github import MOST, render_github
from checker.report.model import Report, RuleResult
from tests.report.runner import Command, command_in
from tests.report.sample import sample_report
from tests.report.sample_rules import LINES, NOTHING, sample_counts, sample_evidence


def annotations(report: Report) -> list[Command]:
    found = [command_in(line) for line in render_github(report).splitlines()]
    return [each for each in found if each]


def titled(found: list[Command], part: str) -> list[Command]:
    return [each for each in found if part in each.properties["title"]]


def test_what_fails_the_gate_is_an_error_and_what_does_not_a_warning() -> None:
    found = annotations(sample_report())

    attached = titled(found, "iot-policy-attached-by-approved-role")
    assert [each.name for each in attached] == ["error", "warning"]
    assert attached[1].data.endswith("(in the baseline)")
    assert titled(found, "iot-certificates-by-approved-role")[0].name == "error"
    assert titled(found, "no-call-after-end-of-support")[0].name == "warning"
    assert titled(found, "not-json")[0].properties["line"] == "17"


def test_what_is_waived_is_no_annotation() -> None:
    assert not titled(annotations(sample_report()), "iot-root-never-used")


def test_an_annotation_stands_at_the_lines_of_its_event() -> None:
    (known,) = [each for each in annotations(sample_report()) if "(in the base" in each.data][:1]

    assert known.properties["file"].startswith("trail/")
    assert known.properties["line"] == str(LINES.first_line)
    assert known.properties["endLine"] == str(LINES.last_line)


def test_the_last_line_says_it_all() -> None:
    *_, last = annotations(sample_report())

    assert last.name == "notice"
    assert "Exit 3" in last.data


def many(rule: RuleResult, count: int, total: int) -> RuleResult:
    events = [replace(sample_evidence(0), fingerprint=f"f{number}") for number in range(count)]
    return replace(
        rule,
        violations=replace(rule.violations, shown=events, total=total),
        groups=replace(rule.groups, shown=[], total=0),
    )


def test_no_more_annotations_than_github_shows_and_the_last_one_counts_the_others() -> None:
    report = sample_report()
    rule = many(report.rules[0], 12, 30)

    found = annotations(replace(report, rules=[rule], problems=[]))

    assert Counter(each.name for each in found) == {"error": MOST, "notice": 1}
    assert found[MOST - 1].properties["title"] == "trailcheck: 21 more"


def test_findings_that_the_report_does_not_show_are_counted() -> None:
    report = sample_report()
    rule = many(report.rules[0], 2, 5)

    found = annotations(replace(report, rules=[rule], problems=[]))

    assert [each.name for each in found] == ["error", "error", "error", "notice"]
    assert found[2].data.startswith("3 more")


def test_as_many_as_github_shows_are_all_shown() -> None:
    report = sample_report()
    rule = many(report.rules[0], MOST, MOST)

    found = annotations(replace(report, rules=[rule], problems=[]))

    assert not titled(found, " more")
    assert len(found) == MOST + 1


def test_signs_with_a_meaning_in_commands_come_through_unchanged() -> None:
    report = sample_report()
    rule = replace(report.rules[0], id="100%: a,b::c")
    event = replace(sample_evidence(0), message="50% of a:b,c %0A", fingerprint="f")
    nasty = replace(many(rule, 1, 1), violations=replace(rule.violations, shown=[event], total=1))

    error, _ = annotations(replace(report, rules=[nasty], problems=[]))

    assert error.properties["title"] == "[high] 100%: a,b::c"
    assert error.data.endswith("50% of a:b,c %0A")


def test_many_problems_with_the_input_leave_room_for_findings() -> None:
    report = sample_report()
    problems = [replace(report.problems[0], path=f"log-{number}.json") for number in range(500)]

    found = annotations(replace(report, problems=problems, rules=report.rules[:1]))

    errors = [each for each in found if each.name == "error"]
    assert len(errors) == 5
    assert errors[3].data == "497 more problems with the input"
    assert "iot-policy-attached" in errors[4].properties["title"]


def test_input_that_was_lost_is_told_once_and_not_for_each_rule() -> None:
    report = sample_report()
    raised = next(rule for rule in report.rules if rule.verdict == "error")
    reached = replace(raised, id="reached", counts=sample_counts(0), errors=NOTHING)
    lost = replace(report, rules=[raised, reached])

    assert titled(annotations(lost), raised.id)
    assert not titled(annotations(lost), "reached")
    assert titled(annotations(replace(lost, problems=[])), "reached")
