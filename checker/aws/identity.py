"""Who made a call, read from a CloudTrail `userIdentity` object.

The types and fields are those of the CloudTrail user guide, "CloudTrail userIdentity element". An
object of an odd shape is never an error: what cannot be told from it is null or `unknown`.
"""

from typing import Final

from checker.aws import Json
from checker.aws.arn import Arn, parse_arn

_TYPES: Final = {
    "Root": "root",
    "IAMUser": "iam_user",
    "FederatedUser": "federated_user",
    "SAMLUser": "saml_user",
    "WebIdentityUser": "web_identity_user",
    "IdentityCenterUser": "identity_center_user",
    "AWSService": "aws_service",
    "AWSAccount": "aws_account",
}
_ROLE_TYPES: Final = frozenset({"AssumedRole", "Role"})
_ROLE_KINDS: Final = frozenset({"role", "sso_role", "service_linked_role"})
_NAMED_BY: Final = {
    "aws_service": ("service", "invokedBy"),
    "aws_account": ("account", "accountId"),
    "saml_user": ("saml", "principalId"),
    "web_identity_user": ("web_identity", "principalId"),
}
"""Callers without an ARN: the prefix of their name, and the field that holds it."""


def identity_type(user_identity: dict[str, Json] | None) -> str | None:
    """Give the kind of caller, or None for None.

    It is one of: root, iam_user, role, sso_role, service_linked_role, federated_user, saml_user,
    web_identity_user, identity_center_user, aws_service, aws_account, unknown. Events that a
    service makes of its own have `invokedBy` and neither type nor ARN: they are aws_service.

    Raises:
        TypeError: The value is neither an object nor None.
    """
    identity = _checked(user_identity)
    if identity is None:
        return None
    kind = _text(identity, "type")
    if kind in _ROLE_TYPES:
        return _role_kind(identity)
    if kind is None and _text(identity, "invokedBy") and not _text(identity, "arn"):
        return "aws_service"
    return _TYPES.get(kind or "", "unknown")


def principal(user_identity: dict[str, Json] | None) -> str | None:
    """Give one lasting name for the caller, or None where the object names none.

    - a role: its role ARN, never the session's. Without a session issuer it is derived from the
      session's ARN, which does not hold the role's path.
    - root, an IAM user, a federated user: the ARN in the object. Type `Unknown` and types that
      CloudTrail may yet add: their ARN, if any.
    - an IAM Identity Center user: `arn:aws:identitystore:::user/ID`.
    - a SAML or web identity user, who have no ARN: `saml:ID`, `web_identity:ID`.
    - an AWS service: `service:NAME`; another account: `account:NUMBER`.

    Raises:
        TypeError: The value is neither an object nor None.
    """
    identity = _checked(user_identity)
    kind = identity_type(identity)
    if identity is None or kind is None:
        return None
    if kind in _NAMED_BY:
        prefix, field = _NAMED_BY[kind]
        name = _text(identity, field)
        return f"{prefix}:{name}" if name else None
    if kind == "identity_center_user":
        return _identity_center_arn(identity)
    return _role_arn(identity) if kind in _ROLE_KINDS else _text(identity, "arn")


def role_name(user_identity: dict[str, Json] | None) -> str | None:
    """Give the name of the caller's role, without its path; None for callers without a role.

    Raises:
        TypeError: The value is neither an object nor None.
    """
    identity = _checked(user_identity)
    if _text(identity, "type") not in _ROLE_TYPES:
        return None
    arn = _role_arn(identity)
    return arn.rpartition("/")[2] if arn else None


def session_name(user_identity: dict[str, Json] | None) -> str | None:
    """Give the name of the caller's role session; None for callers without one.

    Raises:
        TypeError: The value is neither an object nor None.
    """
    identity = _checked(user_identity)
    if _text(identity, "type") not in _ROLE_TYPES:
        return None
    arn = _arn(_text(identity, "arn"))
    if arn and arn.resource_type == "assumed-role":
        return arn.resource.partition("/")[2] or None
    return (_text(identity, "principalId") or "").partition(":")[2] or None


def _role_kind(identity: dict[str, Json]) -> str:
    """Tell AWS's own roles from the customer's.

    The path /aws-service-role/ is AWS's alone, so where the record has the role's ARN the path
    decides; the name does only where nothing but the session is known.
    """
    role = _arn(_stated_role_arn(identity))
    path, _, name = (role.resource if role else "").rpartition("/")
    name = name or role_name(identity) or ""
    if name.startswith("AWSReservedSSO_"):
        return "sso_role"
    if path.startswith("aws-service-role/"):
        return "service_linked_role"
    if role is None and name.startswith("AWSServiceRoleFor"):
        return "service_linked_role"
    return "role"


def _role_arn(identity: dict[str, Json] | None) -> str | None:
    return _stated_role_arn(identity) or _derived_role_arn(identity)


def _stated_role_arn(identity: dict[str, Json] | None) -> str | None:
    issuer = _object(_object(identity, "sessionContext"), "sessionIssuer")
    for text in (_text(issuer, "arn"), _text(identity, "arn")):
        arn = _arn(text)
        if arn and arn.resource_type == "role":
            return text
    return None


def _derived_role_arn(identity: dict[str, Json] | None) -> str | None:
    arn = _arn(_text(identity, "arn"))
    if arn is None or arn.resource_type != "assumed-role":
        return None
    name = arn.resource.partition("/")[0]
    return f"arn:{arn.partition}:iam::{arn.account}:role/{name}"


def _identity_center_arn(identity: dict[str, Json] | None) -> str | None:
    """Name the user as IAM does (service authorization reference, AWS Identity Store)."""
    on_behalf_of = _object(identity, "onBehalfOf")
    user = _text(on_behalf_of, "userId")
    store = _arn(_text(on_behalf_of, "identityStoreArn"))
    return (
        f"arn:{store.partition if store else 'aws'}:identitystore:::user/{user}" if user else None
    )


def _checked(user_identity: Json) -> dict[str, Json] | None:
    if user_identity is None or isinstance(user_identity, dict):
        return user_identity
    raise TypeError("expected a userIdentity object")


def _arn(text: str | None) -> Arn | None:
    try:
        return parse_arn(text or "")
    except ValueError:
        return None


def _object(parent: dict[str, Json] | None, key: str) -> dict[str, Json] | None:
    value = parent.get(key) if parent else None
    return value if isinstance(value, dict) else None


def _text(parent: dict[str, Json] | None, key: str) -> str | None:
    value = parent.get(key) if parent else None
    return value if isinstance(value, str) and value else None
