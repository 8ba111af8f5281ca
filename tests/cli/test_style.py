import io

import pytest

from checker.cli.style import terminal_width


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_as_wide_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "77")

    assert terminal_width(Terminal()) == 77


def test_what_is_piped_has_lines_of_any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "77")

    assert terminal_width(io.StringIO()) is None
