"""The rules of the sample report: one for each verdict."""

from msgspec.structs import replace

from checker.report.exceptions_model import ViolationGroup, ViolationGroups
from checker.report.model import (
    AccountHours,
    AccountVerdict,
    Control,
    Counts,
    Episodes,
    Evidence,
    Exhibits,
    Lines,
    RuleResult,
    SeverityName,
    VerdictName,
)

FIRST_ACCOUNT = "111122223333"
SECOND_ACCOUNT = "444455556666"
ROLE = f"arn:aws:iam::{FIRST_ACCOUNT}:role/aws-reserved/sso.amazonaws.com/Developer"
CERTIFICATE = f"arn:aws:iot:eu-west-1:{FIRST_ACCOUNT}:cert/4f9d0c1e"

NOTHING = Exhibits(total=0, shown=[])
LINES = Lines(first_line=41, first_column=5, last_line=77, last_column=6)


def sample_rules() -> list[RuleResult]:
    """Give one rule for each verdict, worst first."""
    return [
        _fail(),
        _error(),
        _no_evidence(),
        _waived(),
        _pass(),
        sample_result(
            "iot-analytics-datasets-not-kept-for-ever",
            "medium",
            "no_occurrence",
            "did not occur; operation could not be tested",
            sample_counts(0),
        ),
        _not_applicable(),
    ]


def _fail() -> RuleResult:
    reason = "6 exceptions in 16 events tested"
    others = {"denied": 2}
    return replace(
        sample_result(
            "iot-policy-attached-by-approved-role",
            "high",
            "fail",
            "6 exceptions in 18 events tested",
            sample_counts(18, violations=6, waived=2, known=1, other_outcomes=others),
        ),
        by_account=[
            AccountVerdict(
                account=FIRST_ACCOUNT,
                verdict="fail",
                reason=reason,
                counts=sample_counts(16, violations=6, waived=2, known=1, other_outcomes=others),
                coverage=AccountHours(hours=1_488, observed=1_204, gaps=1),
            ),
            AccountVerdict(
                account=SECOND_ACCOUNT,
                verdict="pass",
                reason="no exception in 2 events tested; the logs have events in 40 of 1,488 hours",
                counts=sample_counts(2),
                coverage=AccountHours(hours=1_488, observed=40, gaps=0),
            ),
        ],
        violations=Exhibits(
            total=6,
            shown=[
                replace(sample_evidence(0), waiver="rollout-2024-12"),
                replace(sample_evidence(1), in_baseline=True, lines=LINES),
                sample_evidence(2),
            ],
        ),
        groups=ViolationGroups(
            total=3,
            shown=[
                sample_group(0, count=2, waived=2, waivers=["rollout-2024-12"]),
                sample_group(1, count=1, in_baseline=True),
                sample_group(2, count=3),
            ],
        ),
        controls=[
            Control(framework="nist-800-53-r5", id="ac-6.9", relation="tests", owner=""),
            Control(framework="cis-aws-v7.0.0", id="5.4", relation="supports", owner=""),
            Control(framework="cis-aws-v7.0.0", id="5.10", relation="supports", owner=""),
            Control(framework="soc2", id="CC6.1", relation="tests", owner="Platform Security"),
        ],
    )


def _error() -> RuleResult:
    return replace(
        sample_result(
            "iot-certificates-by-approved-role",
            "medium",
            "error",
            "the rule raised on 1 of 12 events in its scope",
            sample_counts(12, errors=1),
        ),
        errors=Exhibits(total=1, shown=[sample_evidence(7, reason="contains() got a number")]),
        controls=[Control(framework="nist-800-53-r5", id="ac-6.10", relation="supports", owner="")],
    )


def _no_evidence() -> RuleResult:
    reason = "requestParameters was omitted by CloudTrail"
    return replace(
        sample_result(
            "iot-events-no-call-after-end-of-support",
            "low",
            "no_evidence",
            "could not be tested, because 1 event is undetermined; this is not a pass",
            sample_counts(1, undetermined=1),
        ),
        undetermined=Exhibits(total=1, shown=[sample_evidence(9, reason=reason)]),
    )


def _waived() -> RuleResult:
    return replace(
        sample_result(
            "iot-root-never-used",
            "critical",
            "waived",
            "1 exception in 1 event tested, covered by a waiver",
            sample_counts(1, violations=1, waived=1),
        ),
        violations=Exhibits(
            total=1, shown=[replace(sample_evidence(11), waiver="root-billing-2025-01")]
        ),
        groups=ViolationGroups(
            total=1,
            shown=[sample_group(11, count=1, waived=1, waivers=["root-billing-2025-01"])],
        ),
        controls=[Control(framework="cis-aws-v7.0.0", id="5.3", relation="tests", owner="")],
    )


def _pass() -> RuleResult:
    return replace(
        sample_result(
            "iot-1-click-no-call-after-end-of-life",
            "high",
            "pass",
            "no exception in 345 events tested; the logs have events in 1,204 of 1,488 hours",
            sample_counts(345, other_outcomes={"denied": 3, "failed": 1}),
        ),
        effective_from="2024-12-16T00:00:00Z",
        sample=[replace(sample_evidence(number), fingerprint="") for number in (31, 33)],
        controls=[
            Control(framework="nist-800-53-r5", id="ac-6.9", relation="supports", owner=""),
            Control(framework="nist-800-53-r5", id="sa-22", relation="tests", owner=""),
            Control(framework="soc2", id="CC6.1", relation="supports", owner="Platform Security"),
        ],
    )


def _not_applicable() -> RuleResult:
    return replace(
        sample_result(
            "iot-fleet-hub-closed",
            "info",
            "not_applicable",
            "in force from 2025-10-18, after the period",
            sample_counts(0, upcoming=2),
        ),
        upcoming=Exhibits(total=2, shown=[replace(sample_evidence(50), fingerprint="")]),
        effective_from="2025-10-18T00:00:00Z",
        effective_until="2026-10-18T00:00:00Z",
    )


def sample_result(
    rule_id: str, severity: SeverityName, verdict: VerdictName, reason: str, counts: Counts
) -> RuleResult:
    return RuleResult(
        id=rule_id,
        title=rule_id.replace("-", " ").replace("iot", "AWS IoT"),
        severity=severity,
        kind="event",
        asks="",
        pack="iot",
        path=f"rules/iot/{rule_id}.yaml",
        sha256="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        description="A policy on a certificate decides what a device may do.\n\nWhoever attaches "
        "policies can give any device any right, so only the provisioning role may.",
        procedure="Read every successful AttachPolicy and AttachPrincipalPolicy call of the period "
        "and compared the calling role with the approved roles.",
        remediation="Detach the policy, find out who used the role and why, and record the answer.",
        references=[
            "https://docs.aws.amazon.com/iot/latest/developerguide/attach-to-cert.html",
            "AWS IoT Core security best practices, printed edition",
            "javascript:alert(document.domain)",
        ],
        tags=["iot", "least-privilege"],
        controls=[],
        parameters={"approved_roles": ["arn:aws:iam::111122223333:role/IoT*"], "limit": 5},
        effective_from=None,
        effective_until=None,
        verdict=verdict,
        reason=reason,
        counts=counts,
        by_account=[
            AccountVerdict(
                account=FIRST_ACCOUNT,
                verdict=verdict,
                reason=reason,
                counts=counts,
                coverage=AccountHours(hours=1_488, observed=1_204, gaps=1),
            )
        ],
        violations=NOTHING,
        undetermined=NOTHING,
        errors=NOTHING,
        episodes=Episodes(total=0, shown=[]),
        groups=ViolationGroups(total=0, shown=[]),
        sample=[],
        upcoming=NOTHING,
    )


def sample_counts(  # noqa: PLR0913 - one for each count
    in_scope: int,
    *,
    violations: int = 0,
    waived: int = 0,
    known: int = 0,
    undetermined: int = 0,
    errors: int = 0,
    upcoming: int = 0,
    other_outcomes: dict[str, int] | None = None,
) -> Counts:
    return Counts(
        in_scope=in_scope,
        conforming=in_scope - violations - undetermined - errors,
        violations=violations,
        waived=waived,
        known=known,
        undetermined=undetermined,
        errors=errors,
        uncertain=0,
        upcoming=upcoming,
        other_outcomes=other_outcomes or {},
    )


def sample_evidence(number: int, *, reason: str = "") -> Evidence:
    event_id = f"0f8fad5b-d9cb-469f-a165-7086772895{number:02}"
    return Evidence(
        time=f"2025-01-15T08:{number:02}:30Z",
        account=FIRST_ACCOUNT,
        region="eu-west-1",
        principal=ROLE,
        identity_type="sso_role",
        source_address="203.0.113.7" if number else "",
        event_source="iot.amazonaws.com",
        event_name="AttachPolicy",
        outcome="success",
        resources=[CERTIFICATE],
        message=f"{ROLE} attached the policy AllowAll to {CERTIFICATE}",
        reason=reason,
        evidence={"policy": "AllowAll", "target": {"arn": CERTIFICATE, "certificates": [1, None]}},
        event_id=event_id,
        path="trail/111122223333_CloudTrail_eu-west-1_20250115T0005Z_Q1w2e3r4t5y6u7i8.json.gz",
        index=number,
        lines=None,
        fingerprint="" if reason else sample_fingerprint(number),
        waiver="",
        in_baseline=False,
        event={
            "eventVersion": "1.08",
            "userIdentity": {
                "type": "AssumedRole",
                "accessKeyId": "****WXYZ",
                "sessionContext": {"sessionIssuer": {"type": "Role", "arn": ROLE}},
            },
            "eventTime": f"2025-01-15T08:{number:02}:30Z",
            "eventSource": "iot.amazonaws.com",
            "eventName": "AttachPolicy",
            "requestParameters": {"policyName": "AllowAll", "target": CERTIFICATE},
            "responseElements": None,
            "readOnly": False,
            "eventID": event_id,
        },
    )


def sample_fingerprint(number: int) -> str:
    return f"{number:064x}"


def sample_group(
    number: int,
    *,
    count: int,
    waived: int = 0,
    waivers: list[str] | None = None,
    in_baseline: bool = False,
) -> ViolationGroup:
    return ViolationGroup(
        fingerprint=sample_fingerprint(number),
        account=FIRST_ACCOUNT,
        region="eu-west-1",
        principal=ROLE,
        event_source="iot.amazonaws.com",
        event_name="AttachPolicy",
        resources=[CERTIFICATE],
        count=count,
        waived=waived,
        waivers=waivers or [],
        in_baseline=in_baseline,
        first=f"2025-01-15T08:{number:02}:30Z",
        last=f"2025-01-15T09:{number:02}:30Z",
    )
