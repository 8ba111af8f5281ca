import re
from pathlib import Path
from typing import Any

import pytest

from checker.policy.rule import Severity
from checker.policy.selection import parse_selector
from checker.verdict.coverage import cover
from checker.verdict.exit_codes import ExitCode
from checker.verdict.gate import Decision, Gate, decide
from checker.verdict.verdicts import judge
from tests.builders import APPROVED, book_of, event, found_in, rule_text, write_trail

PAGE = Path(__file__).resolve().parents[2] / "docs" / "gate-a-pipeline.md"

GOOD = event(userIdentity=APPROVED, eventID="good")
BAD = event(eventID="bad")
HIDDEN = event(eventID="hidden", userIdentity={"omitted": True})
BAD_ELSEWHERE = event(eventID="other", recipientAccountId="444455556666")

RULE = rule_text()
PASSES = rule_text("passes", require="eventName != 'x'")
NOT_APPLICABLE = rule_text("later", effective="{from: 2030-01-01}")
NO_OCCURRENCE = rule_text("never", match="{eventName: Never}")
RAISES = rule_text("raises", require="length(responseElements) > `1`")
UNTOLD = rule_text(
    "untold",
    require=None,
    match="{eventName: Never}",
    cadence="{every: 90d, per: account}",
)

LOW = Gate()
OFF = Gate(fail_on=None)
SOFT = Gate(soft_fail=(parse_selector("a-*"),))
STRICT = Gate(require_evidence=True)

# What is read, the rules, what is asked, whether all was read.
Row = tuple[list[dict[str, Any]], tuple[str, ...], Gate, bool]

ROWS: dict[str, Row] = {
    "every rule passes": ([GOOD], (RULE,), LOW, True),
    "a rule fails at or above `--fail-on`": ([GOOD, BAD], (RULE,), Gate(fail_on=Severity.HIGH), True),
    "rules fail below `--fail-on` only": ([BAD], (RULE,), Gate(fail_on=Severity.CRITICAL), True),
    "a rule fails, and `--fail-on none`": ([BAD], (RULE,), OFF, True),
    "only rules that `--soft-fail` means fail": ([BAD], (RULE,), SOFT, True),
    "a rule fails that `--soft-fail` does not mean": (
        [BAD], (RULE, rule_text("z-rule")), SOFT, True,
    ),
    "`not_applicable` or `no_occurrence` beside a pass": (
        [GOOD], (RULE, NOT_APPLICABLE, NO_OCCURRENCE), LOW, True,
    ),
    "`no_evidence` beside a pass": ([GOOD], (RULE, UNTOLD), LOW, True),
    "`no_evidence` beside a pass, and `--require-evidence`": ([GOOD], (RULE, UNTOLD), STRICT, True),
    "all pass, and `--require-evidence`": ([GOOD], (RULE,), STRICT, True),
    "no rule reached pass, fail or waived": ([GOOD], (NOT_APPLICABLE, NO_OCCURRENCE), LOW, True),
    "no rule reached one of them, and `--fail-on none`": ([GOOD], (NO_OCCURRENCE,), OFF, True),
    "the logs hold no events": ([], (RULE,), LOW, True),
    "an input was not read whole": ([GOOD], (RULE,), LOW, False),
    "an input was not read whole, and `--fail-on none`": ([GOOD], (RULE,), OFF, False),
    "a rule raised on an event in its scope": ([GOOD], (RULE, RAISES), LOW, True),
    "an event in scope could not be judged": ([GOOD, HIDDEN], (RULE, PASSES), LOW, True),
    "a rule fails, and an input was not read whole": ([BAD], (RULE,), LOW, False),
    "a rule fails, and another raised": ([BAD], (RULE, RAISES), LOW, True),
    "a rule fails, another has `no_evidence`, and `--require-evidence`": (
        [BAD], (RULE, UNTOLD), STRICT, True,
    ),
}  # fmt: skip


def decision(folder: Path, row: Row) -> Decision:
    records, rules, gate, whole = row
    book = book_of(folder / "rules", *rules)
    found = found_in(book, write_trail(folder / "trail.json", records))
    results = judge(book.rules, found, cover(found), whole=whole)
    return decide(results, found, gate, whole=whole)


def published() -> dict[str, int]:
    rows = re.findall(r"^\| ([^|]+) \| ([0-4]) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {text: int(code) for text, code in rows}


def test_the_published_table_is_what_is_tested() -> None:
    assert list(published()) == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_what_decides_the_exit_code(tmp_path: Path, row: str) -> None:
    decided = decision(tmp_path, ROWS[row])

    assert decided.exit_code == published()[row]
    assert decided.complete is (decided.exit_code is not ExitCode.INCOMPLETE)
    assert decided.reasons


def test_an_incomplete_run_still_names_its_failures(tmp_path: Path) -> None:
    decided = decision(tmp_path, ([BAD], (RULE,), LOW, False))

    assert decided.reasons == (
        "not all of the input could be read",
        "1 rule of severity low or above failed",
    )


def test_a_gate_that_is_off_says_what_it_let_through(tmp_path: Path) -> None:
    decided = decision(tmp_path, ([BAD], (RULE,), OFF, True))

    assert decided.reasons == (
        "all input was read",
        "the gate is off (--fail-on none): 1 rule failed",
    )


def test_soft_failures_are_named_and_do_not_count(tmp_path: Path) -> None:
    decided = decision(tmp_path, ([BAD], (RULE, PASSES), SOFT, True))

    assert decided.soft_failed == ("a-rule",)
    assert decided.reasons == (
        "no rule of severity low or above, soft failures aside, failed, and all input was read",
        "1 rule failed softly (--soft-fail)",
    )


def test_evidence_that_one_account_lacks_is_not_hidden_by_another_s_failure(
    tmp_path: Path,
) -> None:
    hidden = event(eventID="hidden", userIdentity={"omitted": True})

    decided = decision(tmp_path, ([BAD_ELSEWHERE, hidden], (RULE,), STRICT, True))

    assert decided.exit_code is ExitCode.INCOMPLETE
    assert "1 rule lacked evidence, which --require-evidence asks for" in decided.reasons
