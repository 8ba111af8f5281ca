"""Fuzzes the reader: any bytes become records and problems, never an exception."""

import json
import sys

import atheris

with atheris.instrument_imports(include=["checker"]):
    from checker.errors import Level
    from checker.trail.reader import read_trail
    from checker.trail.source import Source

_SOURCE = Source("log.json", explicit=True)


def fuzz(content: bytes) -> None:
    """Read one trail log; what was lost must have a problem, what was read must be JSON."""
    log = read_trail(_SOURCE, content)
    lost = any(problem.level is Level.ERROR for problem in log.problems)
    if log.refused or not log.container:
        assert lost, "evidence was lost in silence"
    for record in log.records:
        json.dumps([record.original, record.event], allow_nan=False)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
