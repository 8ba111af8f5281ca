"""The waivers, the baseline and the frameworks of the sample report."""

from msgspec.structs import replace

from checker.report.exceptions_model import Baseline, BaselineEntry, WaiverEntry, Waivers
from checker.report.frameworks_model import CatalogueControl, FrameworkEntry
from tests.report.sample_rules import CERTIFICATE, ROLE, sample_fingerprint

_HASH = "0b7e2f6dc1d0a1c2b3a495867768594a3b2c1d0e0f1e2d3c4b5a69788796a5b4"


def sample_waivers() -> Waivers:
    """Give a waiver of every status, and one of a rule that was not judged."""
    return Waivers(
        path="waivers.yaml",
        sha256=_HASH,
        applied=True,
        entries=[
            replace(_WAIVER, id="debug-2024-11", status="expired", covered=0, after_end=3),
            replace(
                _WAIVER,
                id="migration-2025-03",
                rule="iot-certificates-by-approved-role",
                kind="false_positive",
                scope="all of the rule",
                status="pending",
                covered=0,
            ),
            _WAIVER,
            replace(
                _WAIVER,
                id="root-billing-2025-01",
                rule="iot-root-never-used",
                kind="risk_accepted",
                status="ending",
                covered=1,
                retroactively=1,
                retroactive="the incident of 2025-01-15 was approved the next day",
            ),
            replace(
                _WAIVER,
                id="another-pack",
                rule="identity-root-not-used",
                rule_judged=False,
                kind="remediated",
                covered=0,
            ),
        ],
    )


def sample_baseline() -> Baseline:
    """Give a baseline of which one entry was found again and one was not."""
    what = f"AttachPolicy of iot.amazonaws.com by {ROLE} on {CERTIFICATE}"
    return Baseline(
        path="baseline.json",
        sha256=_HASH,
        known=1,
        new=3,
        fixed=[
            BaselineEntry(
                rule="iot-root-never-used",
                fingerprint=sample_fingerprint(99),
                what=what,
                created_on="2024-11-02",
                created_by="A. Example",
                reason="known when the pipeline was set up",
            )
        ],
    )


def sample_frameworks() -> list[FrameworkEntry]:
    """Give one framework with a catalogue, and one without."""
    return [
        FrameworkEntry(
            id="cis-aws-v7.0.0",
            title="CIS AWS Foundations Benchmark v7.0.0",
            source="https://www.cisecurity.org/benchmark/amazon_web_services",
            controls=[
                CatalogueControl(id="5.3", title="Use of root", cloudtrail="supports"),
                CatalogueControl(id="5.4", title="Changes of IAM policies", cloudtrail="supports"),
                CatalogueControl(id="5.5", title="Changes of trails", cloudtrail="supports"),
                CatalogueControl(id="5.10", title="Security groups", cloudtrail="supports"),
            ],
            beyond=48,
        ),
        FrameworkEntry(id="soc2", title="", source="", controls=[], beyond=0),
    ]


_WAIVER = WaiverEntry(
    id="rollout-2024-12",
    rule="iot-policy-attached-by-approved-role",
    rule_judged=True,
    kind="authorised_change",
    scope="requestParameters.policyName AllowAll",
    reason="the rollout of December, change 4711",
    owner="B. Example",
    approved_by="C. Example",
    ticket="CHG-4711",
    approved_on="2024-12-01T00:00:00Z",
    expires="2025-03-31T00:00:00Z",
    retroactive="",
    status="live",
    covered=2,
    retroactively=0,
    before_approval=1,
    after_end=0,
)
