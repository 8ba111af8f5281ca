"""Writes what the fuzz targets begin with: sound logs, rules and conditions, one a file.

Usage: python -m tests.fuzz.seed FOLDER
"""

import sys
from pathlib import Path

from checker.expression.functions import EXTENSIONS_BY_NAME
from tests.tables.bad_expressions import BAD_EXPRESSIONS
from tests.tables.bad_yaml import BAD_YAML
from tests.tables.mutations import LOGS, RULE
from tests.tables.rules import Bad

_TOO_LARGE = 4_000


def _contents(cases: tuple[Bad, ...]) -> list[bytes]:
    contents = [each.content for each in cases]
    encoded = [each.encode() if isinstance(each, str) else each for each in contents]
    return [each for each in encoded if len(each) < _TOO_LARGE]


SEEDS = {
    "reader": list(LOGS),
    "loader": [RULE, *_contents(BAD_YAML), *_contents(BAD_EXPRESSIONS)],
    "expression": [each.example.encode() for each in EXTENSIONS_BY_NAME.values()],
}


def main(folder: Path) -> None:
    """Write a folder for each target; what is there stays."""
    for target, contents in SEEDS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(contents):
            (folder / target / f"seed-{number}").write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
