"""Files of tests beside rules: more cases than a rule's own file should hold."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from checker.errors import Place, Problem, RulesError, UsageError
from checker.limits import DEFAULT, Limits
from checker.policy.case_files import TESTS_SUFFIXES, read_cases
from checker.policy.folder import files_below
from checker.policy.nodes import Mapping, Node, Scalar
from checker.policy.packs import file_of
from checker.policy.rule import Case, Rule
from checker.policy.rule_checks import problems_of_cases
from checker.policy.shape import ShapeError
from checker.policy.side_file import SideFile
from checker.policy.yaml_source import load_file


def with_side_files(rules: Sequence[Rule], limits: Limits = DEFAULT) -> tuple[Rule, ...]:
    """Give rules with the cases of all files of tests that they name, behind their own.

    Args:
        rules: As read.
        limits: How large a file may be.

    Raises:
        RulesError: With every problem of every file.
    """
    problems: list[Problem] = []
    complete: list[Rule] = []
    for rule in rules:
        cases = list(rule.tests)
        for file in rule.test_files:
            try:
                cases += _cases(rule, file, limits)
            except UsageError as error:
                problems.extend(error.problems)
            except ShapeError as error:
                problems.extend(error.problems)
        complete.append(replace(rule, tests=tuple(cases)) if rule.test_files else rule)
    if problems:
        raise RulesError(problems)
    return tuple(complete)


def idle_files(locations: Sequence[str], rules: Sequence[Rule]) -> Iterator[Problem]:
    """Give the files of tests in some folders that no rule names: nobody would run them.

    Args:
        locations: As given for the rules; what is no folder is passed by.
        rules: All rules that were read there.
    """
    named = {_path(rule, file).resolve() for rule in rules for file in rule.test_files}
    for folder in sorted({Path(each) for each in locations if Path(each).is_dir()}):
        for path in files_below(folder):
            if path.name.endswith(TESTS_SUFFIXES) and path.resolve() not in named:
                yield Problem(
                    code="test-file",
                    cause="no rule names this file of tests",
                    place=Place(path=path.as_posix()),
                    hint="write tests: {files: [NAME.tests.yaml]} in the rule that it tests",
                )


def _cases(rule: Rule, file: SideFile, limits: Limits) -> tuple[Case, ...]:
    path = _path(rule, file)
    shown = (Path(rule.origin.path).parent / file.name).as_posix()
    _refuse_strange(path, rule, file)
    document = load_file(path, shown, limits)
    cases = read_cases(document.root, rule.test_base)
    alone = replace(rule, tests=cases)
    problems = problems_of_cases(alone, _under_tests(document.root))
    if problems:
        raise UsageError(problems)
    return cases


def _refuse_strange(path: Path, rule: Rule, file: SideFile) -> None:
    """Refuse what is not there, and what a link would take from elsewhere."""
    folder = file_of(rule.origin).parent.resolve()
    if not path.is_file():
        cause = f"there is no file '{file.name}' in the folder of the rule"
    elif not path.resolve().is_relative_to(folder):
        cause = f"'{file.name}' is a link out of the folder of the rule"
    else:
        return
    hint = "the name begins at the rule's folder"
    raise UsageError([Problem(code="test-file", cause=cause, place=file.place, hint=hint)])


def _path(rule: Rule, file: SideFile) -> Path:
    return file_of(rule.origin).parent / file.name


def _under_tests(root: Node) -> Node:
    key = Scalar(text="tests", style="plain", place=root.place)
    return Mapping(entries=((key, root),), place=root.place)
