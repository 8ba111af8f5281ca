"""Every message has a code, and every code is explained."""

import ast
from collections.abc import Iterator
from pathlib import Path

import checker
from checker.authoring.lint.catalogue import CHECKS_BY_CODE
from checker.codes import CODES

SOURCE = Path(checker.__file__).parent

# Functions of the program whose first argument is a code.
MAKERS = frozenset({"_problem", "error_at", "not_loaded", "too_much", "usage_error"})


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        values = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        if isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            values += node.args[:1]
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def test_every_code_in_the_program_is_explained() -> None:
    used = {code for path in SOURCE.rglob("*.py") for code in codes_in(path)}

    assert used - CODES.keys() - CHECKS_BY_CODE.keys() == set()


def test_every_explained_code_is_used() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "codes.py"
    )

    assert {code for code in CODES if f'"{code}"' not in text} == set()
