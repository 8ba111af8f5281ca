"""The baseline: fingerprints of violations that are known, in a file that only ever grows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from checker.engine.episodes import Episode
from checker.engine.fingerprint import VERSION, Trait
from checker.errors import Place, Problem, UsageError
from checker.policy.rule import Rule
from checker.policy.yaml_source import FileRead
from checker.verdict.verdicts import RuleResult

FORMAT: Final = "trailcheck-baseline"
_HINT: Final = "give a file that trailcheck check --write-baseline FILE wrote"


class What(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A violation in words: for people who read the file, and nothing is compared by it."""

    account: str = ""
    region: str = ""
    principal: str = ""
    event_source: str = ""
    event_name: str = ""
    resources: tuple[str, ...] = ()
    group: tuple[str | None, ...] = ()


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One violation that is known: who noted it when, and why it was let be.

    Attributes:
        fingerprint: A SHA-256, in hexadecimal digits.
        created_on: A date.
    """

    rule: str
    fingerprint: str
    created_on: str
    created_by: str
    reason: str
    what: What


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["trailcheck-baseline"]
    version: int
    entries: tuple[Entry, ...]


class Baseline(Struct, frozen=True, kw_only=True):
    """A baseline as it was read."""

    entries: tuple[Entry, ...]
    file: FileRead

    @property
    def fingerprints(self) -> frozenset[bytes]:
        """What it knows violations by."""
        return frozenset(bytes.fromhex(each.fingerprint) for each in self.entries)


class Author(Struct, frozen=True, kw_only=True):
    """Who notes violations, when and why."""

    on: date
    by: str
    reason: str


def load_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        UsageError: It cannot be read, or is none.
    """
    shown = path.as_posix()
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(
            shown, f"cannot be read: {why}", "write one first: --write-baseline"
        ) from error
    try:
        read = msgspec.json.decode(content, type=_File)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _refused(shown, f"no baseline: {error}", _HINT) from error
    if read.version != VERSION:
        cause = f"a baseline of version {read.version}; this program writes version {VERSION}"
        raise _refused(shown, cause, "write it anew")
    for each in read.entries:
        if not _is_fingerprint(each.fingerprint):
            cause = f"'{each.fingerprint[:80]}' is no fingerprint"
            raise _refused(shown, cause, "64 hexadecimal digits")
    return Baseline(entries=read.entries, file=FileRead(shown, sha256(content).hexdigest()))


def write_baseline(known: Iterable[Entry], found: Iterable[Entry]) -> str:
    """Give the text of a baseline: what was known, as it was noted then, and what was found.

    Args:
        known: The entries of the file that stands there; none are lost.
        found: What this run found and no waiver covers.
    """
    entries = {(each.rule, each.fingerprint): each for each in found}
    entries |= {(each.rule, each.fingerprint): each for each in known}
    file = _File(
        format=FORMAT, version=VERSION, entries=tuple(entries[key] for key in sorted(entries))
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"


def entries_of(results: Sequence[RuleResult], author: Author) -> Iterator[Entry]:
    """Give an entry for each violation, or group of them, that a waiver does not wholly cover.

    Args:
        results: Every rule's; of a rule whose groups are too many to be told apart, none.
        author: Who notes them.
    """
    for result in results:
        for group in result.groups:
            if group.waived < group.count:
                yield _entry(result.rule, group.fingerprint, _what(group.trait), author)
        for episode in result.episodes:
            if episode.certain and episode.waiver is None:
                yield _entry(result.rule, episode.fingerprint, _of(episode), author)


def fixed(baseline: Baseline, results: Sequence[RuleResult]) -> tuple[Entry, ...]:
    """Give the entries, of rules that were judged, of which nothing was found."""
    judged = {each.rule.id for each in results if not each.crowded}
    seen = {
        *(group.fingerprint.hex() for each in results for group in each.groups),
        *(
            episode.fingerprint.hex()
            for each in results
            for episode in each.episodes
            if episode.certain
        ),
    }
    gone = (each for each in baseline.entries if each.rule in judged)
    return tuple(each for each in gone if each.fingerprint not in seen)


def _entry(rule: Rule, fingerprint: bytes, what: What, author: Author) -> Entry:
    return Entry(
        rule=rule.id,
        fingerprint=fingerprint.hex(),
        created_on=author.on.isoformat(),
        created_by=author.by,
        reason=author.reason,
        what=what,
    )


def _what(trait: Trait) -> What:
    return What(
        account=trait.account,
        region=trait.region,
        principal=trait.principal,
        event_source=trait.event_source,
        event_name=trait.event_name,
        resources=trait.resources,
    )


def _of(episode: Episode) -> What:
    return What(account=episode.account, group=episode.group or ())


def _is_fingerprint(text: str) -> bool:
    return len(text) == 64 and all(each in "0123456789abcdef" for each in text)  # noqa: PLR2004 - of a SHA-256


def _refused(path: str, cause: str, hint: str) -> UsageError:
    place = Place(path=path)
    return UsageError([Problem(code="baseline-file", cause=cause, place=place, hint=hint)])
