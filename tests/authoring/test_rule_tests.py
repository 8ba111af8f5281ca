from pathlib import Path

import pytest

from checker.authoring.rule_tests import Bench, CaseResult, run_tests, stage
from checker.expression.compiler import compile_expression
from checker.policy.parameters import Settings
from checker.policy.rule import Expectation
from tests.builders import rule_of, rule_text

BASE = "{eventSource: iot.amazonaws.com, eventName: AttachPolicy, userIdentity: {arn: x}}"


def results(folder: Path, *cases: str, **changes: str) -> list[CaseResult]:
    tests = f"\n  base: {BASE}\n  cases:\n" + "".join(
        f"    - {{name: n, {case}}}\n" for case in cases
    )
    return list(run_tests([rule_of(folder, rule_text(tests=tests, **changes))], Settings()))


@pytest.mark.parametrize(
    ("case", "found", "reason"),
    [
        ("expect: fail", "fail", ""),
        ("expect: pass", "fail", ""),
        ("set: {eventName: Other}, expect: out_of_scope", "out_of_scope", ""),
        ("set: {eventName: Other}, expect: pass", "out_of_scope", 'match: eventName is "Other"'),
        ("set: {errorCode: AccessDenied}, expect: fail", "out_of_scope", "its outcome is denied"),
    ],
)
def test_a_case_that_does_not_pass_says_why(
    tmp_path: Path, case: str, found: str, reason: str
) -> None:
    (result,) = results(tmp_path, case)

    assert result.found == found
    assert result.passed is (f"expect: {found}" in case)
    assert result.reason.startswith(reason)
    assert bool(result.reason) is bool(reason)


def test_of_several_events_the_worst_one_decides(tmp_path: Path) -> None:
    one = BASE
    other = BASE.replace("arn: x", "arn: 'arn:aws:iam::111122223333:role/Approved'")
    (result,) = results(tmp_path, f"events: [{other}, {one}, {other}], expect: pass")

    assert (result.found, result.decisive) == (Expectation.FAIL, 2)


def test_a_case_whose_parameters_are_wrong_is_not_judged(tmp_path: Path) -> None:
    params = "{most: {type: integer, default: 1}}"
    good, bad = results(
        tmp_path,
        "expect: pass",
        "params: {most: many}, expect: pass",
        params=params,
        require="length(eventName) > $most",
    )

    assert good.passed
    assert (bad.found, bad.passed) == (None, False)
    assert "expected a value of type integer" in bad.reason


def test_cases_without_parameters_share_what_was_compiled(tmp_path: Path) -> None:
    tests = f"{{base: {BASE}, cases: [{{name: a, expect: fail}}, {{name: b, expect: fail}}]}}"
    rule = rule_of(tmp_path, rule_text(tests=tests))
    compiled: list[str] = []

    def note(*arguments):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN202 - passes on whatever it gets
        compiled.append(arguments[0].text)
        return compile_expression(*arguments)

    bench = Bench(rule, Settings(), compile_with=note)

    assert all(bench.run(stage(case)).passed for case in rule.tests)
    assert len(compiled) == 1
