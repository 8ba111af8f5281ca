from pathlib import Path

from checker.authoring.mutation.killing import Trial, score_defaults, score_rule
from checker.policy.parameters import Settings
from tests.builders import book_of, rule_of, rule_text

BASE = "{eventSource: iot.amazonaws.com, eventName: AttachPolicy, awsRegion: x}"
CONDITION = "awsRegion == 'x' && readOnly != `true`"


def text(*cases: str, rule_id: str = "a-rule", require: str = CONDITION, **changes: str) -> str:
    tests = f"\n  base: {BASE}\n  cases:\n" + "".join(
        f"    - {{name: n, {case}}}\n" for case in cases
    )
    return rule_text(rule_id, require=f'"{require}"', tests=tests, **changes)


THOROUGH = (
    "expect: pass",
    "set: {awsRegion: y}, expect: fail",
    "set: {readOnly: true}, expect: fail",
    "set: {eventName: Other}, expect: out_of_scope",
    "set: {eventSource: organizations.amazonaws.com}, expect: out_of_scope",
    "set: {errorCode: AccessDenied}, expect: out_of_scope",
)


def test_tests_from_every_side_notice_every_change(tmp_path: Path) -> None:
    score = score_rule(Trial(rule_of(tmp_path, text(*THOROUGH)), Settings()))

    assert score.mutants > 10
    assert score.killed == score.mutants
    assert not score.unfit


def test_what_no_test_is_about_survives(tmp_path: Path) -> None:
    cases = [case for case in THOROUGH if "readOnly" not in case and "errorCode" not in case]
    score = score_rule(Trial(rule_of(tmp_path, text(*cases)), Settings()))

    assert [each.what for each in score.survivors] == [
        "outcome success became any",
        "an operand of && left out: readOnly != `true`",
        "`true` became `false`",
    ]
    assert score.killed == score.mutants - 3


def test_a_rule_whose_tests_fail_is_not_mutated(tmp_path: Path) -> None:
    untested = rule_of(tmp_path / "one", rule_text())
    failing = rule_of(tmp_path / "two", text("expect: fail"))

    assert score_rule(Trial(untested, Settings())).unfit == "it has no tests"
    assert score_rule(Trial(failing, Settings())).unfit == "its tests fail"


def test_a_value_from_outside_hides_a_default(tmp_path: Path) -> None:
    params = "{who: {type: string, default: x}}"
    cases = ("expect: pass", "params: {who: y}, expect: fail")
    rule = rule_of(tmp_path, text(*cases, require="awsRegion == $who", params=params))

    trial = Trial(rule, Settings())
    changes = [each.path[0] for each in score_rule(trial).survivors]

    assert "params" not in changes


def test_a_shared_default_is_noticed_by_any_rule_of_the_pack(tmp_path: Path) -> None:
    params = "{who: {type: [string], default: [x, y]}}"
    condition = "contains($who, awsRegion)"
    book = book_of(
        tmp_path,
        text("expect: pass", require=condition, params=params),
        text(
            "set: {awsRegion: y}, expect: pass", rule_id="b-rule", require=condition, params=params
        ),
    )
    trials = [Trial(rule, Settings()) for rule in book.rules]

    assert score_defaults([(trial, ["who"]) for trial in trials]).survivors == ()
    (survivor,) = score_defaults([(trials[0], ["who"])]).survivors
    assert survivor.what == "left out of the default of $who: y"


def test_a_change_that_is_no_sound_rule_does_not_count(tmp_path: Path) -> None:
    params = "{networks: {type: [string], default: [192.0.2.0/24]}}"
    require = "ip_in(sourceIPAddress, $networks) || awsRegion == 'x'"
    rule = rule_of(tmp_path, text("expect: pass", require=require, params=params))

    score = score_rule(Trial(rule, Settings()))

    assert {each.path[0] for each in score.survivors} >= {"outcome"}
