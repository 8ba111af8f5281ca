import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.aws.policy_document import policy_accounts, policy_allows, policy_statements


def policy(*statements: Json) -> dict[str, Json]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(**elements: Json) -> dict[str, Json]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}


def deny(**elements: Json) -> dict[str, Json]:
    return {**allow(**elements), "Effect": "Deny"}


def test_a_statement_has_one_form_however_it_was_written() -> None:
    document = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": ["111122223333", "*"], "Service": "iot.amazonaws.com"},
            "Action": "IoT:Connect",
            "Resource": ["arn:a", "arn:B"],
        }
    }
    assert policy_statements(document) == [
        {
            "Sid": "",
            "Effect": "Allow",
            "Action": ["iot:connect"],
            "NotAction": [],
            "Resource": ["arn:a", "arn:B"],
            "NotResource": [],
            "Principals": [
                {"type": "AWS", "id": "111122223333"},
                {"type": "AWS", "id": "*"},
                {"type": "Service", "id": "iot.amazonaws.com"},
            ],
            "NotPrincipals": [],
            "Condition": {},
        }
    ]


@given(st.sampled_from([allow(Principal="*"), deny(Sid="x"), allow(Condition={"Bool": {}})]))
def test_object_text_and_url_encoded_text_say_the_same(statement: dict[str, Json]) -> None:
    document = policy(statement)
    text = json.dumps(document)
    assert policy_statements(text) == policy_statements(document)
    assert policy_statements(f"\n {text} ") == policy_statements(document)
    assert policy_statements(quote(text)) == policy_statements(document)


def test_nothing_has_no_statements_and_allows_nothing() -> None:
    for empty in (None, ""):
        assert policy_statements(empty) is None
        assert policy_allows(empty, "*", "*") is False
        assert policy_accounts(empty) == []


@pytest.mark.parametrize(
    "document",
    [
        "garbage",
        "[]",
        '"x"',
        "{",
        " ",
        "[" * 100_000,
        '{"Statement": [], "Statement": []}',
        '{"Statement": [{"Effect": "Allow", "Condition": {"x": NaN}}]}',
        '{"statement": []}',
        {},
        policy("text"),
        policy({"Action": "*"}),
        policy(allow(Effect="allow")),
        policy(allow(action="*")),
        policy(allow(Action=[1])),
        policy(allow(Principal="someone")),
        policy(allow(Condition=[])),
    ],
)
def test_what_is_no_policy_is_refused(document: Json) -> None:
    with pytest.raises(ValueError, match="not a policy document"):
        policy_statements(document)


@pytest.mark.parametrize("value", [1, [], True])
def test_what_cannot_hold_a_policy_is_a_type_error(value: Json) -> None:
    with pytest.raises(TypeError):
        policy_statements(value)


THING = "arn:aws:iot:eu-west-1:111122223333:thing/a"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (policy(), False),
        (policy(allow()), True),
        (policy(allow(Action="IOT:*")), True),
        (policy(allow(Action=["s3:*", "iot:Publ?sh"])), True),
        (policy(allow(Action="iot:Connect")), False),
        (policy(allow(Resource="arn:aws:iot:*:*:thing/*")), True),
        (policy(allow(Resource="arn:aws:iot:*:*:THING/*")), False),
        (policy(allow(Resource="arn:aws:iot:*:*:thing/${iot:Connection.Thing.ThingName}")), True),
        (policy(allow(Condition={"Bool": {"x": "true"}})), True),
        (policy(deny()), False),
        (policy(allow(), deny()), False),
        (policy(allow(), deny(Action="iot:Publish")), False),
        (policy(allow(), deny(Action="iot:Connect")), True),
        (policy(allow(), deny(Condition={"Bool": {"x": "true"}})), True),
        (policy(allow(), deny(Principal={"AWS": "111122223333"})), True),
        (policy(allow(), deny(Principal="*")), False),
        (policy(allow(), deny(Resource="arn:aws:iot:*:*:thing/${x}")), True),
        (policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), True),
        (policy({"Effect": "Allow", "NotAction": "iot:*", "Resource": "*"}), False),
        (policy({"Effect": "Allow", "Action": "*", "NotResource": THING}), False),
        (policy({"Effect": "Allow", "Action": "iot:*"}), True),
    ],
)
def test_a_policy_allows_what_some_statement_grants(
    document: dict[str, Json],
    expected: bool,  # noqa: FBT001
) -> None:
    assert policy_allows(document, "iot:Publish", THING) is expected


def test_a_wildcard_question_asks_for_all_of_it() -> None:
    assert policy_allows(policy(allow()), "*", "*")
    assert not policy_allows(policy(allow(Action="iot:*")), "*", "*")
    assert policy_allows(policy(allow(Action="iot:*")), "iot:*", "*")
    assert not policy_allows(policy(allow(Resource=THING)), "iot:*", "*")


def test_the_accounts_let_in_are_named_once_and_in_order() -> None:
    document = policy(
        allow(Principal={"AWS": ["arn:aws:iam::444455556666:root", "111122223333"]}),
        allow(Principal={"AWS": "arn:aws:iam::111122223333:role/x", "Service": "s3.amazonaws.com"}),
        allow(Principal={"CanonicalUser": "79a59df900b949e5", "AWS": "AROAEXAMPLE"}),
        allow(Principal={"Federated": "cognito-identity.amazonaws.com"}),
        deny(Principal={"AWS": "777788889999"}),
    )
    assert policy_accounts(document) == [
        "444455556666",
        "111122223333",
        "79a59df900b949e5",
        "AROAEXAMPLE",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        allow(Principal="*"),
        allow(Principal={"AWS": "*"}),
        allow(NotPrincipal={"AWS": "111122223333"}),
    ],
)
def test_anyone_is_a_star(statement: dict[str, Json]) -> None:
    assert policy_accounts(policy(statement)) == ["*"]


@given(st.text(max_size=40) | st.text(alphabet='{}[]":,%7BStaemn', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        statements = policy_statements(text)
    except ValueError:
        return
    assert statements is None or isinstance(statements, list)
