import json
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from tests.builders import event, rule_text, write_trail

DAYS = [
    "2024-06-30T23:59:59Z",
    "2024-07-01T00:00:00Z",
    "2024-09-30T23:59:59Z",
    "2024-10-01T00:00:00Z",
]


@pytest.fixture
def trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a-rule.yaml").write_text(rule_text("a-rule"), encoding="utf-8")
    records = [event(eventID=str(number), eventTime=time) for number, time in enumerate(DAYS)]
    write_trail(tmp_path / "log.json", [*records, records[1]])
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    arguments = [
        "check",
        "log.json",
        "-r",
        "a-rule.yaml",
        "--now",
        "2024-11-01",
        "-o",
        "json=r.json",
    ]
    code = main([*arguments, *options])
    capsys.readouterr()
    report: dict[str, Any] = json.loads(Path("r.json").read_text(encoding="utf-8"))
    return {**report, "code": code}


def test_a_quarter_is_judged_and_the_totals_tie(
    trail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = checked(capsys, "--since", "2024-Q3", "--until", "2024-Q3")

    assert report["totals"] == {
        "read": 5, "judged": 2, "in_scope": 2, "duplicates": 1, "outside_period": 2, "refused": 0,
    }  # fmt: skip
    assert report["period"] == {
        "first": "2024-07-01T00:00:00Z", "last": "2024-10-01T00:00:00Z", "source": "as asked for",
    }  # fmt: skip
    assert report["rules"][0]["counts"]["violations"] == 2


@pytest.mark.parametrize(
    ("options", "judged", "bounds"),
    [
        ((), 4, (DAYS[0], DAYS[3])),
        (("--since", "2024-09-30"), 2, ("2024-09-30T00:00:00Z", DAYS[3])),
        (("--until", "2024-07-01"), 1, (DAYS[0], "2024-07-01T00:00:00Z")),
        (("--since", "5w"), 2, ("2024-09-27T00:00:00Z", DAYS[3])),
    ],
)
def test_an_open_period_ends_where_the_logs_do(
    trail: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    judged: int,
    bounds: tuple[str, str],
) -> None:
    report = checked(capsys, *options)

    assert (report["period"]["first"], report["period"]["last"]) == bounds
    assert report["totals"]["judged"] == judged


def test_the_configuration_gives_a_period_and_the_command_line_another(
    trail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("trailcheck.yaml").write_text("since: 2024-10-01\nuntil: '2025'\n", encoding="utf-8")

    assert checked(capsys)["totals"]["in_scope"] == 1
    assert checked(capsys, "--since", "2024-09-30")["totals"]["in_scope"] == 2


def test_a_period_that_may_not_have_been_delivered_warns(
    trail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def codes(*options: str) -> list[str]:
        return [each["code"] for each in checked(capsys, *options)["problems"]]

    assert codes("--until", "2024-10-01") == ["late-delivery"]
    assert codes("--until", "2024-09-30") == []
    assert codes() == []


@pytest.mark.parametrize(
    "options",
    [
        ("--since", "soon"),
        ("--until", "2024-Q5"),
        ("--since", "2024-10-01", "--until", "2024-10-01"),
    ],
)
def test_what_is_no_period_is_refused(
    trail: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert main(["check", "log.json", "-r", "a-rule.yaml", *options]) == 2
    assert "[period-option]" in capsys.readouterr().err
