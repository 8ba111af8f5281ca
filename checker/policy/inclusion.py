"""Inclusion: a pack may be a selection of the rules of the packs beside it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.aws.glob import glob_matches
from checker.errors import Place, Problem, UsageError
from checker.policy.case_files import TESTS_SUFFIXES
from checker.policy.folder import files_below
from checker.policy.packs import PACK_FILE, Pack

RULE_SUFFIXES = frozenset({".yaml", ".yml"})

_OF_PACK = "pack:"


def rule_paths(folder: Path) -> list[Path]:
    """Give the files in a folder that should be rules, in order."""
    return sorted(
        path
        for path in files_below(folder)
        if path.suffix.lower() in RULE_SUFFIXES
        and path.name != PACK_FILE
        and not path.name.endswith(TESTS_SUFFIXES)
    )


def included(folder: Path, pack: Pack, shown_as: str) -> list[Path]:
    """Give the files of the rules that a pack takes from the packs beside it, in order.

    Only names are looked at: the rules are read when all are known.

    Args:
        folder: Of the pack.
        pack: With what it includes.
        shown_as: How its `pack.yaml` is named in messages.

    Raises:
        UsageError: One of its globs means no rule.
    """
    if not pack.include:
        return []
    there = list(_beside(folder))
    problems = [_idle(glob, pack, shown_as) for glob in _idle_globs(pack, there)]
    if problems:
        raise UsageError(problems)
    return sorted(
        path
        for home, path in there
        if _means(pack.include, home, path) and not _means(pack.exclude, home, path)
    )


def _beside(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the rules of other packs, each with the name of its pack."""
    for file in sorted(folder.absolute().parent.glob(f"*/{PACK_FILE}")):
        home = file.parent
        if home.name != folder.absolute().name:
            yield from ((home.name, path) for path in rule_paths(home))


def _idle_globs(pack: Pack, there: Iterable[tuple[str, Path]]) -> list[str]:
    known = list(there)
    return [
        glob
        for glob in (*pack.include, *pack.exclude)
        if not any(_means([glob], home, path) for home, path in known)
    ]


def _means(globs: Iterable[str], home: str, path: Path) -> bool:
    return any(
        glob_matches(home, glob.removeprefix(_OF_PACK))
        if glob.startswith(_OF_PACK)
        else glob_matches(path.stem, glob)
        for glob in globs
    )


def _idle(glob: str, pack: Pack, shown_as: str) -> Problem:
    return Problem(
        code="pack-include",
        cause=f"pack {pack.id}: '{glob}' means no rule of a pack beside it",
        place=Place(path=shown_as),
        hint="ids are the names of files without their ending; rules of one folder up are not looked at",
    )
