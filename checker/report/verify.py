"""Whether files are the ones that a report judged: the same bytes, all of them, and no others."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from checker.report.manifest import manifest_of
from checker.report.model import Report
from checker.trail.source import Source

_PIECE: Final = 1 << 20
_LONGEST_TAIL: Final = 16
"""Components of a path, from its end, that are compared; an object of a trail has some ten."""

_STDIN: Final = "<stdin>"
"""The path of standard input, in a report and among sources; a file of that name is ./<stdin>."""

_FROM_STDIN: Final = (
    "it was read from standard input: give a file with the same bytes, or pipe them again with -"
)
_UNREAD: Final = "it could not be read when the report was made, so the report has no hash of it"


class Entry(Struct, frozen=True):
    """A file or stream as it was judged, or as it is."""

    path: str
    size: int
    sha256: str


class Pair(Struct, frozen=True):
    """A file as it was judged, and the one that is given for it."""

    judged: Entry
    given: Entry


class Untold(Struct, frozen=True):
    """An input of a report of which nothing can be told, and why."""

    entry: Entry
    why: str


class Comparison(Struct, frozen=True, kw_only=True):
    """What the files given are to a report.

    Attributes:
        same: Inputs that were given, byte for byte.
        changed: Files with the path, or the end of the path, of what was judged, and other bytes.
        missing: Inputs that were not given.
        extra: Files that were given, and were not judged.
        untold: Inputs that cannot be verified.
        contradicted: Whether the report's list of inputs is not the one whose hash it carries.
    """

    same: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    missing: tuple[Entry, ...]
    extra: tuple[Entry, ...]
    untold: tuple[Untold, ...]
    contradicted: bool

    @property
    def differs(self) -> bool:
        """Whether the files given are known not to be those that were judged."""
        return bool(self.changed or self.missing or self.extra or self.contradicted)

    @property
    def is_verified(self) -> bool:
        """Whether all inputs were given, byte for byte, nothing else, and there are any."""
        return bool(self.same) and not self.differs and not self.untold


def measure(source: Source, stdin: BinaryIO) -> Entry:
    """Hash a source, a piece at a time.

    Raises:
        OSError: It cannot be read.
    """
    if source.stdin:
        return _measured(source.path, stdin)
    with Path(source.path).open("rb") as file:
        return _measured(source.path, file)


def compare(report: Report, given: Iterable[Entry]) -> Comparison:
    """Compare the files given with the inputs of a report.

    A file is first looked for by its content, wherever it lies, so that logs may have been moved;
    only what is left is told by its path, or the end of its path, as changed. Each file stands for
    one input. A file that was set aside may be given or not, but not with other bytes.
    """
    listed = [Entry(each.path, each.size, each.sha256) for each in report.inputs]
    aside = [Entry(each.path, each.size, each.sha256) for each in report.set_aside]
    judged = [each for each in listed if each.sha256]
    unread = [each for each in listed if not each.sha256]
    files = sorted(given, key=lambda each: (each.path, each.sha256))
    same, judged, files = _paired(judged, files, _BY_CONTENT)
    _, aside, files = _paired(aside, files, _BY_CONTENT)
    changed, gone, files = _paired(judged, files, _BY_PATH)
    replaced, _, files = _paired(aside, files, _BY_PATH)
    _, _, files = _paired(unread, files, _BY_PATH)
    return Comparison(
        same=tuple(same),
        changed=(*changed, *replaced),
        missing=tuple(each for each in gone if each.path != _STDIN),
        extra=tuple(files),
        untold=(
            *(Untold(each, _UNREAD) for each in unread),
            *(Untold(each, _FROM_STDIN) for each in gone if each.path == _STDIN),
        ),
        contradicted=manifest_of(report.inputs) != report.provenance.manifest,
    )


_Key = Callable[[Entry], Hashable]


def _tail(length: int) -> _Key:
    """Make the key of the last components of a path; None for a shorter path."""

    def key(entry: Entry) -> Hashable:
        parts = entry.path.split("/")
        return tuple(parts[-length:]) if len(parts) >= length else None

    return key


_BY_CONTENT: Sequence[_Key] = (
    lambda entry: (entry.path, entry.sha256, entry.size),
    lambda entry: (entry.sha256, entry.size),
)
_BY_PATH: Sequence[_Key] = (
    lambda entry: entry.path,
    *(_tail(length) for length in range(_LONGEST_TAIL, 0, -1)),
)


def _paired(
    judged: Sequence[Entry], given: Sequence[Entry], keys: Sequence[_Key]
) -> tuple[list[Pair], list[Entry], list[Entry]]:
    """Pair entries of equal keys, one to one, the first key going first; give what is left, too."""
    pairs: list[Pair] = []
    left, files = list(judged), list(given)
    for key in keys:
        waiting: dict[Hashable, list[Entry]] = {}
        for file in reversed(files):
            waiting.setdefault(key(file), []).append(file)
        waiting.pop(None, None)
        found = [(entry, waiting[key(entry)].pop()) for entry in left if waiting.get(key(entry))]
        pairs += [Pair(*each) for each in found]
        taken = {id(each) for pair in found for each in pair}
        left = [each for each in left if id(each) not in taken]
        files = [each for each in files if id(each) not in taken]
    return sorted(pairs, key=lambda pair: pair.judged.path), left, files


def _measured(path: str, stream: BinaryIO) -> Entry:
    # Not hashlib.file_digest: a pipe does not tell how much of it was read.
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return Entry(path, size, digest.hexdigest())
