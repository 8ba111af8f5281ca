"""Counting: what the facts come to for each rule and account."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from msgspec import Struct
from msgspec.structs import asdict

from checker.engine.episodes import Episode
from checker.engine.finding import VIOLATIONS, Finding
from checker.engine.found import Found


class Counts(Struct, frozen=True, kw_only=True):
    """What one rule comes to, each event counted once.

    Attributes:
        in_scope: Events that the rule had to judge, or to take into account.
        violations: Events; of rules over many events, groups of events or intervals.
        waived: Those of the violations that waivers cover.
        known: Those of the others that the baseline has.
        uncertain: Groups of events, or intervals, of which the logs end too soon to tell.
        upcoming: Events that will be violations once the rule is in force; not in scope yet.
        other_success: Matched by the rule, but with an outcome that it does not judge.
    """

    in_scope: int = 0
    conforming: int = 0
    violations: int = 0
    waived: int = 0
    known: int = 0
    undetermined: int = 0
    errors: int = 0
    uncertain: int = 0
    upcoming: int = 0
    other_success: int = 0
    other_denied: int = 0
    other_failed: int = 0

    @property
    def failing(self) -> int:
        """Violations that no waiver covers."""
        return self.violations - self.waived

    @property
    def new(self) -> int:
        """Violations that no waiver covers and the baseline does not have."""
        return self.failing - self.known

    @property
    def tested(self) -> int:
        """Events in scope that could be judged."""
        return self.in_scope - self.undetermined - self.errors


_IN_SCOPE = (
    Finding.CONFORMING,
    *VIOLATIONS,
    Finding.UNDETERMINED,
    Finding.ERROR,
    Finding.COUNTED,
)


def count(found: Found) -> dict[int, dict[str, Counter[Finding]]]:
    """Count findings by rule and account."""
    tables: dict[int, dict[str, Counter[Finding]]] = {}
    for fact, times in found.facts.items():
        for number, finding in fact.findings:
            table = tables.setdefault(number, {}).setdefault(fact.account, Counter())
            table[finding] += times
    return tables


def counts_of(found: Mapping[Finding, int], episodes: Sequence[Episode]) -> Counts:
    """Give the counts of one rule in one account."""
    certain = Counter(episode.finding for episode in episodes if episode.certain)
    violations = {each: found.get(each, 0) + certain[each] for each in VIOLATIONS}
    return Counts(
        in_scope=sum(found.get(finding, 0) for finding in _IN_SCOPE),
        conforming=found.get(Finding.CONFORMING, 0),
        violations=sum(violations.values()),
        waived=violations[Finding.WAIVED],
        known=violations[Finding.KNOWN],
        undetermined=found.get(Finding.UNDETERMINED, 0),
        errors=found.get(Finding.ERROR, 0),
        upcoming=found.get(Finding.UPCOMING, 0),
        uncertain=len(episodes) - certain.total(),
        other_success=found.get(Finding.OTHER_SUCCESS, 0),
        other_denied=found.get(Finding.OTHER_DENIED, 0),
        other_failed=found.get(Finding.OTHER_FAILED, 0),
    )


def total(parts: Iterable[Counts]) -> Counts:
    """Add up the counts of several accounts."""
    return reduce(_added, parts, Counts())


def _added(one: Counts, other: Counts) -> Counts:
    ours, theirs = asdict(one), asdict(other)
    return Counts(**{name: ours[name] + theirs[name] for name in ours})
