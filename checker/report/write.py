"""Writing a report: whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

from checker.errors import OutputError, Place, Problem


def refuse_unwritable(paths: Iterable[Path]) -> None:
    """Find, before anything is judged, what can be known to be unwritable.

    Raises:
        OutputError: A path is a folder, or the folder that it is in cannot be written to.
    """
    problems = [
        _problem(path, f"nothing was judged, the report could not be written: {why}")
        for path in paths
        if (why := _why_unwritable(path))
    ]
    if problems:
        raise OutputError(problems)


def write_report(path: Path, text: str) -> None:
    """Put a report at a path, replacing what was there only when the new one is on the disk.

    Raises:
        OutputError: It could not be written; what was there is untouched.
    """
    write_lines(path, [text])


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Put a report at a path as `write_report` does, from lines that need not be there at once.

    Args:
        path: Where to.
        lines: With their line ends.

    Raises:
        OutputError: It could not be written; what was there is untouched.
    """
    try:
        _write(path, (line.encode() for line in lines))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        cause = f"the report could not be written: {why}"
        raise OutputError([_problem(path, cause)]) from error


def _problem(path: Path, cause: str) -> Problem:
    place = Place(path=path.as_posix())
    hint = "name a file in a folder that can be written to"
    return Problem(code="report-unwritable", cause=cause, place=place, hint=hint)


def _why_unwritable(path: Path) -> str:
    """Say why a report could not be written to a path, as far as can be told without writing."""
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            return "it is a folder"
        # Folders that are missing are made, so the nearest that is there counts.
        folder = next(each for each in target.parents if each.exists())
    except (OSError, ValueError) as error:
        return (error.strerror if isinstance(error, OSError) else None) or str(error)
    if target.exists() and not target.is_file():
        return ""  # a pipe or a device is written to as it is
    if not folder.is_dir():
        return f"{folder.as_posix()} is no folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {folder.as_posix()} cannot be written to"
    return ""


def _write(path: Path, content: Iterable[bytes]) -> None:
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        # A pipe or a device, such as /dev/stdout: there is nothing to replace, so it is written to.
        with target.open("wb") as stream:
            stream.writelines(content)
    else:
        _replace(target, content)


def _replace(path: Path, content: Iterable[bytes]) -> None:
    # Imported here: a check that writes no file starts faster without it.
    import tempfile  # noqa: PLC0415

    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes it private; a report is an ordinary file.
        Path(name).chmod(0o666 & ~_umask())
        os.replace(name, path)  # noqa: PTH105 - the atomic one, by name
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
