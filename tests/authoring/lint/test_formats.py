import json
from typing import Any

from checker.authoring.lint.formats import (
    Linted,
    render_github,
    render_json,
    render_sarif,
    render_text,
)
from checker.errors import Level, Place, Problem

PROBLEM = Problem(
    code="TC202",
    cause="where: this holds of every event without x",
    place=Place(path="our rules/é,:1.yaml", line=3, column=8),
    excerpt="x != 'y'\n^",
    hint="100 % sure",
    level=Level.WARNING,
)
HOSTILE = Problem(
    code="rule-value",
    cause="a\r\n::error::b ##vso[task]\x1b[31m",
    place=Place(path="a\n::error::.yaml"),
)


def linted(*problems: Problem) -> Linted:
    return Linted(judged=("rules",), rules=2, problems=problems)


def test_json_has_every_part_of_a_problem() -> None:
    document = json.loads(render_json(linted(PROBLEM, HOSTILE)))

    assert (document["rules"], document["errors"], document["warnings"]) == (2, 1, 1)
    assert document["problems"][0] == {
        "code": "TC202",
        "level": "warning",
        "path": "our rules/é,:1.yaml",
        "line": 3,
        "column": 8,
        "cause": "where: this holds of every event without x",
        "excerpt": "x != 'y'\n^",
        "hint": "100 % sure",
    }
    assert document["problems"][1]["line"] is None


def test_a_workflow_command_escapes_what_would_end_it() -> None:
    assert render_github(linted(PROBLEM)) == (
        "::warning file=our rules/é%2C%3A1.yaml,line=3,col=8,title=TC202::"
        "where: this holds of every event without x%0Ahint: 100 %25 sure\n"
    )


def test_hostile_text_makes_no_second_command() -> None:
    (line,) = render_github(linted(HOSTILE)).splitlines()

    assert line == (
        "::error file=a%0A%3A%3Aerror%3A%3A.yaml,title=rule-value::"
        r"a%0D%0A::error::b #\x23vso[task]\x1b[31m"
    )


def test_hostile_text_is_inert_as_text() -> None:
    text = render_text(linted(HOSTILE))

    assert "\x1b" not in text
    assert not any(line.startswith("::") for line in text.splitlines())
    assert "##vso" not in text


def test_sarif_names_the_check_and_the_place() -> None:
    log: dict[str, Any] = json.loads(render_sarif(linted(PROBLEM, HOSTILE)))

    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["TC202", "rule-value"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("TC202", 0, "warning")
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "our%20rules/%C3%A9%2C%3A1.yaml"},
                "region": {"startLine": 3, "startColumn": 8},
            }
        }
    ]
    assert second["level"] == "error"
    assert second["ruleIndex"] == 1


def test_sarif_leaves_out_the_place_that_is_not_known() -> None:
    log = json.loads(render_sarif(linted(Problem(code="rules-none", cause="no rules"))))

    assert "locations" not in log["runs"][0]["results"][0]
