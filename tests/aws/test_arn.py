import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.aws.arn import Arn, arn_matches, parse_arn

ROLE = "arn:aws:iam::111122223333:role/app/deployer"


def test_an_arn_is_split_into_its_parts() -> None:
    assert parse_arn(ROLE) == Arn(
        partition="aws",
        service="iam",
        region="",
        account="111122223333",
        resource_type="role",
        resource="app/deployer",
    )


@pytest.mark.parametrize(
    ("text", "resource_type", "resource"),
    [
        ("arn:aws:lambda:eu-west-1:111122223333:function:f:prod", "function", "f:prod"),
        ("arn:aws:iam::111122223333:root", "", "root"),
        ("arn:aws:s3:::bucket/path/key", "", "bucket/path/key"),
        ("arn:aws:s3:eu-west-1:111122223333:accesspoint/p", "accesspoint", "p"),
        ("arn:aws:sns:eu-west-1:111122223333:topic", "", "topic"),
        ("arn:aws:logs:eu-west-1:1:log-group:/a/b:*", "log-group", "/a/b:*"),
    ],
)
def test_the_last_part_has_a_type_where_the_service_gives_one(
    text: str, resource_type: str, resource: str
) -> None:
    arn = parse_arn(text)
    assert (arn.resource_type, arn.resource) == (resource_type, resource)


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:iam::1", "urn:a:b:c:d:e", "arn:aws:iam::1:"])
def test_what_is_no_arn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARN"):
        parse_arn(text)


@pytest.mark.parametrize(
    ("arn", "pattern", "expected"),
    [
        (ROLE, ROLE, True),
        (ROLE, "arn:aws:iam::111122223333:role/*", True),
        (ROLE, "arn:*:iam::*:role/*/deployer", True),
        (ROLE, "arn:aws:iam::*", None),
        (ROLE, "arn:aws:iam:*:role/app/deployer", None),
        (ROLE, "arn:aws:*:role/app/deployer:*:*", False),
        (ROLE, "arn:aws:iam::444455556666:role/*", False),
        (ROLE, "*", True),
        ("arn:aws:sts::1:x:y", "arn:aws:sts::1:*", True),
        ("service:config.amazonaws.com", "*", False),
        ("account:111122223333", "arn:aws:iam::111122223333:*", False),
        ("arn:aws:iam::1:role/x:y", "arn:aws:iam::1:role/*", True),
    ],
)
def test_a_glob_stays_inside_its_part(arn: str, pattern: str, expected: bool | None) -> None:  # noqa: FBT001
    if expected is None:
        with pytest.raises(ValueError, match="six parts"):
            arn_matches(arn, pattern)
    else:
        assert arn_matches(arn, pattern) is expected


@given(st.text(max_size=40))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert arn_matches(text, "*") is (text.count(":") >= 5 and text.startswith("arn:"))
