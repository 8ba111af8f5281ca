from checker.policy.loader import load_rules
from checker.policy.parameters import Settings
from checker.policy.rule import ControlRef, Rule, Severity
from checker.report.frameworks import frameworks_of


def rule(**controls: tuple[str, ...]) -> Rule:
    named = {
        name.replace("_", "-"): tuple(ControlRef(each) for each in ids)
        for name, ids in controls.items()
    }
    return Rule(id="a-rule", title="A rule", severity=Severity.LOW, controls=named)


def test_a_framework_tells_what_rules_speak_to_and_what_they_could() -> None:
    (entry,) = frameworks_of([rule(soc2=("CC6.1", "CC1.1"))])

    told = {each.id: each for each in entry.controls}
    assert entry.title == "SOC 2 Trust Services Criteria"
    assert {"CC6.1", "CC1.1", "CC7.2"} <= told.keys()
    assert told["CC1.1"].cloudtrail == "none"
    assert all(each.cloudtrail != "none" for name, each in told.items() if name != "CC1.1")
    assert entry.beyond > 0


def test_a_control_that_was_withdrawn_is_none() -> None:
    (entry,) = frameworks_of([rule(nist_800_53_r5=("ac-2",))])

    assert "ac-13" not in {each.id for each in entry.controls}


def test_of_a_framework_without_a_catalogue_only_the_name_is_told() -> None:
    (entry,) = frameworks_of([rule(our_own=("1",))])

    assert (entry.id, entry.title, entry.controls, entry.beyond) == ("our-own", "", [], 0)


def test_every_control_of_the_bundled_rules_has_a_title() -> None:
    rules = load_rules(["strict"], Settings()).rules
    known = {entry.id: {each.id for each in entry.controls} for entry in frameworks_of(rules)}

    missing = {
        (framework, each.id)
        for rule in rules
        for framework, controls in rule.controls.items()
        for each in controls
        if each.id not in known[framework]
    }
    assert missing == set()
