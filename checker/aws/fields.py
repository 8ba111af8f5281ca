"""The fields of a CloudTrail record: which there are, of what type, and which are always there.

From the CloudTrail user guide: "CloudTrail record contents for management, data, and network
activity events", "CloudTrail userIdentity element", and the record contents of Insights events.
What a service puts below an open field (`requestParameters`) is its own, and not listed here.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, TypeAlias

from msgspec import Struct

Path: TypeAlias = tuple[str, ...]


class RecordField(Struct, frozen=True, kw_only=True):
    """One field of a record.

    Attributes:
        type: Its JMESPath type when it is there: `string`, `boolean`, `number`, `object`, `array`.
        always: Whether it is in every record.
        open: Whether what stands below it differs from service to service.
        values: All that it can be, where that is few; compared without regard to case.
    """

    type: str
    always: bool = False
    open: bool = False
    values: tuple[str, ...] = ()


_TEXT: Final = RecordField(type="string")
_ALWAYS: Final = RecordField(type="string", always=True)
_FLAG: Final = RecordField(type="boolean")
_TRUE_OR_FALSE: Final = RecordField(type="string", values=("true", "false"))
_OBJECT: Final = RecordField(type="object")
_OPEN: Final = RecordField(type="object", open=True)
_LIST: Final = RecordField(type="array")

_TABLE: Final[dict[str, RecordField]] = {
    "additionalEventData": _OPEN,
    "additionalEventData.MFAUsed": RecordField(type="string", values=("Yes", "No")),
    "additionalEventData.MobileVersion": RecordField(type="string", values=("Yes", "No")),
    "addendum": _OBJECT,
    "addendum.originalEventID": _TEXT,
    "addendum.originalRequestID": _TEXT,
    "addendum.originalUID": _TEXT,
    "addendum.reason": RecordField(
        type="string", values=("DELIVERY_DELAY", "UPDATED_DATA", "SERVICE_OUTAGE")
    ),
    "addendum.updatedFields": _TEXT,
    "apiVersion": _TEXT,
    "awsRegion": _ALWAYS,
    "edgeDeviceDetails": _OPEN,
    "errorCode": _TEXT,
    "errorMessage": _TEXT,
    "eventCategory": RecordField(
        type="string", always=True, values=("Management", "Data", "Insight", "NetworkActivity")
    ),
    "eventContext": _OBJECT,
    "eventContext.requestContext": _OPEN,
    "eventContext.tagContext": _OPEN,
    "eventID": _ALWAYS,
    "eventName": _ALWAYS,
    "eventSource": _ALWAYS,
    "eventTime": _ALWAYS,
    "eventType": RecordField(
        type="string",
        always=True,
        values=(
            "AwsApiCall",
            "AwsServiceEvent",
            "AwsConsoleAction",
            "AwsConsoleSignIn",
            "AwsVpceEvent",
            "AwsVpceEvents",
            "AwsCloudTrailInsight",
        ),
    ),
    "eventVersion": _ALWAYS,
    "glacierEventData": _OPEN,
    "insightDetails": _OBJECT,
    "insightDetails.baselineDuration": RecordField(type="number"),
    "insightDetails.errorCode": _TEXT,
    "insightDetails.eventName": _TEXT,
    "insightDetails.eventSource": _TEXT,
    "insightDetails.insightContext": _OPEN,
    "insightDetails.insightDuration": RecordField(type="number"),
    "insightDetails.insightType": RecordField(
        type="string", values=("ApiCallRateInsight", "ApiErrorRateInsight")
    ),
    "insightDetails.state": RecordField(type="string", values=("Start", "End")),
    "managementEvent": _FLAG,
    "readOnly": _FLAG,
    "recipientAccountId": _TEXT,
    "requestID": _TEXT,
    "requestParameters": _OPEN,
    "resources": _LIST,
    "responseElements": _OPEN,
    "responseElements.ConsoleLogin": RecordField(type="string", values=("Success", "Failure")),
    "s3": _OPEN,
    "serviceEventDetails": _OPEN,
    "sessionCredentialFromConsole": _TRUE_OR_FALSE,
    "sharedEventID": _TEXT,
    "sourceIPAddress": _ALWAYS,
    "tlsDetails": _OBJECT,
    "tlsDetails.cipherSuite": _TEXT,
    "tlsDetails.clientProvidedHostHeader": _TEXT,
    "tlsDetails.tlsVersion": _TEXT,
    "userAgent": _TEXT,
    "userIdentity": _OBJECT,
    "userIdentity.accessKeyId": _TEXT,
    "userIdentity.accountId": _TEXT,
    "userIdentity.arn": _TEXT,
    "userIdentity.credentialId": _TEXT,
    "userIdentity.details": _OPEN,
    "userIdentity.identityProvider": _TEXT,
    "userIdentity.identityStoreArn": _TEXT,
    "userIdentity.inScopeOf": _OBJECT,
    "userIdentity.inScopeOf.credentialsIssuedTo": _TEXT,
    "userIdentity.inScopeOf.issuerType": _TEXT,
    "userIdentity.inScopeOf.sourceAccount": _TEXT,
    "userIdentity.inScopeOf.sourceArn": _TEXT,
    "userIdentity.invokedBy": _TEXT,
    "userIdentity.invokedByDelegate": _OPEN,
    "userIdentity.onBehalfOf": _OBJECT,
    "userIdentity.onBehalfOf.identityStoreArn": _TEXT,
    "userIdentity.onBehalfOf.userId": _TEXT,
    "userIdentity.principalId": _TEXT,
    "userIdentity.sessionContext": _OBJECT,
    "userIdentity.sessionContext.assumedRoot": _TRUE_OR_FALSE,
    "userIdentity.sessionContext.attributes": _OPEN,
    "userIdentity.sessionContext.attributes.creationDate": _TEXT,
    "userIdentity.sessionContext.attributes.mfaAuthenticated": _TRUE_OR_FALSE,
    "userIdentity.sessionContext.attributes.sessionCredentialFromConsole": _TRUE_OR_FALSE,
    "userIdentity.sessionContext.ec2RoleDelivery": RecordField(
        type="string", values=("1.0", "2.0")
    ),
    "userIdentity.sessionContext.sessionIssuer": _OBJECT,
    "userIdentity.sessionContext.sessionIssuer.accountId": _TEXT,
    "userIdentity.sessionContext.sessionIssuer.arn": _TEXT,
    "userIdentity.sessionContext.sessionIssuer.principalId": _TEXT,
    "userIdentity.sessionContext.sessionIssuer.type": _TEXT,
    "userIdentity.sessionContext.sessionIssuer.userName": _TEXT,
    "userIdentity.sessionContext.sourceIdentity": _TEXT,
    "userIdentity.sessionContext.webIdFederationData": _OBJECT,
    "userIdentity.sessionContext.webIdFederationData.attributes": _OPEN,
    "userIdentity.sessionContext.webIdFederationData.federatedProvider": _TEXT,
    "userIdentity.type": RecordField(
        type="string",
        always=True,
        values=(
            "Root",
            "IAMUser",
            "AssumedRole",
            "Role",
            "FederatedUser",
            "Directory",
            "AWSAccount",
            "AWSService",
            "SAMLUser",
            "WebIdentityUser",
            "IdentityCenterUser",
            "Unknown",
        ),
    ),
    "userIdentity.userName": _TEXT,
    "vpcEndpointAccountId": _TEXT,
    "vpcEndpointId": _TEXT,
}

_OF_A_RESOURCE: Final = frozenset(
    {"ARN", "ARNPrefix", "accountId", "AccountId", "type", "resourceName", "resourceType"}
)


def record_field(path: Path) -> RecordField | None:
    """Give what is known of a field; None where nothing is, or where it is of a service's own."""
    return _TABLE.get(".".join(path))


def is_record_path(path: Path) -> bool:
    """Tell whether a record can have a field there, as far as the fields are CloudTrail's own."""
    for length in range(1, len(path) + 1):
        field = record_field(path[:length])
        if field is None:
            return length > 1 and _is_open(path[: length - 1])
        if field.open:
            return True
    return True


def nearest_paths(path: Path) -> tuple[str, ...]:
    """Give the fields of records that may have been meant by one that there is not, likely first.

    They are those below the same parent whose name is near, and those of the same name elsewhere.
    """
    # Imported here: a rule without a mistake is read without it.
    from difflib import get_close_matches  # noqa: PLC0415

    parent, name = path[:-1], path[-1]
    siblings = {each[-1].casefold(): ".".join(each) for each in _below(parent)}
    near = get_close_matches(name.casefold(), siblings, n=2, cutoff=0.6)
    elsewhere = (
        known for known in _TABLE if known.rpartition(".")[2].casefold() == name.casefold()
    )
    return tuple(dict.fromkeys([*(siblings[each] for each in near), *elsewhere]))


def top_level_fields() -> frozenset[str]:
    """Give the names of the fields at the top of a record."""
    return frozenset(each for each in _TABLE if "." not in each)


def is_field_of_a_resource(name: str) -> bool:
    """Tell whether an element of `resources` can have a field of this name."""
    return name in _OF_A_RESOURCE


def _is_open(path: Path) -> bool:
    field = record_field(path)
    return field is not None and (field.open or field.type != "object")


@cache
def _paths() -> tuple[Path, ...]:
    return tuple(tuple(each.split(".")) for each in _TABLE)


def _below(parent: Path) -> Iterator[Path]:
    return (each for each in _paths() if each[:-1] == parent)
