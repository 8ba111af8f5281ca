"""Findings of the linter as a SARIF 2.1.0 log, for code scanning."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

import checker
from checker.authoring.lint.catalogue import CHECKS_BY_CODE
from checker.aws import Json
from checker.codes import CODES
from checker.errors import Level, Place, Problem

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif_log(problems: Sequence[Problem]) -> Json:
    """Give the log; its rules are the codes that were found."""
    codes = sorted({problem.code for problem in problems})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "trailcheck lint",
                        "version": checker.__version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, codes.index(problem.code)) for problem in problems],
            }
        ],
    }


def _rule(code: str) -> Json:
    check = CHECKS_BY_CODE.get(code)
    if check is None:
        meaning = CODES.get(code, code)
        return _descriptor(code, code, meaning, meaning, Level.ERROR)
    return _descriptor(code, check.name, check.meaning, check.why, check.level)


def _descriptor(code: str, name: str, meaning: str, why: str, level: Level) -> Json:
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": why},
        "help": {"text": why},
        "defaultConfiguration": {"level": level.value},
    }


def _result(problem: Problem, index: int) -> Json:
    hint = f" Hint: {problem.hint}" if problem.hint else ""
    result = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.level.value,
        "message": {"text": f"{problem.cause}.{hint}"},
    }
    locations = [_location(place) for place in _places(problem)]
    return {**result, "locations": locations} if locations else result


def _places(problem: Problem) -> Iterable[Place]:
    return (problem.place,) if problem.place else ()


def _location(place: Place) -> Json:
    uri = quote(place.path.replace("\\", "/"))
    physical: dict[str, Json] = {
        "artifactLocation": {"uri": f"file://{uri}" if uri.startswith("/") else uri}
    }
    if place.line:
        physical["region"] = {"startLine": place.line}
        if place.column:
            physical["region"]["startColumn"] = place.column
    return {"physicalLocation": physical}
