import pytest

from checker.policy.nodes import Mapping, Scalar, locate
from checker.policy.yaml_source import load_bytes

WRITTEN = {
    "plain": "key: abc MARK def",
    "single": "key: 'it''s ''quoted'' MARK'",
    "double": r'key: "tab\t and \x41 \u00e9 MARK"',
    "literal": "key: |\n  first line\n  second MARK\n",
    "folded": "key: >-\n  first line\n    and more\n  third MARK line\n",
    "folded with blank line": "key: >-\n  first\n\n  third MARK line\n",
    "plain over lines": "key: first\n  second MARK\n",
    "after another key": "other: 1\nkey: x MARK\n",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_character_of_the_text_is_found_where_it_was_written(name: str) -> None:
    text = WRITTEN[name]
    root = load_bytes(text.encode(), "rule.yaml").root
    assert isinstance(root, Mapping)
    value = root.entries[-1][1]
    assert isinstance(value, Scalar)

    place = locate(value, value.text.index("MARK"))

    line = text.splitlines()[place.line - 1]
    assert line[place.column - 1 :].startswith("MARK")
