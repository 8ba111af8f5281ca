from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.policy.loader import load_rules
from checker.policy.parameters import Settings
from checker.policy.rule import Rule
from checker.policy.selection import Selection, control_matches, parse_selector
from tests.builders import rule_text, write_rules

PACK = "id: {0}\ntitle: A pack\nversion: '1'\n"


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Rule, ...]:
    """Give four rules, two of them in packs."""
    controls = "{nist-800-53-r5: [ac-6.9, cm-5], soc2: CC6.1}"
    texts = {
        "iot": rule_text("iot-a", severity="critical", tags="[iot, change]", controls=controls),
        "iam": rule_text("iam-b", severity="high", controls="{nist-800-53-r5: ac-6.10}"),
        "own": rule_text("own-c", severity="low", tags="[change]"),
        "other": rule_text("own-d", severity="info"),
    }
    for folder, text in texts.items():
        write_rules(tmp_path / folder, text)
    for name in ("iot", "iam"):
        (tmp_path / name / "pack.yaml").write_text(PACK.format(name), encoding="utf-8")
    return load_rules([(tmp_path / each).as_posix() for each in texts], Settings()).rules


def chosen(rules: tuple[Rule, ...], select: str = "", exclude: str = "") -> str:
    selection = Selection(
        select=tuple(parse_selector(each) for each in select.split()),
        exclude=tuple(parse_selector(each) for each in exclude.split()),
    )
    return " ".join(rule.id for rule in selection.of(rules))


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("iot-a", "iot-a"),
        ("own-*", "own-c own-d"),
        ("id:own-?", "own-c own-d"),
        ("tag:change", "iot-a own-c"),
        ("tag:i*", "iot-a"),
        ("severity:high", "iam-b"),
        ("severity:high+", "iam-b iot-a"),
        ("severity:low-", "own-c own-d"),
        ("pack:iot", "iot-a"),
        ("pack:i*", "iam-b iot-a"),
        ("control:nist-800-53-r5:ac-6*", "iam-b iot-a"),
        ("control:nist-800-53-r5:ac-6.9", "iot-a"),
        ("control:soc2", "iot-a"),
        ("control:*:CC6.*", "iot-a"),
        ("own-c severity:critical", "iot-a own-c"),
    ],
)
def test_a_selector_means_rules(rules: tuple[Rule, ...], select: str, expected: str) -> None:
    assert chosen(rules, select) == expected


def test_what_is_excluded_is_left_out_of_what_is_selected(rules: tuple[Rule, ...]) -> None:
    assert chosen(rules, exclude="own-*") == "iam-b iot-a"
    assert chosen(rules, "tag:change", "severity:low") == "iot-a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tags:x", "did you mean 'tag'?"),
        ("framework:x", "or tag:GLOB"),
        ("severity:hgh", "did you mean 'high'?"),
        ("severity:high++", "'high++' is no severity"),
        ("severity:", "expected a selector"),
        ("tag: ", "expected a selector"),
        ("control:soc2:", "expected a selector"),
        ("control::x", "expected a selector"),
        ("", "expected a selector"),
    ],
)
def test_what_is_no_selector_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"\[selector\]") as refused:
        parse_selector(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("iot-b", "'iot-b' means none of the 4 rules"),
        ("iot-b", "did you mean 'iot-a'?"),
        ("own", "did you mean 'own*'?"),
        ("tag:cha", "did you mean 'tag:change'?"),
        ("tag:chnge", "did you mean 'tag:change'?"),
        ("pack:iott", "did you mean 'pack:iot'?"),
        ("control:nist-800-53-r5:AC-6.9", "did you mean 'control:nist-800-53-r5:ac-6.9'?"),
        ("severity:medium", "the rules have: critical, high, info, low"),
        ("own-* zzz yyy", "'yyy' means none"),
    ],
)
def test_a_selector_that_means_no_rule_is_refused(
    rules: tuple[Rule, ...], select: str, said: str
) -> None:
    with pytest.raises(UsageError, match=r"\[selects-nothing\]") as refused:
        chosen(rules, select)
    assert said in str(refused.value)


def test_an_exclusion_that_means_no_rule_is_refused(rules: tuple[Rule, ...]) -> None:
    with pytest.raises(UsageError, match="'own-e' means none"):
        chosen(rules, exclude="own-e")


def test_to_select_and_exclude_the_same_is_to_select_nothing(rules: tuple[Rule, ...]) -> None:
    with pytest.raises(UsageError, match="every rule that is selected is also excluded"):
        chosen(rules, "own-*", "own-c severity:info")


def test_rules_without_any_tag_are_said_to_have_none(tmp_path: Path) -> None:
    rules = load_rules([write_rules(tmp_path, rule_text())], Settings()).rules

    with pytest.raises(UsageError, match="no rule has a tag"):
        chosen(rules, "tag:x")


def test_a_rule_that_is_left_out_needs_no_values_and_its_values_are_no_mistake(
    tmp_path: Path,
) -> None:
    needy = rule_text(
        "needy", params="\n  who:\n    type: string", require="userIdentity.arn == $who"
    )
    folder = write_rules(tmp_path, rule_text(), needy)
    selection = Selection(select=(parse_selector("a-rule"),))

    book = load_rules([folder], Settings(), selection=selection)

    assert [rule.id for rule in book.rules] == ["a-rule"]
    assert [rule.id for rule in book.left_out] == ["needy"]
    with pytest.raises(UsageError, match="has no value"):
        load_rules([folder], Settings())


def test_a_control_is_meant_by_its_framework_or_by_both() -> None:
    assert control_matches("soc2", "soc2:CC6.1")
    assert control_matches("soc*:CC6.?", "soc2:CC6.1")
    assert not control_matches("soc2:CC7*", "soc2:CC6.1")
    assert not control_matches("CC6.1", "soc2:CC6.1")
