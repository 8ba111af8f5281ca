"""Makes an event from a real log fit to be a test: trimmed, and nobody's any more.

Account ids, addresses, access keys, ids of principals and mail addresses are replaced by those that
documentation uses, each by the same one wherever it stands; names are kept. What a field's name says
is a secret is removed. It is no proof that nothing is left that should not be: read it.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

from checker.aws import Json
from checker.report.mask import Masked

ACCOUNTS: Final = ("111122223333", "444455556666")
"""Account ids of AWS's own documentation; from the third account on, the last one stands for all."""

MOST_ELEMENTS: Final = 3
MOST_CHARACTERS: Final = 300
_DEEPEST: Final = 8

_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# As found, or as the mask for reports has left it: with its last four characters.
_KEY = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{8,}|\*{4,}[A-Z0-9]{4}")
# Ids of users, roles, groups and the like: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_UNIQUE_ID = re.compile(r"(ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA)[A-Z0-9]{12,}")
_V4 = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
_V6 = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:.])")

_KEPT: Final = (
    "eventSource",
    "eventName",
    "eventTime",
    "awsRegion",
    "sourceIPAddress",
    "errorCode",
    "errorMessage",
    "readOnly",
    "managementEvent",
    "eventCategory",
    "eventType",
    "recipientAccountId",
    "userIdentity",
    "requestParameters",
    "resources",
)
_OF_IDENTITY: Final = ("type", "arn", "accountId", "userName", "invokedBy", "sessionContext")
_OF_ISSUER: Final = ("type", "arn", "accountId", "userName")
_OF_SIGN_IN: Final = ("responseElements", "additionalEventData")


def scrubbed(event: dict[str, Json]) -> dict[str, Json]:
    """Give an event with what a test needs, and nothing that tells whose it was.

    Args:
        event: Canonical.
    """
    scrub = _Scrub(_owner(event))
    kept: dict[str, Json] = scrub.value(Masked(event).value(_trimmed(event)))
    return kept


def _owner(event: dict[str, Json]) -> str:
    identity = event.get("userIdentity")
    caller = identity.get("accountId") if isinstance(identity, dict) else None
    owner = event.get("recipientAccountId") or caller
    return owner if isinstance(owner, str) else ""


def _trimmed(event: dict[str, Json]) -> dict[str, Json]:
    names = (*_KEPT, *(_OF_SIGN_IN if event.get("eventName") == "ConsoleLogin" else ()))
    kept = {name: event[name] for name in names if event.get(name) is not None}
    identity = kept.get("userIdentity")
    if isinstance(identity, dict):
        kept["userIdentity"] = _trimmed_identity(identity)
    if "requestParameters" in kept:
        kept.pop("resources", None)
    return kept


def _trimmed_identity(identity: dict[str, Json]) -> dict[str, Json]:
    kept = {name: identity[name] for name in _OF_IDENTITY if identity.get(name) is not None}
    session = kept.get("sessionContext")
    issuer = session.get("sessionIssuer") if isinstance(session, dict) else None
    kept.pop("sessionContext", None)
    if isinstance(issuer, dict):
        issued = {name: issuer[name] for name in _OF_ISSUER if issuer.get(name) is not None}
        kept["sessionContext"] = {"sessionIssuer": issued}
    return kept


class _Scrub:
    """Replaces what identifies, each thing by the same wherever it stands."""

    def __init__(self, owner: str) -> None:
        self._accounts: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        if _ACCOUNT.fullmatch(owner):
            self._account(owner)

    def value(self, value: Json, depth: int = 0) -> Json:
        """Scrub a value, and cut what is long or deep."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict | list) and depth >= _DEEPEST:
            return None
        match value:
            case dict():
                return {self._text(key): self.value(each, depth + 1) for key, each in value.items()}
            case list():
                return [self.value(each, depth + 1) for each in value[:MOST_ELEMENTS]]
            case int() if not isinstance(value, bool):
                return int(self._text(str(value)))
            case _:
                return value

    def _text(self, text: str) -> str:
        steps: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
            (_KEY, lambda _: "AKIAIOSFODNN7EXAMPLE"),
            (_UNIQUE_ID, lambda found: f"{found[:4]}EXAMPLE"),
            (_MAIL, lambda _: "person@example.com"),
            (_ACCOUNT, self._account),
            (_V4, self._address),
            (_V6, self._address),
        )
        for pattern, replaced in steps:
            text = pattern.sub(lambda found, give=replaced: give(found[0]), text)  # type: ignore[misc]
        # What hides or commands has no business in a rule's file.
        text = "".join(each if each.isprintable() or each in "\n\t" else "?" for each in text)
        return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"

    def _account(self, account: str) -> str:
        if account not in self._accounts:
            at = min(len(self._accounts), len(ACCOUNTS) - 1)
            self._accounts[account] = ACCOUNTS[at]
        return self._accounts[account]

    def _address(self, text: str) -> str:
        """Give an address of those for documentation (RFC 5737, RFC 3849); "any" stays itself.

        Four numbers with dots are taken for an address even where they are none, as 075.050.255.67.
        """
        known = _ip_address(text)
        if known is None and ":" in text:
            return text  # a time, or a part of an ARN
        if known is not None and (known.is_unspecified or known.is_loopback):
            return text
        if text not in self._addresses:
            number = len(self._addresses) % 250 + 1
            self._addresses[text] = f"2001:db8::{number:x}" if ":" in text else f"192.0.2.{number}"
        return self._addresses[text]


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
