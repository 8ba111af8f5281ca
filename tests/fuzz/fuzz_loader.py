"""Fuzzes the rule loader: any bytes become a rule, or problems with a place."""

import sys

import atheris

with atheris.instrument_imports(include=["checker"]):
    from checker.errors import UsageError
    from checker.policy.rule_document import RULE
    from checker.policy.shape import ShapeError
    from checker.policy.yaml_source import load_bytes


def fuzz(content: bytes) -> None:
    """Read one rule."""
    try:
        RULE.read(load_bytes(content, "rule.yaml").root)
    except (UsageError, ShapeError) as error:
        unplaced = [problem for problem in error.problems if not problem.place]
        if unplaced:
            raise AssertionError(str(unplaced[0])) from error


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
