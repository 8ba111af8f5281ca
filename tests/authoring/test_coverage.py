from pathlib import Path

from checker.authoring.coverage import Coverage, Watch
from checker.authoring.rule_tests import stage
from checker.policy.parameters import Settings
from tests.builders import rule_of, rule_text

BASE = "{eventSource: iot.amazonaws.com, eventName: AttachPolicy, awsRegion: x}"


def coverage(folder: Path, *cases: str, **changes: str | None) -> Coverage:
    tests = f"\n  base: {BASE}\n  cases:\n" + "".join(
        f"    - {{name: n, {case}}}\n" for case in cases
    )
    rule = rule_of(folder, rule_text(tests=tests, **changes))
    watch = Watch(rule, Settings())
    staged = [stage(case) for case in rule.tests]
    for each in staged:
        watch.bench.run(each)
    return watch.coverage(staged)


def missed(found: Coverage) -> list[tuple[str, str, bool]]:
    return [(each.key, each.text, each.was_true) for each in found.missed]


def test_operands_that_were_not_both_are_missed(tmp_path: Path) -> None:
    found = coverage(
        tmp_path,
        "expect: pass",
        "set: {awsRegion: y}, expect: fail",
        "set: {eventName: Other}, expect: out_of_scope",
        require="awsRegion == 'x' && !readOnly",
    )

    assert missed(found) == [("match", "eventSource", True), ("require", "readOnly", False)]
    assert found.percent == 50


def test_what_is_out_of_scope_covers_no_condition(tmp_path: Path) -> None:
    found = coverage(
        tmp_path,
        "set: {eventSource: a, eventName: b}, expect: out_of_scope",
        "expect: pass",
        require="awsRegion",
    )

    assert missed(found) == [("require", "awsRegion", True)]


def test_where_and_the_alternatives_of_match_are_told_apart(tmp_path: Path) -> None:
    found = coverage(
        tmp_path,
        "expect: out_of_scope",
        require=None,
        forbid="true",
        where="awsRegion == 'y'",
        match="[{eventName: AttachPolicy}, {eventName: Other}]",
    )

    assert missed(found) == [
        ("match[0]", "eventName", True),
        ("match[1]", "eventName", False),
        ("where", "awsRegion == 'y'", False),
    ]


def test_steps_of_a_correlation_are_covered_by_their_names(tmp_path: Path) -> None:
    steps = (
        "{type: temporal, timespan: 1h, steps: [{name: one, match: {eventName: A}, where: awsRegion},"
        " {name: two, match: {eventName: B}}]}"
    )
    found = coverage(
        tmp_path,
        "events: [{at: +0s, set: {eventName: A}}, {at: +1m, set: {eventName: B}}], expect: fail",
        require=None,
        match=None,
        correlation=steps,
    )

    assert missed(found) == [("steps.one.where", "awsRegion", True)]


def test_a_rule_without_operands_is_covered(tmp_path: Path) -> None:
    assert Coverage(()).percent == 100
