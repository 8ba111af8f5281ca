from pathlib import Path

import pytest

from tests.builders import APPROVED, event, rule_text, write_rules, write_trail


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working directory with one rule and two trails: one that breaks it, one that does not."""
    monkeypatch.chdir(tmp_path)
    write_rules(Path("rules"), rule_text())
    write_trail(Path("bad.json"), [event()])
    write_trail(Path("good.json"), [event(userIdentity=APPROVED)])
    return tmp_path
