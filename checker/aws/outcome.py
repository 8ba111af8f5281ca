"""How a call ended: it succeeded, it was denied, or it failed."""

import re

from checker.aws import Json

_DENIED = re.compile(
    r".*(AccessDenied|UnauthorizedOperation)(Exception|Fault|Error)?"
    r"|AccessDenied.*"
    r"|(Unauthorized|UnauthorizedAccess|NotAuthorized|Forbidden|AccessForbidden|AuthFailure"
    r"|Authorization|AuthorizationError|AllAccessDisabled)(Exception|Fault|Error)?"
)
"""Error codes of an authorization failure, without the `Client.` that EC2 puts before them.

`*UnauthorizedOperation` and `AccessDenied*` are the codes of the metric filter for unauthorized
calls in the CIS AWS Foundations Benchmark (4.1). The rest are the names that services have of
their own for it: `NotAuthorized` (common errors of the AWS APIs), `UnauthorizedException` (AWS
IoT), `ForbiddenException` (AWS IoT 1-Click, API Gateway), `AuthorizationError` (Amazon SNS),
`AuthFailure` (Amazon EC2: "you might not be authorized to carry out the request"),
`AllAccessDisabled` (Amazon S3). Credentials that are expired or malformed are failures.
"""

_SIDE = re.compile(r"(Client|Server)\.")


def outcome(event: dict[str, Json]) -> str:
    """Give `success`, `denied` or `failed` for an event; empty text counts as absent."""
    code = event.get("errorCode")
    if isinstance(code, str) and _DENIED.fullmatch(_SIDE.sub("", code, count=1)):
        return "denied"
    if _is_given(code) or _is_given(event.get("errorMessage")) or _is_failed_sign_in(event):
        return "failed"
    return "success"


def _is_given(value: Json) -> bool:
    return value is not None and value != ""


def _is_failed_sign_in(event: dict[str, Json]) -> bool:
    response = event.get("responseElements")
    return (
        event.get("eventName") == "ConsoleLogin"
        and isinstance(response, dict)
        and response.get("ConsoleLogin") == "Failure"
    )
