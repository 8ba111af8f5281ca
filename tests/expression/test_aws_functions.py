import pytest

from checker.expression.aws_functions import arn_like, check_arn_patterns, split_arn


@pytest.mark.parametrize(
    ("patterns", "matches"),
    [
        ("arn:aws:iam::111122223333:role/*", True),
        (["arn:aws:iam::*:user/*", "arn:aws:iam::*:role/*"], True),
        ("arn:*:*:*:*:Admin", False),
        ("*", True),
        ([], False),
    ],
)
def test_an_arn_is_compared_part_by_part(patterns: str | list[str], *, matches: bool) -> None:
    assert arn_like("arn:aws:iam::111122223333:role/Admin", patterns) is matches


def test_a_principal_that_has_no_arn_is_like_none() -> None:
    assert not arn_like("service:iot.amazonaws.com", "arn:aws:iam::*:role/*")


def test_a_pattern_without_six_parts_raises_wherever_it_stands() -> None:
    with pytest.raises(ValueError, match="not an ARN pattern"):
        check_arn_patterns(["arn:aws:iam::*:role/*", "arn:*:role/x"])


def test_the_parts_of_an_arn_have_names() -> None:
    assert split_arn("arn:aws:iam::111122223333:role/x/Admin") == {
        "partition": "aws",
        "service": "iam",
        "region": "",
        "account": "111122223333",
        "resource_type": "role",
        "resource": "x/Admin",
    }
