"""The coverage of the sample report: every part of it in use."""

from checker.report.coverage_model import (
    AccountCoverage,
    Bound,
    Coverage,
    Declaration,
    Gap,
    RegionCoverage,
)
from tests.report.sample_rules import FIRST_ACCOUNT, SECOND_ACCOUNT


def sample_coverage() -> Coverage:
    """Give what the logs of three accounts cover, one of which is expected and has none."""
    return Coverage(
        hours=1_488,
        accounts=[
            AccountCoverage(
                account=FIRST_ACCOUNT,
                expected=True,
                observed=1_204,
                categories=["Management", "Data"],
                read_only=True,
                regions=[
                    _region("eu-west-1", [0, 552, 216, 652], [552, 200]),
                    _region("us-east-1", [240, 48, 700, 48], []),
                ],
                gaps=[
                    Gap(
                        start="2024-12-24T18:00:00Z",
                        until="2024-12-24T18:20:00Z",
                        cause="StopLogging",
                        region="eu-west-1",
                        trail="main",
                    ),
                    Gap(
                        start="2025-01-30T00:00:00Z",
                        until=None,
                        cause="PutEventSelectors",
                        region="eu-west-1",
                        trail="",
                    ),
                ],
            ),
            AccountCoverage(
                account=SECOND_ACCOUNT,
                expected=True,
                observed=0,
                categories=[],
                read_only=False,
                regions=[],
                gaps=[],
            ),
        ],
        bounds=[Bound(container="EventBridge event", inputs=2, claim="best effort")],
        trails=["main"],
        declared=[
            Declaration(
                reason="the plant is shut over Christmas",
                accounts=[FIRST_ACCOUNT],
                regions=["eu-west-1"],
                start="2024-12-24T00:00:00Z",
                until="2025-01-02T00:00:00Z",
                sources=["kms.amazonaws.com"],
                resource_types=["AWS::S3::Object"],
                read_only=True,
            )
        ],
    )


def _region(name: str, observed_runs: list[int], declared_runs: list[int]) -> RegionCoverage:
    observed, declared = sum(observed_runs[1::2]), sum(declared_runs[1::2])
    return RegionCoverage(
        region=name,
        expected=True,
        events=observed * 8,
        first_event="2024-12-01T00:00:00Z",
        last_event="2025-01-31T23:00:00Z",
        observed=observed,
        declared=declared,
        empty=1_488 - observed - declared,
        observed_runs=observed_runs,
        declared_runs=declared_runs,
    )
