import re

from hypothesis import given
from hypothesis import strategies as st

from checker.authoring.sigma.condition import Wildcard
from checker.authoring.sigma.literals import glob_of, globs_in_json, path_of, quoted_text
from checker.aws.glob import glob_matches
from checker.expression.compiler import compile_expression
from checker.expression.expression import parse_expression

TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("'`\"\\*?\n"), max_size=12
)
PATTERN = st.lists(st.sampled_from((Wildcard.MANY, Wildcard.ONE)) | TEXT.filter(bool), max_size=5)


@given(text=TEXT)
def test_a_literal_is_the_text_that_was_written(text: str) -> None:
    assert compile_expression(parse_expression(quoted_text(text)), {})({}) == text


@given(pattern=PATTERN, text=TEXT)
def test_a_glob_matches_what_the_pattern_means(pattern: list[str], text: str) -> None:
    meant = {Wildcard.MANY: ".*", Wildcard.ONE: "."}
    regex = "".join(
        meant[part] if isinstance(part, Wildcard) else re.escape(part) for part in pattern
    )
    glob = glob_of(tuple(pattern), cased=True)
    filled = "".join(text if isinstance(part, Wildcard) else part for part in pattern)

    for each in (text, filled):
        assert glob_matches(each, glob) == bool(re.fullmatch(regex, each, re.DOTALL))


@given(names=st.lists(TEXT.filter(bool), min_size=1, max_size=3))
def test_a_path_leads_to_the_value_whatever_its_keys(names: list[str]) -> None:
    event: object = "there"
    for name in reversed(names):
        event = {name: event}

    assert compile_expression(parse_expression(path_of(tuple(names))), {})(event) == "there"


def test_a_literal_that_needs_no_escapes_stands_in_single_quotes() -> None:
    assert quoted_text('say "no" to \\ here') == "'say \"no\" to \\ here'"


def test_a_pattern_in_json_is_written_as_json_writes_the_text() -> None:
    assert globs_in_json((Wildcard.MANY, '"Allow"', Wildcard.MANY)) == ('*\\\\"allow\\\\"*',)
