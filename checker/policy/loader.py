"""From files, folders and pack names to rules: all of them sound, or every problem of all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.aws import Json
from checker.errors import Place, Problem, RulesError, UsageError, did_you_mean
from checker.expression.check import bind as bind_parameters
from checker.expression.expression import Expression, ExpressionError
from checker.limits import DEFAULT, Limits
from checker.policy.folder import files_below, not_loaded
from checker.policy.nodes import Mapping as MappingNode
from checker.policy.nodes import Node, find_text, quoted
from checker.policy.packs import PACK_FILE, Pack, bundled_packs, pack_folder, read_pack
from checker.policy.parameters import Settings, bind, unknown_settings
from checker.policy.rule import Origin, Rule
from checker.policy.rule_document import RULE
from checker.policy.shape import MOST_PROBLEMS, ShapeError, gather
from checker.policy.yaml_source import Document, load_file
from checker.resources import bundled

_SUFFIXES = frozenset({".yaml", ".yml"})
_WITH_EXPRESSIONS = frozenset(
    {"match", "where", "require", "forbid", "requires", "resource", "message", "evidence"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Rules ready to judge, sorted by id, and the packs that they belong to."""

    rules: tuple[Rule, ...]
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class _RuleFile:
    path: Path
    shown_as: str


def load_rules(locations: Sequence[str], settings: Settings, limits: Limits = DEFAULT) -> RuleBook:
    """Load rules and bind their parameters, ready to judge.

    Args:
        locations: Files, folders, and names of bundled packs.
        settings: Parameter values given from outside.
        limits: How many rules there may be, and how large.

    Raises:
        UsageError: With every problem of every file; nothing was loaded.
    """
    book = read_rules(locations, limits)
    problems = unknown_settings(settings, {rule.id: frozenset(rule.params) for rule in book.rules})
    rules: list[Rule] = []
    for rule in book.rules:
        try:
            rules.append(bound(rule, settings))
        except ShapeError as error:
            problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return replace(book, rules=tuple(rules))


def bound(rule: Rule, settings: Settings) -> Rule:
    """Give a rule with values for the parameters that it reads.

    Raises:
        ShapeError: A value has the wrong type, a parameter has none, or a function cannot work
            with the value that it gets.
    """
    values = bind(rule.id, rule.params, rule.used_parameters, settings)
    gather(lambda expression: _try(rule, expression, values), rule.expressions)
    return replace(rule, values=values)


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
    for file in _rule_files(locations, limits):
        try:
            pack = _pack_of(file)
            rules.append(_read_one(file, pack, limits))
        except UsageError as error:
            problems.extend(error.problems)
        else:
            packs.update({pack.id: pack} if pack else {})
    problems.extend(_doubles(rules))
    if problems:
        raise RulesError(dict.fromkeys(problems))
    return RuleBook(
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        packs=tuple(packs[name] for name in sorted(packs)),
    )


def _pack_of(file: _RuleFile) -> Pack | None:
    folder = pack_folder(file.path)
    return read_pack(folder, _shown(folder / PACK_FILE)) if folder else None


def _read_one(file: _RuleFile, pack: Pack | None, limits: Limits) -> Rule:
    if file.path.exists() and not file.path.is_file():
        raise not_loaded("rules-no-file", "this is no regular file", Path(file.shown_as))
    document = load_file(file.path, file.shown_as, limits)
    try:
        rule = RULE.read(document.root)
    except ShapeError as error:
        raise UsageError([*error.problems, *_more(error, file)]) from error
    origin = Origin(path=file.shown_as, sha256=document.sha256, pack=pack.id if pack else "")
    rule = replace(rule, origin=origin, params={**(pack.params if pack else {}), **rule.params})
    problems = [*_wrong_name(rule, file, document), *_undeclared(rule, document)]
    if problems:
        raise UsageError(problems)
    return rule


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


def _undeclared(rule: Rule, document: Document) -> Iterator[Problem]:
    pack = rule.origin.pack
    for name in sorted(rule.used_parameters - rule.params.keys()):
        where = f"params, or in the params of the pack {pack}" if pack else "params"
        hint = did_you_mean(f"${name}", [f"${each}" for each in rule.params])
        yield Problem(
            code="param-undeclared",
            cause=f"${name} is no parameter of rule {rule.id}",
            place=find_text(_conditions(document.root), f"${name}"),
            hint=hint if "did you mean" in hint else f"declare {name} under {where}",
        )


def _conditions(root: Node) -> Node:
    """Give the part of a rule document in which `$name` is a parameter, not prose."""
    if not isinstance(root, MappingNode):
        return root
    entries = tuple((key, value) for key, value in root.entries if key.text in _WITH_EXPRESSIONS)
    return MappingNode(entries=entries, place=root.place)


def _doubles(rules: Sequence[Rule]) -> Iterator[Problem]:
    first: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in first:
            cause = f"the id '{rule.id}' is also that of {first[rule.id].origin.path}"
            place = Place(path=rule.origin.path, line=1)
            yield Problem(code="rule-id-twice", cause=cause, place=place, hint="ids are unique")
        first.setdefault(rule.id, rule)


def _rule_files(locations: Sequence[str], limits: Limits) -> list[_RuleFile]:
    found: dict[Path, _RuleFile] = {}
    problems: list[Problem] = []
    for location in locations:
        try:
            for file in _files_at(location):
                found.setdefault(file.path.resolve(), file)
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
    if location in bundled_packs():
        return _in_folder(bundled("rules") / location, location)
    path = Path(location)
    if path.is_dir():
        return _in_folder(path, location)
    if path.name == PACK_FILE and path.is_file():
        hint = f"name its folder: {_shown(path.parent)}"
        raise not_loaded("rules-pack-file", "this file describes a pack of rules", path, hint)
    if path.is_file():
        return [_RuleFile(path, _shown(path))]
    near = did_you_mean(location, bundled_packs())
    hint = near if "did you mean" in near else f"bundled packs: {', '.join(bundled_packs())}"
    cause = f"{quoted(location)} is no rule file, no folder and no bundled pack"
    raise UsageError([Problem(code="rules-not-found", cause=cause, hint=hint)])


def _in_folder(folder: Path, location: str) -> list[_RuleFile]:
    paths = sorted(
        path
        for path in files_below(folder)
        if path.suffix.lower() in _SUFFIXES and path.name != PACK_FILE
    )
    if not paths:
        hint = "a rule's file ends in .yaml or .yml"
        raise not_loaded("rules-none", "no rule files in this folder", Path(location), hint)
    return [_RuleFile(path, _shown(path)) for path in paths]


def _shown(path: Path) -> str:
    """Name a file as a person would: bundled ones by pack, others as given."""
    root = bundled("rules")
    if path.is_relative_to(root):
        return path.relative_to(root.parent).as_posix()
    return path.as_posix()
