"""The canonical event: what rules see of a record, whatever shape it was written in.

Most records are canonical as they are. Two old shapes are not: the identity type `User`, and the
legacy AWS IoT record, whose keys are capitalised and whose empty texts mean absent.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from checker.aws import Json
from checker.aws.time import format_time, parse_naive_time, parse_time

_LEGACY_NAMES: Final = {
    "EventID": "eventID",
    "RequestID": "requestID",
    "RequestParamters": "requestParameters",
    "SourceIpAddress": "sourceIPAddress",
}
"""Where lowering the first letter does not give CloudTrail's name; `RequestParamters` is AWS's."""

_CANONICAL_TIME = re.compile(r"[0-9-]{10}T[0-9:.]+Z")
_UNIX_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +([0-9]{1,2}) ([0-9:]{8}) (?:UTC|GMT) ([0-9]{4})"
)
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_ACCOUNT_LENGTH: Final = 12
_SORTED = msgspec.json.Encoder(order="sorted")
_IS_READ_ONLY: Final = {"true": True, "false": False}


def canonical_event(record: dict[str, Json]) -> dict[str, Json]:
    """Give the event that rules see; the record itself is never changed.

    - `eventTime` is in UTC with `Z`; a time without a zone is taken as UTC; one that cannot be read
      stays as it is.
    - `userIdentity.type` `User` is `IAMUser`.
    - An account id that is a number is written as the twelve digits that it stands for.
    - A legacy AWS IoT record gets CloudTrail's names, and `eventSource` `iot.amazonaws.com`. Empty
      text is absent, at any depth. `ReadOnly` is a boolean. `EventTime`, or the epoch seconds of
      `timestamp` without one, is `eventTime`; `creationDate` is RFC 3339. A `RecipientAccountList`
      that names one account is `recipientAccountId`.
    - What such a record does not say is not invented: it has no `awsRegion`. Its three account ids
      stay where they are: `userIdentity.accountId` is the caller's and so the event's account (see
      `event_account`), the role's ARN may name another, and `invokedBy`, an object here, names the
      account of a service and is kept as written, so it is present but no service's name.
    """
    event = _from_legacy(record) if is_legacy(record) else record
    changes: dict[str, Json] = {}
    time = event.get("eventTime")
    if isinstance(time, str) and not _CANONICAL_TIME.fullmatch(time):
        parsed = event_time(event)
        changes["eventTime"] = format_time(parsed) if parsed else time
    identity = event.get("userIdentity")
    if isinstance(identity, dict):
        if identity.get("type") == "User":
            changes["userIdentity"] = identity = {**identity, "type": "IAMUser"}
        if _is_number(identity.get("accountId")):
            changes["userIdentity"] = {**identity, "accountId": f"{identity['accountId']:012}"}
    if _is_number(event.get("recipientAccountId")):
        changes["recipientAccountId"] = f"{event['recipientAccountId']:012}"
    return {**event, **changes} if changes else event


def has_canonical_accounts(event: dict[str, Json]) -> bool:
    """Tell whether the identity and the accounts of an event are as rules shall see them."""
    identity = event.get("userIdentity")
    return not _is_number(event.get("recipientAccountId")) and not (
        isinstance(identity, dict)
        and (identity.get("type") == "User" or _is_number(identity.get("accountId")))
    )


def _is_number(value: Json) -> bool:
    """Tell whether an account id was written as a number, without the zeros that it begins with."""
    return isinstance(value, int) and not isinstance(value, bool)


def canonical_bytes(event: dict[str, Json]) -> bytes:
    """Write an event in the one form that does not depend on how its file was laid out."""
    try:
        return _SORTED.encode(event)
    except (UnicodeEncodeError, OverflowError):
        # Lone surrogates and numbers beyond 64 bits: rare, and only the plain writer takes them.
        return json.dumps(event, sort_keys=True).encode()


def text_in(event: Mapping[str, Json], field: str) -> str:
    """Give a field of an event that is text; empty where there is none."""
    value = event.get(field)
    return value if isinstance(value, str) else ""


def event_account(event: dict[str, Json]) -> str | None:
    """Give the account that a canonical event belongs to: its recipient, else its caller's."""
    identity = event.get("userIdentity")
    caller = identity.get("accountId") if isinstance(identity, dict) else None
    return account_of(event.get("recipientAccountId")) or account_of(caller)


def event_time(event: dict[str, Json]) -> datetime | None:
    """Give when an event happened, or None if that cannot be read; without a zone it is UTC."""
    text = event.get("eventTime")
    if not isinstance(text, str):
        return None
    for parse in (parse_time, parse_naive_time):
        try:
            return parse(text)
        except ValueError:
            continue
    return None


def is_legacy(record: dict[str, Json]) -> bool:
    """Tell whether a record has the capitalised shape of the early AWS IoT documentation."""
    return (
        _is_text(record.get("EventName"))
        and isinstance(record.get("UserIdentity"), dict)
        and "eventName" not in record
    )


def has_colliding_names(record: dict[str, Json]) -> bool:
    """Tell whether two keys of a legacy record would take the same name, so neither can."""
    names = [_legacy_name(key) for key, value in record.items() if value != ""]
    return len(set(names)) != len(names)


def _from_legacy(record: dict[str, Json]) -> dict[str, Json]:
    named = {_legacy_name(key): value for key, value in record.items() if value not in ("", None)}
    event: dict[str, Json] = _without_blanks(named)
    event.setdefault("eventSource", "iot.amazonaws.com")
    if "eventTime" not in event:
        event |= _epoch(event.get("timestamp"))
    if isinstance(event.get("readOnly"), str):
        event["readOnly"] = _IS_READ_ONLY.get(event["readOnly"].lower(), event["readOnly"])
    recipient = _only_account(event.get("recipientAccountList"))
    if recipient:
        event.setdefault("recipientAccountId", recipient)
    return _with_session_date(event)


def _legacy_name(key: str) -> str:
    return _LEGACY_NAMES.get(key, key[:1].lower() + key[1:])


def _without_blanks(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_blanks(member) for key, member in value.items() if member != ""}
    if isinstance(value, list):
        return [_without_blanks(element) for element in value]
    return value


def _epoch(seconds: Json) -> dict[str, Json]:
    try:
        return {"eventTime": format_time(datetime.fromtimestamp(int(seconds), UTC))}
    except (TypeError, ValueError, OverflowError, OSError):
        return {}


def _only_account(accounts: Json) -> str | None:
    listed = accounts if isinstance(accounts, list) else [accounts]
    only = listed[0] if len(listed) == 1 else None
    return account_of(only)


def _with_session_date(event: dict[str, Json]) -> dict[str, Json]:
    """Rewrite `sessionContext.attributes.creationDate`; `_without_blanks` made the event anew."""
    attributes: Json = event
    for key in ("userIdentity", "sessionContext", "attributes"):
        attributes = attributes.get(key) if isinstance(attributes, dict) else None
    if isinstance(attributes, dict) and isinstance(attributes.get("creationDate"), str):
        attributes["creationDate"] = _from_unix_date(attributes["creationDate"])
    return event


def _from_unix_date(text: str) -> str:
    """Turn `Fri Apr 08 23:51:10 UTC 2016` into RFC 3339, whatever the locale; else keep it."""
    found = _UNIX_DATE.fullmatch(text)
    if found is None or found[1] not in _MONTHS:
        return text
    month, day, clock, year = _MONTHS.index(found[1]) + 1, int(found[2]), found[3], found[4]
    try:
        return format_time(parse_time(f"{year}-{month:02}-{day:02}T{clock}Z"))
    except ValueError:
        return text


def account_of(value: Json) -> str | None:
    """Give an account id; anything but twelve digits names no account."""
    is_account = isinstance(value, str) and len(value) == _ACCOUNT_LENGTH and _are_digits(value)
    return value if is_account else None


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and value != ""
