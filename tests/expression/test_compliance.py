import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.aws import Json
from checker.expression.faults import EvaluationError, ExpressionError
from tests.expression.evaluators import both

RAISED = object()


def official_cases(shared: Path) -> Iterator[tuple[Json, Json]]:
    for path in sorted((shared / "jmespath-compliance").glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            for case in group["cases"]:
                yield group["given"], case


def search(text: str, value: Json) -> Json:
    try:
        return both(text)(value)
    except (ExpressionError, EvaluationError):
        return RAISED


def passes(given: Json, case: Json) -> bool:
    found = search(case["expression"], given)
    if "error" in case:
        return found is RAISED
    return found is not RAISED and ("bench" in case or found == case["result"])


def test_the_official_compliance_suite_passes_whole(shared: Path) -> None:
    cases = list(official_cases(shared))

    failing = [case for given, case in cases if not passes(given, case)]

    assert failing == []
    assert len(cases) == 908


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.b", {"a": None}, None),
        ("a[0]", {"a": ["x"]}, "x"),
        ("a[-1]", {"a": ["x", "y"]}, "y"),
        ("a[::-1]", {"a": [1, 2]}, [2, 1]),
        ("a[*].b", {"a": [{"b": 1}, {}]}, [1]),
        ("a[]", {"a": [[1], 2]}, [1, 2]),
        ("a.*", {"a": {"b": 1}}, [1]),
        ("a[?b > `1`].b", {"a": [{"b": 1}, {"b": 2}]}, [2]),
        ("{x: a, y: b}", {"a": 1}, {"x": 1, "y": None}),
        ("[a, b]", {"a": 1}, [1, None]),
        ("a || b", {"a": "", "b": 2}, 2),
        ("a && b", {"a": 0, "b": 2}, 2),
        ("!a", {"a": 0}, False),
        ("a == `0`", {"a": False}, False),
        ("sort_by(a, &b)[0].b", {"a": [{"b": 2}, {"b": 1}]}, 1),
        ("'it\\'s'", {}, "it's"),
        ('"a b"', {"a b": 1}, 1),
        ("`[1, 2]`", {}, [1, 2]),
    ],
)
def test_the_standard_language_means_what_it_means(text: str, value: Json, result: Json) -> None:
    assert search(text, value) == result
