import pytest

from checker.aws import Json
from checker.aws.outcome import outcome


@pytest.mark.parametrize(
    "code",
    [
        "AccessDenied",
        "AccessDeniedException",
        "Client.UnauthorizedOperation",
        "UnauthorizedOperation",
        "UnauthorizedAccess",
        "UnauthorizedException",
        "NotAuthorized",
        "NotAuthorizedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ForbiddenException",
        "AuthFailure",
        "Client.AuthFailure",
        "KMSAccessDeniedException",
        "EC2AccessDeniedException",
    ],
)
def test_an_authorization_failure_is_denied(code: str) -> None:
    assert outcome({"errorCode": code}) == "denied"


@pytest.mark.parametrize(
    "event",
    [
        {"errorCode": "NoSuchBucket"},
        {"errorCode": "AuthorizationNotFound"},
        {"errorCode": "AuthorizationAlreadyExists"},
        {"errorCode": "ExpiredTokenException"},
        {"errorCode": 403},
        {"errorCode": {}},
        {"errorCode": "", "errorMessage": "rotation failed"},
        {"errorMessage": "Failed authentication"},
        {"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Failure"}},
    ],
)
def test_any_other_error_is_a_failure(event: dict[str, Json]) -> None:
    assert outcome(event) == "failed"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"errorCode": None, "errorMessage": None},
        {"errorCode": "", "errorMessage": ""},
        {"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Success"}},
        {"eventName": "ConsoleLogin", "responseElements": None},
        {"eventName": "Other", "responseElements": {"ConsoleLogin": "Failure"}},
    ],
)
def test_without_an_error_the_call_succeeded(event: dict[str, Json]) -> None:
    assert outcome(event) == "success"
