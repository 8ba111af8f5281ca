import io
from pathlib import Path
from typing import Any

from hypothesis import given

from checker.authoring import explain_model as model
from checker.authoring.explain import Explainer, finding_of
from checker.engine.compiled_rule import CompiledRule
from checker.policy.loader import load_rules
from checker.policy.packs import bundled_packs
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from checker.policy.waiver_document import load_waivers
from checker.report.mask import Shown
from checker.trail.event import canonical_event, event_time
from checker.trail.reader import open_trail
from checker.trail.record import Record
from checker.trail.source import find_sources
from tests.authoring.random_rules import events, rules
from tests.builders import event, rule_of, rule_text


def record_of(original: dict[str, Any], index: int = 0) -> Record:
    canonical = canonical_event(original)
    return Record(index=index, original=original, event=canonical, time=event_time(canonical))


def explained(rule: Rule, original: dict[str, Any]) -> model.Explained:
    return Explainer(rule).explain(record_of(original), "log.json")


def check_of(told: model.Explained, name: str) -> model.Check:
    return next(each for each in told.steps[0].checks if each.name == name)


def needs(need: model.Need) -> list[str]:
    inner = [text for each in (*need.all, *need.any) for text in needs(each)]
    return [*([need.text] if need.text else []), *inner]


@given(rules, events)
def test_the_explained_verdict_is_the_engine_s(rule: Rule, original: dict[str, Any]) -> None:
    record = record_of(original)
    told = Explainer(rule, mask=Shown).explain(record, "log.json")
    judged = CompiledRule(rule).judge(record.event, record.time)

    assert told.finding == finding_of(judged)
    assert told.reason == (judged.reason if judged else "")


def test_the_explained_verdict_is_the_engine_s_on_real_logs(shared: Path) -> None:
    book = load_rules(bundled_packs(), Settings())
    found = real_records(shared)

    assert len(found) > 800
    for number, rule in enumerate(book.rules):
        explainer, compiled = Explainer(rule), CompiledRule(rule)
        # Other events for each rule: there are many of both.
        for record in found[number % 5 :: 5]:
            judged = compiled.judge(record.event, record.time)
            assert explainer.ask(record).judged == judged


def test_every_event_of_real_logs_that_a_rule_is_about_can_be_put_in_words(shared: Path) -> None:
    book = load_rules(["iot"], Settings())
    found = real_records(shared)

    for rule in book.rules:
        explainer = Explainer(rule)
        for record in found:
            if explainer.ask(record).judged is not None:
                assert explainer.explain(record, "log.json").steps


def real_records(shared: Path) -> list[Record]:
    sources, _ = find_sources([(shared / "trails").as_posix()])
    return [record for source in sources for record in open_trail(source, io.BytesIO()).records]


def test_a_violation_says_what_would_have_to_be_true(tmp_path: Path) -> None:
    told = explained(rule_of(tmp_path, rule_text()), event())

    assert told.finding == "violation"
    assert told.change is not None
    assert told.change.verdict == "conforming"
    assert needs(told.change.need) == [
        (
            "`userIdentity.arn == 'arn:aws:iam::111122223333:role/Approved'` would have to be true: "
            'userIdentity.arn is "arn:aws:iam::111122223333:user/alice"'
        )
    ]


def test_what_is_enough_and_what_it_takes_together_are_told_apart(tmp_path: Path) -> None:
    condition = "awsRegion == 'x' || eventName == 'AttachPolicy' && contains(sourceIPAddress, '10.') && readOnly"
    told = explained(rule_of(tmp_path, rule_text(require=condition)), event())

    assert told.change is not None
    first, second = told.change.need.any
    assert first.text.startswith("`awsRegion == 'x'` would have to be true")
    # The side that was not evaluated is told as well: it would not be true either.
    assert [each.text.split("`")[1] for each in second.all] == [
        "contains(sourceIPAddress, '10.')",
        "readOnly",
    ]


def test_a_side_that_was_not_evaluated_and_would_be_as_wanted_is_no_need(tmp_path: Path) -> None:
    condition = "readOnly && eventName == 'AttachPolicy'"
    told = explained(rule_of(tmp_path, rule_text(require=condition)), event())

    assert told.change is not None
    assert needs(told.change.need) == ["`readOnly` would have to be true: it is false"]


def test_a_conforming_event_says_what_would_make_it_a_violation(tmp_path: Path) -> None:
    told = explained(rule_of(tmp_path, rule_text(require="'!(readOnly)'")), event())

    assert told.finding == "conforming"
    assert told.change is not None
    assert told.change.verdict == "violation"
    assert needs(told.change.need) == ["`readOnly` would have to be true: it is false"]


def test_an_event_out_of_scope_says_which_line_of_match_keeps_it_out(tmp_path: Path) -> None:
    told = explained(rule_of(tmp_path, rule_text()), event(eventName="DetachPolicy"))

    assert told.finding == "out_of_scope"
    assert [each.result for each in check_of(told, "match").alternatives[0]] == ["holds", "fails"]
    assert check_of(told, "require").result == "not_reached"
    assert told.change is not None
    assert needs(told.change.need) == [
        '`eventName` would have to be AttachPolicy: it is "DetachPolicy"'
    ]


def test_where_that_does_not_hold_is_told_with_its_parts(tmp_path: Path) -> None:
    told = explained(rule_of(tmp_path, rule_text(where="awsRegion == 'x'")), event())

    assert told.finding == "out_of_scope"
    assert check_of(told, "where").decides
    assert told.change is not None
    assert needs(told.change.need)[0].startswith("`awsRegion == 'x'` would have to be true")


def test_another_outcome_says_what_made_it_one(tmp_path: Path) -> None:
    told = explained(rule_of(tmp_path, rule_text()), event(errorCode="AccessDenied"))

    assert told.finding == "other_outcome"
    assert check_of(told, "outcome").detail == "denied"
    assert told.change is not None
    assert needs(told.change.need) == [
        'its outcome would have to be success: errorCode is "AccessDenied"'
    ]


def test_a_rule_out_of_force_says_when_it_is_in_force(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(effective="{from: 2025-01-01, until: 2026-01-01}"))
    told = explained(rule, event())

    assert told.finding == "out_of_scope"
    assert told.change is not None
    assert needs(told.change.need) == [
        (
            "`eventTime` would have to be at or after 2025-01-01T00:00:00Z and before "
            "2026-01-01T00:00:00Z: it is 2024-05-01T10:00:00Z"
        )
    ]


def test_an_error_stands_at_the_part_that_raised(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(require="contains(responseElements.x, 'y') || readOnly"))
    told = explained(rule, event())

    assert told.finding == "error"
    tree = check_of(told, "require").tree
    assert tree is not None
    assert not tree.cause
    assert tree.parts[0].cause.startswith("contains(responseElements.x, 'y'): ")
    assert tree.parts[0].decides
    assert tree.parts[1].state == "not_evaluated"


def test_what_cloudtrail_left_out_is_named(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(require="requestParameters.a == requestParameters.b"))
    told = explained(rule, event(requestParameters={"omitted": True, "reason": "too large"}))

    assert told.finding == "undetermined"
    assert check_of(told, "require").hidden == ["requestParameters.a", "requestParameters.b"]
    assert told.change is not None
    assert needs(told.change.need)[0] == (
        "CloudTrail would have to record requestParameters.a, which it left out or masked"
    )


def test_a_path_in_requires_that_is_null_is_what_is_missing(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(requires="responseElements.id"))
    told = explained(rule, event())

    assert told.finding == "undetermined"
    assert told.change is not None
    assert needs(told.change.need) == ["`responseElements.id` would have to be there: it is null"]


WAIVERS = """
waivers:
  - {id: covers, rule: a-rule, scope: {all: true}, kind: risk_accepted, reason: r, owner: o,
     approved_by: a, approved_on: 2024-01-01, expires: 2025-01-01}
  - {id: ended, rule: a-rule, scope: {all: true}, kind: risk_accepted, reason: r, owner: o,
     approved_by: a, approved_on: 2023-01-01, expires: 2024-01-01}
  - {id: of-others, rule: a-rule, scope: {match: {awsRegion: x}}, kind: risk_accepted, reason: r,
     owner: o, approved_by: a, approved_on: 2024-01-01, expires: 2025-01-01}
"""


def test_the_waiver_that_would_apply_is_named_and_why_the_others_do_not(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(WAIVERS, encoding="utf-8")
    rule = rule_of(tmp_path / "rules", rule_text())
    told = Explainer(rule, waivers=load_waivers(file).waivers).explain(record_of(event()), "log")

    assert told.waived_by == "covers"
    assert {each.id: each.standing for each in told.waivers} == {
        "covers": "it covers this",
        "ended": "it had ended by then",
        "of-others": "it is about others",
    }


def test_secrets_of_the_event_are_not_in_an_explanation(tmp_path: Path) -> None:
    rule = rule_of(tmp_path, rule_text(require="requestParameters.masterPassword == 'x'"))
    hostile = event(
        requestParameters={"masterPassword": "correct horse"},
        userIdentity={"type": "IAMUser", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"},
    )
    told = str(explained(rule, hostile))

    assert "correct horse" not in told
    assert "AKIAIOSFODNN7EXAMPLE" not in told
    assert "(removed)" in told
