import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.authoring.mutation.globs import covers, covers_arn, missed_members, narrowed, same
from checker.aws.glob import glob_matches

patterns = st.text(alphabet="ab*?\\", max_size=5)


@given(patterns, patterns, st.text(alphabet="ab*\\", max_size=6))
def test_what_covers_a_pattern_matches_all_that_it_does(wide: str, narrow: str, text: str) -> None:
    if covers(wide, narrow) and glob_matches(text, narrow):
        assert glob_matches(text, wide)


@given(patterns, st.text(alphabet="ab*\\", max_size=6))
def test_what_is_narrowed_matches_no_more(pattern: str, text: str) -> None:
    for each in narrowed(pattern):
        if glob_matches(text, each):
            assert glob_matches(text, pattern)


@pytest.mark.parametrize(
    ("members", "missed"),
    [
        (["Get*", "GetObject", "List*"], [0, 2]),
        (["*", "Get*"], [0]),
        (["a", "a"], []),
        (["Get*", "Ge?*"], [0, 1]),
        ([r"a\*", "a*"], [1]),
    ],
)
def test_a_member_that_another_one_covers_is_not_missed(
    members: list[str], missed: list[int]
) -> None:
    assert list(missed_members(members, covers)) == missed


def test_parts_of_arns_are_covered_one_by_one() -> None:
    assert covers_arn("arn:aws*:iam::*:role/*", "arn:aws:iam::111122223333:role/x")
    assert not covers_arn("arn:aws:iam::*", "arn:aws:iam::111122223333:role/x")
    assert not covers_arn("arn:aws:*:role/x", "arn:aws:iam::111122223333:role/x")


def test_other_texts_are_covered_by_themselves_alone() -> None:
    assert list(missed_members(["*", "a"], same)) == [0, 1]


def test_of_an_arn_only_the_resource_is_narrowed() -> None:
    assert list(narrowed("arn:aws*:iam::*:role/*Deploy*")) == [
        "arn:aws*:iam::*:role/Deploy*",
        "arn:aws*:iam::*:role/*Deploy",
    ]


def test_a_star_that_is_one_stays() -> None:
    assert list(narrowed(r"\*a*")) == [r"\*a"]
