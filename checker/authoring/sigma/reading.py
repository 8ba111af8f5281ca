"""Sigma files read with pySigma: rules, filters and correlations, and what cannot be read."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from msgspec import Struct
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.policy import SigmaPolicy
from sigma.policy.regex_engine import RegexEngine, RegexPattern
from sigma.rule import SigmaRule, SigmaRuleBase

from checker.authoring.sigma.metadata import is_lesser, title_of
from checker.authoring.sigma.refusal import Refused
from checker.authoring.sigma.translate import without_prefixes
from checker.errors import Place, Problem, UsageError
from checker.expression.text_functions import compile_regex
from checker.policy.folder import files_below, is_there

_MOST_BYTES: Final = 1 << 20
_MOST_DEPTH: Final = 40
_MOST_ALIASES: Final = 50
_MOST_EVENTS: Final = 200_000
_ENDINGS: Final = frozenset({".yml", ".yaml"})
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

UNEXPECTED: Final = (
    *(AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError),
    yaml.YAMLError,
)
"""What pySigma raises, besides its own errors, for documents of a shape that it does not expect."""


class _Engine(RegexEngine):
    """The program's own RE2, which is quiet where a pattern is none of its."""

    def compile(self, pattern: str, flags: int = 0) -> RegexPattern:
        letters = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
        given = "".join(letter for flag, letter in letters.items() if flags & flag)
        compiled: RegexPattern = compile_regex(f"(?{given}){pattern}" if given else pattern)
        return compiled

    @property
    def error(self) -> type[Exception]:
        return ValueError


class Found(Struct, frozen=True, kw_only=True):
    """One document of Sigma.

    Attributes:
        path: Its file, as the user named it.
        text: All of the file.
        named: Whether the user named the file itself, not a folder that it is in.
    """

    path: str
    text: str
    named: bool
    rule: SigmaRuleBase

    def refused(self, construct: str, why: str, sought: str = "") -> Refused:
        """Say that it is not translated, with the line where a text of it first stands."""
        return Refused(
            path=self.path,
            line=_line_of(self.text, title_of(self.rule), sought),
            title=title_of(self.rule),
            construct=construct,
            why=without_prefixes(" ".join(why.split())),
        )


class Library(Struct, frozen=True, kw_only=True):
    """All that was read.

    Attributes:
        rules: In the order of their files.
        refused: Documents that cannot be read.
    """

    rules: tuple[Found, ...]
    filters: tuple[Found, ...]
    correlations: tuple[Found, ...]
    refused: tuple[Refused, ...]


def read_library(locations: Iterable[str]) -> Library:
    """Read files, and all that ends in .yml or .yaml in folders.

    Raises:
        UsageError: There is nothing at a location.
    """
    found: list[Found] = []
    refused: list[Refused] = []
    for path, named in _files(locations):
        for each in _documents(path, named=named):
            if isinstance(each, Refused):
                refused.append(each)
            else:
                found.append(each)
    return Library(
        rules=tuple(each for each in found if isinstance(each.rule, SigmaRule)),
        filters=tuple(each for each in found if isinstance(each.rule, SigmaFilter)),
        correlations=tuple(each for each in found if isinstance(each.rule, SigmaCorrelationRule)),
        refused=tuple(refused),
    )


def _files(locations: Iterable[str]) -> list[tuple[Path, bool]]:
    files: dict[Path, bool] = {}
    problems: list[Problem] = []
    for location in locations:
        path = Path(location)
        if not location or not is_there(path):
            place = Place(path=location)
            cause = "there is no such file or folder"
            problems.append(Problem(code="sigma-not-found", cause=cause, place=place))
        elif path.is_dir():
            below = [each for each in files_below(path) if each.suffix in _ENDINGS]
            for each in below:
                files.setdefault(each, False)
            if not below:
                cause = "no Sigma rules in this folder"
                hint = "a Sigma rule's file ends in .yml or .yaml"
                place = Place(path=location)
                problems.append(
                    Problem(code="sigma-not-found", cause=cause, place=place, hint=hint)
                )
        else:
            files[path] = True
    if problems:
        raise UsageError(problems)
    return sorted(files.items())


def _documents(path: Path, *, named: bool) -> Iterator[Found | Refused]:
    shown = path.as_posix()
    try:
        text = _text(path)
        documents = _loaded(text)
        collection = SigmaCollection.from_dicts(
            documents,
            collect_errors=True,
            collect_filters=True,
            resolve_references=False,
            policy=SigmaPolicy(regex_engine=_Engine()),
        )
    except (OSError, SigmaError, *UNEXPECTED) as error:
        yield Refused(
            path=shown, line=_line_in(error), title="", construct="file", why=reason(error)
        )
        return
    read = [*collection.rules, *collection.filters]
    told = {id(error) for rule in read for error in rule.errors}
    for each in collection.errors:
        if id(each) not in told:
            yield Refused(path=shown, line=0, title="", construct="document", why=str(each))
    for rule in read:
        found = Found(path=shown, text=text, named=named, rule=rule)
        graver = [error for error in rule.errors if not is_lesser(error)]
        if graver:
            kind = type(graver[0]).__name__.removeprefix("Sigma").removesuffix("Error")
            yield found.refused(kind.lower(), "; ".join(str(error) for error in graver))
        else:
            yield found


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError(f"larger than {_MOST_BYTES:,} bytes")
    return content.decode("utf-8-sig")


def _loaded(text: str) -> list[Any]:
    """Load the documents of a file, after a look at what loading them would cost."""
    depth = aliases = 0
    for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > _MOST_DEPTH or aliases > _MOST_ALIASES or number > _MOST_EVENTS:
            raise ValueError("nested too deep, or too many values or aliases")
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
            raise ValueError("a merge key (<<): write the keys out")
    documents = [each for each in yaml.load_all(text, Loader=_LOADER) if each is not None]
    if not documents or not all(isinstance(each, dict) for each in documents):
        raise ValueError("not a Sigma rule: a document is no mapping")
    return documents


def _line_in(error: BaseException) -> int:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return mark.line + 1 if mark else 0


def reason(error: BaseException) -> str:
    """Word what was raised, for who wrote the file."""
    if isinstance(error, yaml.MarkedYAMLError):
        return f"not valid YAML: {error.problem}"
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]}"
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(error) or type(error).__name__


def _line_of(text: str, title: str, sought: str) -> int:
    """Give the line of a text in the document of a title; that of the title, or 0, without it."""
    start = text.find(title) if title else -1
    at = text.find(sought, max(start, 0)) if sought else -1
    found = at if at >= 0 else start
    return text.count("\n", 0, found) + 1 if found >= 0 else 0
