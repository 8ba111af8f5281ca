"""Compares two reports: what is new, gone or still there, and which verdicts turned."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from msgspec import Struct, structs

from checker.errors import Problem, UsageError
from checker.report.diff_model import Difference, Exceptional, Hidden, RuleChange, Turn
from checker.report.diff_runs import inputs_changed, runs_changed
from checker.report.model import Report, RuleResult, VerdictName
from checker.report.noted import Noted, hidden_of, noted_by
from checker.report.redaction import REDACT

_UNJUDGED: Final = ("error", "no_evidence")
_BAD: Final = ("fail", *_UNJUDGED)


def compare_reports(before: Report, after: Report) -> Difference:
    """Say what changed from an older report to a newer one.

    A violation is known again by its fingerprint. Where a report shows only some of a rule's
    violations, or could not judge, what is not in it is not called new or gone.

    Raises:
        UsageError: Their fingerprints cannot be compared: one was redacted, or by another key.
    """
    _refuse_other_key(before, after)
    older = {rule.id: rule for rule in before.rules}
    newer = {rule.id: rule for rule in after.rules}
    ids = [*newer, *(each for each in older if each not in newer)]
    pairs = [_Pair(older.get(each), newer.get(each), after) for each in ids]
    found = Difference(
        before=before,
        after=after,
        worse=(),
        exceptional=tuple(each for pair in pairs for each in pair.exceptional()),
        turns=tuple(turn for pair in pairs for turn in pair.turns()),
        rules=tuple(change for pair in pairs if (change := pair.change())),
        hidden=tuple(hidden for pair in pairs if (hidden := pair.hidden())),
        runs=tuple(runs_changed(before, after)),
        inputs=tuple(inputs_changed(before, after)),
    )
    return structs.replace(found, worse=tuple(_worse(found, pairs)))


def _refuse_other_key(before: Report, after: Report) -> None:
    keys = [each.provenance.settings.get(REDACT) for each in (before, after)]
    if keys[0] != keys[1]:
        cause = "the reports have different names for the same: one was redacted, or by another key"
        hint = "compare reports that were redacted by the same key, or not at all"
        raise UsageError([Problem(code="diff-reports", cause=cause, hint=hint)])


class _Sum(Struct, frozen=True):
    """What a report shows of one fingerprint."""

    first: Noted
    count: int
    excused: bool


class _Pair:
    """One rule in both reports."""

    def __init__(self, before: RuleResult | None, after: RuleResult | None, run: Report) -> None:
        self.before, self.after = before, after
        self._run = run
        self._was = _sums(before)
        self._is = _sums(after)

    @property
    def rule(self) -> RuleResult:
        """The newer of the two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a rule is in one of the reports at least")
        return found

    def exceptional(self) -> Iterator[Exceptional]:
        """Give every fingerprint with what became of it."""
        for fingerprint in [*self._is, *(each for each in self._was if each not in self._is)]:
            was, found = self._was.get(fingerprint), self._is.get(fingerprint)
            why = ""
            if was is None and _unshown(self.before):
                why = "the older report does not show all of the rule's violations"
            if found is None and was is not None:
                why = self._why_not_gone(was.first.account)
            fate = "still" if was and found else "untold" if why else "new" if found else "gone"
            shown = found or was
            if shown:
                yield Exceptional(
                    fate=fate,  # type: ignore[arg-type]  # each of them is one
                    rule=self.rule.id,
                    severity=self.rule.severity,
                    fingerprint=fingerprint,
                    account=shown.first.account,
                    what=shown.first.what,
                    before=was.count if was else 0,
                    after=found.count if found else 0,
                    excused=bool(found and found.excused),
                    why=why,
                )

    def _why_not_gone(self, account: str) -> str:
        """Say why what is not in the newer report may be there all the same; empty where not."""
        if self.after is None:
            return "the rule is not judged any more"
        if _unshown(self.after):
            return "the newer report does not show all of the rule's violations"
        if not self._run.gate.complete:
            return "the newer run is incomplete"
        verdicts = {each.account: each.verdict for each in self.after.by_account}
        verdict = verdicts.get(account, self.after.verdict)
        if account and account not in verdicts:
            return "the newer report has no verdict on the account"
        return f"the newer verdict is {verdict.replace('_', ' ')}" if verdict in _UNJUDGED else ""

    def turns(self) -> Iterator[Turn]:
        """Give the verdicts that turned: of the rule, and of accounts."""
        if self.before is None or self.after is None:
            return
        if self.before.verdict != self.after.verdict:
            yield _turn(self.rule.id, None, self.before.verdict, self.after.verdict)
        was = {each.account: each.verdict for each in self.before.by_account}
        found = {each.account: each.verdict for each in self.after.by_account}
        for account in sorted({*was, *found}):
            if was.get(account) != found.get(account):
                yield _turn(self.rule.id, account, was.get(account), found.get(account))

    def change(self) -> RuleChange | None:
        """Say how the rule itself changed."""
        if self.before is None or self.after is None:
            how = "removed" if self.after is None else "added"
            what = f"verdict {self.rule.verdict.replace('_', ' ')}"
            return RuleChange(rule=self.rule.id, how=how, what=what)  # type: ignore[arg-type]  # one of them
        names = ("severity", "parameters", "effective_from", "effective_until", "controls")
        differing = [
            name.replace("_", " ")
            for name in names
            if getattr(self.before, name) != getattr(self.after, name)
        ]
        if self.before.sha256 != self.after.sha256:
            differing.insert(0, "file")
        if not differing:
            return None
        return RuleChange(rule=self.rule.id, how="changed", what=", ".join(differing))

    def hidden(self) -> Hidden | None:
        """Count what neither report shows."""
        before, after = _unshown(self.before), _unshown(self.after)
        if not before and not after:
            return None
        return Hidden(rule=self.rule.id, before=before, after=after)

    def grew(self) -> bool:
        """Whether there are more violations than before, where not all can be compared."""
        if self.before is None or self.after is None or not self.hidden():
            return False
        return self.after.counts.violations > self.before.counts.violations


def _sums(rule: RuleResult | None) -> Mapping[str, _Sum]:
    found: dict[str, _Sum] = {}
    for noted in noted_by(rule) if rule else ():
        excused = noted.is_waived or noted.in_baseline
        known = found.get(noted.fingerprint)
        if known:
            both = known.excused and excused
            found[noted.fingerprint] = _Sum(known.first, known.count + noted.count, both)
        elif noted.fingerprint:
            found[noted.fingerprint] = _Sum(noted, noted.count, excused)
    return found


def _unshown(rule: RuleResult | None) -> int:
    """Count a rule's violations that have no fingerprint to compare."""
    if rule is None:
        return 0
    return hidden_of(rule) + sum(each.count for each in noted_by(rule) if not each.fingerprint)


def _turn(
    rule: str, account: str | None, before: VerdictName | None, after: VerdictName | None
) -> Turn:
    return Turn(
        rule=rule, account=account, before=before, after=after, worse=_is_worse(before, after)
    )


def _is_worse(before: VerdictName | None, after: VerdictName | None) -> bool:
    """Tell whether a verdict turned for the worse; that nothing can be said any more is worse."""
    if after is None:
        return True
    if before is None:
        return after in _BAD
    ranks = get_args(VerdictName)
    return ranks.index(after) < ranks.index(before) or (
        after in _UNJUDGED and before not in _UNJUDGED
    )


def _worse(found: Difference, pairs: list[_Pair]) -> Iterator[str]:
    new = [each for each in found.having("new") if not each.excused]
    if new:
        yield f"{_counted(len(new), 'new group')} of violations"
    grown = [pair.rule.id for pair in pairs if pair.grew()]
    if grown:
        yield f"more violations than the reports show, under {', '.join(grown)}"
    worse = [turn for turn in found.turns if turn.worse]
    if worse:
        yield f"{_counted(len(worse), 'verdict')} turned for the worse"
    removed = [each for each in found.rules if each.how == "removed"]
    if removed:
        yield f"{_counted(len(removed), 'rule')} not judged any more"
    bad = [pair for pair in pairs if pair.before is None and pair.rule.verdict in _BAD]
    if bad:
        yield f"{_counted(len(bad), 'added rule')} not passed"
    if found.before.gate.complete and not found.after.gate.complete:
        yield "the newer run is incomplete"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
