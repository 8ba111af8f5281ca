"""Writing a report: whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

from checker.errors import OutputError, Place, Problem


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
        place = Place(path=path.as_posix())
        hint = "name a file in a folder that can be written to"
        raise OutputError(
            [Problem(code="report-unwritable", cause=cause, place=place, hint=hint)]
        ) from error


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
