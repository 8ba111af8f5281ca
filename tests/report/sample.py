"""Reports to render: one with everything in it, a hostile one, and a harmless one of its shape."""

from collections import Counter
from collections.abc import Callable
from typing import get_args

import msgspec

from checker.aws import Json
from checker.report.manifest import manifest_of
from checker.report.model import (
    Gate,
    Input,
    PackEntry,
    Period,
    Population,
    ProblemEntry,
    Report,
    RuleResult,
    SetAside,
    Statement,
    Tool,
    Totals,
    VerdictName,
)
from checker.report.provenance_model import AppliedFile, Obtained, Provenance, Stated
from tests.report.sample_coverage import sample_coverage
from tests.report.sample_episodes import sample_rules_over_many_events
from tests.report.sample_exceptions import sample_baseline, sample_frameworks, sample_waivers
from tests.report.sample_rules import FIRST_ACCOUNT, ROLE, SECOND_ACCOUNT, sample_rules

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

HARMLESS = " harmless\n\nwords"
HOSTILE = (
    " <script>alert(1)</script><img src=x onerror=alert(2)>"
    "\n\n"
    "\"'><svg/onload=alert(3)> </style></script></title><!-- -->]]>&lt;&#60; "
    "{{7*7}}{% raw %}${7*7} javascript:alert(4) http://h.example/?a=<b "
    "\x00\x07\x1b[31mred\x1b]8;;http://h.example\x07\x7f\x85\x9b\t\r"
    "\u200b\u202egnp.exe\u2066\u2028\u2029\ufeff\U000e0041 \ud800 \ufffe"
)

_FIXED = frozenset(
    {
        "format",
        "version",
        "level",
        "severity",
        "fail_on",
        "verdict",
        "verdicts",
        "relation",
        "kind",
        "categories",
        "status",
        "cloudtrail",
    }
)
"""Fields of the model that are not free text."""

_TIMES = frozenset({"time", "first", "last", "start", "until", "first_event", "last_event"})
"""Fields that are times unless somebody wrote something else there."""


def sample_report() -> Report:
    """Give a report with every verdict and every part of the model in use."""
    rules = sorted([*sample_rules(), *sample_rules_over_many_events()], key=_weight)
    verdicts = Counter(rule.verdict for rule in rules)
    return Report(
        format="trailcheck-report",
        version=1,
        tool=Tool(name="trailcheck", version="0.1.0"),
        evaluated_at="2025-02-03T09:30:00Z",
        gate=Gate(
            exit_code=3,
            fail_on="low",
            soft_fail=["tag:in-review"],
            soft_failed=[],
            known_only=[],
            require_evidence=False,
            complete=False,
            reasons=[
                "1 input could not be read whole",
                "1 rule raised an error on an event in its scope",
                "1 rule of severity high failed",
            ],
        ),
        verdicts=dict(verdicts),
        totals=Totals(
            read=12_480, judged=12_311, in_scope=377, duplicates=120, outside_period=47, refused=2
        ),
        period=Period(
            first="2024-12-01T00:00:00Z", last="2025-01-31T23:59:58Z", source="from the events"
        ),
        population=[
            Population(account="", region="", events=3),
            Population(account=FIRST_ACCOUNT, region="eu-west-1", events=9_004),
            Population(account=FIRST_ACCOUNT, region="us-east-1", events=1_304),
            Population(account=SECOND_ACCOUNT, region="eu-west-1", events=2_000),
        ],
        coverage=sample_coverage(),
        inputs=_inputs(),
        set_aside=[
            SetAside(
                path="trail/README.txt", size=120, sha256=_HASH[::-1], reason="plain text, no JSON"
            )
        ],
        problems=_problems(),
        packs=[_pack()],
        provenance=_provenance(),
        rules=rules,
        waivers=sample_waivers(),
        baseline=sample_baseline(),
        frameworks=sample_frameworks(),
        statements=_statements(),
        account_names={FIRST_ACCOUNT: "production"},
        notes=[
            "Coverage is what the logs themselves show.",
            "3 events name neither account nor region.",
        ],
    )


def hostile_report(*, timed: bool = False) -> Report:
    """Give a report whose every free text, and every key of a free mapping, is hostile.

    Args:
        timed: Leave times as they are, so that what is drawn by them is drawn.
    """
    return changed_report(lambda text: f"{text}{HOSTILE}" if text else "", timed=timed)


def harmless_report(*, timed: bool = False) -> Report:
    """Give a report of the same shape as the hostile one."""
    return changed_report(lambda text: f"{text}{HARMLESS}" if text else "", timed=timed)


def changed_report(change: Callable[[str], str], *, timed: bool = False) -> Report:
    """Give the sample with every free text, and every key of a free mapping, changed."""
    fixed = _FIXED | _TIMES if timed else _FIXED
    changed = _mapped(msgspec.to_builtins(sample_report()), change, fixed)
    return msgspec.convert(changed, Report)


def _weight(rule: RuleResult) -> int:
    return get_args(VerdictName).index(rule.verdict)


def _mapped(
    value: Json, change: Callable[[str], str], fixed: frozenset[str], *, free: bool = False
) -> Json:
    """Change every text but that of fixed fields, and within `free` mappings the keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(element, change, fixed, free=free) for element in value]
    if not isinstance(value, dict):
        return value
    if free:
        return {
            change(key): _mapped(inner, change, fixed, free=True) for key, inner in value.items()
        }
    return {
        key: inner if key in fixed else _mapped(inner, change, fixed, free=_is_free(key, inner))
        for key, inner in value.items()
    }


def _is_free(key: str, value: Json) -> bool:
    # An episode's evidence is a list, an event's a mapping.
    mappings = {"parameters", "evidence", "event", "other_outcomes", "settings", "account_names"}
    return key in mappings and isinstance(value, dict)


def _provenance() -> Provenance:
    return Provenance(
        manifest=manifest_of(_inputs()),
        files=[
            AppliedFile(kind="configuration", path="trailcheck.yaml", sha256=_HASH),
            AppliedFile(kind="pack", path="rules/iot/pack.yaml", sha256=_HASH),
            AppliedFile(kind="params", path="production.yaml", sha256=_HASH),
        ],
        settings={
            "fail_on": "low",
            "limits": {"exhibits": 5},
            "params": {"iot-policy-attached-by-approved-role.approved_roles": [ROLE]},
            "rules": ["iot", "our-rules"],
            "show_secrets": False,
            "since": "2024-12-01T00:00:00Z",
        },
        stated=Stated(
            prepared_by="A. Example, Internal Audit",
            purpose="Operation of cm-5 in the fourth quarter",
            obtained=Obtained(
                trail="organization-trail",
                location="s3://example-trail/AWSLogs",
                by="B. Example",
                at="2025-02-01",
                command="aws s3 sync s3://example-trail/AWSLogs trail",
            ),
        ),
    )


def _inputs() -> list[Input]:
    return [
        Input(
            path="trail/111122223333_CloudTrail_eu-west-1_20250115T0005Z_Q1w2e3r4t5y6u7i8.json.gz",
            container="CloudTrail file",
            size=1_204_551,
            sha256=_HASH,
            records=12_000,
            refused=0,
            first_event="2024-12-01T00:00:00Z",
            last_event="2025-01-31T23:59:58Z",
        ),
        Input(
            path="trail/legacy.jsonl",
            container="JSON Lines",
            size=40_012,
            sha256="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            records=478,
            refused=2,
            first_event=None,
            last_event=None,
        ),
    ]


def _problems() -> list[ProblemEntry]:
    return [
        ProblemEntry(
            level="error",
            code="not-json",
            cause="the line ends inside a string",
            hint="the file may have been cut; copy it again",
            path="trail/legacy.jsonl",
            line=17,
            column=204,
        ),
        ProblemEntry(
            level="warning",
            code="no-final-newline",
            cause="the last line has no line end",
            hint="",
            path="trail/legacy.jsonl",
            line=0,
            column=0,
        ),
    ]


def _pack() -> PackEntry:
    return PackEntry(
        id="iot",
        title="AWS IoT",
        version="1.0.0",
        description="Who may change AWS IoT, and what must no longer be called.",
        proves=["Which principals attached policies, as far as the supplied logs record it."],
        limits=["Whether a policy is attached today.", "Data plane calls: no log was supplied."],
    )


def _statements() -> list[Statement]:
    texts: dict[VerdictName, str] = {
        "fail": "X exceptions in N events tested.",
        "error": "The rule could not be evaluated on every event in its scope.",
        "no_evidence": "Could not be tested, because the logs cannot answer; this is not a pass.",
        "waived": "Every exception is covered by a written, approved waiver that has not expired.",
        "pass": "All events supplied for the stated period, accounts and regions that fell in this "
        "rule's scope were tested, without sampling, and no exception was noted. It says nothing "
        "about activity that CloudTrail does not record. It is not an opinion on a control.",
        "no_occurrence": "The occasion did not occur; operation could not be tested.",
        "not_applicable": "The rule was not in force in the period.",
    }
    return [Statement(verdict=verdict, text=text) for verdict, text in texts.items()]
