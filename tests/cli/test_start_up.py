import subprocess
import sys
from pathlib import Path

NOT_NEEDED = (
    *("jinja2", "jsonschema", "sigma", "tempfile", "xml", "zoneinfo"),
    *("checker.authoring", "checker.report.html", "checker.report.junit", "checker.report.saved"),
)

CHECK = """
import sys
from checker.cli.main import main
code = main(["check", "good.json", "-r", "rules"])
print(*sys.modules, sep="\\n", file=sys.stderr)
sys.exit(code)
"""


TEST = CHECK.replace('["check", "good.json", "-r", "rules"]', '["test", "rules"]')


def test_tests_alone_import_nothing_of_mutation_and_results(here: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", TEST], cwd=here, capture_output=True, text=True, check=False
    )

    imported = set(run.stderr.split())
    assert "checker.authoring.rule_tests" in imported
    assert not {each for each in imported if each.startswith("checker.authoring.mutation")}
    assert not imported & {
        "checker.authoring.coverage",
        "checker.authoring.results",
        "xml",
        "multiprocessing",
        "pytest",
    }


def test_a_plain_check_imports_nothing_that_only_other_runs_need(here: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=here, capture_output=True, text=True, check=False
    )

    imported = set(run.stderr.split())
    assert run.returncode == 0, run.stderr
    assert "checker.cli.check" in imported
    assert not imported & set(NOT_NEEDED)
