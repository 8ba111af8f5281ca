import pytest

from checker.policy.ignore_shapes import IGNORES
from checker.policy.shape import ShapeError
from checker.policy.yaml_source import load_bytes


def test_an_ignore_has_its_code_its_reason_and_its_place() -> None:
    root = load_bytes(b"ignore:\n  - {code: TC202, reason: So it is.}\n", "rule.yaml").root

    (ignore,) = IGNORES.read(root)

    assert (ignore.code, ignore.reason) == ("TC202", "So it is.")
    assert str(ignore.place) == "rule.yaml:2:12"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("ignore: [{code: TC202}]", "an ignore lacks 'reason'"),
        ("ignore: [{code: TC202, reason: ''}]", "expected a reason, found empty text"),
        ("ignore: [{code: lint, reason: x}]", "expected a code of the linter, found 'lint'"),
        ("ignore: TC202", "expected an ignore, found 'TC202'"),
        ("ignores: []", "unknown key 'ignores' in settings of the linter"),
    ],
)
def test_an_ignore_without_its_parts_is_refused(text: str, cause: str) -> None:
    with pytest.raises(ShapeError) as raised:
        IGNORES.read(load_bytes(text.encode(), "rule.yaml").root)

    assert raised.value.problems[0].cause == cause
