from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.loader import read_rules
from checker.policy.needs import Category, Needs
from tests.builders import rule_of, rule_text, write_rules


def test_needs_are_read_as_they_are_stated(tmp_path: Path) -> None:
    needs = """
  category: [Management, Data]
  read_only: true
  sources: kms.amazonaws.com
  resource_types: ['AWS::S3::Object']
  regions: [us-east-1, us-gov-west-1]"""

    assert rule_of(tmp_path, rule_text(needs=needs)).needs == Needs(
        categories=(Category.MANAGEMENT, Category.DATA),
        read_only=True,
        sources=("kms.amazonaws.com",),
        resource_types=("AWS::S3::Object",),
        regions=("us-east-1", "us-gov-west-1"),
    )


def test_without_needs_they_are_left_to_be_derived(tmp_path: Path) -> None:
    assert rule_of(tmp_path, rule_text()).needs is None


WRONG = {
    "a list": ("[Management]", "expected needs, found a list"),
    "a category": ("{category: Managment}", "expected a category, found 'Managment'"),
    "a flag": ("{read_only: yes}", "expected whether read-only events are needed, found 'yes'"),
    "a source": ("{sources: [kms]}", "expected an event source, found 'kms'"),
    "a type": ("{resource_types: S3}", "expected a resource type, found 'S3'"),
    "a region": ("{regions: Ireland}", "expected a Region, found 'Ireland'"),
    "a key": ("{regoins: eu-west-1}", "unknown key 'regoins' in needs"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_needs_are_refused(tmp_path: Path, name: str) -> None:
    needs, cause = WRONG[name]

    with pytest.raises(UsageError) as refused:
        read_rules([write_rules(tmp_path, rule_text(needs=needs))])

    assert cause in str(refused.value)
