"""An observation of OSCAL: what a rule tested, its verdict, and the evidence behind it."""

from collections.abc import Iterator, Mapping
from typing import Final

from checker.aws import Json
from checker.report.model import Evidence, Report, RuleResult
from checker.report.noted import Noted, hidden_of, noted_by
from checker.report.oscal_controls import is_nist
from checker.report.oscal_parts import (
    derived,
    file_uuid,
    having,
    prop,
    props,
    prose,
    title,
    within,
)
from checker.report.portable import stamp

_EXCEPTIONS: Final = ("fail", "waived")


def observation_uuid(rule: RuleResult, result: str) -> str:
    """Give the UUID of the observation that a result has of a rule."""
    return within(result, "observation", rule.id)


def observation(rule: RuleResult, report: Report, result: str, tool: str) -> dict[str, Json]:
    """Give the observation of a rule.

    Args:
        rule: That was judged.
        report: It is in.
        result: The UUID of the result that the observation is part of.
        tool: The UUID of the component that made it.
    """
    files = {each.path: file_uuid(each.path, each.sha256) for each in report.inputs}
    return having(
        uuid=observation_uuid(rule, result),
        title=title(f"{rule.id}: {rule.title}"),
        description=prose(f"{rule.procedure}\n\n{_words(rule)}"),
        props=_props(rule),
        methods=["TEST"],
        types=_types(rule),
        origins=[{"actors": [{"type": "tool", "actor-uuid": tool}]}],
        subjects=[
            {
                "subject-uuid": derived("account", told.account),
                "type": "inventory-item",
                "title": title(f"AWS account {told.account or '(not named)'}"),
                "props": props(
                    verdict=told.verdict,
                    reason=told.reason,
                    in_scope=told.counts.in_scope,
                    violations=told.counts.violations,
                ),
            }
            for told in rule.by_account
        ],
        relevant_evidence=list(_evidence(rule, files)),
        collected=stamp(report.evaluated_at),
        remarks=prose(_meaning(rule, report)),
    )


def _words(rule: RuleResult) -> str:
    hidden = hidden_of(rule)
    left = f" {hidden} of its exceptions are not listed one by one." if hidden else ""
    return f"Verdict {rule.verdict.replace('_', ' ')}: {rule.reason}.{left}"


def _meaning(rule: RuleResult, report: Report) -> str:
    return next((each.text for each in report.statements if each.verdict == rule.verdict), "")


def _types(rule: RuleResult) -> list[Json]:
    tests = any(is_nist(each) and each.relation == "tests" for each in rule.controls)
    return [
        *(["control-objective"] if tests else []),
        *(["finding"] if rule.verdict in _EXCEPTIONS else []),
    ]


def _props(rule: RuleResult) -> list[Json]:
    counts = rule.counts
    return [
        *props(
            rule_id=rule.id,
            rule_sha256=rule.sha256,
            pack=rule.pack,
            severity=rule.severity,
            verdict=rule.verdict,
            in_scope=counts.in_scope,
            conforming=counts.conforming,
            violations=counts.violations,
            waived=counts.waived,
            known=counts.known,
            undetermined=counts.undetermined,
            errors=counts.errors,
            uncertain=counts.uncertain,
            effective_from=rule.effective_from,
            effective_until=rule.effective_until,
        ),
        *(
            prop("control", f"{each.framework}:{each.id}", each.relation)
            for each in rule.controls
        ),
    ]  # fmt: skip


def _evidence(rule: RuleResult, files: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    for noted in noted_by(rule):
        yield _of_noted(noted, files)
    kinds = (("error", rule.errors.shown), ("undetermined", rule.undetermined.shown))
    for kind, shown in (*kinds, ("sample", rule.sample)):
        for each in shown:
            yield _of_event(each, kind, files)


def _of_noted(noted: Noted, files: Mapping[str, str]) -> dict[str, Json]:
    found = next((files[each.path] for each in noted.evidence if each.path in files), "")
    return having(
        href=f"#{found}" if found else "",
        description=prose(noted.what),
        props=[
            *props(
                "exception",
                fingerprint=noted.fingerprint,
                account=noted.account,
                region=noted.region,
                first=noted.first,
                last=noted.last,
                count=noted.count,
                waived=noted.waived,
                known=noted.in_baseline,
            ),
            *(prop("waiver-id", each, "exception") for each in noted.waivers),
            *(_event_id(each, "exception") for each in noted.evidence if each.event_id),
        ],
    )


def _of_event(evidence: Evidence, kind: str, files: Mapping[str, str]) -> dict[str, Json]:
    found = files.get(evidence.path, "")
    reason = f" ({evidence.reason})" if evidence.reason else ""
    return having(
        href=f"#{found}" if found else "",
        description=prose(f"{evidence.message}{reason}"),
        props=[
            *props(
                kind,
                account=evidence.account,
                region=evidence.region,
                time=evidence.time,
                index=evidence.index,
            ),
            *([_event_id(evidence, kind)] if evidence.event_id else []),
        ],
    )


def _event_id(evidence: Evidence, kind: str) -> dict[str, Json]:
    return prop("event-id", evidence.event_id, kind)
