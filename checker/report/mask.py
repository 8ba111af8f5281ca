"""Masking: access key ids keep their last four characters, secrets are taken out wherever they are."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeAlias

from checker.aws import Json
from checker.aws.depth import is_deeper

REMOVED = "(removed)"

# Long-term (AKIA) and temporary (ASIA) access key ids, as in the IAM identifiers reference:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_ACCESS_KEY = re.compile(r"((?:AKIA|ASIA)[A-Z0-9]{8,28})([A-Z0-9]{4})")
_SECRET_NAME = re.compile(
    r"password|passphrase|passwd"
    r"|(^|.)(secret|secretkey|secretaccesskey|secretstring|secretbinary|sharedsecret)$"
    r"|(session|security|auth|access|refresh|bearer|id|identity)token$"
    r"|apikey|privatekey|presharedkey|keymaterial|connectionstring|authorization|plaintext"
)
_KEY_NAME = re.compile(r"accesskey(id)?$")
_LEAST_SECRET = 4
_DEEPEST_JSON = 50

# `name=value` and `Name: value` within a text: addresses, headers, connection strings.
_IN_TEXT = re.compile(
    r"((?:password|passwd|pwd|secret|token|api[-_]?key|signature|authorization)\s*[=:]\s*"
    r"(?:(?:bearer|basic)\s+)?)([^\s&;,\"'<>]+)",
    re.IGNORECASE,
)

# Lists of settings name a value beside it: environment variables, stack parameters, headers.
_NAMED_BY = {
    "name": ("value",),
    "key": ("value",),
    "parameterKey": ("parameterValue",),
    "parameterName": ("parameterValue", "value"),
}


class Mask(Protocol):
    """Makes what comes out of one record fit to be shown."""

    def text(self, text: str) -> str:
        """Give a text with what must not be shown taken out."""
        ...

    def value(self, value: Json) -> Json:
        """Give a JSON value with what must not be shown taken out, at any depth."""
        ...


MakeMask: TypeAlias = Callable[[Json], Mask]
"""Makes the mask for what comes out of one record."""


class Shown:
    """Shows everything as it is."""

    def __init__(self, record: Json) -> None:
        pass

    def text(self, text: str) -> str:
        """Give a text as it is."""
        return text

    def value(self, value: Json) -> Json:
        """Give a JSON value as it is."""
        return value


class Masked:
    """Masks one record, and whatever a rule copied out of it: a copy has lost its field's name."""

    def __init__(self, record: Json) -> None:
        written = {form for secret in _secrets(record) for form in _forms(secret)}
        ordered = sorted(written, key=lambda form: (-len(form), form))
        self._copies = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def text(self, text: str) -> str:
        """Give a text with access keys masked and the record's secrets removed."""
        shown = self._copies.sub(REMOVED, text) if self._copies else text
        shown = _IN_TEXT.sub(_without_value, shown)
        return _ACCESS_KEY.sub(_masked, shown)

    def value(self, value: Json) -> Json:
        """Give a JSON value with access keys masked and secrets removed, by name or as copies."""
        match value:
            case str():
                return self.text(self._inner(value))
            case Mapping():
                hidden = _hidden_beside(value)
                return {
                    self.text(key): REMOVED if key in hidden else self._named(key, each)
                    for key, each in value.items()
                }
            case list():
                return [self.value(each) for each in value]
            case _:
                return value

    def _named(self, name: str, value: Json) -> Json:
        if _is_secret(name, value):
            return REMOVED
        if isinstance(value, str) and _KEY_NAME.search(_plain(name)):
            return "*" * max(len(value) - 4, 0) + value[-4:]
        return self.value(value)

    def _inner(self, text: str) -> str:
        """Mask JSON that stands in a text, where it holds a secret."""
        inner = _json_in(text)
        if inner is _TOO_DEEP:
            return REMOVED
        masked = self.value(inner) if inner is not None else None
        return text if masked == inner else json.dumps(masked, ensure_ascii=False)


_TOO_DEEP = object()
"""Stands for JSON in a text that nests too deep to look for secrets in."""


def _secrets(value: Json) -> Iterator[str]:
    """Give the texts of a record's secrets that are long enough to be told from other text."""
    match value:
        case str():
            yield from _secrets(_json_in(value))
        case Mapping():
            hidden = _hidden_beside(value)
            for name, each in value.items():
                found = name in hidden or _is_secret(name, each)
                yield from _texts(each) if found else _secrets(each)
        case list():
            for each in value:
                yield from _secrets(each)
        case _:
            return


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str() | int() | float() if len(str(value)) >= _LEAST_SECRET:
            yield str(value)
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
        case _:
            return


def _forms(secret: str) -> set[str]:
    """Give the ways in which a secret may be written: as it is, and as JSON escapes it."""
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}


def _hidden_beside(members: Mapping[str, Json]) -> frozenset[str]:
    """Give the keys whose values a name beside them says are secrets."""
    return frozenset(
        held
        for key, holding in _NAMED_BY.items()
        if isinstance(members.get(key), str) and _SECRET_NAME.search(_plain(members[key]))
        for held in holding
        if members.get(held) not in (None, "", True, False)
    )


def _without_value(found: re.Match[str]) -> str:
    return found[0] if found[2] == REMOVED else f"{found[1]}{REMOVED}"


def _json_in(text: str) -> Json:
    """Give the object or list that a text is the JSON of, None where it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    except RecursionError:
        return _TOO_DEEP
    return _TOO_DEEP if is_deeper(value, _DEEPEST_JSON) else value


def _is_secret(name: str, value: Json) -> bool:
    """Tell whether a field holds a secret; that there is none, or a yes or no, is no secret."""
    given = value is not None and not isinstance(value, bool) and value != ""
    return given and _SECRET_NAME.search(_plain(name)) is not None


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _masked(found: re.Match[str]) -> str:
    return "*" * len(found[1]) + found[2]
