from msgspec.structs import replace

from checker.report.findings import count_of_findings, findings_of, let_through, standing
from checker.report.model import RuleResult
from tests.report.sample import sample_report
from tests.report.sample_rules import sample_evidence, sample_fingerprint


def rule_named(name: str) -> RuleResult:
    return next(rule for rule in sample_report().rules if rule.id == name)


ATTACHED = "iot-policy-attached-by-approved-role"
BURSTS = "iot-policies-not-attached-in-bursts"


def test_a_group_is_one_finding_with_the_events_that_are_shown_of_it() -> None:
    first, second, third = findings_of(rule_named(ATTACHED))

    assert first.is_waived
    assert second.known
    assert (third.count, third.evidence) == (3, (sample_evidence(2),))
    assert "3 events from " in third.text


def test_a_group_without_an_event_says_what_is_known_of_it() -> None:
    rule = rule_named(ATTACHED)
    bare = replace(rule, violations=replace(rule.violations, shown=[]))

    finding = findings_of(bare)[2]

    assert finding.text.startswith("AttachPolicy of iot.amazonaws.com by arn:aws:iam::")
    assert finding.text.count(";") == 1
    assert finding.identity == sample_fingerprint(2)


def test_a_group_that_is_waived_in_part_is_not_waived() -> None:
    rule = rule_named(ATTACHED)
    group = replace(rule.groups.shown[2], waived=1, waivers=["w-1"])
    part = replace(rule, groups=replace(rule.groups, shown=[group]))

    finding = findings_of(part)[0]

    assert not finding.is_waived
    assert finding.text.endswith("1 of them waived by w-1")


def test_events_of_no_group_that_is_shown_are_findings_by_their_fingerprints() -> None:
    rule = rule_named(ATTACHED)
    events = [
        sample_evidence(5),
        replace(sample_evidence(6), fingerprint=sample_fingerprint(5)),
        replace(sample_evidence(7), fingerprint=""),
        replace(sample_evidence(8), fingerprint="", event_id=""),
    ]
    bare = replace(
        rule,
        violations=replace(rule.violations, shown=events, total=9),
        groups=replace(rule.groups, shown=[], total=0),
    )

    together, alone, nameless = findings_of(bare)

    assert (together.count, alone.count) == (2, 1)
    assert alone.identity == events[2].event_id
    assert nameless.identity == f"{events[3].path}#8"
    assert count_of_findings(bare) == 9


def test_of_a_group_that_is_not_shown_waived_events_are_apart_from_the_others() -> None:
    rule = rule_named(ATTACHED)
    events = [
        replace(sample_evidence(number), fingerprint=sample_fingerprint(5), waiver=waiver)
        for number, waiver in enumerate(["", "w-1", ""])
    ]
    bare = replace(
        rule,
        violations=replace(rule.violations, shown=events),
        groups=replace(rule.groups, shown=[]),
    )

    assert [(each.count, each.is_waived) for each in findings_of(bare)] == [(2, False), (1, True)]


def test_an_episode_that_is_certain_is_a_finding() -> None:
    rule = rule_named(BURSTS)

    found = findings_of(rule)

    assert len(found) == 3
    assert all(each.is_episode for each in found)
    assert [each.known for each in found] == [False, False, True]
    assert count_of_findings(rule) == rule.counts.violations


def test_what_does_not_fail_the_gate_says_why() -> None:
    report = sample_report()
    rule = rule_named(ATTACHED)
    gate = report.gate
    finding = findings_of(rule)[2]

    assert standing(finding, gate) == ""
    assert standing(findings_of(rule)[0], gate) == "waived by rollout-2024-12"
    assert standing(findings_of(rule)[1], gate) == "in the baseline"
    assert let_through(rule, replace(gate, fail_on="none")) == "the gate is off (none)"
    assert let_through(rule, replace(gate, fail_on="critical")) == "below the gate (critical)"
    assert let_through(rule, replace(gate, soft_failed=[rule.id])) == "soft fail"
    known = let_through(rule, replace(gate, known_only=[rule.id]))
    assert known == "all that failed is in the baseline"
