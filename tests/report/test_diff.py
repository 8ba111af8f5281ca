from typing import Any

import pytest
from msgspec.structs import replace

from checker.errors import UsageError
from checker.report.diff import compare_reports
from checker.report.diff_model import Difference
from checker.report.exceptions_model import ViolationGroup, ViolationGroups
from checker.report.model import AccountVerdict, Report, RuleResult, VerdictName
from checker.report.redact import redact
from tests.report.real import real_report
from tests.report.sample import sample_report
from tests.report.sample_rules import (
    FIRST_ACCOUNT,
    SECOND_ACCOUNT,
    sample_counts,
    sample_group,
    sample_result,
)


def rule(
    verdict: VerdictName, *groups: ViolationGroup, hidden: int = 0, **changes: Any
) -> RuleResult:
    violations = sum(group.count for group in groups) + hidden
    counts = sample_counts(20, violations=violations)
    made = replace(
        sample_result("a-rule", "high", verdict, "a reason", counts),
        groups=ViolationGroups(total=len(groups) + hidden, shown=list(groups)),
    )
    return replace(made, **changes)


def run(*rules: RuleResult, complete: bool = True, **changes: Any) -> Report:
    sample = sample_report()
    gate = replace(sample.gate, complete=complete)
    return replace(sample, rules=list(rules), gate=gate, **changes)


def fates(found: Difference) -> dict[str, str]:
    return {each.fingerprint[-1]: each.fate for each in found.exceptional}


ONE, TWO, THREE = (sample_group(number, count=1) for number in (1, 2, 3))


@pytest.mark.parametrize("report", [sample_report, real_report])
def test_a_report_does_not_differ_from_itself(report: Any) -> None:
    found = compare_reports(report(), report())

    assert found.worse == ()
    assert not any((found.turns, found.rules, found.runs, found.inputs))
    assert {each.fate for each in found.exceptional} <= {"still"}


def test_violations_are_new_gone_or_still_there() -> None:
    found = compare_reports(run(rule("fail", ONE, TWO)), run(rule("fail", TWO, THREE)))

    assert fates(found) == {"1": "gone", "2": "still", "3": "new"}
    assert found.worse == ("1 new group of violations",)


def test_what_is_gone_alone_is_not_worse() -> None:
    assert compare_reports(run(rule("fail", ONE, TWO)), run(rule("fail", TWO))).worse == ()
    assert compare_reports(run(rule("fail", ONE)), run(rule("pass"))).worse == ()


@pytest.mark.parametrize("excused", [{"waived": 1, "waivers": ["w"]}, {"in_baseline": True}])
def test_what_is_new_but_waived_or_known_is_not_worse(excused: dict[str, Any]) -> None:
    group = sample_group(3, count=1, **excused)
    found = compare_reports(run(rule("fail", ONE)), run(rule("fail", ONE, group)))

    assert fates(found)["3"] == "new"
    assert found.worse == ()


def test_what_a_report_does_not_show_is_neither_new_nor_gone() -> None:
    few, all_shown = rule("fail", ONE, hidden=4), rule("fail", ONE, TWO)

    assert fates(compare_reports(run(few), run(all_shown))) == {"1": "still", "2": "untold"}
    assert fates(compare_reports(run(all_shown), run(few))) == {"1": "still", "2": "untold"}
    (hidden,) = compare_reports(run(few), run(all_shown)).hidden
    assert (hidden.before, hidden.after) == (4, 0)


def test_more_violations_than_are_shown_are_worse_all_the_same() -> None:
    found = compare_reports(run(rule("fail", ONE, hidden=4)), run(rule("fail", ONE, hidden=5)))

    assert found.worse == ("more violations than the reports show, under a-rule",)


def test_violations_without_a_fingerprint_are_hidden() -> None:
    bare = replace(ONE, fingerprint="")
    found = compare_reports(run(rule("fail", bare)), run(rule("fail", TWO)))

    assert fates(found) == {"2": "untold"}


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (run(), "the rule is not judged any more"),
        (run(rule("fail", hidden=1)), "does not show all"),
        (run(rule("pass"), complete=False), "the newer run is incomplete"),
        (run(rule("error")), "the newer verdict is error"),
        (run(rule("no_evidence")), "the newer verdict is no evidence"),
        (run(rule("pass", by_account=[])), "no verdict on the account"),
    ],
)
def test_what_could_not_be_judged_is_not_gone(after: Report, why: str) -> None:
    (only,) = compare_reports(run(rule("fail", ONE)), after).exceptional

    assert only.fate == "untold"
    assert why in only.why


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ("pass", "fail", True),
        ("waived", "fail", True),
        ("pass", "waived", True),
        ("pass", "no_evidence", True),
        ("fail", "no_evidence", True),
        ("fail", "error", True),
        ("no_evidence", "error", True),
        ("error", "no_evidence", False),
        ("fail", "pass", False),
        ("no_evidence", "pass", False),
        ("pass", "no_occurrence", False),
        ("pass", "not_applicable", False),
    ],
)
def test_a_verdict_turns_for_better_or_worse(
    before: VerdictName, after: VerdictName, *, worse: bool
) -> None:
    found = compare_reports(run(rule(before)), run(rule(after)))

    assert [(turn.account, turn.before, turn.after, turn.worse) for turn in found.turns] == [
        (None, before, after, worse),
        (FIRST_ACCOUNT, before, after, worse),
    ]
    assert bool(found.worse) == worse


def test_accounts_that_come_and_go_are_told() -> None:
    counts = sample_counts(1)

    def told(account: str, verdict: VerdictName) -> AccountVerdict:
        return AccountVerdict(
            account=account, verdict=verdict, reason="", counts=counts, coverage=None
        )

    one = run(rule("pass", by_account=[told(FIRST_ACCOUNT, "pass")]))
    both = run(rule("pass", by_account=[told(FIRST_ACCOUNT, "pass"), told(SECOND_ACCOUNT, "pass")]))

    assert compare_reports(one, both).worse == ()
    assert compare_reports(both, one).worse == ("1 verdict turned for the worse",)


def test_rules_that_come_go_or_change_are_told() -> None:
    first, other = rule("pass"), rule("fail", id="b-rule")

    added = compare_reports(run(first), run(first, other))
    removed = compare_reports(run(first, other), run(first))
    changed = compare_reports(run(first), run(replace(first, sha256="0" * 64, severity="low")))

    assert [(each.how, each.rule, each.what) for each in added.rules] == [
        ("added", "b-rule", "verdict fail")
    ]
    assert added.worse == ("1 added rule not passed",)
    assert removed.worse == ("1 rule not judged any more",)
    assert [(each.how, each.what) for each in changed.rules] == [("changed", "file, severity")]
    assert changed.worse == ()


def test_a_run_that_became_incomplete_is_worse() -> None:
    found = compare_reports(run(rule("pass")), run(rule("pass"), complete=False))

    assert found.worse == ("the newer run is incomplete",)


def test_other_inputs_settings_and_programs_are_told() -> None:
    before = run(rule("pass"))
    moved = replace(before.inputs[0], path="elsewhere.json.gz")
    other = replace(before.inputs[1], sha256="1" * 64)
    settings = {**before.provenance.settings, "fail_on": "high", "new": [1]}
    del settings["limits"]
    after = replace(
        before,
        inputs=[moved, other],
        tool=replace(before.tool, version="9.9.9"),
        provenance=replace(before.provenance, settings=settings, files=[]),
    )

    found = compare_reports(before, after)

    assert [each.name for each in found.inputs] == ["trail/legacy.jsonl"]
    assert {each.name: (each.before, each.after) for each in found.runs} == {
        "program": ("0.1.0", "9.9.9"),
        "setting fail_on": ("low", "high"),
        "setting limits": ('{"exhibits": 5}', "-"),
        "setting new": ("-", "[1]"),
        **{f"file {each.path}": (each.sha256, "-") for each in before.provenance.files},
    }
    assert found.worse == ()


def test_reports_under_different_keys_are_not_compared() -> None:
    plain = sample_report()
    one, other = redact(plain, b"0123456789abcdef"), redact(plain, b"another key of 16")

    assert compare_reports(one, one).worse == ()
    for pair in ((plain, one), (one, other)):
        with pytest.raises(UsageError, match="redacted"):
            compare_reports(*pair)
