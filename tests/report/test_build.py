import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checker.errors import UsageError
from checker.limits import DEFAULT
from checker.report.build import Run, build
from checker.report.html import render_html
from checker.report.mask import Masked, Shown
from checker.report.model import Report
from checker.report.saved import read_json, render_json, report_schema
from checker.report.words import NOTHING_IN_SCOPE
from checker.trail.source import find_sources
from checker.verdict.coverage import cover
from checker.verdict.gate import Gate, decide
from checker.verdict.inputs import is_whole
from checker.verdict.verdicts import judge
from tests.builders import APPROVED, book_of, event, found_in, rule_text, write_trail
from tests.report.sample import hostile_report, sample_report

NOW = datetime(2025, 1, 31, 12, tzinfo=UTC)


def report_of(
    folder: Path, *paths: str, rules: tuple[str, ...] = (), secrets: bool = False
) -> Report:
    book = book_of(folder / "rules", *(rules or (rule_text(),)))
    found = found_in(book, *paths)
    whole = is_whole((), found)
    coverage = cover(found)
    results = judge(book.rules, found, coverage, whole=whole)
    run = Run(
        book=book,
        found=found,
        coverage=coverage,
        results=results,
        decision=decide(results, found, Gate(), whole=whole),
        problems=find_sources(paths)[1],
        gate=Gate(),
        limits=DEFAULT,
        now=NOW,
        show_secrets=secrets,
    )
    return build(run, Shown if secrets else Masked)


def trail_with_everything(folder: Path) -> str:
    records = [
        event(eventID="1"),
        event(eventID="1"),
        event(eventID="2", userIdentity=APPROVED),
        event(eventID="3", eventName="Other"),
        event(eventID="4", requestParameters={"policyName": "AKIAIOSFODNN7EXAMPLE"}),
        event(eventID="5", eventTime="2024-05-02T00:00:00Z", recipientAccountId="444455556666"),
    ]
    write_trail(folder / "logs" / "a.json", records)
    write_trail(folder / "logs" / "b.json", [event(eventID="1"), event(eventID="2")])
    (folder / "logs" / "README.txt").write_text("not a log", encoding="utf-8")
    return (folder / "logs").as_posix()


def test_control_totals_tie(tmp_path: Path) -> None:
    totals = report_of(tmp_path, trail_with_everything(tmp_path)).totals

    assert totals.read == 8
    assert totals.duplicates == 2
    assert totals.in_scope == 5
    assert totals.read == (
        totals.judged + totals.duplicates + totals.outside_period + totals.refused
    )


def test_that_nothing_was_in_scope_is_the_first_note(tmp_path: Path) -> None:
    inside = report_of(tmp_path / "inside", trail_with_everything(tmp_path))
    other = tmp_path / "other.json"
    write_trail(other, [event(eventName="Other")])

    outside = report_of(tmp_path / "outside", other.as_posix())

    assert NOTHING_IN_SCOPE not in inside.notes
    assert outside.notes[0] == NOTHING_IN_SCOPE
    assert "No event was in the scope of a rule</strong>" in render_html(outside)
    assert "No event was in the scope of a rule</strong>" not in render_html(inside)


def test_a_refused_record_is_in_the_totals(tmp_path: Path) -> None:
    trail = tmp_path / "trail.jsonl"
    trail.write_text(json.dumps(event()) + "\n{broken\n", encoding="utf-8")

    report = report_of(tmp_path, trail.as_posix())

    assert (report.totals.read, report.totals.judged, report.totals.refused) == (2, 1, 1)
    assert not report.gate.complete


def test_an_id_with_differing_contents_is_warned_about_once(tmp_path: Path) -> None:
    report = report_of(tmp_path, trail_with_everything(tmp_path))

    (warning,) = report.problems
    assert warning.level == "warning"
    assert warning.cause.startswith("the eventID 2 stands for 2 records")
    assert report.gate.complete


def test_what_was_read_is_said_with_hashes_period_and_population(tmp_path: Path) -> None:
    report = report_of(tmp_path, trail_with_everything(tmp_path))

    assert [Path(each.path).name for each in report.inputs] == ["a.json", "b.json"]
    assert all(len(each.sha256) == 64 for each in report.inputs)
    assert [Path(each.path).name for each in report.set_aside] == ["README.txt"]
    assert (report.period.first, report.period.last) == (
        "2024-05-01T10:00:00Z",
        "2024-05-02T00:00:00Z",
    )
    assert [(each.account, each.events) for each in report.population] == [
        ("111122223333", 7),
        ("444455556666", 1),
    ]


def test_evidence_is_masked_unless_asked_for(tmp_path: Path) -> None:
    logs = trail_with_everything(tmp_path)
    rules = (rule_text(message='"attached {requestParameters.policyName}"'),)

    masked = render_json(report_of(tmp_path, logs, rules=rules))
    shown = render_json(report_of(tmp_path, logs, rules=rules, secrets=True))

    assert "AKIAIOSFODNN7EXAMPLE" not in masked
    assert "AKIAIOSFODNN7EXAMPLE" in shown
    assert "shown as found" in shown


def test_a_rule_over_many_events_has_episodes_and_no_single_violations(tmp_path: Path) -> None:
    logs = trail_with_everything(tmp_path)
    correlation = """
  type: event_count
  group_by: [recipientAccountId, requestParameters.policyName]
  timespan: 1h
  condition: {gte: 2}"""
    rules = (
        rule_text("a-burst", require=None, correlation=correlation),
        rule_text("b-rare", require=None, cadence="{every: 1h, per: account}"),
        rule_text("c-single"),
    )

    burst, rare, single = report_of(tmp_path, logs, rules=rules).rules

    assert [burst.kind, rare.kind, single.kind] == ["correlation", "cadence", "event"]
    assert (burst.violations.total, burst.episodes.total, burst.counts.violations) == (0, 1, 1)
    (episode,) = burst.episodes.shown
    assert [(each.name, each.value) for each in episode.group] == [
        ("recipientAccountId", "111122223333"),
        ("requestParameters.policyName", "Example"),
    ]
    assert sorted(each.event_id for each in episode.evidence) == ["1", "2", "2"]
    assert episode.summary == "3 events at one instant"
    assert [each.summary for each in rare.episodes.shown] == [
        "14 h without an occurrence (at most 1 hour)"
    ]
    assert single.episodes.total == 0
    assert single.violations.total == single.counts.violations == 4


def test_a_group_s_key_is_masked_unless_asked_for(tmp_path: Path) -> None:
    logs = trail_with_everything(tmp_path)
    correlation = """
  type: event_count
  group_by: requestParameters.policyName
  timespan: 1h
  condition: {gte: 1}"""
    rules = (rule_text(require=None, correlation=correlation),)

    masked = render_json(report_of(tmp_path, logs, rules=rules))
    shown = render_json(report_of(tmp_path, logs, rules=rules, secrets=True))

    assert '"value": "****************MPLE"' in masked
    assert "AKIAIOSFODNN7EXAMPLE" not in masked
    assert '"value": "AKIAIOSFODNN7EXAMPLE"' in shown


def test_rules_stand_worst_first(tmp_path: Path) -> None:
    rules = (
        rule_text("a-low", severity="low"),
        rule_text("b-critical", severity="critical"),
        rule_text("c-passes", require=">-\n  `true`"),
        rule_text("d-never", match="{eventName: Never}"),
    )

    report = report_of(tmp_path, trail_with_everything(tmp_path), rules=rules)

    assert [rule.id for rule in report.rules] == ["b-critical", "a-low", "c-passes", "d-never"]
    assert report.verdicts == {
        "fail": 2, "error": 0, "no_evidence": 0, "waived": 0,
        "pass": 1, "no_occurrence": 1, "not_applicable": 0,
    }  # fmt: skip


def test_the_same_input_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    logs = trail_with_everything(tmp_path)
    files = [f"{logs}/b.json", f"{logs}/README.txt", f"{logs}/a.json"]

    there, back = (
        render_json(report_of(tmp_path, *named)) for named in (files, list(reversed(files)))
    )

    assert there == back


@pytest.mark.parametrize("report", [sample_report(), hostile_report()], ids=["sample", "hostile"])
def test_a_report_read_back_is_the_report(report: Report) -> None:
    text = render_json(report)

    assert read_json(text.encode(), "r.json") == report
    assert render_json(read_json(text.encode(), "r.json")) == text


@pytest.mark.parametrize("report", [sample_report(), hostile_report()], ids=["sample", "hostile"])
def test_a_report_is_as_its_schema_says(report: Report) -> None:
    Draft202012Validator.check_schema(report_schema())

    Draft202012Validator(report_schema()).validate(json.loads(render_json(report)))


FOREIGN = {
    "nothing": b"",
    "no json": b"{",
    "no report": b'{"Records": []}',
    "a list": b"[]",
    "too deep": b"[" * 100_000,
    "deep": b"[" * 500 + b"]" * 500,
    "another version": b'{"format": "trailcheck-report", "version": 2}',
    "a report with less": b'{"format": "trailcheck-report", "version": 1}',
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_report_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"r\.json: .*(\n.*)*hint: give a file that trailcheck"):
        read_json(FOREIGN[name], "r.json")
