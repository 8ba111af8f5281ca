"""Amazon Resource Names: their six parts, and globs that respect them."""

from functools import lru_cache
from typing import Final

from msgspec import Struct

from checker.aws.glob import glob_matches

_PARTS: Final = 6


class Arn(Struct, frozen=True, kw_only=True):
    """The parts of an ARN; a part that the ARN leaves empty is empty here.

    Attributes:
        resource_type: What stands before the first `/` or `:` of the last part: `role`, `function`;
            empty where there is none, as for an S3 bucket or `root`.
        resource: What stands behind it: a name with its path, an id.
    """

    partition: str
    service: str
    region: str
    account: str
    resource_type: str
    resource: str


@lru_cache(maxsize=1 << 14)
def parse_arn(text: str) -> Arn:
    """Split an ARN into its parts.

    Raises:
        ValueError: The text has no six parts that begin with `arn`.
    """
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn" or not parts[5]:
        raise ValueError(f"not an ARN: '{text}'")
    _, partition, service, region, account, rest = parts
    kind, resource = _typed(rest, service, account)
    return Arn(
        partition=partition,
        service=service,
        region=region,
        account=account,
        resource_type=kind,
        resource=resource,
    )


def arn_matches(arn: str, pattern: str) -> bool:
    """Tell whether an ARN matches a pattern, the six parts compared one by one.

    A glob never reaches from one of the first five parts into the next; in the last part it runs
    across `/` and `:`. Text that is no ARN (`service:x`, `account:n`) matches no pattern.

    Args:
        arn: Any text.
        pattern: An ARN whose parts may be globs, or `*` for any ARN.

    Raises:
        ValueError: The pattern has no six parts, so it could never match.
    """
    wanted = _pattern_parts(pattern)
    found = arn.split(":", _PARTS - 1)
    return len(found) == _PARTS and all(map(glob_matches, found, wanted))


@lru_cache(maxsize=4096)
def _pattern_parts(pattern: str) -> tuple[str, ...]:
    if pattern == "*":
        return ("arn", *"*****")
    parts = tuple(pattern.split(":", _PARTS - 1))
    if len(parts) != _PARTS:
        raise ValueError(
            f"not an ARN pattern: '{pattern}' (six parts, as in arn:aws:iam::111122223333:role/*)"
        )
    return parts


def _typed(rest: str, service: str, account: str) -> tuple[str, str]:
    """Split the last part; an S3 object key (no account in its ARN) has `/` but no type."""
    ends = [rest.index(mark) for mark in "/:" if mark in rest]
    if not ends or (service == "s3" and not account):
        return "", rest
    end = min(ends)
    return rest[:end], rest[end + 1 :]
