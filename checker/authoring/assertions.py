"""Rules judged on events in a test of one's own."""

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from checker.authoring.results_text import failure_lines
from checker.authoring.rule_tests import Bench, CaseResult, stage
from checker.authoring.tested import operands_in
from checker.aws import Json
from checker.errors import Place, Problem, UsageError
from checker.limits import DEFAULT
from checker.policy.loader import read_rules, used_parameters
from checker.policy.parameters import Settings, unknown_settings
from checker.policy.rule import Case, Expectation, Rule
from checker.policy.yaml_source import load_bytes


class Judgement(Struct, frozen=True, kw_only=True):
    """What events come to under a rule.

    Attributes:
        found: Equal to a text as well: `judgement.found == "fail"`.
        reason: Why, where that is no pass and no fail.
        violations: How many there are, of a rule over many events.
    """

    found: Expectation
    reason: str = ""
    violations: int = 0


def rule_at(location: str, **params: Json) -> "RuleUnderTest":
    """Give the one rule at a location, to be judged on events.

    Args:
        location: A rule file.
        params: Values for its parameters, over their defaults.

    Raises:
        UsageError: With every problem of the file; or there are several rules.
    """
    rules = rules_at([location], **params)
    if len(rules) != 1:
        cause = f"{location} holds {len(rules)} rules; one is wanted"
        raise UsageError([Problem(code="rules-no-file", cause=cause, hint="name one file")])
    return rules[0]


def check_events(
    locations: str | Sequence[str], events: Sequence[Mapping[str, Json]], **params: Json
) -> dict[str, Judgement]:
    """Judge events under all rules of some files, folders or bundled packs.

    Args:
        locations: Of the rules.
        events: CloudTrail records: each is judged by itself, the worst counts; under rules over
            many events they are one log.
        params: Values for parameters, over their defaults.

    Returns:
        What they come to, by rule id.

    Raises:
        UsageError: With every problem of every file.
    """
    wanted = [locations] if isinstance(locations, str) else locations
    return {each.rule.id: each.judge(*events) for each in rules_at(wanted, **params)}


def rules_at(locations: Sequence[str], **params: Json) -> "list[RuleUnderTest]":
    """Give all rules at some locations, as `rule_at` does."""
    rules = read_rules(locations).rules
    # JSON is YAML, and a parameter's declaration says what becomes of its value.
    given = {
        name: load_bytes(json.dumps(value).encode(), f"the parameter {name}").root
        for name, value in params.items()
    }
    settings = Settings((given,))
    unknown = unknown_settings(settings, used_parameters(rules))
    if unknown:
        raise UsageError(unknown)
    return [RuleUnderTest(rule, settings) for rule in rules]


class RuleUnderTest:
    """One rule with values for its parameters.

    Attributes:
        rule: As read.
    """

    def __init__(self, rule: Rule, settings: Settings) -> None:
        self.rule = rule
        self._settings = settings
        self._bench = Bench(rule, settings)

    def judge(self, *events: Mapping[str, Json]) -> Judgement:
        """Give what events come to: each by itself, the worst of them; or as a log that holds them.

        Raises:
            UsageError: A parameter has no value, or one that the rule cannot work with.
        """
        # What no event comes to by itself, so that the reason is given whatever was found.
        result = self._result(Expectation.NO_EVIDENCE, events)
        if result.found is None:
            raise UsageError([Problem(code="param-value", cause=result.reason)])
        return Judgement(found=result.found, reason=result.reason, violations=result.violations)

    def expect(self, expected: str, *events: Mapping[str, Json]) -> None:
        """Assert what events come to, and say why they come to something else.

        Args:
            expected: `pass`, `fail`, `out_of_scope`, `undetermined`, `no_evidence`, `upcoming` or
                `error`.
            events: CloudTrail records.
        """
        result = self._result(Expectation(expected), events)
        if not result.passed:
            operands = operands_in(result, self._settings, DEFAULT)
            lines = [f"rule {self.rule.id}", *failure_lines(result, operands)]
            raise AssertionError("\n    ".join(lines))

    def _result(self, expected: Expectation, events: Sequence[Mapping[str, Json]]) -> CaseResult:
        if not events:
            raise ValueError("no event was given: nothing would be judged")
        case = Case(
            name="a test",
            events=tuple(dict(event) for event in events),
            expect=expected,
            place=Place(path=self.rule.origin.path),
        )
        return self._bench.run(stage(case))
