"""Where trail logs are: files, folders, globs and standard input, each file once."""

import re
import stat
from collections.abc import Iterator, Sequence
from glob import glob, has_magic
from os import walk
from os.path import islink
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import Place, Problem

NOT_A_FILE_HINT: Final = "pipe its content in and read it with -"

_STDIN: Final = "<stdin>"
_LOG_ENDINGS: Final = (".jsonl", ".ndjson", ".log", ".gz")
_LOG_PARTS: Final = (".json", "_cloudtrail_")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class Source(Struct, frozen=True):
    """One place to read a trail log from.

    Attributes:
        path: As the user would write it, with forward slashes; `<stdin>` for standard input.
        explicit: Named by the user, by name or by glob, and not merely found in a folder.
        stdin: Standard input, and no file.
        named: The folder that it was found in, as the user would write it; its own path else.
        also: Other folders that were named and hold it.
    """

    path: str
    explicit: bool
    stdin: bool = False
    named: str = ""
    also: tuple[str, ...] = ()


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
            sources[key] = _one_of(sources.get(key, found), found)
    ordered = sorted(sources.values(), key=lambda source: source.path)
    return tuple(ordered), tuple(sorted(problems, key=lambda problem: problem.sort_key))


def _one_of(one: Source, other: Source) -> Source:
    """Give a file that was named twice once: by a name that does not depend on their order."""
    chosen = min(one, other, key=lambda each: (not each.explicit, each.path, each.named))
    folders = {one.named, other.named, *one.also, *other.also} - {chosen.named}
    return replace(chosen, also=tuple(sorted(folders)))


def is_log_name(path: str) -> bool:
    """Tell whether a file's name promises a trail log, so that leaving it unread loses evidence."""
    name = path.lower().rpartition("/")[2]
    return name.endswith(_LOG_ENDINGS) or any(part in name for part in _LOG_PARTS)


def _find(path: str) -> Iterator[Source | Problem]:
    if path == "-":
        yield Source(_STDIN, explicit=True, stdin=True)
    elif not path:
        hint = "a variable of the shell may be unset"
        yield _problem("no-such-path", path, "the path is empty", hint)
    elif _ELSEWHERE.match(path) and not _mode(Path(path)):
        hint = "copy the logs first, with `aws s3 sync` for example, and name the folder"
        yield _problem("not-a-local-path", path, "only local files and folders are read", hint)
    elif _mode(Path(path)) or not has_magic(path):
        yield from _find_named(Path(path))
    else:
        matches = sorted(glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            hint = "`**` stands for folders at any depth: 'logs/**/*.json.gz'"
            yield _problem("no-match", path, "no file matches this pattern", hint)
        for match in matches:
            yield from _find_named(Path(match))


def _find_named(path: Path) -> Iterator[Source | Problem]:
    mode = _mode(path)
    if not mode:
        hint = "see that it is spelt right and may be read"
        yield _problem("no-such-path", path, "no such file or folder", hint)
    elif stat.S_ISDIR(mode):
        found = list(_find_in_folder(path))
        if not found:
            hint = "files and folders whose names begin with a dot are not looked at"
            yield _problem("empty-folder", path, "the folder holds no files", hint)
        yield from found
    elif stat.S_ISREG(mode):
        yield _file(path, path, explicit=True)
    else:
        yield _special(path)


def _find_in_folder(root: Path) -> Iterator[Source | Problem]:
    unreadable: list[OSError] = []
    for folder, folders, files in walk(root, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            link = Path(folder, name)
            if _is_link(link) and not _is_read_anyway(link, root):
                yield _link(link)
        for name in sorted(files):
            if not name.startswith("."):
                yield from _find_entry(Path(folder, name), root)
    for error in unreadable:
        cause = f"the folder cannot be listed: {error.strerror}"
        yield _problem("unreadable-folder", error.filename, cause, "see that it may be read")


def _find_entry(path: Path, root: Path) -> Iterator[Source | Problem]:
    mode = _mode(path)
    if _is_link(path) and not (mode and path.resolve().is_relative_to(root.resolve())):
        yield _link(path)
    elif stat.S_ISREG(mode) or not mode:  # it vanished: reading it will say so
        yield _file(path, root, explicit=False)
    elif is_log_name(path.name):
        yield _special(path)


def _file(path: Path, named: Path, *, explicit: bool) -> Source | Problem:
    """Give a file as a source; a name that no report could show is a problem."""
    name = path.as_posix()
    if name != _printable(name):
        hint = "give the file or its folder another name"
        return _problem("unreadable-name", path, "its name is not UTF-8, not read", hint)
    shown = f"./{name}" if name == _STDIN else name
    return Source(shown, explicit=explicit, named=named.as_posix())


def _printable(name: str) -> str:
    """Write the bytes of a name that are not UTF-8 as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_link(path: Path) -> bool:
    """Tell whether a path is a link; not where it may not be looked at, which reading will tell."""
    return islink(path)  # noqa: PTH114 - Path.is_symlink raises there


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
    cause = "neither a regular file nor a folder, not read"
    return _problem("not-a-file", path, cause, NOT_A_FILE_HINT)


def _problem(code: str, path: Path | str, cause: str, hint: str = "") -> Problem:
    shown = path.as_posix() if isinstance(path, Path) else path
    return Problem(code=code, cause=cause, place=Place(path=_printable(shown)), hint=hint)
