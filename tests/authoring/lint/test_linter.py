from pathlib import Path

import pytest

from checker.authoring.lint.linter import lint
from checker.policy.loader import read_rules
from checker.policy.packs import bundled_packs
from tests.authoring.lint.examples import linted, rule_with, write_example


def codes(folder: Path, keys: str) -> list[str]:
    write_example(folder, keys)
    return [problem.code for problem in linted(folder)]


def block(key: str, expression: str) -> str:
    return f"{key}: >-\n  {expression}\n"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('sourceIPAddress == "192.0.2.1" || userAgent == "curl"', ["TC101", "TC101"]),
        ('contains(sourceIPAddress, "192")', ["TC101"]),
        ('resources[?type == "Bucket"]', ["TC101"]),
        ("userIdentity.type == Root", ["TC102"]),
        ("readOnly == true", ["TC102"]),
        ("!userIdentity.userName == 'bob'", ["TC103"]),
        ("!resources[?type == 'AWS::KMS::Key']", ["TC103"]),
        ("requestParameters.flag && sourceIPAddress == 'x'", ["TC104"]),
        ("sourceIPAddress == 'x' || errorMessage", ["TC104"]),
        ("!length(userAgent || '')", ["TC105"]),
        ("resources[?length(type || '')]", ["TC105"]),
        ("resources[*][?type == 'x']", ["TC106"]),
        ("resources[?type == 'x'][?accountId == 'y']", ["TC106"]),
        ("resources[?type == 'x'].accountId == 'y'", ["TC107"]),
        ("arn(userIdentity.arn).resource == `5`", ["TC110"]),
        ("policy(requestParameters.d)[].Action == 's3:*'", ["TC107"]),
        ("policy(requestParameters.d).Action", ["TC108"]),
        ("resources[?ARN == userAgent]", ["TC109"]),
        ("map(&eventName, resources || `[]`)", ["TC109"]),
        ("length(userAgent || '') == '3'", ["TC110"]),
        ("readOnly > `3`", ["TC110"]),
        ("readOnly == 'true'", ["TC111"]),
        ("additionalEventData.MFAUsed == `true`", ["TC111"]),
        ("additionalEventData.MFAUsed == 'true'", ["TC112"]),
        ("userIdentity.type == 'Human'", ["TC112"]),
        ("contains(['root', 'human'], identity_type(userIdentity))", ["TC112"]),
        ("weekday(eventTime, 'UTC') == 'Sunday'", ["TC112"]),
        ("sourceIPAddress >= '192.0.2.0'", ["TC113"]),
        ("keys(eventName)", ["TC114"]),
        ("sourceIPAddress == 'a' && sourceIPAddress != 'b'", ["TC115"]),
        (
            "sourceIPAddress == 'a' && contains(['b', 'c'], sourceIPAddress) || awsRegion == 'x'",
            ["TC116"],
        ),
        ("errorCode == 'AccessDenied' && awsRegion == 'x'", ["TC117"]),
        ("sourceIPAddress == 'a' || `true`", ["TC117"]),
        ("ends_with(requestParameters.x, 'y')", ["TC201"]),
        ("resources[?starts_with(accountId, '1')]", ["TC201"]),
        ("requestParameters.x != 'y'", ["TC202"]),
        ("!(requestParameters.x >= `3`)", ["TC203"]),
        ("glob(eventName, 'Fly*')", ["TC301"]),
        ("requestparameters.x == 'y'", ["TC401"]),
        ("userIdentity.sessionIssuer.arn == 'y'", ["TC401"]),
        ("arn(userIdentity.arn).acount == 'y'", ["TC401"]),
    ],
)
def test_a_trap_is_found_and_nothing_else(tmp_path: Path, condition: str, found: list[str]) -> None:
    assert codes(tmp_path, block("forbid", condition)) == found


@pytest.mark.parametrize(
    "condition",
    [
        "userIdentity.accountId == recipientAccountId",
        "requestParameters.\"odd name\" == 'x'",
        "!(userIdentity.userName == 'bob')",
        "!resources",
        "readOnly",
        "resources[?type == 'AWS::KMS::Key']",
        "requestParameters.flag != `null` && sourceIPAddress == 'x'",
        "requestParameters.x && requestParameters.x != 'y'",
        "requestParameters.x == `null` || requestParameters.x != 'y'",
        "requestParameters.x != `null` && starts_with(requestParameters.x, 'y')",
        "!(requestParameters.x) || starts_with(requestParameters.x, 'y')",
        "starts_with(requestParameters.x || '', 'y')",
        "starts_with(not_null(requestParameters.x, ''), 'y')",
        "glob(requestParameters.x, 'y*') && length(requestParameters.x) > `3`",
        "requestParameters.x == 'y' && requestParameters.z != `null` && awsRegion == 'x'",
        "identity_type(userIdentity) != 'root'",
        "eventName != 'DeleteUser' || sourceIPAddress == 'x'",
        "requestParameters.list[] | [?name == $event.awsRegion]",
        "requestParameters.x[0].a == 'p' && requestParameters.x[1].a == 'q'",
        "requestParameters.flag == 'true' || requestParameters.flag == `true`",
        "userIdentity.sessionContext.assumedRoot == 'true' || userIdentity.sessionContext.assumedRoot == `true`",
        "additionalEventData.MFAUsed == 'YES'",
        "contains([`true`, 'true'], requestParameters.flag)",
        "policy(requestParameters.d)[?Effect == 'Allow'].Principals[] | [?id == '*']",
        "length(as_list(requestParameters.x)[?name == 'y']) > `0`",
        "any_in(map(&lower(@), [userIdentity.userName, userIdentity.arn][?@]), ['bob'])",
        "sourceIPAddress == 'a' && userIdentity.userName == 'b' || sourceIPAddress == 'c'",
        "lower(requestParameters.x) == 'y'",
        "to_number(requestParameters.x) > `3`",
    ],
)
def test_what_is_sound_is_not_found(tmp_path: Path, condition: str) -> None:
    keys = block("forbid", condition)
    if "DeleteUser" in condition:
        keys += "match: {eventSource: iam.amazonaws.com, eventName: [CreateUser, DeleteUser]}\n"

    assert codes(tmp_path, keys) == []


def test_a_path_in_requires_is_taken_to_be_there(tmp_path: Path) -> None:
    keys = block("forbid", "starts_with(requestParameters.x, 'y') || requestParameters.x != 'z'")

    assert codes(tmp_path, f"{keys}requires: requestParameters.x\n") == []


def test_a_path_in_match_is_taken_to_be_there(tmp_path: Path) -> None:
    keys = block("forbid", "starts_with(requestParameters.x, 'y')")
    match = (
        "match: {eventSource: iam.amazonaws.com, eventName: CreateUser, requestParameters.x: '*'}\n"
    )

    assert codes(tmp_path, keys + match) == []


def test_where_holds_when_forbid_is_reached(tmp_path: Path) -> None:
    keys = block("where", "glob(requestParameters.x, 'a*')")

    assert codes(tmp_path, keys + block("forbid", "requestParameters.x != 'ab'")) == []


def test_a_test_without_the_field_shows_that_it_was_thought_of(tmp_path: Path) -> None:
    tests = rule_with("").partition("tests:")[2]
    case = "    - {name: nobody, unset: [userIdentity.userName], expect: fail}\n"

    keys = f"forbid: userIdentity.userName != 'bob'\ntests:{tests}{case}"

    assert codes(tmp_path, keys) == []


def test_a_list_in_the_events_of_the_tests_shows_what_a_path_goes_through(tmp_path: Path) -> None:
    tests = rule_with("").partition("tests:")[2]
    case = "    - {name: tags, set: {requestParameters.tags: [{key: a}]}, expect: pass}\n"

    keys = f"forbid: requestParameters.tags.key == 'a'\ntests:{tests}{case}"

    assert codes(tmp_path, keys) == ["TC108"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("match: {eventSource: s3.amazonaws.com, eventName: GetObjects}\n", ["TC301"]),
        ("match: {eventName: NoSuchCall}\n", ["TC301"]),
        ("match: {eventName: UpdateFunctionConfiguration}\n", ["TC302"]),
        ("match: {eventName: [CreateUser, DeletePolicy]}\n", ["TC306", "TC306"]),
        ("match: {eventName: '*User'}\n", []),
        ("match: {eventSource: [iam.amazonaws.com, iot.amazonaws.com], eventName: AttachPolicy}\n", []),
        ("match: {eventSource: 'iam.*.com'}\n", []),
        ("match: {eventSource: '*.example.com'}\n", ["TC304"]),
        ("match: {eventSource: iam.amazonaws.com, readOnly: true, eventName: CreateUser}\n", ["TC307"]),
        ("match: {eventSource: iam.amazonaws.com, readOnly: false, eventName: CreateUser}\n", []),
        ("match: {eventSource: iam.amazonaws.com, errorCode: null}\noutcome: denied\n", ["TC307"]),
        ("match: {eventSource: iam.amazonaws.com, errorCode: '*'}\noutcome: any\n", []),
        ("match: {eventSource: iam.amazonaws.com, eventName: [Create*, CreateUser]}\n", ["TC308"]),
        ("match: {userIdentity.type: [Root, root user]}\n", ["TC112"]),
        ("match: {userIdentity.accountid: '1'}\n", ["TC401"]),
        ("match: {resources.ARN: '*'}\n", ["TC108"]),
        ("match: {'resources[].ARN': '*'}\n", []),
        (block("where", "eventSource == 'iam.amazonaws.com' && eventName == 'AttachPolicy'"), ["TC305"]),
        ("match: {eventSource: iam.amazonaws.com}\n" + block("where", "eventName == 'AttachPolicy'"), ["TC305"]),
        ("match: {eventSource: iot.amazonaws.com}\n" + block("where", "contains(['ListThings', 'CreateThing'], eventName)"), ["TC303"]),
    ],
)  # fmt: skip
def test_a_scope_is_looked_up_in_the_dictionary(
    tmp_path: Path, keys: str, found: list[str]
) -> None:
    ignored = {"TC115"}
    assert [code for code in codes(tmp_path, keys) if code not in ignored] == found


def test_each_step_of_a_correlation_is_a_scope_of_its_own(tmp_path: Path) -> None:
    keys = """\
correlation:
  type: temporal_ordered
  timespan: 1h
  group_by: userIdentity.arm
  steps:
    - name: made
      match: {eventSource: iam.amazonaws.com, eventName: CreateUsers}
    - name: used
      match: {eventSource: signin.amazonaws.com, eventName: ConsoleLogin}
      where: userIdentity.type == "Root"
"""
    write_example(tmp_path, keys)

    problems = linted(tmp_path)

    assert [each.code for each in problems] == ["TC401", "TC301", "TC101"]
    assert "step used: where" in problems[2].cause


def test_the_message_and_the_evidence_are_read_too(tmp_path: Path) -> None:
    keys = (
        "message: '{eventname} by {principal(userIdentity)}'\nevidence: {who: userIdentity.arm}\n"
    )
    *_, path = write_example(tmp_path, keys)

    first, second = linted(tmp_path)

    assert first.place is not None
    assert first.place.column == len("message: '{") + 1
    assert (first.code, second.code) == ("TC401", "TC401")
    assert "message:" in path.read_text()


def test_a_function_that_raises_in_a_message_does_no_harm(tmp_path: Path) -> None:
    assert codes(tmp_path, "message: \"{join(', ', requestParameters.x)}\"\n") == []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("", "id: other\n", ["TC603"]),
        ("match: {eventSource: iam.amazonaws.com, eventName: '*User'}\n", "id: other\n", ["TC603"]),
        ("outcome: any\n", "id: other\n", ["TC603"]),
        ("outcome: any\n", "id: other\noutcome: failed\n", ["TC603"]),
        ("outcome: denied\n", "id: other\n", []),
        (block("where", "awsRegion == 'x'"), "id: other\n", ["TC603"]),
        (block("where", "awsRegion == 'x'"), "id: other\n" + block("where", "awsRegion == 'y'"), []),
        ("effective: {until: 2024-01-01}\n", "id: other\n", []),
        ("forbid: sourceIPAddress == $p\nparams: {p: {type: string, default: a}}\n", "id: other\nforbid: sourceIPAddress == $p\nparams: {p: {type: string, default: b}}\n", []),
    ],
)  # fmt: skip
def test_a_rule_within_another_is_found(
    tmp_path: Path, first: str, second: str, found: list[str]
) -> None:
    assert codes(tmp_path, f"{first or '# as it is' + chr(10)}---\n{second}") == found


def test_an_ignored_finding_is_gone_and_others_stay(tmp_path: Path) -> None:
    ignore = "lint:\n  ignore: {code: TC202, reason: Absence is a violation here.}\n"
    keys = "forbid: userIdentity.userName != 'bob' || requestParameters.y > 'x' || !(requestParameters.z < `3`)\n"

    assert codes(tmp_path, ignore + keys) == ["TC203"]


def test_an_ignore_of_a_code_that_there_is_not_is_found(tmp_path: Path) -> None:
    ignore = "lint:\n  ignore: {code: TC999, reason: None.}\n"

    assert codes(tmp_path, ignore) == ["TC901"]


def test_a_pack_of_which_a_part_is_linted_is_not_blamed_for_parameters(tmp_path: Path) -> None:
    pack = "approved: {type: string, default: alice}\n"
    path, _ = write_example(tmp_path, "id: one\n---\nid: other\nforbid: awsRegion == 'x'\n", pack)

    book = read_rules([str(path)])

    assert lint(book.rules, book.packs) == ()


def test_the_bundled_packs_are_clean() -> None:
    book = read_rules(bundled_packs())

    assert lint(book.rules, book.packs) == ()


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (["fail", "out_of_scope"], []),
        (["fail"], ["TC602"]),
        (["out_of_scope"], ["TC602"]),
    ],
)
def test_a_rule_that_forbids_all_of_its_scope_needs_no_case_that_passes(
    tmp_path: Path, expected: list[str], found: list[str]
) -> None:
    event = "event: {eventSource: iam.amazonaws.com, eventName: CreateUser}"
    cases = [f"    - {{name: {each}, {event}, expect: {each}}}\n" for each in expected]

    assert codes(tmp_path, f"forbid: true\ntests:\n  cases:\n{''.join(cases)}") == found


def test_a_control_is_found_in_either_form(tmp_path: Path) -> None:
    keys = "controls:\n  nist-800-53-r5: [{id: ac-99, relation: tests}, ac-2]\n  soc2: CC61\n"

    assert codes(tmp_path, keys) == ["TC702", "TC702"]


def test_a_value_of_every_value_of_an_object_has_no_further_path(tmp_path: Path) -> None:
    # The library ends the projection behind one name: `a.*.b.c` is `(a.*.b).c`.
    assert codes(tmp_path, block("forbid", "requestParameters.*.b.c == 'x'")) == ["TC108"]


@pytest.mark.parametrize(
    "keys",
    [
        "forbid: >-\n  sourceIPAddress == 'a'\n  && userIdentity.type == Root\n",
        "forbid: |\n  sourceIPAddress == 'a'\n\n    && userIdentity.type == Root\n",
        "forbid: 'sourceIPAddress == ''a'' && userIdentity.type == Root'\n",
        "forbid: \"sourceIPAddress == 'a' && \\x75serIdentity.type == Root\"\n",
        "forbid: sourceIPAddress == 'a'\n  && userIdentity.type == Root\n",
        "message: '{{ {eventName || Root} by {userIdentity.type == Root}'\n",
        "evidence:\n  who: userIdentity.type == Root\n",
    ],
)
def test_a_finding_stands_where_it_is_written(tmp_path: Path, keys: str) -> None:
    *_, path = write_example(tmp_path, keys)

    *_, problem = linted(tmp_path)

    assert problem.place is not None
    line = path.read_text().splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith("Root")
    assert line[: problem.place.column - 1].endswith("type == ")
