"""Every defect of a rule is refused by the command: at its place, with a way out."""

from pathlib import Path

import pytest

from checker.cli.main import main
from checker.expression.functions import EXTENSIONS_BY_NAME
from tests.builders import event, write_trail
from tests.tables.bad_correlations import BAD_CORRELATIONS
from tests.tables.bad_expressions import BAD_EXPRESSIONS
from tests.tables.bad_keys import BAD_KEYS
from tests.tables.bad_yaml import BAD_YAML
from tests.tables.rules import Bad

ALL = (*BAD_YAML, *BAD_KEYS, *BAD_CORRELATIONS, *BAD_EXPRESSIONS)
HAS_REGEX = EXTENSIONS_BY_NAME["regex"].available()
BAD = {case.name: case for case in ALL if HAS_REGEX or "regex" not in case.name}

TYPO = ("misspelt", "in capitals")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    write_trail(Path("trail.json"), [event()])
    return tmp_path


def _write(case: Bad) -> None:
    content = case.content.encode() if isinstance(case.content, str) else case.content
    Path("rules/a-rule.yaml").write_bytes(content)


@pytest.mark.parametrize("name", BAD)
def test_lint_says_what_is_wrong_where_and_what_to_do(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    case = BAD[name]
    _write(case)
    code = main(["lint", "rules"])

    out = capsys.readouterr().out
    assert code == 1
    place = ":".join(part for part in ("rules/a-rule.yaml", case.at) if part)
    assert f"{place}: {case.cause}" in out
    assert case.hint in "".join(out.partition("hint: ")[1:])
    assert "".join(out.splitlines()).isprintable()
    assert sorted(path.name for path in here.iterdir()) == ["rules", "trail.json"]
    assert out.splitlines()[-1] == f"{case.problems} problem{'s' if case.problems > 1 else ''}"


@pytest.mark.parametrize("name", BAD)
def test_check_evaluates_nothing(here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    _write(BAD[name])

    code = main(["check", "trail.json", "-r", "rules", "-o", "json=report.json"])

    said = capsys.readouterr()
    assert code == 2
    assert said.err.startswith("trailcheck: nothing was checked: ")
    assert "Traceback" not in said.err
    assert not said.out
    assert not Path("report.json").exists()


def test_the_table_is_large_and_its_names_are_all_different() -> None:
    assert len({case.name for case in ALL}) == len(ALL)
    assert len(BAD) >= 100


def test_at_least_nine_in_ten_name_line_and_column() -> None:
    placed = [case for case in BAD.values() if ":" in case.at]

    assert len(placed) >= 0.9 * len(BAD)


def test_every_typo_has_a_suggestion() -> None:
    typos = [case for case in BAD.values() if any(word in case.name for word in TYPO)]

    assert typos
    assert all(case.hint for case in typos)
