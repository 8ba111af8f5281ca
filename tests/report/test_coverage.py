from pathlib import Path
from typing import Any

from checker.policy.audit_scope import AuditScope, Declared
from checker.report.coverage import coverage_lines, coverage_of
from checker.report.coverage_model import Coverage
from checker.report.html import render_html
from checker.report.mask import Masked
from checker.verdict.coverage import cover
from tests.builders import book_of, event, found_in, rule_text, write_trail
from tests.report.sample import sample_report

ACCOUNT = "111122223333"
OTHER = "444455556666"
SCOPE = AuditScope(
    accounts=(ACCOUNT, OTHER),
    trails=("AKIAIOSFODNN7EXAMPLE",),
    declared=(Declared(reason="quiet", accounts=(ACCOUNT,), regions=("us-east-1",)),),
)


def coverage(folder: Path, *more: dict[str, Any], scope: AuditScope = SCOPE) -> Coverage:
    stop = event(
        eventID="stop",
        eventTime="2024-05-01T12:30:00Z",
        eventSource="cloudtrail.amazonaws.com",
        eventName="StopLogging",
        requestParameters={"name": "AKIAIOSFODNN7EXAMPLE"},
    )
    records = [event(), stop, *more]
    book = book_of(folder / "rules", rule_text())
    found = found_in(book, write_trail(folder / "trail.json", records))
    return coverage_of(cover(found, scope), Masked(None))


def test_every_hour_is_observed_declared_or_empty(tmp_path: Path) -> None:
    found = coverage(tmp_path)

    ours, other = found.accounts
    assert [(each.region, each.observed, each.declared, each.empty) for each in ours.regions] == [
        ("eu-west-1", 2, 0, 1),
        ("us-east-1", 0, 3, 0),
    ]
    assert ours.regions[0].first_event == "2024-05-01T10:00:00Z"
    assert (other.account, other.expected, other.regions) == (OTHER, True, [])


def test_a_key_that_names_a_trail_is_masked(tmp_path: Path) -> None:
    (gap,) = coverage(tmp_path).accounts[0].gaps

    assert "IOSFODNN" not in gap.trail
    assert (gap.cause, gap.until) == ("StopLogging", None)


def test_the_lines_for_a_terminal_name_accounts_gaps_and_bounds(tmp_path: Path) -> None:
    lines = list(coverage_lines(coverage(tmp_path)))

    assert lines[0] == (
        "coverage of 111122223333: events in 2 of 3 hours; eu-west-1, us-east-1; Management"
    )
    assert lines[1].startswith(
        "not covered in 111122223333: 2024-05-01T12:30:00Z to the end of the period, "
        "after StopLogging of "
    )
    assert lines[2] == "coverage of 444455556666: events in 0 of 3 hours; no logs; no events"


def test_many_accounts_are_not_all_listed_on_a_terminal(tmp_path: Path) -> None:
    accounts = tuple(f"{number:012}" for number in range(1, 9))

    lines = list(coverage_lines(coverage(tmp_path, scope=AuditScope(accounts=accounts))))

    assert lines[-1] == "coverage of 4 more accounts: see a report"


def test_the_page_shows_gaps_declarations_and_bounds() -> None:
    page = render_html(sample_report())

    section = page.partition('<section id="coverage"')[2].partition("</section>")[0]
    for text in ("StopLogging", "PutEventSelectors", "the plant is shut", "best effort", "no logs"):
        assert text in section
