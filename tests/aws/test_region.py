import re

import pytest

from checker.aws.region import REGION_PATTERN, partition_of

PARTITIONS = {
    "eu-west-1": "aws",
    "ap-southeast-5": "aws",
    "mx-central-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
    "eu-isoe-west-1": "aws-iso-e",
    "us-isof-south-1": "aws-iso-f",
    "eusc-de-east-1": "aws-eusc",
}


@pytest.mark.parametrize("region", PARTITIONS)
def test_a_region_tells_its_partition(region: str) -> None:
    assert partition_of(region) == PARTITIONS[region]
    assert re.fullmatch(REGION_PATTERN, region)
