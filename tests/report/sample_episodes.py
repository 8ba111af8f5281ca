"""The rules over many events of the sample report: a correlation and two cadences."""

from msgspec.structs import replace

from checker.report.model import Counts, Episode, Episodes, GroupValue, RuleResult
from tests.report.sample_rules import (
    FIRST_ACCOUNT,
    SECOND_ACCOUNT,
    sample_counts,
    sample_evidence,
    sample_fingerprint,
    sample_result,
)


def sample_rules_over_many_events() -> list[RuleResult]:
    """Give what they found: of every kind of episode one."""
    return [_burst(), _rotation(), _review()]


def _burst() -> RuleResult:
    result = sample_result(
        "iot-policies-not-attached-in-bursts",
        "high",
        "fail",
        "4 exceptions in 266 events tested",
        _counts(266, violations=4, uncertain=1),
    )
    events = [sample_evidence(number) for number in (20, 22, 23)]
    return replace(
        result,
        kind="correlation",
        asks="at least 3 events of one sourceIPAddress and one awsRegion within 10 minutes",
        episodes=Episodes(
            total=5,
            shown=[
                replace(
                    _EPISODE,
                    group=[
                        GroupValue(name="sourceIPAddress", value="203.0.113.7"),
                        GroupValue(name="awsRegion", value=None),
                    ],
                    evidence=events,
                ),
                replace(
                    _EPISODE,
                    group=[
                        GroupValue(name="sourceIPAddress", value="(absent)"),
                        GroupValue(name="awsRegion", value="eu-west-1"),
                    ],
                    events=240,
                    cut_off=True,
                    summary="240 events in 3 min; the logs end within the window: more may follow",
                    evidence=events,
                ),
                replace(_EPISODE, known=False, in_baseline=True),
                replace(
                    _EPISODE,
                    account="",
                    last=_EPISODE.first,
                    events=1,
                    certain=False,
                    summary="1 event; the logs end too soon to tell whether undone followed within "
                    "10 minutes",
                    evidence=events[:1],
                ),
            ],
        ),
    )


def _rotation() -> RuleResult:
    result = sample_result(
        "iot-certificates-rotated-every-90-days",
        "medium",
        "fail",
        "1 interval without an occurrence in 2 events tested",
        _counts(2, violations=1),
    )
    overdue = replace(
        _EPISODE,
        group=[GroupValue(name="account", value=FIRST_ACCOUNT)],
        first="2024-09-20T08:05:30Z",
        last="2025-01-15T08:05:30Z",
        events=0,
        summary="117 days without an occurrence (at most 90 days)",
        evidence=[sample_evidence(5)],
    )
    return replace(
        result,
        kind="cadence",
        asks="at least once every 90 days in every account",
        episodes=Episodes(total=1, shown=[overdue]),
    )


def _review() -> RuleResult:
    result = sample_result(
        "iot-access-reviewed-every-quarter",
        "low",
        "no_evidence",
        "could not be tested, because the logs span less time than the rule asks about; "
        "this is not a pass",
        _counts(0, uncertain=1),
    )
    untold = replace(
        _EPISODE,
        group=[GroupValue(name="account", value=SECOND_ACCOUNT)],
        account=SECOND_ACCOUNT,
        first="2024-12-01T00:00:00Z",
        last="2025-01-31T23:59:58Z",
        events=0,
        certain=False,
        summary="61 days 23 h without an occurrence: no whole calendar quarter to tell by",
    )
    return replace(
        result,
        kind="cadence",
        asks="at least once in every calendar quarter (UTC) in every account",
        episodes=Episodes(total=1, shown=[untold]),
    )


def _counts(in_scope: int, *, violations: int = 0, uncertain: int = 0) -> Counts:
    return replace(
        sample_counts(in_scope), conforming=0, violations=violations, uncertain=uncertain
    )


_EPISODE = Episode(
    group=[],
    known=True,
    account=FIRST_ACCOUNT,
    first="2025-01-15T08:20:30Z",
    last="2025-01-15T08:23:30Z",
    events=3,
    certain=True,
    cut_off=False,
    fingerprint=sample_fingerprint(40),
    waiver="",
    in_baseline=False,
    summary="3 events in 3 min",
    evidence=[],
)
