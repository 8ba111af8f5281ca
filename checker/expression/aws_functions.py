"""Extension functions over what AWS defines: ARNs, identities, outcomes, IAM policies."""

from msgspec.structs import asdict

from checker.aws import Json
from checker.aws.arn import arn_matches, parse_arn
from checker.aws.identity import identity_type, principal, role_name, session_name
from checker.aws.outcome import outcome
from checker.aws.policy_document import policy_accounts, policy_allows, policy_statements
from checker.expression.extension import ONE_OR_MORE, ExtensionFunction, Parameter, one_or_more


def arn_like(arn: str, patterns: str | list[str]) -> bool:
    """Tell whether an ARN matches one of the patterns.

    Raises:
        ValueError: One of the patterns has no six parts.
    """
    return any(arn_matches(arn, pattern) for pattern in one_or_more(patterns))


def split_arn(text: str) -> dict[str, Json]:
    """Give the parts of an ARN by their names.

    Raises:
        ValueError: The text is no ARN.
    """
    return asdict(parse_arn(text))


def check_arn_patterns(patterns: str | list[str]) -> None:
    """Accept patterns.

    Raises:
        ValueError: One of them has no six parts.
    """
    arn_like("", patterns)


_IDENTITY = Parameter(
    name="userIdentity",
    types=("object",),
    subject=True,
    reads=(
        ("type",),
        ("arn",),
        ("principalId",),
        ("accountId",),
        ("invokedBy",),
        ("sessionContext", "sessionIssuer", "arn"),
        ("onBehalfOf", "userId"),
        ("onBehalfOf", "identityStoreArn"),
    ),
)
_EVENT = Parameter(
    name="event",
    types=("object",),
    subject=True,
    reads=(
        ("errorCode",),
        ("errorMessage",),
        ("eventName",),
        ("responseElements", "ConsoleLogin"),
    ),
)
_POLICY = Parameter(name="x", types=("object", "string"), subject=True)


EXTENSIONS = (
    ExtensionFunction(
        name="arn",
        parameters=(Parameter(name="x", types=("string",), subject=True),),
        returns=("object", "null"),
        when_null=None,
        doc="The parts of an ARN: partition, service, region, account, resource_type, resource.",
        example="arn('arn:aws:iam::111122223333:role/x/Admin').resource",
        gives="x/Admin",
        implementation=split_arn,
    ),
    ExtensionFunction(
        name="arn_like",
        parameters=(
            Parameter(name="arn", types=("string",), subject=True),
            Parameter(name="patterns", types=ONE_OR_MORE, check=check_arn_patterns),
        ),
        returns=("boolean",),
        when_null=False,
        doc="Whether an ARN matches a pattern; the six colon parts are compared one by one.",
        example="arn_like('arn:aws:iam::111122223333:role/x/Admin', 'arn:aws:iam::*:role/*')",
        gives=True,
        implementation=arn_like,
        crosses=True,
    ),
    ExtensionFunction(
        name="principal",
        parameters=(_IDENTITY,),
        returns=("string", "null"),
        when_null=None,
        doc="Who called: a role's ARN (not the session's), a user's ARN, `service:x`, `account:n`.",
        example=('principal(`{"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ann"}`)'),
        gives="arn:aws:iam::111122223333:user/ann",
        implementation=principal,
    ),
    ExtensionFunction(
        name="role_name",
        parameters=(_IDENTITY,),
        returns=("string", "null"),
        when_null=None,
        doc="The name of the caller's role, without its path; null without a role.",
        example=(
            'role_name(`{"type": "AssumedRole",'
            ' "arn": "arn:aws:sts::111122223333:assumed-role/Admin/ann"}`)'
        ),
        gives="Admin",
        implementation=role_name,
    ),
    ExtensionFunction(
        name="session_name",
        parameters=(_IDENTITY,),
        returns=("string", "null"),
        when_null=None,
        doc="The name of the caller's role session; null without one.",
        example=(
            'session_name(`{"type": "AssumedRole",'
            ' "arn": "arn:aws:sts::111122223333:assumed-role/Admin/ann"}`)'
        ),
        gives="ann",
        implementation=session_name,
    ),
    ExtensionFunction(
        name="identity_type",
        parameters=(_IDENTITY,),
        returns=("string", "null"),
        when_null=None,
        doc=(
            "The kind of caller: root, iam_user, role, sso_role, service_linked_role,"
            " federated_user, saml_user, web_identity_user, identity_center_user, aws_service,"
            " aws_account, unknown."
        ),
        example='identity_type(`{"type": "Root"}`)',
        gives="root",
        implementation=identity_type,
    ),
    ExtensionFunction(
        name="outcome",
        parameters=(_EVENT,),
        returns=("string", "null"),
        when_null=None,
        doc="How the call ended: success, denied (not authorized), failed (any other error).",
        example='outcome(`{"errorCode": "AccessDenied"}`)',
        gives="denied",
        implementation=outcome,
    ),
    ExtensionFunction(
        name="policy",
        parameters=(_POLICY,),
        returns=("array", "null"),
        when_null=None,
        doc=(
            "The statements of an IAM policy (an object, JSON text, URL-encoded text) in one form:"
            " Action, NotAction (lower case), Resource and NotResource are lists, Principals a list"
            " of {type, id}; '' gives null."
        ),
        example=(
            """policy('{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}')"""
            "[].Action[]"
        ),
        gives=["s3:*"],
        implementation=policy_statements,
        walks=True,
    ),
    ExtensionFunction(
        name="policy_allows",
        parameters=(
            _POLICY,
            Parameter(name="action", types=("string",)),
            Parameter(name="resource", types=("string",)),
        ),
        returns=("boolean",),
        when_null=False,
        doc="Whether a policy lets someone do an action on a resource; `*` asks for all.",
        example=(
            """policy_allows('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}',"""
            " '*', '*')"
        ),
        gives=True,
        implementation=policy_allows,
        walks=True,
    ),
    ExtensionFunction(
        name="policy_accounts",
        parameters=(_POLICY,),
        returns=("array",),
        when_null=[],
        doc="The accounts that a policy lets in; `*` is anyone.",
        example="""policy_accounts('{"Statement": {"Effect": "Allow", "Principal": "*"}}')""",
        gives=["*"],
        implementation=policy_accounts,
        walks=True,
    ),
)
