"""What the guides tell a reader to type does what they say: every command is run, in their order.

`pytest tests/test_tutorial.py --update-golden` writes the outputs anew; then read the diff.
"""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from checker.cli.main import main

TOP = Path(__file__).resolve().parents[1]
BLOCK = re.compile(
    r"<!-- (?P<kind>exits|file:) (?P<what>\S+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL
)


@pytest.mark.parametrize("name", ["tutorial.md", "explain.md"])
def test_the_commands_of_a_guide_print_what_it_shows(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = TOP / "docs" / name
    shown = page.read_text(encoding="utf-8")
    folder = tmp_path / "audit"
    shutil.copytree(TOP / "examples" / "trail", folder / "logs")
    monkeypatch.chdir(folder)

    def done(block: re.Match[str]) -> str:
        if block["kind"] == "file:":
            Path(block["what"]).write_text(block["text"], encoding="utf-8")
            return block[0]
        command = block["text"].partition("\n")[0].removeprefix("$ ")
        code = main(shlex.split(command)[1:])
        printed = capsys.readouterr().out
        return f"<!-- exits {code} -->\n```console\n$ {command}\n{printed}```"

    found = BLOCK.sub(done, shown)
    if pytestconfig.getoption("--update-golden"):
        page.write_text(found, encoding="utf-8")

    assert found == page.read_text(encoding="utf-8")
