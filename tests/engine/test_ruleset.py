from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checker.engine.compiled_rule import CompiledRule
from checker.engine.finding import Finding, Judged
from tests.builders import APPROVED, event, rule_of, rule_text

NOW = datetime(2024, 5, 1, 10, tzinfo=UTC)


def judge(folder: Path, record: dict[str, Any], **changes: str | None) -> Judged | None:
    return CompiledRule(rule_of(folder, rule_text(**changes))).judge(record, NOW)


def finding(folder: Path, record: dict[str, Any], **changes: str | None) -> Finding | None:
    judged = judge(folder, record, **changes)
    return judged.finding if judged else None


def test_a_duty_is_kept_or_broken(tmp_path: Path) -> None:
    assert finding(tmp_path, event(userIdentity=APPROVED)) is Finding.CONFORMING
    assert finding(tmp_path, event()) is Finding.VIOLATION


def test_a_prohibition_is_broken_where_its_condition_holds(tmp_path: Path) -> None:
    change = {"require": None, "forbid": "userIdentity.userName == 'alice'"}

    assert finding(tmp_path, event(), **change) is Finding.VIOLATION
    assert finding(tmp_path, event(userIdentity=APPROVED), **change) is Finding.CONFORMING


def test_forbid_true_forbids_all_of_the_scope(tmp_path: Path) -> None:
    assert finding(tmp_path, event(), require=None, forbid="true") is Finding.VIOLATION


MATCHES = {
    "{eventName: AttachPolicy}": True,
    "{eventName: attachpolicy}": False,
    "{eventName: 'Attach*'}": True,
    "{eventName: Attach}": False,
    "{eventName: [Other, 'A?tachPolicy']}": True,
    "{eventName: [Other, Another]}": False,
    "{userIdentity.arn: '*:user/*'}": True,
    "{recipientAccountId: 111122223333}": True,
    "{recipientAccountId: '111122223333'}": True,
    "{readOnly: false}": True,
    "{readOnly: 'false'}": True,
    "{readOnly: 'False'}": False,
    "{errorCode: null}": True,
    "{eventName: null}": False,
    "{eventName: 'null'}": False,
    "{eventName: [null, AttachPolicy]}": True,
    "{responseElements: null}": True,
    "{eventSource: iot.amazonaws.com, eventName: Other}": False,
    "[{eventName: Other}, {eventName: AttachPolicy}]": True,
    "[{eventName: Other}, {eventName: Another}]": False,
    "{requestParameters: AttachPolicy}": False,
    "{'requestParameters.policyName.deeper': null}": True,
    r"{eventName: 'Attach\*'}": False,
}


@pytest.mark.parametrize("match", MATCHES)
def test_match_compares_text_and_globs(tmp_path: Path, match: str) -> None:
    assert (finding(tmp_path, event(), match=match) is not None) is MATCHES[match]


@pytest.mark.parametrize(
    ("match", "matches"),
    [
        ("{'requestParameters.ports': 22}", True),
        ("{'requestParameters.ports[]': '8*'}", True),
        ("{'requestParameters.ports': 23}", False),
        ("{'requestParameters.flags': true}", True),
        ("{'requestParameters.share': 1.5}", True),
        ("{'requestParameters.items[].name': b}", True),
        ("{'requestParameters.items[].name': c}", False),
    ],
)
def test_any_element_of_a_list_may_match(tmp_path: Path, match: str, *, matches: bool) -> None:
    parameters = {
        "ports": [22, "80"],
        "flags": ["true"],
        "share": 1.5,
        "items": [{"name": "a"}, {"name": "b"}],
    }

    found = finding(tmp_path, event(requestParameters=parameters), match=match)

    assert (found is not None) is matches


@pytest.mark.parametrize("odd", [None, "text", 3, [], [[]], {"a": {"b": [None]}}])
def test_a_match_mapping_never_raises(tmp_path: Path, odd: Any) -> None:
    match = "{'requestParameters.a.b[].c': x, 'userIdentity.*.y': null}"

    finding(tmp_path, event(requestParameters=odd, userIdentity=odd), match=match)


def test_where_narrows_the_scope(tmp_path: Path) -> None:
    where = "requestParameters.policyName != 'Example'"

    assert finding(tmp_path, event(), where=where) is None


def test_a_where_that_raises_is_an_error_not_an_escape(tmp_path: Path) -> None:
    judged = judge(tmp_path, event(), where="length(responseElements) > `0`")

    assert judged is not None
    assert judged.finding is Finding.ERROR
    assert judged.reason.startswith("where: ")


def test_a_condition_that_raises_is_an_error(tmp_path: Path) -> None:
    judged = judge(tmp_path, event(), require="starts_with(responseElements, 'x')")

    assert judged is not None
    assert judged.finding is Finding.ERROR
    assert "starts_with" in judged.reason


DENIED = {"errorCode": "AccessDenied", "errorMessage": "no"}
FAILED = {"errorCode": "ResourceNotFoundException"}


@pytest.mark.parametrize(
    ("outcome", "record", "found"),
    [
        ("success", event(), Finding.VIOLATION),
        ("success", event(**DENIED), Finding.OTHER_DENIED),
        ("success", event(**FAILED), Finding.OTHER_FAILED),
        ("denied", event(), Finding.OTHER_SUCCESS),
        ("denied", event(**DENIED), Finding.VIOLATION),
        ("any", event(**DENIED), Finding.VIOLATION),
        ("any", event(**FAILED), Finding.VIOLATION),
    ],
)
def test_only_the_outcome_asked_for_is_judged_and_the_rest_is_counted(
    tmp_path: Path, outcome: str, record: dict[str, Any], found: Finding
) -> None:
    assert finding(tmp_path, record, outcome=outcome) is found


def test_where_tells_which_other_outcomes_belong_to_the_rule(tmp_path: Path) -> None:
    denied = event(**DENIED, requestParameters=None)

    assert finding(tmp_path, denied, where="userIdentity.userName == 'bob'") is None
    assert (
        finding(tmp_path, denied, where="length(requestParameters) > `0`") is Finding.OTHER_DENIED
    )


EFFECTIVE = "{from: 2024-05-01, until: 2024-05-01T10:00:00Z}"


@pytest.mark.parametrize(
    ("time", "judged"),
    [
        (datetime(2024, 4, 30, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2024, 5, 1, tzinfo=UTC), True),
        (datetime(2024, 5, 1, 9, 59, 59, tzinfo=UTC), True),
        (datetime(2024, 5, 1, 10, tzinfo=UTC), False),
    ],
)
def test_a_rule_is_in_force_from_its_first_instant_to_before_its_last(
    tmp_path: Path, time: datetime, *, judged: bool
) -> None:
    rule = CompiledRule(rule_of(tmp_path, rule_text(effective=EFFECTIVE)))

    assert (rule.judge(event(), time) is not None) is judged


def test_an_event_without_a_readable_time_is_an_error_only_where_time_is_read(
    tmp_path: Path,
) -> None:
    timed = CompiledRule(rule_of(tmp_path / "timed", rule_text(effective=EFFECTIVE)))
    timeless = CompiledRule(rule_of(tmp_path / "timeless", rule_text()))

    judged = timed.judge(event(eventTime="yesterday"), None)

    assert judged == Judged(Finding.ERROR, "its eventTime cannot be read")
    assert timed.judge(event(eventName="Other"), None) is None
    assert timeless.judge(event(eventTime="yesterday"), None) == Judged(Finding.VIOLATION)


def test_a_required_path_that_is_null_makes_the_event_undetermined(tmp_path: Path) -> None:
    judged = judge(tmp_path, event(), requires="[requestParameters.target]")

    assert judged == Judged(Finding.UNDETERMINED, "requestParameters.target is absent or null")


OMITTED = {"omitted": True, "originalSize": 107143, "reason": "too large"}
MASKED = {"policyName": "HIDDEN_DUE_TO_SECURITY_REASONS"}


@pytest.mark.parametrize("parameters", [OMITTED, MASKED, {"policyName": "****"}])
def test_what_cloudtrail_left_out_cannot_be_judged(tmp_path: Path, parameters: Any) -> None:
    require = "requestParameters.policyName == 'Example'"

    assert (
        finding(tmp_path, event(requestParameters=parameters), require=require)
        is Finding.UNDETERMINED
    )


@pytest.mark.parametrize(
    "change",
    [
        {"match": "{'requestParameters.policyName': Example}"},
        {"where": "requestParameters.policyName == 'Example'"},
    ],
)
def test_a_scope_that_cannot_be_told_is_undetermined_not_out(
    tmp_path: Path, change: dict[str, str]
) -> None:
    hidden = event(requestParameters=OMITTED)

    assert finding(tmp_path, hidden, **change) is Finding.UNDETERMINED


def test_a_mask_is_something_where_only_its_presence_is_asked(tmp_path: Path) -> None:
    require = "requestParameters.policyName != `null`"

    assert finding(tmp_path, event(requestParameters=MASKED), require=require) is Finding.CONFORMING
    assert (
        finding(tmp_path, event(requestParameters=OMITTED), require=require) is Finding.UNDETERMINED
    )


def test_a_match_that_costs_too_much_is_an_error_and_no_crash(tmp_path: Path) -> None:
    judged = judge(
        tmp_path,
        event(requestParameters={"list": [0] * 300_000}),
        match="{'requestParameters.list[].a': x}",
    )

    assert judged is not None
    assert judged.finding is Finding.ERROR
    assert judged.reason.startswith("match: ")


@pytest.mark.parametrize("parameters", [{"items": [{"x": 1}]}, {"items": []}, {}, None])
def test_null_matches_where_no_element_has_the_field(tmp_path: Path, parameters: Any) -> None:
    record = event(requestParameters=parameters)

    assert finding(tmp_path, record, match="{'requestParameters.items[].enc': null}") is not None


def test_null_does_not_match_what_was_left_out(tmp_path: Path) -> None:
    hidden = event(requestParameters=OMITTED)

    judged = judge(tmp_path, hidden, match="{'requestParameters.x': null}")

    assert judged is not None
    assert judged.finding is Finding.UNDETERMINED


def test_a_parameter_is_seen_inside_a_filter(tmp_path: Path) -> None:
    text = rule_text(
        params="\n  names:\n    type: [string]\n    default: [Example]",
        require="requestParameters.items[?contains($names, name) && $event.eventName == 'AttachPolicy']",
    )
    rule = CompiledRule(rule_of(tmp_path, text))
    record = event(requestParameters={"items": [{"name": "Example"}]})

    assert rule.judge(record, NOW) == Judged(Finding.CONFORMING)
    assert rule.judge(event(), NOW) == Judged(Finding.VIOLATION)
