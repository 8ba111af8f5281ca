"""What changed between two reports, as values that every rendering is made from."""

from typing import Literal

from msgspec import Struct

from checker.report.model import Report, SeverityName, VerdictName

Fate = Literal["new", "gone", "still", "untold"]


class Exceptional(Struct, frozen=True, kw_only=True):
    """Violations of one rule that have one fingerprint, in both reports.

    Attributes:
        what: It in one line.
        before: How many there were; 0 where the older report shows none.
        after: How many there are; 0 where the newer one shows none.
        excused: Whether all of them are waived or known now.
        why: Of what is untold: why it cannot be said whether it is new or gone.
    """

    fate: Fate
    rule: str
    severity: SeverityName
    fingerprint: str
    account: str
    what: str
    before: int
    after: int
    excused: bool
    why: str


class Turn(Struct, frozen=True, kw_only=True):
    """A verdict that is another one now; None where the rule was not judged in the account.

    Attributes:
        account: Its id; None for all accounts together.
    """

    rule: str
    account: str | None
    before: VerdictName | None
    after: VerdictName | None
    worse: bool


class RuleChange(Struct, frozen=True, kw_only=True):
    """A rule that only one report judged, or that reads otherwise now."""

    rule: str
    how: Literal["added", "removed", "changed"]
    what: str


class Hidden(Struct, frozen=True, kw_only=True):
    """How many violations of a rule the reports show in no group, so that none can be compared."""

    rule: str
    before: int
    after: int


class Setting(Struct, frozen=True, kw_only=True):
    """Something of a run that is another now, as text."""

    name: str
    before: str
    after: str


class Difference(Struct, frozen=True, kw_only=True):
    """All that changed.

    Attributes:
        worse: What is new or worse, in a sentence each; empty where nothing is.
        runs: How the runs themselves differ: program, period, settings.
        inputs: Inputs that only one of them judged.
    """

    before: Report
    after: Report
    worse: tuple[str, ...]
    exceptional: tuple[Exceptional, ...]
    turns: tuple[Turn, ...]
    rules: tuple[RuleChange, ...]
    hidden: tuple[Hidden, ...]
    runs: tuple[Setting, ...]
    inputs: tuple[Setting, ...]

    def having(self, fate: Fate) -> list[Exceptional]:
        """Give the violations of one fate."""
        return [each for each in self.exceptional if each.fate == fate]
