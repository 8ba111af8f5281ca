"""The shape of `needs`: what logs must hold for a rule to be judged."""

from checker.aws.region import REGION_PATTERN
from checker.policy.needs import Category, Needs
from checker.policy.rule_shapes import choice
from checker.policy.scalars import Flag, Text
from checker.policy.shape import Field, Many, Record

REGIONS = Many(
    item=Text(expected="a Region", pattern=REGION_PATTERN, hint="such as eu-west-1"),
    expected="a list of Regions",
    or_one=True,
    least=1,
)
SOURCES = Many(
    item=Text(
        expected="an event source",
        pattern=r"[a-z0-9.-]+\.[a-z]+",
        hint="as in eventSource: kms.amazonaws.com",
    ),
    expected="a list of event sources",
    or_one=True,
    least=1,
)
RESOURCE_TYPES = Many(
    item=Text(
        expected="a resource type",
        pattern="AWS::[A-Za-z0-9]+::[A-Za-z0-9]+",
        hint="as CloudTrail's data events have them: AWS::S3::Object",
    ),
    expected="a list of resource types",
    or_one=True,
    least=1,
)

NEEDS: Record[Needs] = Record(
    make=Needs,
    expected="needs",
    fields=(
        Field(
            name="category",
            attribute="categories",
            shape=Many(
                item=choice(Category, "a category"),
                expected="a list of categories",
                or_one=True,
                least=1,
            ),
            doc="Events of this category, or of each of these.",
        ),
        Field(
            name="read_only",
            shape=Flag("whether read-only events are needed"),
            doc="Whether management events that only read must be there.",
        ),
        Field(
            name="sources",
            shape=SOURCES,
            doc="Event sources of which there must be events, because a trail can leave them out.",
        ),
        Field(
            name="resource_types",
            shape=RESOURCE_TYPES,
            doc="Resource types of which there must be data events.",
        ),
        Field(
            name="regions",
            shape=REGIONS,
            doc="Regions of which there must be events, in place of all that the audit's scope expects.",
        ),
    ),
    hint="write needs: {category: Data, resource_types: [AWS::S3::Object]}",
)
