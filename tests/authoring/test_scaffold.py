import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.authoring.drafting import checked
from checker.authoring.guess import FALLBACK, call_of, id_of, resource_of, words_of
from checker.authoring.lint.linter import lint
from checker.authoring.rule_tests import run_tests
from checker.authoring.scaffold import draft_from_call, draft_from_event, pack_text, rule_text
from checker.authoring.yaml_text import block, scalar
from checker.aws import Json
from checker.aws.dictionary import known
from checker.errors import UsageError
from checker.policy.loader import load_rules, read_rules
from checker.policy.parameters import Settings
from checker.policy.rule import Expectation, Rule
from checker.policy.scalars import JsonValue
from checker.policy.yaml_source import load_bytes
from checker.trail.reader import open_trail
from checker.trail.source import find_sources
from tests.builders import event

ROLE = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::999988887777:assumed-role/Fleet/i-1",
    "accountId": "999988887777",
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::999988887777:role/ops/Fleet"}
    },
}
ROOT = {"type": "Root", "arn": "arn:aws:iam::999988887777:root", "accountId": "999988887777"}
SERVICE = {"type": "AWSService", "invokedBy": "iot.amazonaws.com"}


def drafted(tmp_path: Path, original: dict[str, Any], rule_id: str = "a-draft") -> Rule:
    text = rule_text(draft_from_event(rule_id, original))
    (tmp_path / f"{rule_id}.yaml").write_text(text, encoding="utf-8")
    (rule,) = load_rules([(tmp_path / f"{rule_id}.yaml").as_posix()], Settings()).rules
    return rule


def outcomes(rule: Rule) -> list[tuple[str, bool]]:
    return [(each.case.expect.value, each.passed) for each in run_tests((rule,), Settings())]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (ROLE, ["pass", "fail", "undetermined", "out_of_scope", "out_of_scope"]),
        (ROOT, ["fail", "pass", "fail", "undetermined", "out_of_scope", "out_of_scope"]),
        (SERVICE, ["fail", "pass", "fail", "undetermined", "out_of_scope", "out_of_scope"]),
        (None, ["pass", "fail", "undetermined", "out_of_scope", "out_of_scope"]),
    ],
)
def test_a_draft_has_tests_of_every_kind_and_all_of_them_pass(
    tmp_path: Path, who: Json, expected: list[str]
) -> None:
    rule = drafted(tmp_path, event(userIdentity=who))

    assert [each for each, _ in outcomes(rule)] == expected
    assert all(passed for _, passed in outcomes(rule))
    assert list(lint((rule,), ())) == []


def test_the_caller_of_the_log_is_approved_by_role_in_any_account(tmp_path: Path) -> None:
    rule = drafted(tmp_path, event(userIdentity=ROLE))

    assert rule.values == {"approved_principals": ["arn:aws:iam::*:role/ops/Fleet"]}


def test_a_draft_names_the_resource_that_the_parameters_hold(tmp_path: Path) -> None:
    rule = drafted(tmp_path, event(requestParameters={"target": "x", "policyName": "y"}))

    assert rule.resource is not None
    assert rule.resource.text == "requestParameters.policyName"


def test_a_draft_of_a_denied_call_is_about_denied_calls(tmp_path: Path) -> None:
    rule = drafted(tmp_path, event(errorCode="AccessDenied"))

    assert rule.outcome.value == "denied"
    assert [each for each, _ in outcomes(rule)] == ["pass", "fail", "undetermined", "out_of_scope"]


@pytest.mark.parametrize(
    ("rule_id", "call"),
    [
        ("s3-bucket-policy-deleted-by-approved-roles", ("s3.amazonaws.com", "DeleteBucketPolicy")),
        ("iam-access-keys-created", ("iam.amazonaws.com", "CreateAccessKey")),
        ("cloudtrail-logging-stopped", ("cloudtrail.amazonaws.com", "StopLogging")),
        ("our-own-idea", FALLBACK),
    ],
)
def test_an_id_means_the_call_that_it_sounds_like(rule_id: str, call: tuple[str, str]) -> None:
    assert call_of(rule_id) == call
    assert known(*call) is not None


def test_a_draft_without_an_event_passes_its_tests(tmp_path: Path) -> None:
    text = rule_text(draft_from_call("a-draft", *FALLBACK))
    path = tmp_path / "a-draft.yaml"
    path.write_text(text, encoding="utf-8")
    (rule,) = load_rules([path.as_posix()], Settings()).rules

    assert all(passed for _, passed in outcomes(rule))
    assert list(lint((rule,), ())) == []


def test_a_pack_s_file_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "my-pack"
    folder.mkdir()
    (folder / "pack.yaml").write_text(pack_text("my-pack"), encoding="utf-8")
    (folder / "a-draft.yaml").write_text(
        rule_text(draft_from_call("a-draft", *FALLBACK)), encoding="utf-8"
    )

    assert [pack.id for pack in read_rules([folder.as_posix()]).packs] == ["my-pack"]


def test_names_are_taken_apart_into_words() -> None:
    assert words_of("PutBucketPolicy") == ("put", "bucket", "policy")
    assert words_of("CreateDBInstance") == ("create", "db", "instance")
    assert id_of(event()) == "iot-attach-policy-by-approved-principals"


def test_a_parameter_that_shares_a_word_with_the_call_goes_first() -> None:
    parameters = {"roleArn": "x", "bucketName": "y", "acl": "z"}

    assert resource_of(event(eventName="DeleteBucket", requestParameters=parameters)) == (
        "requestParameters.bucketName"
    )
    assert resource_of(event(requestParameters={"odd key": "x", "n": 1})) == ""
    assert resource_of(event(requestParameters=None)) == ""


hostile = st.text(max_size=12) | st.sampled_from(
    ["true", "No", "1e5", "0x1", "a: b", "- a", "#x", "'", '"', "*a", "null", "{x}", "a\nb", "~"]
)
json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | hostile,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a", "b-c", "d e", "true"]), json_values))
def test_written_yaml_reads_back_as_the_same_value(value: dict[str, Json]) -> None:
    printable = scrub_unprintable({"top": value})
    text = "\n".join(line for key, each in printable.items() for line in block(key, each, 0))

    assert JsonValue().read(load_bytes(text.encode(), "x").root) == printable


def scrub_unprintable(value: Json) -> Json:
    match value:
        case str():
            return "".join(each for each in value if each.isprintable() or each in "\n\t")
        case dict():
            return {scrub_unprintable(key): scrub_unprintable(each) for key, each in value.items()}
        case list():
            return [scrub_unprintable(each) for each in value]
        case _:
            return value


@pytest.mark.parametrize("text", ["yes", "Null", "1", "a: b", "", " a", "a ", "a #b", "é"])
def test_a_text_that_would_mean_something_else_is_in_quotes(text: str) -> None:
    assert scalar(text).startswith('"')


@given(
    st.fixed_dictionaries(
        {"eventName": hostile.filter(bool), "eventSource": hostile},
        optional={
            "userIdentity": json_values,
            "requestParameters": json_values,
            "errorCode": hostile,
            "recipientAccountId": hostile,
        },
    )
)
def test_an_odd_event_gives_a_draft_that_holds_or_is_refused(original: dict[str, Any]) -> None:
    text = rule_text(draft_from_event("a-draft", original))
    try:
        count = checked(text, "a-draft.yaml")
    except UsageError as error:
        count, codes = 0, [each.code for each in error.problems]
    else:
        codes = []

    assert count >= len({Expectation.PASS, Expectation.FAIL}) or codes == ["new-event"]


def test_a_draft_whose_tests_fail_is_refused() -> None:
    text = rule_text(draft_from_call("a-draft", *FALLBACK)).replace("expect: fail", "expect: pass")

    with pytest.raises(UsageError, match="its test 'another role' would fail"):
        checked(text, "a-draft.yaml")


def test_every_event_of_real_logs_gives_a_draft_whose_tests_pass(shared: Path) -> None:
    sources, _ = find_sources([(shared / "trails").as_posix()])
    logs = [open_trail(source, io.BytesIO()) for source in sources]
    seen: set[tuple[Json, Json]] = set()
    for record in (each for log in logs for each in log.records):
        key = (record.event.get("eventSource"), record.event.get("eventName"))
        if isinstance(key[1], str) and key not in seen:
            seen.add(key)
            assert checked(rule_text(draft_from_event("a-draft", record.event)), "a-draft.yaml")

    assert len(seen) > 200
