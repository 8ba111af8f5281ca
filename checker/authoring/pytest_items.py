"""What the pytest plugin collects: a rule file, and each of its cases as a test."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from checker.authoring.results_text import failure_lines
from checker.authoring.rule_tests import Bench, CaseResult, stage
from checker.authoring.side_files import with_side_files
from checker.authoring.tested import operands_in
from checker.errors import UsageError
from checker.limits import DEFAULT
from checker.policy.case_files import TESTS_SUFFIXES
from checker.policy.loader import read_rules
from checker.policy.packs import PACK_FILE
from checker.policy.parameters import Settings, settings_from_document
from checker.policy.rule import Case, Rule
from checker.policy.yaml_source import load_file
from checker.visible import inert

_KEYS: Final = re.compile(rb"^(?:id|title|severity|match|require|forbid|tests)\s*:", re.MULTILINE)
_ENOUGH_KEYS: Final = 3


def is_rule_file(path: Path, *, sure: bool) -> bool:
    """Tell whether a YAML file is a rule.

    Args:
        path: The file.
        sure: Whether it stands where rules are said to be; elsewhere it must look like one.
    """
    if path.name == PACK_FILE or path.name.endswith(TESTS_SUFFIXES):
        return False
    if sure:
        return True
    try:
        return len(set(_KEYS.findall(path.read_bytes()))) >= _ENOUGH_KEYS
    except OSError:
        return False


class RuleFile(pytest.File):
    """A rule file; each of its cases is a test."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give the cases.

        Raises:
            CollectError: With every problem of the file.
        """
        try:
            settings = _settings(self.config)
            (rule,) = with_side_files(read_rules([os.path.relpath(self.path)]).rules)
        except UsageError as error:
            said = "\n".join(str(problem) for problem in error.problems)
            raise self.CollectError(said) from error
        if not rule.tests:
            yield Untested.from_parent(self, name="there are tests")
        bench = Bench(rule, settings)
        for case in rule.tests:
            yield CaseItem.from_parent(self, name=case.name, case=case, bench=bench, given=settings)


class CaseFailedError(Exception):
    """A case came to something else than it expects."""

    def __init__(self, result: CaseResult) -> None:
        self.result = result
        super().__init__(f"{result.rule.id}: {result.case.name}")


class CaseItem(pytest.Item):
    """One case of a rule."""

    def __init__(self, *, case: Case, bench: Bench, given: Settings, **node: Any) -> None:
        super().__init__(**node)
        self._case = case
        self._bench = bench
        self._settings = given

    def runtest(self) -> None:
        """Judge the case.

        Raises:
            CaseFailedError: It came to something else than it expects.
        """
        result = self._bench.run(stage(self._case))
        if not result.passed:
            raise CaseFailedError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what was expected, what was found, and why."""
        if not isinstance(excinfo.value, CaseFailedError):
            return super().repr_failure(excinfo, style)
        result = excinfo.value.result
        operands = operands_in(result, self._settings, DEFAULT)
        return "\n".join(map(inert, [str(self._case.place), *failure_lines(result, operands)]))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the case stands."""
        rule: Rule = self._bench.rule
        return self.path, max(self._case.place.line - 1, 0), f"{rule.id}: {self._case.name}"


class Untested(pytest.Item):
    """What a rule without tests has in their place: nothing shows that it works."""

    def runtest(self) -> None:
        """Fail."""
        pytest.fail("this rule has no tests: write them under tests:", pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say which file it is."""
        return self.path, 0, self.name


def _settings(config: pytest.Config) -> Settings:
    name = config.getini("trailcheck_params")
    if not name:
        return Settings()
    path = config.rootpath / name
    return settings_from_document(load_file(path, os.path.relpath(path)))
