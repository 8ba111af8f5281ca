"""The part of the report model on exceptions that are waived, or known already."""

from typing import Literal

from checker.report.shape import Shape

WaiverKind = Literal["authorised_change", "risk_accepted", "false_positive", "remediated"]
WaiverStatus = Literal["pending", "live", "ending", "expired"]


class ViolationGroup(Shape, frozen=True):
    """Violations of one rule that have one fingerprint: who did what to which resources.

    `fingerprint` is what a baseline knows them by, taken before anything is masked. Of the `count`
    of them waivers cover `waived`; `waivers` are the ids of those. `in_baseline` says
    whether the baseline has them. `first` and `last` are the times of the first and the last.
    """

    fingerprint: str
    account: str
    region: str
    principal: str
    event_source: str
    event_name: str
    resources: list[str]
    count: int
    waived: int
    waivers: list[str]
    in_baseline: bool
    first: str | None
    last: str | None


class ViolationGroups(Shape, frozen=True):
    """Groups of violations, earliest first, at most a stated number: `shown` of `total`."""

    total: int
    shown: list[ViolationGroup]


class WaiverEntry(Shape, frozen=True):
    """A written exception as it is stated, and what it came to.

    `status` is that at the time of evaluation: not yet begun, live, ending within 30 days, or
    expired. `rule_judged` says whether its rule was judged. `retroactive` is why it holds before
    its approval, and empty where it does not. Of the violations in its scope it covers `covered`,
    `retroactively` of them from before its approval; `before_approval` and `after_end` happened
    outside of it and are not waived by it.
    """

    id: str
    rule: str
    rule_judged: bool
    kind: WaiverKind
    scope: str
    reason: str
    owner: str
    approved_by: str
    ticket: str
    approved_on: str
    expires: str
    retroactive: str
    status: WaiverStatus
    covered: int
    retroactively: int
    before_approval: int
    after_end: int


class Waivers(Shape, frozen=True):
    """All waivers that were given. Where `applied` is false, none of them covered anything.

    Approvals are as stated in the file; they were not verified.
    """

    path: str
    sha256: str
    applied: bool
    entries: list[WaiverEntry]


class BaselineEntry(Shape, frozen=True):
    """A violation that was known: its rule and fingerprint, in words, and who noted it and why."""

    rule: str
    fingerprint: str
    what: str
    created_on: str
    created_by: str
    reason: str


class Baseline(Shape, frozen=True):
    """Violations that were known before.

    They are shown as known and do not fail the gate; a verdict never changes by them. Of what was
    found, `known` violations are in it and `new` are not, waived ones aside. `fixed` are entries,
    of rules that were judged, of which nothing was found.
    """

    path: str
    sha256: str
    known: int
    new: int
    fixed: list[BaselineEntry]
