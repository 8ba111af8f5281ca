"""Inclusion: a pack may be a selection of the rules of the packs beside it."""

from pathlib import Path

from checker.aws.glob import glob_matches, is_glob
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
    there = _Beside(folder)
    meant = {glob: there.meant(glob) for glob in (*pack.include, *pack.exclude)}
    problems = [_idle(glob, pack, shown_as) for glob, paths in meant.items() if not paths]
    if problems:
        raise UsageError(problems)
    taken = {path for glob in pack.include for path in meant[glob]}
    return sorted(taken.difference(*(meant[glob] for glob in pack.exclude)))


class _Beside:
    """The rules of the packs beside one."""

    def __init__(self, folder: Path) -> None:
        here = folder.absolute()
        homes = (file.parent for file in here.parent.glob(f"*/{PACK_FILE}"))
        self._packs = {home.name: rule_paths(home) for home in homes if home != here}
        self._rules: dict[str, list[Path]] = {}
        for path in (path for paths in self._packs.values() for path in paths):
            self._rules.setdefault(path.stem, []).append(path)

    def meant(self, glob: str) -> frozenset[Path]:
        """Give the files that a glob means."""
        of_pack = glob.startswith(_OF_PACK)
        named, pattern = (self._packs if of_pack else self._rules), glob.removeprefix(_OF_PACK)
        if not is_glob(pattern):
            # Most name one rule: there are hundreds that it need not be compared with.
            return frozenset(named.get(pattern, ()))
        return frozenset(
            path for name, paths in named.items() if glob_matches(name, pattern) for path in paths
        )


def _idle(glob: str, pack: Pack, shown_as: str) -> Problem:
    return Problem(
        code="pack-include",
        cause=f"pack {pack.id}: '{glob}' means no rule of a pack beside it",
        place=Place(path=shown_as),
        hint="ids are the names of files without their ending; rules of one folder up are not looked at",
    )
