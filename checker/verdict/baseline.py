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
from checker.engine.orders import Known
from checker.errors import Place, Problem, UsageError
from checker.limits import DEFAULT, Limits
from checker.policy.rule import Rule
from checker.policy.yaml_source import FileRead
from checker.verdict.verdicts import RuleResult, Verdict

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


class _Head(Struct, frozen=True, kw_only=True):
    format: Literal["trailcheck-baseline"]
    version: int


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["trailcheck-baseline"]
    version: int
    entries: tuple[Entry, ...]


class Baseline(Struct, frozen=True, kw_only=True):
    """A baseline as it was read."""

    entries: tuple[Entry, ...]
    file: FileRead

    @property
    def known(self) -> Known:
        """What it knows violations by."""
        return frozenset((each.rule, bytes.fromhex(each.fingerprint)) for each in self.entries)


class Author(Struct, frozen=True, kw_only=True):
    """Who notes violations, when and why."""

    on: date
    by: str
    reason: str


def load_baseline(path: Path, limits: Limits = DEFAULT) -> Baseline:
    """Read a baseline.

    Raises:
        UsageError: It cannot be read, or is none.
    """
    shown = path.as_posix()
    try:
        with path.open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(
            shown, f"cannot be read: {why}", "write one first: --write-baseline"
        ) from error
    if len(content) > limits.file_bytes:
        cause = f"larger than {limits.file_bytes:,} bytes"
        raise _refused(shown, cause, "raise limits: {file_bytes: …} in trailcheck.yaml")
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version != VERSION:
            cause = f"a baseline of version {version}; this program writes version {VERSION}"
            raise _refused(shown, cause, "write it anew")
        read = msgspec.json.decode(content, type=_File)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _refused(shown, f"no baseline: {error}", _HINT) from error
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
    # Of what is noted twice, as after a merge by hand, what stands first stays.
    entries |= {(each.rule, each.fingerprint): each for each in reversed(tuple(known))}
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


def fixed(
    baseline: Baseline, results: Sequence[RuleResult], *, complete: bool
) -> tuple[Entry, ...]:
    """Give the entries of which nothing was found, and would have been.

    Args:
        baseline: As it was read.
        results: Every rule's. What is not found of a rule that could not be judged in full may be
            there all the same.
        complete: Whether everything was read and judged; nothing is known to be gone where not.
    """
    if not complete:
        return ()
    judged = {each.rule.id for each in results if _is_told(each)}
    seen = {
        *((each.rule.id, group.fingerprint.hex()) for each in results for group in each.groups),
        *(
            (each.rule.id, episode.fingerprint.hex())
            for each in results
            for episode in each.episodes
        ),
    }
    gone = {(each.rule, each.fingerprint): each for each in baseline.entries if each.rule in judged}
    return tuple(entry for key, entry in gone.items() if key not in seen)


def _is_told(result: RuleResult) -> bool:
    verdicts = {result.verdict, *(each.verdict for each in result.by_account)}
    return not result.crowded and not verdicts & {Verdict.ERROR, Verdict.NO_EVIDENCE}


def _entry(rule: Rule, fingerprint: bytes, what: What, author: Author) -> Entry:
    return Entry(
        rule=rule.id,
        fingerprint=fingerprint.hex(),
        created_on=author.on.isoformat(),
        created_by=_plain(author.by),
        reason=_plain(author.reason),
        what=what,
    )


def _what(trait: Trait) -> What:
    return What(
        account=_plain(trait.account),
        region=_plain(trait.region),
        principal=_plain(trait.principal),
        event_source=_plain(trait.event_source),
        event_name=_plain(trait.event_name),
        resources=tuple(map(_plain, trait.resources)),
    )


def _of(episode: Episode) -> What:
    group = tuple(None if each is None else _plain(each) for each in episode.group or ())
    return What(account=_plain(episode.account), group=group)


def _plain(text: str) -> str:
    """Give a text as a file can hold it: a record may hold half of a character."""
    return text.encode(errors="replace").decode()


def _is_fingerprint(text: str) -> bool:
    return len(text) == 64 and all(each in "0123456789abcdef" for each in text)  # noqa: PLR2004 - of a SHA-256


def _refused(path: str, cause: str, hint: str) -> UsageError:
    place = Place(path=path)
    return UsageError([Problem(code="baseline-file", cause=cause, place=place, hint=hint)])
