"""Sigma's field names as places in a CloudTrail event, and how the values there are reached.

Sigma thinks of an event as flat: `a.b.c` is the value at that path, and where a list lies on the
way, that of any of its elements. JMESPath tells a list from an object, so the way there is written
for both where CloudTrail does not say which it is.
"""

from enum import Enum, auto
from typing import Final

from msgspec import Struct

from checker.authoring.sigma.literals import path_of
from checker.errors import did_you_mean


class Kind(Enum):
    """What CloudTrail writes at a field."""

    TEXT = auto()
    SCALAR = auto()
    OBJECT = auto()
    ANYTHING = auto()


class Field(Struct, frozen=True):
    """One field.

    Attributes:
        parts: Its keys.
    """

    parts: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """What CloudTrail writes there."""
        name = ".".join(self.parts)
        if name in _TEXTS:
            return Kind.TEXT
        if name in _OBJECTS:
            return Kind.OBJECT
        return Kind.SCALAR if name in _SCALARS else Kind.ANYTHING

    @property
    def path(self) -> str:
        """The JMESPath to it through objects alone."""
        return path_of(self.parts)

    @property
    def values(self) -> str:
        """The JMESPath to a list of all values there, without null.

        The first key is of an object, so a list may lie from the second on. Where only one may,
        both ways are read and no more. Where several may, all below the second key counts as read:
        what CloudTrail left out there makes an event undetermined.
        """
        if self.kind is not Kind.ANYTHING or len(self.parts) < _CROSSES_ONE:
            return f"[{self.path}][]"
        if len(self.parts) == _CROSSES_ONE:
            return f"[{self.path}, {path_of(self.parts[:2])}[].{path_of(self.parts[2:])}[]][]"
        rest = "".join(f".{path_of((part,))}[]" for part in self.parts[2:])
        return f"as_list({path_of(self.parts[:2])})[]{rest}"

    @property
    def each(self) -> str:
        """The JMESPath to every value there, for what follows; none of them is null.

        In brackets, because what follows a projection is asked of its nulls, too.
        """
        return f"({self.values})[*]"


def field_of(name: str) -> Field:
    """Read a field's name.

    Raises:
        ValueError: It is no path of keys.
    """
    parts = tuple(name.split("."))
    if not all(parts):
        raise ValueError("a key of the path is empty")
    if any(mark in name for mark in "[]{}*"):
        raise ValueError("indexes and wildcards in a field's name are not of Sigma")
    if not name.isprintable():
        raise ValueError("a control character in a field's name")
    return Field(parts)


def doubt(name: str) -> str:
    """Say why a field is probably not in any event; empty where it may well be."""
    first = name.partition(".")[0]
    if first in _TOP:
        return ""
    near = did_you_mean(first, sorted(_TOP))
    hint = f"; {near}" if "did you mean" in near else ""
    return f"CloudTrail records have no field '{first}'{hint}"


_CROSSES_ONE: Final = 3

_IDENTITY: Final = ("type", "principalId", "arn", "accountId", "accessKeyId", "userName")
_ISSUER: Final = ("type", "principalId", "arn", "accountId", "userName")

# CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
_TEXTS: Final = frozenset(
    {
        *("eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent"),
        *("errorCode", "errorMessage", "requestID", "eventID", "eventType", "eventCategory"),
        *("recipientAccountId", "sharedEventID", "vpcEndpointId", "vpcEndpointAccountId"),
        *(f"userIdentity.{each}" for each in _IDENTITY),
        *(f"userIdentity.sessionContext.sessionIssuer.{each}" for each in _ISSUER),
    }
)
_SCALARS: Final = frozenset(
    {
        *("eventVersion", "apiVersion", "readOnly", "managementEvent"),
        "sessionCredentialFromConsole",
        "userIdentity.sessionContext.attributes.creationDate",
        "userIdentity.sessionContext.attributes.mfaAuthenticated",
    }
)
_OBJECTS: Final = frozenset(
    {
        *("userIdentity", "requestParameters", "responseElements", "additionalEventData"),
        *("serviceEventDetails", "tlsDetails", "addendum", "insightDetails", "eventContext"),
        "edgeDeviceDetails",
    }
)
_TOP: Final = _OBJECTS | {name.partition(".")[0] for name in _TEXTS | _SCALARS} | {"resources"}
