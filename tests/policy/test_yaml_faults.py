import pytest
import yaml

from checker.policy.yaml_faults import explain

DOCUMENTS = {
    "k: 'x": ("never closed", 1),
    "k: [a": ("the '[' that opens here", 1),
    "k: {a: b": ("the '{' that opens here", 1),
    "k: v\nword\n": ("a key without a value", 2),
    "k:\n  a: b\n   c: d": ("belongs to no key", 3),
    "k: a: b": ("a second colon", 1),
    "k: @a": ("cannot begin with this", 1),
    "k: 'a' b": ("more text after a value", 1),
    'k: "\\q"': ("a backslash escape", 1),
    "%YAML 3.0\n---\nk: v": ("a version of YAML", 1),
    "k: v\n...\nmore": ("after the end", 3),
    "k: [\n": ("a value is missing", 2),
}


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@pytest.mark.parametrize("text", DOCUMENTS)
def test_both_parsers_are_explained_alike(text: str, loader: type[yaml.SafeLoader]) -> None:
    cause, line = DOCUMENTS[text]

    with pytest.raises(yaml.MarkedYAMLError) as caught:
        list(yaml.parse(text, Loader=loader))

    fault = explain(caught.value, text.splitlines())
    assert cause in fault.cause
    assert fault.hint
    assert fault.mark is not None
    assert fault.mark.line + 1 == line


def test_a_complaint_that_is_not_known_is_passed_on() -> None:
    fault = explain(yaml.MarkedYAMLError(problem="something rare"), [])

    assert fault.cause == "something rare"
    assert fault.mark is None
