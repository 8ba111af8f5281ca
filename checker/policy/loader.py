"""From files, folders and pack names to rules: all of them sound, or every problem of all of them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.aws import Json
from checker.errors import Place, Problem, RulesError, UsageError, did_you_mean
from checker.expression.check import bind as bind_parameters
from checker.expression.expression import Expression, ExpressionError
from checker.limits import DEFAULT, Limits
from checker.policy.folder import is_there, not_loaded
from checker.policy.inclusion import included, rule_paths
from checker.policy.nodes import find_text, quoted
from checker.policy.packs import PACK_FILE, Pack, bundled_packs, pack_folder, read_pack
from checker.policy.parameters import Settings, bind, unknown_settings
from checker.policy.rule import Origin, Rule
from checker.policy.rule_checks import problems_between_parts
from checker.policy.rule_document import RULE
from checker.policy.selection import ALL_RULES, Selection
from checker.policy.shape import MOST_PROBLEMS, ShapeError, gather
from checker.policy.yaml_source import Document, load_file
from checker.resources import bundled

PACK_PREFIX = "pack:"


class RuleBook(Struct, frozen=True, kw_only=True):
    """Rules ready to judge, sorted by id, and the packs that they belong to.

    Attributes:
        left_out: Rules that were read and not selected.
    """

    rules: tuple[Rule, ...]
    packs: tuple[Pack, ...]
    left_out: tuple[Rule, ...] = ()


class _RuleFile(Struct, frozen=True):
    path: Path
    shown_as: str


def load_rules(
    locations: Sequence[str],
    settings: Settings,
    limits: Limits = DEFAULT,
    selection: Selection = ALL_RULES,
) -> RuleBook:
    """Load rules and bind their parameters, ready to judge.

    Args:
        locations: Files, folders, and names of bundled packs (`pack:NAME` where a file of that
            name exists, too).
        settings: Parameter values given from outside.
        limits: How many rules there may be, and how large.
        selection: Which of them are judged; the others need no values for their parameters.

    Raises:
        UsageError: With every problem of every file; nothing was loaded.
    """
    read = read_rules(locations, limits)
    problems = unknown_settings(settings, used_parameters(read.rules))
    book = _selected(read, selection)
    rules: list[Rule] = []
    for rule in book.rules:
        try:
            rules.append(bound(rule, settings))
        except ShapeError as error:
            problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return replace(book, rules=tuple(rules))


def _selected(book: RuleBook, selection: Selection) -> RuleBook:
    rules = selection.of(book.rules)
    ids = {rule.id for rule in rules}
    packs = {rule.origin.pack for rule in rules}
    return RuleBook(
        rules=rules,
        packs=tuple(pack for pack in book.packs if pack.id in packs or pack.include),
        left_out=tuple(rule for rule in book.rules if rule.id not in ids),
    )


def used_parameters(rules: Sequence[Rule]) -> dict[str, frozenset[str]]:
    """Give the names of the parameters that each rule reads, by rule id."""
    return {rule.id: rule.used_parameters for rule in rules}


def bound(rule: Rule, settings: Settings) -> Rule:
    """Give a rule with values for the parameters that it reads.

    Raises:
        ShapeError: A value has the wrong type, a parameter has none, or a function cannot work
            with the value that it gets.
    """
    values = bind(rule.id, rule.params, rule.used_parameters, settings)
    reading = (each for each in rule.expressions if each.parameters)
    gather(lambda expression: _try(rule, expression, values), reading)
    _refuse_no_groups(rule, values)
    return replace(rule, values=values)


def _refuse_no_groups(rule: Rule, values: Mapping[str, Json]) -> None:
    """Refuse a cadence of no group, which nothing could break."""
    name = rule.cadence.groups if rule.cadence else ""
    if name and not values[name]:
        cause = f"rule {rule.id}: the list ${name} is empty, so nothing would be judged"
        place = Place(path=rule.origin.path)
        hint = "name the groups that must occur, or leave groups out to judge those that do"
        raise ShapeError(Problem(code="param-value", cause=cause, place=place, hint=hint))


def _try(rule: Rule, expression: Expression, values: Mapping[str, Json]) -> None:
    """Put the values into an expression, which is when its functions see them."""
    try:
        bind_parameters(expression.ast, values)
    except ExpressionError as error:
        name = expression.text[error.start : error.end]
        cause = f"rule {rule.id}: the value of {name}: {error.cause}"
        place = Place(path=rule.origin.path)
        problem = Problem(code="param-value", cause=cause, place=place, hint=error.hint)
        raise ShapeError(problem) from error


def read_rules(locations: Sequence[str], limits: Limits = DEFAULT) -> RuleBook:
    """Read rules without binding their parameters.

    Raises:
        RulesError: With every problem of every file.
        UsageError: There is nothing at a location.
    """
    rules: list[Rule] = []
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    pack_of = cache(_pack_of)
    packs |= {pack.id: pack for pack in _selections(locations)}
    for file in _rule_files(locations, limits):
        try:
            pack = pack_of(file.path.parent)
            rules.append(_read_one(file, pack, limits))
        except UsageError as error:
            problems.extend(error.problems)
        else:
            if pack is not None and packs.setdefault(pack.id, pack) is not pack:
                problems.append(_two_packs(pack, file))
    problems.extend(_doubles(rules))
    if problems:
        raise RulesError(dict.fromkeys(problems))
    return RuleBook(
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        packs=tuple(packs[name] for name in sorted(packs)),
    )


def _selections(locations: Sequence[str]) -> Iterator[Pack]:
    """Give the packs that were named and are selections of others' rules."""
    for location in locations:
        name = location.removeprefix(PACK_PREFIX)
        folder = bundled("rules") / name if name in bundled_packs() else Path(location)
        pack = _selecting(folder) if is_there(folder) else None
        if pack:
            yield pack


def _two_packs(pack: Pack, file: _RuleFile) -> Problem:
    return Problem(
        code="pack-id-twice",
        cause=f"two packs have the id '{pack.id}'",
        place=Place(path=file.shown_as),
        hint="a pack's id is unique in a run: rename a folder and its pack",
    )


def _pack_of(folder: Path) -> Pack | None:
    found = pack_folder(folder)
    # The absolute folder, because packs are remembered by it and the working directory may change.
    return read_pack(found.absolute(), _shown(found / PACK_FILE)) if found else None


def _read_one(file: _RuleFile, pack: Pack | None, limits: Limits) -> Rule:
    if file.path.exists() and not file.path.is_file():
        raise not_loaded("rules-no-file", "this is no regular file", Path(file.shown_as))
    document = load_file(file.path, file.shown_as, limits)
    try:
        rule = RULE.read(document.root)
    except ShapeError as error:
        raise UsageError([*error.problems, *_more(error, file)]) from error
    origin = Origin(
        path=file.shown_as,
        sha256=document.sha256,
        pack=pack.id if pack else "",
        bundled=file.path.is_relative_to(bundled("rules")),
    )
    rule = replace(rule, origin=origin, params={**(pack.params if pack else {}), **rule.params})
    problems = [
        *_wrong_name(rule, file, document),
        *problems_between_parts(rule, document.root),
    ]
    if problems:
        raise UsageError(problems)
    _check_defaults(rule)
    return rule


def _check_defaults(rule: Rule) -> None:
    """Refuse a default that a function cannot work with, while its author looks."""
    used = rule.used_parameters
    if used and all(rule.params[name].default is not None for name in used):
        try:
            bound(rule, Settings())
        except ShapeError as error:
            raise UsageError(error.problems) from error


def _more(error: ShapeError, file: _RuleFile) -> Iterator[Problem]:
    if len(error.problems) >= MOST_PROBLEMS:
        cause = "there may be more problems in this file"
        place = Place(path=file.shown_as)
        yield Problem(code="rule-more", cause=cause, place=place, hint="mend these first")


def _wrong_name(rule: Rule, file: _RuleFile, document: Document) -> Iterator[Problem]:
    if rule.id != file.path.stem:
        yield Problem(
            code="rule-id-file",
            cause=f"the id '{rule.id}' is not the file's name '{file.path.stem}'",
            place=find_text(document.root, rule.id),
            hint=f"rename the file to {rule.id}{file.path.suffix}, or the rule to {file.path.stem}",
        )


def _doubles(rules: Sequence[Rule]) -> Iterator[Problem]:
    first: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in first:
            cause = f"the id '{rule.id}' is also that of {first[rule.id].origin.path}"
            place = Place(path=rule.origin.path, line=1)
            yield Problem(code="rule-id-twice", cause=cause, place=place, hint="ids are unique")
        first.setdefault(rule.id, rule)


def _rule_files(locations: Sequence[str], limits: Limits) -> list[_RuleFile]:
    found: dict[str, _RuleFile] = {}
    problems: list[Problem] = []
    for location in locations:
        try:
            for file in _files_at(location):
                # Not Path.resolve, which raises on a link that leads to itself.
                found.setdefault(os.path.realpath(file.path), file)
        except UsageError as error:
            problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    if not found:
        raise UsageError([Problem(code="rules-none", cause="no rules were given")])
    if len(found) > limits.rules:
        cause = f"{len(found)} rule files; at most {limits.rules} are read"
        raise UsageError([Problem(code="rules-too-many", cause=cause)])
    return sorted(found.values(), key=lambda file: file.shown_as)


def _files_at(location: str) -> list[_RuleFile]:
    name = location.removeprefix(PACK_PREFIX)
    path = Path(location)
    there = bool(location) and is_there(path)
    if name in bundled_packs():
        if there:
            raise _ambiguous(location)
        return _in_folder(bundled("rules") / name, name)
    if there and path.is_dir():
        return _in_folder(path, location)
    if there and path.name == PACK_FILE:
        hint = f"name its folder: {_shown(path.parent)}"
        raise not_loaded("rules-pack-file", "this file describes a pack of rules", path, hint)
    if there and path.is_file():
        return [_RuleFile(path, _shown(path))]
    near = did_you_mean(location, bundled_packs())
    hint = near if "did you mean" in near else f"bundled packs: {', '.join(bundled_packs())}"
    cause = f"{quoted(location)} is no rule file, no folder and no bundled pack"
    raise UsageError([Problem(code="rules-not-found", cause=cause, hint=hint)])


def _ambiguous(location: str) -> UsageError:
    cause = f"'{location}' is a bundled pack, and a file or folder here"
    hint = f"write ./{location} for the one here, {PACK_PREFIX}{location} for the bundled one"
    return UsageError([Problem(code="rules-ambiguous", cause=cause, hint=hint)])


def _in_folder(folder: Path, location: str) -> list[_RuleFile]:
    pack = _selecting(folder)
    taken = included(folder, pack, _shown(folder / PACK_FILE)) if pack else []
    paths = [*rule_paths(folder), *taken]
    if not paths:
        hint = "a rule's file ends in .yaml or .yml"
        raise not_loaded("rules-none", "no rule files in this folder", Path(location), hint)
    return [_RuleFile(path, _shown(path)) for path in paths]


def _selecting(folder: Path) -> Pack | None:
    """Give the pack that a folder is, if it is a selection of others' rules."""
    if not (folder / PACK_FILE).is_file():
        return None
    pack = read_pack(folder.absolute(), _shown(folder / PACK_FILE))
    return pack if pack.include else None


def _shown(path: Path) -> str:
    """Name a file as a person would: bundled ones by pack, others as given."""
    root = bundled("rules")
    if path.is_relative_to(root):
        return path.relative_to(root.parent).as_posix()
    return path.as_posix()
