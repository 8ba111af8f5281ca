"""The bundled packs: sound, tested, and as their schema says."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checker.authoring.rule_tests import run_tests
from checker.policy.loader import load_rules, read_rules
from checker.policy.packs import bundled_packs
from checker.policy.parameters import Settings
from checker.policy.rule import Expectation, Rule
from checker.policy.rule_document import rule_schema
from checker.policy.scalars import JsonValue
from checker.policy.yaml_source import load_file
from checker.resources import bundled

RULES = read_rules(bundled_packs()).rules
EVERYTHING_FORBIDDEN = "`true`"


def rule_id(rule: Rule) -> str:
    return rule.id


def test_a_newcomer_can_run_every_pack_as_it_is() -> None:
    for pack in bundled_packs():
        assert load_rules([pack], Settings()).rules


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_a_rule_s_own_tests_pass(rule: Rule) -> None:
    failed = [each for each in run_tests([rule], Settings()) if not each.passed]

    assert not failed


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_a_rule_is_tested_from_every_side(rule: Rule) -> None:
    expected = {case.expect for case in rule.tests}
    wanted = {Expectation.PASS, Expectation.FAIL, Expectation.OUT_OF_SCOPE}
    if rule.forbid is not None and rule.forbid.text == EVERYTHING_FORBIDDEN:
        # Nothing in its scope can conform; what conforms is out of scope.
        wanted -= {Expectation.PASS}
    if rule.cadence:
        # Where nothing is in its scope, it was not done, or the logs are too short to tell.
        wanted ^= {Expectation.OUT_OF_SCOPE, Expectation.NO_EVIDENCE}

    assert wanted <= expected


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_a_rule_tells_an_auditor_what_he_needs(rule: Rule) -> None:
    assert rule.description
    assert rule.remediation
    assert rule.references
    assert rule.controls
    assert rule.message
    assert rule.origin.pack


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_a_rule_is_as_its_schema_says(rule: Rule) -> None:
    path = bundled("rules").parent / rule.origin.path
    document = JsonValue().read(load_file(path, path.name).root)

    errors = [error.message for error in Draft202012Validator(rule_schema()).iter_errors(document)]

    assert errors == []


def test_every_pack_s_folder_has_its_name() -> None:
    packs = read_rules(bundled_packs()).packs

    assert tuple(pack.id for pack in packs) == bundled_packs()
    assert all(Path(rule.origin.path).parts[1] == rule.origin.pack for rule in RULES)
