"""The event dictionary: which calls CloudTrail can write, and what is known of each.

The facts are in `dictionary.txt`, which `scripts/make_event_dictionary.py` writes from the models
of the AWS SDK (botocore) and from hand-written files that name a source for every entry. It is
read when first asked. An event source is spelt as in the field `eventSource`
(`iot.amazonaws.com`), a name as in `eventName`; both are compared exactly, as CloudTrail's own
selectors do.

Not being in the dictionary proves nothing: AWS adds calls daily, and console-only calls are
published nowhere in full.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

_READ_ONLY: Final = {"r": True, "w": False, "?": None}
_DEAD: Final = "="
_NEVER: Final = "+never"


class Origin(StrEnum):
    """Where a name is from."""

    MODEL = "model"
    """The SDK has the call."""
    RETIRED = "retired"
    """An earlier SDK had it; AWS has closed the service or taken the call back."""
    SERVICE = "service"
    """An event of the service itself, `eventType` `AwsServiceEvent`."""
    SIGN_IN = "sign-in"
    """A step of signing in."""
    UNMODELLED = "unmodelled"
    """No SDK has it: a console's or a client's call, or a spelling of CloudTrail's own."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One event that CloudTrail can write.

    Attributes:
        source: The `eventSource`.
        name: The `eventName`.
        read_only: What `readOnly` should say, by documentation, published records or the verb of
            the name; None where none of these tells.
        data_types: The `resources.type` values under which CloudTrail can log it as a data event,
            in order; empty for a management event, and where AWS does not list the names.
        origin: Where the name is from.
        is_logged: False where AWS says that CloudTrail does not log the call at all.
    """

    source: str
    name: str
    read_only: bool | None
    data_types: tuple[str, ...]
    origin: Origin
    is_logged: bool


class _Service(msgspec.Struct, frozen=True, kw_only=True):
    calls: dict[str, Call]
    dead: dict[str, tuple[str, ...]]
    homes: dict[str, str]
    endpoints: dict[str, str]
    is_excludable: bool


def is_known_source(source: str) -> bool:
    """Tell whether any call of this event source is known."""
    return source in _blocks()


def sources() -> tuple[str, ...]:
    """Give all event sources, in order."""
    return tuple(_blocks())


def known(source: str, name: str) -> Call | None:
    """Give the call, or None where the dictionary lacks it or CloudTrail spells it otherwise."""
    service = _service_of(source)
    return service.calls.get(name) if service else None


def names_of(source: str) -> tuple[str, ...]:
    """Give the names that a source writes, in order; none for an unknown source."""
    service = _service_of(source)
    return tuple(service.calls) if service else ()


def sources_of(name: str) -> tuple[str, ...]:
    """Give the sources that write this name, in order: for `AttachPolicy` three, and not IAM."""
    return _index().get(name, ())


def live_spellings(source: str, name: str) -> tuple[str, ...]:
    """Give what CloudTrail writes instead of this name of the API, the usual spelling first.

    Empty where the name is not known to be dead. Several where it depends on the resource
    (`PutPublicAccessBlock` of a bucket or of an account) or on the time.
    """
    service = _service_of(source)
    return service.dead.get(name, ()) if service else ()


def is_never_logged(source: str, name: str) -> bool:
    """Tell whether AWS says that CloudTrail does not log this call."""
    call = known(source, name)
    return call is not None and not call.is_logged


def home_region(source: str, partition: str) -> str | None:
    """Give the Region where all calls of a global service are logged.

    None for a service that is logged where it is called, for one of which AWS does not say, and
    for a partition where the service has no endpoint.

    Args:
        source: An event source.
        partition: `aws`, `aws-cn`, `aws-us-gov`, …
    """
    service = _service_of(source)
    return service.homes.get(partition) if service else None


def global_endpoint_region(source: str, partition: str) -> str | None:
    """Give the Region where calls to a service's global endpoint are logged (AWS STS, sign-in).

    Calls to the service's Regional endpoints are logged in their own Regions.
    """
    service = _service_of(source)
    return service.endpoints.get(partition) if service else None


def is_excludable(source: str) -> bool:
    """Tell whether a trail can leave out the management events of this source alone."""
    service = _service_of(source)
    return service is not None and service.is_excludable


def data_types() -> tuple[str, ...]:
    """Give all resource types of data events, in order, also those whose calls AWS does not list."""
    return _parts()[0]


def calls_of_type(data_type: str) -> tuple[Call, ...]:
    """Give the calls that are data events of a resource type; none where AWS does not list them."""
    return tuple(
        call
        for source, block in _blocks().items()
        if data_type in block
        for call in _service(source).calls.values()
        if data_type in call.data_types
    )


@cache
def _parts() -> tuple[tuple[str, ...], dict[str, str]]:
    # As bytes: looking for other ends of lines costs more than all the rest.
    text = Path(__file__).with_name("dictionary.txt").read_bytes().decode()
    _head, types, *blocks = text.rstrip("\n").split("\n\n")
    return tuple(types.split("\n")[1:]), {
        block[: min(block.find(" "), block.find("\n"))]: block for block in blocks
    }


def _blocks() -> dict[str, str]:
    """Give the text of each source's block; reading them all would cost ten times as much."""
    return _parts()[1]


@cache
def _index() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for source, block in _blocks().items():
        for line in block.split("\n")[1:]:
            kind, name, *_ = line.split(" ", 2)
            if kind != _DEAD:
                index.setdefault(name, []).append(source)
    return {name: tuple(found) for name, found in index.items()}


def _service_of(source: str) -> _Service | None:
    return _service(source) if source in _blocks() else None


@cache
def _service(source: str) -> _Service:
    """Read the block of a source that is known; events can name any number of others."""
    head, *lines = _blocks()[source].split("\n")
    traits = head.split(" ")[1:]
    fields = [line.split(" ") for line in lines]
    is_logged = "never" not in traits
    return _Service(
        calls={
            words[1]: _call(source, words, is_logged=is_logged)
            for words in fields
            if words[0] != _DEAD
        },
        dead={words[1]: tuple(words[2:]) for words in fields if words[0] == _DEAD},
        homes=dict(_regions(traits, "home=")),
        endpoints=dict(_regions(traits, "global=")),
        is_excludable="excludable" in traits,
    )


def _call(source: str, words: list[str], *, is_logged: bool) -> Call:
    marks = [word for word in words[2:] if word.startswith("+")]
    origins = [Origin(mark[1:]) for mark in marks if mark != _NEVER]
    return Call(
        source=source,
        name=words[1],
        read_only=_READ_ONLY[words[0]],
        data_types=tuple(word for word in words[2:] if not word.startswith("+")),
        origin=origins[0] if origins else Origin.MODEL,
        is_logged=is_logged and _NEVER not in marks,
    )


def _regions(traits: list[str], prefix: str) -> Iterator[tuple[str, str]]:
    for trait in traits:
        if trait.startswith(prefix):
            partition, _, region = trait.removeprefix(prefix).partition(":")
            yield partition, region
