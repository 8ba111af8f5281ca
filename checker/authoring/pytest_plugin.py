"""The pytest plugin: cases of rules as tests, and a fixture that judges events by rules.

It is loaded by every pytest of an environment that trailcheck is installed in, so that nothing of
trailcheck is imported before rules are asked for.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from checker.authoring.assertions import RuleUnderTest
    from checker.authoring.pytest_items import RuleFile

_SUFFIXES = (".yaml", ".yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what turns the plugin on."""
    group = parser.getgroup("trailcheck", "tests in trailcheck rules")
    group.addoption(
        "--trailcheck",
        action="store_true",
        help="collect the tests of every trailcheck rule that there is where tests are collected",
    )
    parser.addini(
        "trailcheck_rules",
        "rule files and folders of rules whose tests are collected, from the root directory on",
        type="args",
        default=[],
    )
    parser.addini(
        "trailcheck_params",
        "a YAML file of parameter values for these tests, from the root directory on",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the rules to what is collected where nobody says what is."""
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        config.args += [str(each) for each in _homes(config) if str(each) not in config.args]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "RuleFile | None":
    """Give the cases of a rule file, if rules are asked for."""
    config = parent.config
    homes = _homes(config)
    if not (homes or config.getoption("--trailcheck")) or file_path.suffix not in _SUFFIXES:
        return None
    # Imported when wanted: see above.
    from checker.authoring.pytest_items import RuleFile, is_rule_file  # noqa: PLC0415

    is_home = any(file_path.is_relative_to(home) for home in homes)
    if not is_rule_file(file_path, sure=is_home):
        return None
    if homes and not is_home and not config.getoption("--trailcheck"):
        return None
    return RuleFile.from_parent(parent, path=file_path)


@pytest.fixture(scope="session")
def trailcheck_rule(pytestconfig: pytest.Config) -> "Callable[..., RuleUnderTest]":
    """Give a function that reads a rule file: `trailcheck_rule("rules/x.yaml").judge(event)`.

    The file is found from the root directory on; keyword arguments are values for parameters.
    """
    from checker.authoring.assertions import rule_at  # noqa: PLC0415 - as above

    def rule(location: str, **params: Any) -> "RuleUnderTest":
        return rule_at(str(pytestconfig.rootpath / location), **params)

    return rule


def _homes(config: pytest.Config) -> list[Path]:
    return [config.rootpath / each for each in config.getini("trailcheck_rules")]
