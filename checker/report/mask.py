"""Masking: access key ids keep their last four characters, secrets are taken out."""

import re
from collections.abc import Callable, Mapping

from checker.aws import Json

REMOVED = "(removed)"

# Long-term (AKIA) and temporary (ASIA) access key ids, as in the IAM identifiers reference:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_ACCESS_KEY = re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{8,28})([A-Z0-9]{4})\b")
_SECRET_NAME = re.compile(
    r"password|secretaccesskey|secretkey|sessiontoken|securitytoken|privatekey|credentials?$"
    r"|authorization|secretstring|secretbinary|plaintext|keypairmaterial|keymaterial",
    re.IGNORECASE,
)
_KEY_NAME = re.compile(r"accesskey(id)?$", re.IGNORECASE)

Mask = Callable[[Json], Json]


def mask(value: Json) -> Json:
    """Give a JSON value with access key ids masked and secrets removed, at any depth."""
    match value:
        case str():
            return _ACCESS_KEY.sub(_masked, value)
        case Mapping():
            return {key: _mask_named(key, each) for key, each in value.items()}
        case list():
            return [mask(each) for each in value]
        case _:
            return value


def show(value: Json) -> Json:
    """Give a JSON value as it is."""
    return value


def _masked(found: re.Match[str]) -> str:
    return "*" * len(found[1]) + found[2]


def _mask_named(name: str, value: Json) -> Json:
    """Mask a field by its name; only values that can hold a secret, never a structure."""
    if isinstance(value, str) and value:
        if _SECRET_NAME.search(name):
            return REMOVED
        if _KEY_NAME.search(name):
            return "*" * max(len(value) - 4, 0) + value[-4:]
    return mask(value)
