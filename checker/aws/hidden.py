"""What CloudTrail leaves out of a record, and whether a path leads there.

A field that is too large is replaced by an object with `"omitted": true` (CloudTrail user guide,
"CloudTrail record contents"). A field that services hold to be sensitive is replaced by a text;
these are the texts found in published logs and in the AWS guides.
"""

import re

from checker.aws import Json
from checker.aws.depth import children

_MASK = re.compile(
    r"HIDDEN_(DUE_TO|FOR)_SECURITY_REASONS"
    r"|Value hidden due to security reasons\.?"
    r"|<sensitiveDataRemoved>"
    r"|\*{3}OMITTED\*{3}"
    r"|\*{3,}"
)
_OPENINGS = ("HIDDEN_", "Value hidden", "<sensitive", "***")
_FIRST = frozenset("HV<*")


def is_masked(value: Json) -> bool:
    """Tell whether a value is a text that stands in place of a sensitive one."""
    # Few texts begin like one, and to ask a regex costs.
    return (
        isinstance(value, str)
        and value[:1] in _FIRST
        and value.startswith(_OPENINGS)
        and _MASK.fullmatch(value) is not None
    )


def is_omitted(value: Json) -> bool:
    """Tell whether a value is the object that stands in place of one too large."""
    return isinstance(value, dict) and value.get("omitted") is True


def hides(value: Json) -> bool:
    """Tell whether anything is left out at a value or anywhere below it."""
    if isinstance(value, str):
        return is_masked(value)
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            if is_masked(current):
                return True
        elif isinstance(current, dict):
            if current.get("omitted") is True:
                return True
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)
    return False


def is_plainly_there(event: Json, path: tuple[str | None, ...]) -> bool:
    """Tell quickly that a path leads through plain objects to a plain value, or to nothing.

    What it does not tell is for `path_is_hidden` to look at closely.
    """
    value = event
    for step in path:
        if value.__class__ is not dict or "omitted" in value or step is None:
            return value is None
        value = value.get(step)
    if value.__class__ is str:
        return value[:1] not in _FIRST
    return value is None or value is True or value is False or value.__class__ is int


def path_is_hidden(event: Json, path: tuple[str | None, ...], *, presence: bool) -> bool:
    """Tell whether what a path would find is left out.

    Args:
        event: Where the path starts.
        path: Keys; None stands for every element of a list or every value of an object. A key on a
            list finds nothing, as in JMESPath.
        presence: Only whether something is there is asked, and a mask is something. What is left
            out before the end of the path still hides.
    """
    value = event
    for at, step in enumerate(path):
        if isinstance(value, dict):
            if value.get("omitted") is True:
                return True
        elif not isinstance(value, list):
            return is_masked(value)
        if step is None:
            rest = path[at + 1 :]
            return any(path_is_hidden(child, rest, presence=presence) for child in children(value))
        value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return False
    return not presence and hides(value)
