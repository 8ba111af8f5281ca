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
from checker.report.template import load_template
from checker.report.template_filters import FILTERS
from tests.report.sample import sample_report

TOP = Path(__file__).resolve().parents[1]
OUTPUT = re.compile(r"<!-- output: (.+) -->\n```console\n(.*?)```", re.DOTALL)
JINJA = re.compile(r"```jinja\n(.*?)```", re.DOTALL)
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


def test_the_template_in_the_docs_is_rendered_as_markdown_that_is_read(tmp_path: Path) -> None:
    page = (TOP / "docs" / "your-own-report.md").read_text(encoding="utf-8")
    (text,) = JINJA.findall(page)
    path = tmp_path / "open.md.j2"
    path.write_text(text, encoding="utf-8")

    lines = load_template(path.as_posix()).render(sample_report()).splitlines()

    assert lines[0] == "# 3 of 10 rules failed"
    assert "## AWS IoT policy attached by approved role (high)" in lines
    (listed,) = [each for each in lines if each.startswith("- ")]
    assert listed.endswith(
        r"role/aws\-reserved/sso.amazonaws.com/Developer: AttachPolicy, 3 times,"
    )


def test_the_filters_in_the_docs_are_those_that_there_are() -> None:
    page = (TOP / "docs" / "your-own-report.md").read_text(encoding="utf-8")

    assert set(FILTERS) <= set(re.findall(r"`([a-z_]+)`", page))


@pytest.mark.parametrize(
    "page", [TOP / "README.md", *sorted(TOP.glob("docs/**/*.md"))], ids=lambda path: path.name
)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []
