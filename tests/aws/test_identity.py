from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws import Json
from checker.aws.identity import identity_type, principal, role_name, session_name


def assumed(role_arn: str | None, session: str = "jane") -> dict[str, Json]:
    name = PurePosixPath(role_arn or "role/Deployer").name
    identity: dict[str, Json] = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws-cn:sts::111122223333:assumed-role/{name}/{session}",
        "accountId": "111122223333",
    }
    if role_arn:
        identity["sessionContext"] = {"sessionIssuer": {"type": "Role", "arn": role_arn}}
    return identity


ROOT = {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"}
USER = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ops/jane", "userName": "jane"}
ROLE = assumed("arn:aws-cn:iam::111122223333:role/app/Deployer")
SSO = assumed(
    "arn:aws-cn:iam::1:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_01234567"
)
LINKED = assumed("arn:aws-cn:iam::1:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")
FEDERATED = {
    "type": "FederatedUser",
    "arn": "arn:aws:sts::111122223333:federated-user/bob",
    "sessionContext": {"sessionIssuer": {"type": "IAMUser", "arn": USER["arn"]}},
}
CENTER = {
    "type": "IdentityCenterUser",
    "accountId": "111122223333",
    "onBehalfOf": {
        "userId": "544894e8",
        "identityStoreArn": "arn:aws-us-gov:identitystore::111122223333:identitystore/d-90",
    },
}


@pytest.mark.parametrize(
    ("identity", "kind", "name"),
    [
        (ROOT, "root", ROOT["arn"]),
        (USER, "iam_user", USER["arn"]),
        (ROLE, "role", "arn:aws-cn:iam::111122223333:role/app/Deployer"),
        (assumed(None), "role", "arn:aws-cn:iam::111122223333:role/Deployer"),
        (
            {"type": "Role", "arn": "arn:aws:iam::1:role/p/R"},
            "role",
            "arn:aws:iam::1:role/p/R",
        ),
        ({"type": "AssumedRole", "arn": "arn***/AwsSecurityAudit"}, "role", None),
        (FEDERATED, "federated_user", FEDERATED["arn"]),
        (CENTER, "identity_center_user", "arn:aws-us-gov:identitystore:::user/544894e8"),
        (
            {"type": "SAMLUser", "principalId": "base64=:jane", "userName": "jane"},
            "saml_user",
            "saml:base64=:jane",
        ),
        (
            {"type": "WebIdentityUser", "principalId": "accounts.google.com:app:42"},
            "web_identity_user",
            "web_identity:accounts.google.com:app:42",
        ),
        (
            {"type": "AWSService", "invokedBy": "config.amazonaws.com"},
            "aws_service",
            "service:config.amazonaws.com",
        ),
        (
            {"accountId": "111122223333", "invokedBy": "AWS Internal"},
            "aws_service",
            "service:AWS Internal",
        ),
        (
            {"type": "AWSAccount", "accountId": "444455556666"},
            "aws_account",
            "account:444455556666",
        ),
        ({"type": "Directory", "arn": "arn:aws:ds::1:d"}, "unknown", "arn:aws:ds::1:d"),
        ({"type": "Unknown", "arn": ""}, "unknown", None),
        ({"type": "SomethingNew"}, "unknown", None),
        ({"accountId": "111122223333"}, "unknown", None),
        ({}, "unknown", None),
        (None, None, None),
    ],
)
def test_each_type_of_identity_has_its_kind_and_name(
    identity: dict[str, Json] | None, kind: str | None, name: str | None
) -> None:
    assert identity_type(identity) == kind
    assert principal(identity) == name


def test_aws_own_roles_are_told_from_the_customers() -> None:
    assert identity_type(SSO) == "sso_role"
    assert identity_type(LINKED) == "service_linked_role"
    session = "arn:aws:sts::1:assumed-role"
    by_session = {"type": "AssumedRole", "arn": f"{session}/AWSServiceRoleForECS/ECS"}
    assert identity_type(by_session) == "service_linked_role"
    by_session = {"type": "AssumedRole", "arn": f"{session}/AWSReservedSSO_Admin_0123/jane"}
    assert identity_type(by_session) == "sso_role"


def test_a_customers_role_with_a_service_like_name_is_no_service_linked_role() -> None:
    assert identity_type(assumed("arn:aws-cn:iam::1:role/AWSServiceRoleForMe")) == "role"


def test_the_role_and_the_session_are_named_without_their_path() -> None:
    assert role_name(ROLE) == "Deployer"
    assert session_name(ROLE) == "jane"
    assert session_name({"type": "AssumedRole", "principalId": "AROAEXAMPLE:jane"}) == "jane"
    assert session_name({"type": "AssumedRole", "principalId": "AROAEXAMPLE"}) is None
    for identity in (ROOT, USER, FEDERATED, CENTER, None):
        assert role_name(identity) is None
        assert session_name(identity) is None


@pytest.mark.parametrize("value", ["Root", 3, [ROOT], True])
def test_what_is_no_object_is_refused(value: Json) -> None:
    for ask in (identity_type, principal, role_name, session_name):
        with pytest.raises(TypeError, match="userIdentity"):
            ask(value)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
ODD = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
TYPES = st.sampled_from(["AssumedRole", "Role", "IdentityCenterUser", "AWSService", "SAMLUser"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | ODD,
            "arn": st.sampled_from(["arn:aws:sts::1:assumed-role/", "arn:aws:iam::1:role/"]) | ODD,
            "sessionContext": st.fixed_dictionaries({"sessionIssuer": ODD}) | ODD,
            "onBehalfOf": st.fixed_dictionaries({"userId": ODD, "identityStoreArn": ODD}) | ODD,
            "principalId": ODD,
            "invokedBy": ODD,
        },
    )
)
def test_an_odd_object_never_raises(identity: dict[str, Json]) -> None:
    for ask in (identity_type, principal, role_name, session_name):
        assert ask(identity) is None or isinstance(ask(identity), str)
