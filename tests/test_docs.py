"""The documentation says what the program does."""

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from checker.cli.main import main
from checker.policy.rule_document import RULE
from checker.policy.yaml_source import load_bytes

TOP = Path(__file__).resolve().parents[1]
OUTPUT = re.compile(r"<!-- output: (.+) -->\n```console\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(id: .*?)```", re.DOTALL)


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", TOP / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    pages: dict[str, str] = generator().pages()
    folder = TOP / "docs/reference"
    written = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.*")
    }

    assert written == pages, "run `make docs`"


@pytest.mark.parametrize(
    ("command", "shown"), OUTPUT.findall((TOP / "README.md").read_text(encoding="utf-8"))
)
def test_the_readme_shows_what_the_command_prints(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(TOP)

    main(shlex.split(command)[1:])

    assert shown == f"$ {command}\n{capsys.readouterr().out}"


@pytest.mark.parametrize("page", sorted(TOP.glob("docs/*.md")), ids=lambda path: path.name)
def test_a_rule_in_the_docs_is_a_rule(page: Path) -> None:
    for text in YAML.findall(page.read_text(encoding="utf-8")):
        assert RULE.read(load_bytes(text.encode(), page.name).root).tests


@pytest.mark.parametrize(
    "page", [TOP / "README.md", *sorted(TOP.glob("docs/**/*.md"))], ids=lambda path: path.name
)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []
