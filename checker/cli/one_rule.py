"""The one rule that a command is about: a file, or an id among rules."""

import os
from collections.abc import Sequence
from pathlib import Path

from checker.cli.configuration import Configuration
from checker.errors import Problem, UsageError, did_you_mean
from checker.policy.inclusion import rule_paths
from checker.policy.loader import bound, read_rules, used_parameters
from checker.policy.packs import bundled_packs
from checker.policy.parameters import Settings, unknown_settings
from checker.policy.rule import Rule
from checker.policy.shape import ShapeError
from checker.resources import bundled


def find_rule(
    name: str, locations: Sequence[str], given: Settings, configuration: Configuration
) -> Rule:
    """Find a rule and bind its parameters.

    Args:
        name: A rule's file, or its id: in the locations, else in the rules of the configuration, else
            in the bundled packs.
        locations: Where to look for an id, when they are given.
        given: Parameter values of the command line, which go before the configuration's.
        configuration: In force.

    Raises:
        UsageError: There is no such rule, it is not sound, or a value does not fit.
    """
    rule = _found(name, locations, configuration)
    unknown = unknown_settings(given, used_parameters((rule,)))
    if unknown:
        raise UsageError(unknown)
    try:
        return bound(rule, given.over(configuration.params))
    except ShapeError as error:
        raise UsageError(error.problems) from error


def _found(name: str, locations: Sequence[str], configuration: Configuration) -> Rule:
    limits = configuration.limits
    if not locations and (os.sep in name or Path(name).suffix in {".yaml", ".yml"}):
        (rule,) = read_rules([name], limits).rules
        return rule
    searched = locations or configuration.rules
    by_id = {rule.id: rule for rule in read_rules(searched, limits).rules} if searched else {}
    if name in by_id:
        return by_id[name]
    files = {} if locations else _bundled_files()
    if name in files:
        # Its file alone, not all packs: the id is the file's name.
        (rule,) = read_rules([files[name].as_posix()], limits).rules
        return rule
    hint = did_you_mean(name, sorted({*by_id, *files}))
    near = hint if "did you mean" in hint else "a rule is named by its file, or by its id with -r"
    if Path(name).is_dir():
        near = f"this is a folder: name one of its rules by its id, with -r {name}"
    cause = f"no rule has the id '{name}'"
    raise UsageError([Problem(code="rule-unknown", cause=cause, hint=near)])


def _bundled_files() -> dict[str, Path]:
    folders = (bundled("rules") / pack for pack in bundled_packs())
    paths = (path for folder in folders for path in rule_paths(folder))
    return {path.stem: path for path in paths}
