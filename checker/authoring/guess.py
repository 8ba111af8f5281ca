"""Guesses for a draft: which field names what was acted on, which call an id may mean."""

import re
from collections.abc import Iterator
from typing import Final

from checker.aws import Json
from checker.aws.dictionary import is_known_source, known, names_of

FALLBACK: Final = ("iam.amazonaws.com", "CreateAccessKey")
"""The call of a draft whose id names no service."""

_SUFFIX: Final = ".amazonaws.com"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENDINGS: Final = ("arn", "name", "id")
_VERBS: Final = {
    "changed": ("put", "update", "modify", "set"),
    "created": ("create", "put"),
    "made": ("create",),
    "deleted": ("delete",),
    "removed": ("delete", "remove"),
    "attached": ("attach",),
    "detached": ("detach",),
    "stopped": ("stop",),
    "started": ("start",),
    "disabled": ("disable",),
    "enabled": ("enable",),
    "added": ("add", "create"),
    "read": ("get",),
}


def words_of(name: str) -> tuple[str, ...]:
    """Give the words of `PutBucketPolicy` or `bucketName`, in lower case."""
    return tuple(each.lower() for each in _WORD.findall(name))


def spoken(source: str) -> str:
    """Name an event source: `iot` for `iot.amazonaws.com`."""
    return " ".join(source.removesuffix(_SUFFIX).split())


def resource_of(event: dict[str, Json]) -> str:
    """Give the path of the request parameter that most likely names what was acted on, else ''."""
    parameters = event.get("requestParameters")
    if not isinstance(parameters, dict):
        return ""
    own = set(words_of(str(event.get("eventName") or ""))[1:])
    named = [each for each, value in parameters.items() if _may_name(each, value)]
    ranked = sorted(enumerate(named), key=lambda each: (-_likeness(each[1], own), each[0]))
    return f"requestParameters.{ranked[0][1]}" if ranked else ""


def id_of(event: dict[str, Json]) -> str:
    """Give an id for a rule about the call of an event."""
    source, name = (str(event.get(key) or "") for key in ("eventSource", "eventName"))
    kebab = "-".join((*words_of(spoken(source)), *words_of(name)))
    return f"{kebab or 'call'}-by-approved-principals"


def call_of(rule_id: str) -> tuple[str, str]:
    """Give the event source and the call that a rule's id most likely means."""
    service, *words = rule_id.split("-")
    source = f"{service}{_SUFFIX}"
    if not is_known_source(source):
        return FALLBACK
    meant = set(_meant(words))
    writing = [each for each in names_of(source) if _writes(source, each)]
    ranked = sorted(writing or names_of(source), key=lambda each: (-_overlap(each, meant), each))
    return source, ranked[0]


def _meant(words: list[str]) -> Iterator[str]:
    for word in words:
        yield from (word, word.removesuffix("s"), *_VERBS.get(word, ()))


def _overlap(name: str, meant: set[str]) -> float:
    """Score a call by the words that it shares with an id, the verb above all; then the shortest."""
    words = words_of(name)
    verb = words[0] in meant if words else False
    return sum(each in meant for each in words) + verb - len(words) / 100


def _writes(source: str, name: str) -> bool:
    call = known(source, name)
    return call is not None and call.read_only is False and call.is_logged and not call.data_types


def _may_name(key: str, value: Json) -> bool:
    return isinstance(value, str) and bool(value) and bool(_PLAIN_NAME.fullmatch(key))


def _likeness(key: str, own: set[str]) -> int:
    words = words_of(key)
    ends = words[-1:] and words[-1] in _ENDINGS
    return (2 if own & set(words) else 0) + (1 if ends else 0)
