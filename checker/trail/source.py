"""Where trail logs are: files, folders, globs and standard input, each file once."""

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from os import walk
from pathlib import Path
from typing import Final

from checker.errors import Place, Problem

_LOG_ENDINGS: Final = (".json", ".jsonl", ".ndjson", ".log", ".gz")


@dataclass(frozen=True, slots=True)
class Source:
    """One place to read a trail log from.

    Attributes:
        path: As the user would write it, with forward slashes; `<stdin>` for standard input.
        explicit: Named by the user, by name or by glob, and not merely found in a folder.
        stdin: Standard input, and no file.
    """

    path: str
    explicit: bool
    stdin: bool = False


def find_sources(paths: Sequence[str]) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Find all trail logs that paths name, sorted by path.

    In a folder, every file whose name and folders do not begin with a dot is found, at any depth;
    links that lead out of the folder are problems, for what lies behind them is not read. A file
    that is named twice is one source.

    Args:
        paths: Files, folders, globs (`*`, `?`, `[…]`, `**`), and `-` for standard input.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        for found in _find(path):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            key = "-" if found.stdin else str(Path(found.path).resolve())
            known = sources.get(key)
            if known is None or (found.explicit and not known.explicit):
                sources[key] = found
    ordered = sorted(sources.values(), key=lambda source: source.path)
    return tuple(ordered), tuple(sorted(problems, key=lambda problem: problem.sort_key))


def is_log_name(path: str) -> bool:
    """Tell whether a file's name promises a trail log, so that leaving it unread loses evidence."""
    return path.lower().endswith(_LOG_ENDINGS)


def _find(path: str) -> Iterator[Source | Problem]:
    if path == "-":
        yield Source("<stdin>", explicit=True, stdin=True)
    elif not path:
        yield _problem("no-such-path", path, "the path is empty")
    elif _mode(Path(path)) or not has_magic(path):
        yield from _find_named(Path(path))
    else:
        matches = sorted(glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            yield _problem("no-match", path, "no file matches this pattern")
        for match in matches:
            yield from _find_named(Path(match))


def _find_named(path: Path) -> Iterator[Source | Problem]:
    mode = _mode(path)
    if not mode:
        yield _problem("no-such-path", path, "no such file or folder, or no right to see it")
    elif stat.S_ISDIR(mode):
        found = list(_find_in_folder(path))
        if not found:
            yield _problem("empty-folder", path, "the folder holds no files")
        yield from found
    elif stat.S_ISREG(mode):
        yield Source(path.as_posix(), explicit=True)
    else:
        yield _special(path)


def _find_in_folder(root: Path) -> Iterator[Source | Problem]:
    unreadable: list[OSError] = []
    for folder, folders, files in walk(root, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            link = Path(folder, name)
            if link.is_symlink() and not _is_read_anyway(link, root):
                yield _link(link)
        for name in sorted(files):
            if not name.startswith("."):
                yield from _find_entry(Path(folder, name), root)
    for error in unreadable:
        yield _problem("unreadable-folder", error.filename, f"cannot be listed: {error.strerror}")


def _find_entry(path: Path, root: Path) -> Iterator[Source | Problem]:
    mode = _mode(path)
    if path.is_symlink() and not (mode and path.resolve().is_relative_to(root.resolve())):
        yield _link(path)
    elif stat.S_ISREG(mode):
        yield Source(path.as_posix(), explicit=False)
    elif is_log_name(path.name):
        yield _special(path)


def _is_read_anyway(link: Path, root: Path) -> bool:
    """Tell whether a link to a folder leads to a place that the walk visits without it."""
    target, top = link.resolve(), root.resolve()
    if not target.is_relative_to(top):
        return False
    return not any(part.startswith(".") for part in target.relative_to(top).parts)


def _mode(path: Path) -> int:
    """Give what a path leads to, 0 for nothing that can be seen."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _link(path: Path) -> Problem:
    hint = "name its target beside the folder if it is to be read"
    return _problem(
        "link-not-followed", path, "a link that leads out of the folder, not read", hint
    )


def _special(path: Path) -> Problem:
    hint = "pipe its content in and read it with -"
    return _problem("not-a-file", path, "neither a regular file nor a folder, not read", hint)


def _problem(code: str, path: Path | str, cause: str, hint: str = "") -> Problem:
    place = Place(path=Path(path).as_posix())
    return Problem(code=code, cause=cause, place=place, hint=hint)
