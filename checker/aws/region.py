"""Regions of AWS: to which partition one belongs."""

from typing import Final

_PARTITIONS: Final = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)
"""By the beginning of the Region's name, as the AWS SDK's partitions file tells them apart."""

REGION_PATTERN: Final = "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}"
"""A pattern of a Region's name."""


def partition_of(region: str) -> str:
    """Give the partition of a Region; `aws` for any that is of no other."""
    return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")
