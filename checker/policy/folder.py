"""What a folder of rules holds; whatever might be a rule and cannot be read is an error, not skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

from checker.errors import Place, UsageError, error_at


def files_below(folder: Path) -> Iterator[Path]:
    """Give every file in a folder and the folders in it, none whose name begins with a dot.

    Raises:
        UsageError: A folder cannot be listed, or is a link, which could lead round in circles.
    """
    for root, folders, names in os.walk(folder, onerror=_refuse_unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            _refuse_link(Path(root, name))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(root, name)


def is_there(path: Path) -> bool:
    """Tell whether there is anything at a path, also one that no file system could have."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def not_loaded(code: str, cause: str, path: Path, hint: str = "") -> UsageError:
    """Make the error for a file or folder from which no rules can be had."""
    return error_at(code, cause, Place(path=path.as_posix()), hint)


def _refuse_unlisted(error: OSError) -> None:
    cause = f"the folder cannot be listed: {error.strerror or error}"
    raise not_loaded("rules-unreadable", cause, Path(str(error.filename)))


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        cause = "a link to a folder, which is not followed"
        hint = "name the folder that it leads to beside this one"
        raise not_loaded("rules-link", cause, path, hint)
