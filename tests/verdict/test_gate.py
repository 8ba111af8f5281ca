from pathlib import Path
from typing import Any

import pytest

from checker.policy.rule import Severity
from checker.verdict.exit_codes import ExitCode
from checker.verdict.gate import Decision, decide
from checker.verdict.verdicts import judge
from tests.builders import APPROVED, book_of, event, found_in, rule_text, write_trail

GOOD = event(userIdentity=APPROVED, eventID="good")
BAD = event(eventID="bad")
NOT_APPLICABLE = rule_text("later", effective="{from: 2030-01-01}")
NO_OCCURRENCE = rule_text("never", match="{eventName: Never}")
RAISES = rule_text("raises", require="length(responseElements) > `1`")


def decision(
    folder: Path,
    records: list[dict[str, Any]],
    *rules: str,
    fail_on: Severity = Severity.LOW,
    whole: bool = True,
) -> Decision:
    book = book_of(folder / "rules", *rules)
    found = found_in(book, write_trail(folder / "trail.json", records))
    results = judge(book.rules, found, whole=whole)
    return decide(results, found, fail_on=fail_on, whole=whole)


ROWS: dict[str, tuple[list[dict[str, Any]], tuple[str, ...], dict[str, Any], ExitCode]] = {
    "all pass": ([GOOD], (rule_text(),), {}, ExitCode.OK),
    "one fails": ([GOOD, BAD], (rule_text(),), {}, ExitCode.VIOLATIONS),
    "fails at the gate's severity": (
        [BAD], (rule_text(),), {"fail_on": Severity.HIGH}, ExitCode.VIOLATIONS,
    ),
    "fails below the gate's severity": (
        [BAD], (rule_text(),), {"fail_on": Severity.CRITICAL}, ExitCode.OK,
    ),
    "a pass beside what does not apply": (
        [GOOD], (rule_text(), NOT_APPLICABLE, NO_OCCURRENCE), {}, ExitCode.OK,
    ),
    "nothing applies": ([GOOD], (NOT_APPLICABLE,), {}, ExitCode.INCOMPLETE),
    "nothing occurred": ([GOOD], (NO_OCCURRENCE,), {}, ExitCode.INCOMPLETE),
    "no events": ([], (rule_text(),), {}, ExitCode.INCOMPLETE),
    "a rule raised": ([GOOD], (rule_text(), RAISES), {}, ExitCode.INCOMPLETE),
    "a rule raised and another failed": (
        [BAD], (rule_text(), RAISES), {}, ExitCode.INCOMPLETE,
    ),
    "an event that cannot be judged beside a pass": (
        [GOOD, event(eventID="hidden", userIdentity={"omitted": True})],
        (rule_text(), rule_text("seen", require="eventName != 'x'")),
        {},
        ExitCode.INCOMPLETE,
    ),
    "input lost": ([GOOD], (rule_text(),), {"whole": False}, ExitCode.INCOMPLETE),
    "input lost and a rule failed": (
        [BAD], (rule_text(),), {"whole": False}, ExitCode.INCOMPLETE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_what_decides_the_exit_code(tmp_path: Path, row: str) -> None:
    records, rules, options, code = ROWS[row]

    decided = decision(tmp_path, records, *rules, **options)

    assert decided.exit_code is code
    assert decided.complete is (code is not ExitCode.INCOMPLETE)
    assert decided.reasons


def test_an_incomplete_run_still_names_its_failures(tmp_path: Path) -> None:
    decided = decision(tmp_path, [BAD], rule_text(), whole=False)

    assert decided.reasons == (
        "not all of the input could be read",
        "1 rule of severity low or above failed",
    )
